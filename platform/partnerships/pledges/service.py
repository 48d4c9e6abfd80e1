"""Writing pledges: announcement, the steps of the ladder, payments. Flushes, never commits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask import abort
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from partnerships.conferences.models import Conference
from partnerships.core import audit, constraints, policy, workflow
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.filters import money as in_money
from partnerships.core.refs import next_reference
from partnerships.core.visibility import Visibility
from partnerships.core.workflow import Transition, Workflow
from partnerships.matches.models import Match
from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.pledges import rules
from partnerships.pledges.models import Payment, Pledge
from partnerships.pledges.states import LIVE, PledgeKind, PledgeObject, PledgeStatus

_ANNOUNCED, _CONFIRMED = PledgeStatus.ANNOUNCED, PledgeStatus.CONFIRMED
FLOW = Workflow("pledge", (
    Transition("confirmed", _l("Confirmed in writing"), frozenset({_ANNOUNCED}), _CONFIRMED, "pledges.advance"),
    Transition("agreed", _l("Agreement signed"), frozenset({_ANNOUNCED, _CONFIRMED}), PledgeStatus.AGREED,
               "pledges.advance"),
    Transition("withdrawn", _l("Withdraw"), frozenset(LIVE), PledgeStatus.WITHDRAWN, "pledges.advance",
               needs_note=True),
    Transition("lapsed", _l("Mark as lapsed"), frozenset(LIVE), PledgeStatus.LAPSED, "pledges.lapse", needs_note=True),
    # Made by `pay` when all is paid, never by hand.
    Transition("paid", _l("Paid in full"), frozenset({PledgeStatus.AGREED}), PledgeStatus.PAID, "pledges.advance"),
))
workflow.declare(Pledge, FLOW)
audit.declare("pledge", Pledge, "pledges.view")
MOVES = ("confirmed", "agreed", "withdrawn", "lapsed")
DATED = ("confirmed", "agreed")
constraints.explain(
    ck_pledge_amount_positive_with_currency=_l("An amount must be more than zero and have a currency."),
    ck_pledge_paid_means_all=_l("A pledge is paid in full only when its payments reach its amount."),
    ck_pledge_years_in_order=_l("The first year may not be after the last."),
    ck_payment_amount_positive=_l("A payment must be more than zero."),
)


def announce(actor: Actor, donor: Party, *, object: PledgeObject, kind: PledgeKind, need: Need | None = None,
             recipient: Party | None = None, match: Match | None = None, conference: Conference | None = None,
             currency: str = "", amount: Decimal | None = None, approximate: bool = False,
             first_year: int | None = None, last_year: int | None = None, condition: str = "", statement: str = "",
             from_floor: bool = False, announced_on: date, expected_on: date | None = None, visibility: Visibility,
             is_demo: bool = False) -> Pledge:
    """Put a pledge on the record.

    Arguments: donor, the actor's own party unless the ISU records it; amount in `currency`, at most its minor unit;
    a need (or a match, which names one) makes its State the recipient; announced_on, a day that is not to come;
    expected_on, by when the next step is expected. Returns: the pledge, flushed, with its reference (PL-2026-0007).
    Raises: Refused in words when a rule stands against it; 403 for somebody else's donor.
    """
    if not policy.may_ever(actor, "pledges.create") or not (actor.is_isu or actor.party_id == donor.id):
        abort(403)
    if match is not None:
        need = need or match.need
    if need is not None:
        object, recipient = PledgeObject.NEED, need.party
    if object not in (PledgeObject.NEED, PledgeObject.PROGRAMME):
        recipient = None  # support to the work plan, sponsorship, meetings or a fund is nobody's support received
    if kind is PledgeKind.POLITICAL or amount is None:
        amount, currency, approximate = (None, "", False)
    pledge = Pledge(
        donor=donor, recipient=recipient, need=need, match=match, conference=conference, object=object, kind=kind,
        donor_id=donor.id, currency=currency, amount=amount, announced_amount=amount, approximate=approximate,
        first_year=first_year, last_year=last_year, condition=condition.strip(), statement=statement.strip(),
        from_floor=from_floor, announced_on=announced_on, expected_on=expected_on, visibility=visibility,
        status=PledgeStatus.ANNOUNCED, status_on=utcnow(), is_demo=is_demo, ref="")
    rules.announcement(pledge)
    pledge.ref = next_reference(f"PL-{announced_on.year}", 4)
    db.session.add(pledge)
    db.session.flush()
    _record("pledge.announced", pledge, actor, {"amount": (None, _written(amount, currency)),
                                                "announced_on": (None, announced_on)})
    return pledge


def _written(amount: Decimal | None, currency: str) -> str | None:
    """An amount as the record keeps it: never without its currency."""
    return None if amount is None else str(in_money(amount, currency).striptags())


def _audience(pledge: Pledge) -> Visibility:
    """Readers of an event must be able to see the pledge in any case; restricted ones name their parties besides."""
    restricted = pledge.visibility in (Visibility.PARTIES, Visibility.ISU)
    return Visibility.PARTIES if restricted else Visibility.PUBLIC


def concerned(pledge: Pledge) -> list[Any]:
    """The records on whose timelines a pledge's events appear."""
    return [pledge.donor, pledge.recipient, pledge.need, pledge.match, pledge.conference]


def _record(tag: str, pledge: Pledge, actor: Actor, changes: dict[str, tuple[Any, Any]], note: str = "") -> None:
    changes = {key: pair for key, pair in changes.items() if pair[0] != pair[1]}
    audit.record(tag, pledge, actor, note=note, changes=changes, also=concerned(pledge), audience=_audience(pledge))


def locked(pledge: Pledge) -> Pledge:
    """The pledge as it stands now, its row locked to the end of the transaction: two people never pay the same rest."""
    query = select(Pledge).where(Pledge.id == pledge.id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def move(pledge: Pledge, name: str, actor: Actor, note: str = "", *, on: date | None = None,
         expected_on: date | None = None) -> bool:
    """Make one of MOVES.

    Arguments: on, the day of the step (needed for a confirmation or signature; otherwise today); expected_on, by when
    the step after it is expected. Returns: False on a second click. Raises: Refused in words; 403.
    """
    pledge = locked(pledge)
    step = FLOW.by_name[name]
    policy.demand(actor, step.permission, pledge)
    changes: dict[str, tuple[Any, Any]] = {}
    if pledge.status in step.sources:
        changes["expected_on"] = (pledge.expected_on, expected_on if name in DATED else None)
        if name in DATED:
            day = on or date.today()
            rules.step(pledge, day, expected_on)
            changes[f"{name}_on"] = (None, day)
            setattr(pledge, f"{name}_on", day)
        pledge.expected_on = changes["expected_on"][1]
        pledge.updated_at = utcnow()
    shown = {key: pair for key, pair in changes.items() if pair[0] != pair[1]}
    return _advance(pledge, name, actor, note, shown)


def _advance(pledge: Pledge, name: str, actor: Actor, note: str, changes: dict[str, tuple[Any, Any]]) -> bool:
    return workflow.advance(pledge, name, actor, note, also=concerned(pledge), audience=_audience(pledge),
                            changes=changes)


def pay(pledge: Pledge, actor: Actor, *, amount: Decimal, paid_on: date, note: str = "") -> Payment:
    """Record one instalment, in the pledge's currency; once the instalments reach its amount, it is paid in full.

    Returns: the payment, flushed. Raises: Refused when the agreement is not signed, when it is more than what is left,
    or when its day does not fit; 403.
    """
    pledge = locked(pledge)
    policy.demand(actor, "pledges.advance", pledge)
    rules.payment(pledge, amount, paid_on)
    before = pledge.paid_amount
    payment = Payment(pledge=pledge, amount=amount, paid_on=paid_on, note=note.strip(), recorded_by=actor.account_id)
    db.session.add(payment)
    pledge.paid_amount = before + amount
    pledge.updated_at = utcnow()
    changes = {"paid_amount": (_written(before, pledge.currency), _written(pledge.paid_amount, pledge.currency)),
               "paid_on": (None, paid_on)}
    if pledge.paid_amount == pledge.amount:
        pledge.expected_on = None
        _advance(pledge, "paid", actor, note, changes)
    else:
        db.session.flush()
        _record("pledge.payment", pledge, actor, changes, note)
    return payment
