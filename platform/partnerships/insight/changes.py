"""What changed since a day: how often, and what, within the reader's sight; for the whole register or for one State."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask_babel import lazy_pgettext as _p

from partnerships.core import audit, timeline
from partnerships.core.actor import Actor
from partnerships.core.audit import Event
from partnerships.parties.models import Party

LIMIT = 300
DAYS = 30
# What most readers ask after, in the order in which they ask; other events are listed below without a count of their own.
COUNTED = {
    "need.published": _p("change", "needs published"), "need.met": _p("change", "needs met"),
    "need.partly-met": _p("change", "needs partly met"), "amendment.published": _p("change", "changes to needs published"),
    "offer.posted": _p("change", "offers posted"), "match.interest": _p("change", "interests registered"),
    "match.requested": _p("change", "offers asked for"), "match.agreed": _p("change", "matches agreed"),
    "pledge.announced": _p("change", "pledges announced"),
    "pledge.confirmed": _p("change", "pledges confirmed in writing"), "pledge.agreed": _p("change", "agreements signed"),
    "pledge.payment": _p("change", "payments recorded"), "pledge.withdrawn": _p("change", "pledges withdrawn"),
    "pledge.lapsed": _p("change", "pledges lapsed"), "meeting.held": _p("change", "country meetings held"),
    "followup.done": _p("change", "follow-ups done"),
}


def day_asked(text: str, today: date) -> tuple[date, bool]:
    """(the day of the address, whether it could be read); without one, a month ago."""
    try:
        return (date.fromisoformat(text), True) if text else (today - timedelta(days=DAYS), True)
    except ValueError:
        return today - timedelta(days=DAYS), False


def page(actor: Actor, since: date, party: Party | None) -> dict[str, Any]:
    """Counts and events since the beginning of a day (UTC)."""
    events, total = audit.since(actor, datetime(since.year, since.month, since.day, tzinfo=UTC), record=party, limit=LIMIT)
    return {"since": since, "party": party, "total": total, "shown": len(events), "counts": counts(events),
            "days": timeline.days(events)}


def counts(events: Sequence[Event]) -> list[tuple[Any, int]]:
    """(words, how many) of what is counted, as far as it happened."""
    found = Counter(event.tag for event in events)
    return [(words, found[tag]) for tag, words in COUNTED.items() if found[tag]]
