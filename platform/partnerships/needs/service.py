"""Writing needs: drafts, submission, verification, publication, closing. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from partnerships.core import audit, money, workflow
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.refs import next_reference
from partnerships.core.visibility import Visibility
from partnerships.core.workflow import Transition, Workflow
from partnerships.needs.models import Need, NeedAmount
from partnerships.needs.states import CLOSED, WITH_THE_STATE, NeedStatus
from partnerships.parties.models import Party

AmountRow = tuple[int, int, Decimal, Decimal]


def create(actor: Actor, party: Party, values: Mapping[str, Any], amounts: Sequence[AmountRow], *,
           is_demo: bool = False) -> Need:
    """Keep a new draft for the actor's State.

    Arguments: values, columns of Need; amounts, rows (first year, last year, amount, national share) in the need's
    currency. Returns: the draft, flushed, with a draft reference such as KHM-DRAFT-07.
    """
    ref = next_reference(f"{party.ref}-DRAFT", width=2)
    need = Need(party=party, party_id=party.id, author_id=actor.account_id, ref=ref, draft_ref=ref, is_demo=is_demo,
                **values)
    db.session.add(need)
    _set_amounts(need, amounts)
    db.session.flush()
    audit.record("need.drafted", need, actor, also=[party], audience=Visibility.PARTIES)
    return need


def change(need: Need, actor: Actor, values: Mapping[str, Any], amounts: Sequence[AmountRow]) -> None:
    """Change a draft or returned need; what changed goes on the record for the State and the ISU."""
    changes = audit.differences(need, values)
    before = [(row.first_year, row.amount, row.national_share) for row in need.amounts]
    after = [(first, amount, share) for first, _last, amount, share in amounts]
    if before != after:
        changes["amounts"] = (_written(before), _written(after))
    if not changes:
        return
    for key, value in values.items():
        setattr(need, key, value)
    _set_amounts(need, amounts)
    need.updated_at = utcnow()
    db.session.flush()
    audit.record("need.changed", need, actor, changes=changes, also=[need.party], audience=Visibility.PARTIES)


def _written(rows: Sequence[tuple[int, Decimal, Decimal]]) -> str:
    return "; ".join(f"{year}: {amount.normalize():f} ({share.normalize():f})" for year, amount, share in sorted(rows))


def _set_amounts(need: Need, amounts: Sequence[AmountRow]) -> None:
    need.amounts = []
    db.session.flush()  # the old years go before the new ones come: they may be the same years
    need.amounts = [NeedAmount(first_year=first, last_year=last, amount=amount, national_share=share)
                    for first, last, amount, share in sorted(amounts)]
    need.asked = sum((row.amount for row in need.amounts), Decimal(0)) if need.amounts else None
    need.national_share = sum((row.national_share for row in need.amounts), Decimal(0))
    need.asked_usd = in_usd(need.asked, need.currency)


def in_usd(amount: Decimal | None, currency: str) -> Decimal | None:
    """The amount in US dollars at the last reference rate, for filters and matching only; None without a rate."""
    if amount is None:
        return None
    found = money.convert(amount, currency, "USD", min(date.today(), money.latest_day()))
    return found.amount if found else None


def _ready(need: Need, _actor: Actor) -> None:
    missing = [str(label) for column, label in NEEDED.items() if not getattr(need, column)]
    if not need.amounts:
        missing.append(_("an amount for at least one year"))
    if missing:
        raise Refused(_("Before it can be submitted, this need still lacks: %(what)s.", what=", ".join(missing)))
    need.submitted_at = utcnow()


NEEDED = {
    "title": _l("a title"), "summary": _l("a summary"), "theme": _l("a thematic area"), "kinds": _l("a kind of assistance"),
    "place": _l("a place"), "article": _l("the obligation it serves"), "contact_name": _l("a contact"),
    "contact_email": _l("the contact's e-mail address"), "valid_until": _l("a date until which it is valid"),
}


def _publish(need: Need, _actor: Actor) -> None:
    if need.valid_until is not None and need.valid_until < date.today():
        raise Refused(_("Its valid-until date has passed: return it to the State to be renewed."))
    if need.draft_ref == need.ref:
        need.ref = next_reference(f"{need.party.ref}-{date.today().year}")
    need.published_at = utcnow()


_PUBLISHED = frozenset({NeedStatus.PUBLISHED})
FLOW = Workflow("need", (
    Transition("submitted", _l("Submit for verification"), frozenset(WITH_THE_STATE), NeedStatus.SUBMITTED,
               "needs.submit", audience=Visibility.PARTIES, effect=_ready),
    Transition("taken-back", _l("Take back to draft"), frozenset({NeedStatus.SUBMITTED}), NeedStatus.DRAFT,
               "needs.take-back", audience=Visibility.PARTIES),
    Transition("published", _l("Publish need"), frozenset({NeedStatus.SUBMITTED}), NeedStatus.PUBLISHED,
               "needs.verify", effect=_publish),
    Transition("returned", _l("Return with comments"), frozenset({NeedStatus.SUBMITTED}), NeedStatus.RETURNED,
               "needs.verify", needs_note=True, audience=Visibility.PARTIES),
    Transition("met", _l("Close as met"), _PUBLISHED, NeedStatus.MET, "needs.close", needs_note=True),
    Transition("partly-met", _l("Close as partly met"), _PUBLISHED, NeedStatus.PARTLY_MET, "needs.close", needs_note=True),
    Transition("withdrawn", _l("Withdraw"), _PUBLISHED, NeedStatus.WITHDRAWN, "needs.close", needs_note=True),
))
workflow.declare(Need, FLOW)
audit.declare("need", Need, "needs.view")
VERIFYING = ("published", "returned")
CLOSING = tuple(status.value for status in CLOSED)


def move(need: Need, name: str, actor: Actor, note: str = "") -> bool:
    """Make one move of the workflow; see `workflow.advance`."""
    return workflow.advance(need, name, actor, note, also=[need.party])
