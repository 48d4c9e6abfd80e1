"""Reading the record: its events, as far as the actor may see their subjects."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_pgettext as _p
from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import selectinload

from partnerships.accounts import queries as accounts
from partnerships.core import audit
from partnerships.core.actor import Actor
from partnerships.core.audit import Event, EventLink, EventSeal
from partnerships.core.db import db
from partnerships.parties import queries as parties

KIND_LABELS: dict[str, Any] = {
    "need": _p("record kind", "Need"), "amendment": _p("record kind", "Change to a need"), "offer": _p("record kind", "Offer"),
    "match": _p("record kind", "Match"), "match_message": _p("record kind", "Message in a match"),
    "pledge": _p("record kind", "Pledge"), "conference": _p("record kind", "Pledging conference"),
    "assessment": _p("record kind", "Assessed contribution"),
    "indicator_value": _p("record kind", "Indicator"), "observation": _p("record kind", "Observation"),
    "meeting": _p("record kind", "Country meeting"),
    "approach_case": _p("record kind", "Round of the individualised approach"), "followup": _p("record kind", "Follow-up"),
    "followup_rule": _p("record kind", "Rule of follow-ups"), "priorities": _p("record kind", "Priorities"),
    "allocation": _p("record kind", "What-if plan"), "engine_weights": _p("record kind", "Weights of the engine"),
    "release": _p("record kind", "Release of open data"),
    "import": _p("record kind", "Spreadsheet"), "feed": _p("record kind", "Calendar"), "token": _p("record kind", "Key"),
    "account": _p("record kind", "Account"),
    "webhook": _p("record kind", "Webhook"),
    "account_invitation": _p("record kind", "Invitation to an account"),
}


def events(actor: Actor, *, ref: str | None = None, kind: str | None = None, person: str | None = None,
           party: str | None = None, first: date | None = None, last: date | None = None, reads: str | None = None) -> Select[Any]:
    """The events that the actor may read, the newest first.

    Arguments: person, a part of a name or an address; first and last, days in UTC, both included; reads, "too" or "only" (readings
    are left out otherwise).
    """
    found = select(Event).where(audit.readable(actor)).options(selectinload(Event.links))
    if reads != "too":
        reading = Event.tag.endswith(audit.READING)
        found = found.where(reading if reads == "only" else ~reading)
    if ref:
        found = found.where(func.lower(Event.subject_label) == ref.strip().lower())
    if kind:
        found = found.where(Event.subject_kind == kind)
    if person:
        found = found.where(Event.account_id.in_(accounts.numbers_like(actor, person)))
    if party:
        linked = parties.by_ref(party)
        found = found.where(Event.links.any(and_(EventLink.kind == "party", EventLink.record_id == (linked.id if linked else 0))))
    if first:
        found = found.where(Event.at >= datetime.combine(first, time(), UTC))
    if last:
        found = found.where(Event.at < datetime.combine(last + timedelta(1), time(), UTC))
    return found.order_by(Event.at.desc(), Event.id.desc())


def places(numbers: list[int]) -> dict[int, int]:
    """The places of events in the chain, by event."""
    return dict(db.session.execute(select(EventSeal.event_id, EventSeal.number).where(EventSeal.event_id.in_(numbers))).all())
