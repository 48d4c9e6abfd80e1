"""Writing pledges: announcement, correction, the steps of the ladder. Flushes, never commits. Amounts: payments.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import abort
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from partnerships.conferences.models import Conference
from partnerships.core import audit, constraints, policy, workflow
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.filters import money as in_money
from partnerships.core.refs import next_reference
from partnerships.core.visibility import Visibility
from partnerships.core.workflow import Transition, Workflow
from partnerships.matches.models import Match
from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.pledges import rules
from partnerships.pledges.models import Pledge, PledgeNeed, PledgePartner, PledgePortion, PledgeStep
from partnerships.pledges.states import (
    LIVE,
    Earmarking,
    InKind,
    Oda,
    PledgeKind,
    PledgeObject,
    PledgeStatus,
    StepKind,
)

_ANNOUNCED, _CONFIRMED, _AGREED = PledgeStatus.ANNOUNCED, PledgeStatus.CONFIRMED, PledgeStatus.AGREED
ADVANCE = "pledges.advance"


def _not_money(pledge: Pledge, _actor: Actor) -> None:
    if pledge.kind not in NOT_MONEY:
        raise Refused(_("Money is paid, not delivered: record its payments."))


NOT_MONEY = (PledgeKind.IN_KIND, PledgeKind.POLITICAL)
FLOW = Workflow("pledge", (
    Transition("confirmed", _l("Confirmed in writing"), frozenset({_ANNOUNCED}), _CONFIRMED, ADVANCE),
    Transition("agreed", _l("Agreement signed"), frozenset({_ANNOUNCED, _CONFIRMED}), _AGREED, ADVANCE),
    Transition("delivered", _l("Delivered"), frozenset({_CONFIRMED, _AGREED}), PledgeStatus.DELIVERED, ADVANCE,
               effect=_not_money),
    Transition("withdrawn", _l("Withdraw"), frozenset(LIVE), PledgeStatus.WITHDRAWN, ADVANCE, needs_note=True),
    Transition("lapsed", _l("Mark as lapsed"), frozenset(LIVE), PledgeStatus.LAPSED, "pledges.lapse", needs_note=True),
    Transition("struck", _l("Strike: logged in error"), frozenset({_ANNOUNCED}), PledgeStatus.STRUCK, "pledges.log",
               needs_note=True, audience=Visibility.ISU),
    Transition("restored", _l("Restore"), frozenset({PledgeStatus.STRUCK}), _ANNOUNCED, "pledges.log",
               audience=Visibility.ISU),
    # Made by payments.py when all is paid, when more is agreed, or when a payment is taken back; never by hand.
    Transition("paid", _l("Paid in full"), frozenset({_AGREED}), PledgeStatus.PAID, ADVANCE),
    Transition("reopened", _l("More to be paid"), frozenset({PledgeStatus.PAID}), _AGREED, ADVANCE),
))
workflow.declare(Pledge, FLOW)
audit.declare("pledge", Pledge, "pledges.view")
MOVES = ("confirmed", "agreed", "delivered", "withdrawn", "lapsed", "struck", "restored")
DATED = ("confirmed", "agreed", "delivered")
# What tells that somebody was heard from; what the ISU does by itself does not.
HEARD = frozenset({StepKind.CONFIRMED, StepKind.AGREED, StepKind.PAYMENT, StepKind.DELIVERED, StepKind.REDUCED,
                   StepKind.INCREASED, StepKind.ON_COURSE, StepKind.WITHDRAWN})
_MORE_THAN_NOTHING = _l("A part of a pledge is more than nothing.")
constraints.explain(
    ck_pledge_amount_positive_with_currency=_l("An amount must be more than zero and have a currency."),
    ck_pledge_paid_means_all=_l("A pledge is paid in full only when its payments reach its amount."),
    ck_pledge_years_in_order=_l("The first year may not be after the last."),
    ck_pledge_only_money_has_amount=_l("A pledge in kind or a political one has no amount of money; its worth is kept apart."),
    ck_pledge_valuation_of_in_kind=_l("Only a pledge in kind has a valuation: more than zero, with its currency."),
    ck_pledge_delivered_is_not_money=_l("Money is paid, not delivered."),
    ck_pledge_step_amount_positive=_l("A payment must be more than zero."),
    ck_pledge_step_payment_has_amount=_l("A payment has an amount."),
    ck_pledge_step_only_payments_voided=_l("Only a payment can be taken back."),
    ck_pledge_portion_amount_positive=_MORE_THAN_NOTHING, ck_pledge_partner_amount_positive=_MORE_THAN_NOTHING,
    ck_pledge_need_amount_positive=_MORE_THAN_NOTHING,
    uq_pledge_portion_pledge_id_year=_l("This year is already given."),
    uq_pledge_partner_pledge_id_party_id=_l("This partner is already named."),
    uq_pledge_need_pledge_id_need_id=_l("This need is already named."),
    ck_pledge_report_paid_not_negative=_l("An amount cannot be negative."),
    ck_pledge_report_outcome=_l("Say whether the record or the report is right."),
    ck_pledge_report_settled_has_outcome=_l("A report is settled with an outcome, on a day."),
)


@dataclass(frozen=True)
class Details:
    """What a pledge may say besides: all of it optional.

    portions: (year, amount); partners of a joint pledge: (party, share or None); parts: (need, amount or None) of a pledge
    for several needs, the first of them included.
    """

    in_kind: InKind | None = None
    valuation: Decimal | None = None
    valuation_currency: str = ""
    earmarking: Earmarking | None = None
    themes: tuple[str, ...] = ()
    place: str = ""
    channel: str = ""
    oda: Oda = Oda.UNKNOWN
    portions: tuple[tuple[int, Decimal], ...] = ()
    partners: tuple[tuple[Party, Decimal | None], ...] = ()
    parts: tuple[tuple[Need, Decimal | None], ...] = ()
    as_typed: str = ""

    def columns(self, kind: PledgeKind) -> dict[str, Any]:
        """The plain columns; only a pledge in kind has a nature and a valuation."""
        valued = kind is PledgeKind.IN_KIND and self.valuation is not None
        return {"in_kind": self.in_kind if kind is PledgeKind.IN_KIND else None,
                "valuation": self.valuation if valued else None,
                "valuation_currency": self.valuation_currency if valued else "", "earmarking": self.earmarking,
                "themes": tuple(sorted(set(self.themes))), "place": self.place.strip(), "channel": self.channel,
                "oda": self.oda, "as_typed": self.as_typed[:400]}


@dataclass(frozen=True)
class Proof:
    """What shows that a step happened: a note, an address, a file of the pledge."""

    note: str = ""
    evidence: str = ""
    document_id: int | None = None


def announce(actor: Actor, donor: Party, *, object: PledgeObject, kind: PledgeKind, need: Need | None = None,
             recipient: Party | None = None, match: Match | None = None, conference: Conference | None = None,
             currency: str = "", amount: Decimal | None = None, approximate: bool = False,
             first_year: int | None = None, last_year: int | None = None, condition: str = "", statement: str = "",
             from_floor: bool = False, announced_on: date, expected_on: date | None = None, visibility: Visibility,
             details: Details | None = None, is_demo: bool = False) -> Pledge:
    """Put a pledge on the record.

    Arguments: donor, the actor's own party unless the ISU records it; amount in `currency`, at most its minor unit;
    a need (or a match, which names one) makes its State the recipient; announced_on, a day that is not to come;
    expected_on, by when the next step is expected. Returns: the pledge, flushed, with its reference (PL-2026-0007).
    Raises: Refused in words when a rule stands against it; 403 for somebody else's donor.
    """
    if not policy.may_ever(actor, "pledges.create") or not (actor.is_isu or actor.party_id == donor.id):
        abort(403)
    pledge = Pledge(donor=donor, donor_id=donor.id, match=match, conference=conference, from_floor=from_floor,
                    announced_on=announced_on, expected_on=expected_on, visibility=visibility,
                    status=PledgeStatus.ANNOUNCED, status_on=utcnow(), is_demo=is_demo, ref="", paid_amount=Decimal(0))
    with db.session.no_autoflush:
        _say(pledge, object=object, kind=kind, need=need or (match.need if match is not None else None),
             recipient=recipient, currency=currency, amount=amount, approximate=approximate, first_year=first_year,
             last_year=last_year, condition=condition, statement=statement, details=details or Details())
        rules.announcement(pledge)
    pledge.announced_amount = pledge.amount
    pledge.ref = next_reference(f"PL-{announced_on.year}", 4)
    db.session.add(pledge)
    add_step(pledge, StepKind.ANNOUNCED, actor, announced_on, amount=pledge.amount)
    db.session.flush()
    record("pledge.announced", pledge, actor, {"amount": (None, written(pledge.amount, pledge.currency)),
                                               "announced_on": (None, announced_on)})
    return pledge


def _say(pledge: Pledge, *, object: PledgeObject, kind: PledgeKind, need: Need | None, recipient: Party | None,
         currency: str, amount: Decimal | None, approximate: bool, first_year: int | None, last_year: int | None,
         condition: str, statement: str, details: Details) -> None:
    """Put what was said into the pledge; what contradicts the kind or the object is left away."""
    wanted = _make_room(pledge, details)
    if need is not None:
        object, recipient = PledgeObject.NEED, need.party
    elif object is not PledgeObject.PROGRAMME:
        recipient = None  # support to the work plan, sponsorship, meetings or a fund is nobody's support received
    if kind in NOT_MONEY or amount is None:
        amount, currency, approximate = None, "", False
    pledge.object, pledge.kind, pledge.need, pledge.recipient = object, kind, need, recipient
    pledge.currency, pledge.amount, pledge.approximate = currency, amount, approximate
    pledge.condition, pledge.statement = condition.strip(), statement.strip()
    for name, value in details.columns(kind).items():
        setattr(pledge, name, value)
    for name, rows in wanted.items():
        setattr(pledge, name, rows)
    years = [year for year, _amount in details.portions]
    pledge.first_year = min(years) if years else first_year
    pledge.last_year = max(years) if years else last_year


def _make_room(pledge: Pledge, details: Details) -> dict[str, list[Any]]:
    """The portions, partners and needs of a pledge that differ from what stands, as new rows; the old ones are deleted.

    Old rows go before new ones come (one year, one row), and before anything else is put into the pledge: what is flushed here
    has been checked, what is said anew has not.
    """
    wanted: dict[str, list[Any]] = {
        "portions": sorted(details.portions), "partners": list(details.partners),
        "parts": list(details.parts) if len(details.parts) > 1 else []}
    now: dict[str, list[Any]] = {
        "portions": [(one.year, one.amount) for one in pledge.portions],
        "partners": [(one.party, one.amount) for one in pledge.partners],
        "parts": [(one.need, one.amount) for one in pledge.parts]}
    differing = [name for name in wanted if now[name] != wanted[name]]
    if any(now[name] for name in differing):
        for name in differing:
            getattr(pledge, name).clear()
        db.session.flush()
    make: dict[str, Callable[..., Any]] = {
        "portions": lambda year, amount: PledgePortion(year=year, amount=amount),
        "partners": lambda party, amount: PledgePartner(party=party, party_id=party.id, amount=amount),
        "parts": lambda need, amount: PledgeNeed(need=need, need_id=need.id, amount=amount)}
    return {name: [make[name](*said) for said in wanted[name]] for name in differing}


def add_step(pledge: Pledge, kind: StepKind, actor: Actor, day: date, *, amount: Decimal | None = None,
             proof: Proof | None = None) -> PledgeStep:
    """Write a step of the ladder: its day, its evidence, and who recorded it."""
    proof = proof or Proof()
    step = PledgeStep(kind=kind, day=day, amount=amount, note=proof.note.strip(), evidence=proof.evidence,
                      document_id=proof.document_id, account_id=actor.account_id, actor_label=actor.label)
    pledge.steps.append(step)
    if kind in HEARD:
        pledge.heard_on = date.today()
    return step


def written(amount: Decimal | None, currency: str) -> str | None:
    """An amount as the record keeps it: never without its currency."""
    return None if amount is None else str(in_money(amount, currency).striptags())


def audience(pledge: Pledge) -> Visibility:
    """Readers of an event must be able to see the pledge in any case; restricted ones name their parties besides."""
    restricted = pledge.visibility in (Visibility.PARTIES, Visibility.ISU)
    return Visibility.PARTIES if restricted else Visibility.PUBLIC


def concerned(pledge: Pledge) -> list[Any]:
    """The records on whose timelines a pledge's events appear."""
    return [pledge.donor, pledge.recipient, pledge.need, pledge.match, pledge.conference,
            *(one.party for one in pledge.partners)]


def record(tag: str, pledge: Pledge, actor: Actor, changes: Mapping[str, tuple[Any, Any]], note: str = "") -> None:
    """Write an event of a pledge on the timelines of all concerned."""
    changes = {key: pair for key, pair in changes.items() if pair[0] != pair[1]}
    audit.record(tag, pledge, actor, note=note, changes=changes, also=concerned(pledge), audience=audience(pledge))


def locked(pledge: Pledge) -> Pledge:
    """The pledge as it stands now, its row locked to the end of the transaction: two people never pay the same rest."""
    query = select(Pledge).where(Pledge.id == pledge.id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def move(pledge: Pledge, name: str, actor: Actor, note: str = "", *, on: date | None = None,
         expected_on: date | None = None, proof: Proof | None = None) -> bool:
    """Make one of MOVES.

    Arguments: on, the day of the step (needed for DATED ones; otherwise today); expected_on, by when the step after it is
    expected; proof, its evidence. Returns: False on a second click. Raises: Refused in words; 403.
    """
    pledge = locked(pledge)
    step = FLOW.by_name[name]
    policy.demand(actor, step.permission, pledge)
    changes: dict[str, tuple[Any, Any]] = {}
    if pledge.status in step.sources:
        day = on or date.today()
        changes["expected_on"] = (pledge.expected_on, expected_on if name in DATED else None)
        if name in DATED:
            rules.step(pledge, day, expected_on)
            if name != "delivered":
                changes[f"{name}_on"] = (None, day)
                setattr(pledge, f"{name}_on", day)
        pledge.expected_on = changes["expected_on"][1]
        pledge.updated_at = utcnow()
        proof = proof or Proof(note)
        add_step(pledge, StepKind(name), actor, day, proof=Proof(note or proof.note, proof.evidence, proof.document_id))
    return advance(pledge, name, actor, note, changes)


def advance(pledge: Pledge, name: str, actor: Actor, note: str, changes: Mapping[str, tuple[Any, Any]]) -> bool:
    """Move the status with its event on the timelines of all concerned."""
    shown = {key: pair for key, pair in changes.items() if pair[0] != pair[1]}
    return workflow.advance(pledge, name, actor, note, also=concerned(pledge), audience=audience(pledge), changes=shown)


# What a correction of an entry may change, as `announce` calls it.
CORRECTED = ("object", "kind", "need", "recipient", "currency", "amount", "approximate", "first_year", "last_year", "condition",
             "statement")


def correct(pledge: Pledge, actor: Actor, donor: Party, values: Mapping[str, Any], details: Details) -> bool:
    """Put right what was logged from the floor, before the donor has confirmed it.

    Arguments: donor, perhaps another than before; values, the CORRECTED arguments of `announce`. The caller has compared
    versions. Returns: whether anything changed. Raises: Refused in words, also once the donor has spoken; 403.
    """
    pledge = locked(pledge)
    policy.demand(actor, "pledges.log", pledge)
    if pledge.status is not PledgeStatus.ANNOUNCED or not pledge.from_floor:
        raise Refused(_("This pledge has moved on since it was logged: change it on its own page."))
    before, already = _told(pledge), rules.needs_of(pledge)
    with db.session.no_autoflush:
        _say(pledge, details=details, **{name: values[name] for name in CORRECTED})
        pledge.donor, pledge.donor_id = donor, donor.id
        if pledge.need is not None and not rules.no_wider(pledge.visibility, pledge.need):
            pledge.visibility = pledge.need.visibility  # an entry is never seen more widely than the need it is for
        rules.announcement(pledge, already)
    changes = dict(_differences(before, _told(pledge)))
    if not changes:
        return False
    pledge.announced_amount, pledge.updated_at = pledge.amount, utcnow()
    add_step(pledge, StepKind.CORRECTED, actor, date.today(), amount=pledge.amount)
    db.session.flush()
    # Seen by all: what was published is corrected in the open, as the ISU's slip of the pen, not as the donor's change of mind.
    record("pledge.corrected", pledge, actor, changes)
    return True


def _told(pledge: Pledge) -> dict[str, Any]:
    """What an entry says, in plain terms."""
    columns = ("object", "kind", "approximate", "first_year", "last_year", "condition", "statement", "in_kind", "earmarking",
               "themes", "place", "channel", "oda")
    return {"donor": pledge.donor.ref, "recipient": pledge.recipient and pledge.recipient.ref,
            "need": pledge.need and pledge.need.ref, "amount": written(pledge.amount, pledge.currency),
            "valuation": written(pledge.valuation, pledge.valuation_currency),
            "partners": tuple(_share(one.party.ref, one.amount, pledge) for one in pledge.partners),
            "parts": tuple(_share(one.need.ref, one.amount, pledge) for one in pledge.parts),
            "portions": tuple(f"{one.year}: {written(one.amount, pledge.currency)}" for one in pledge.portions),
            **{name: getattr(pledge, name) for name in columns}}


def _share(ref: str, amount: Decimal | None, pledge: Pledge) -> str:
    return ref if amount is None else f"{ref}: {written(amount, pledge.currency)}"


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[tuple[str, tuple[Any, Any]]]:
    return ((key, (before[key], value)) for key, value in after.items() if before[key] != value)


def describe(pledge: Pledge, actor: Actor, details: Details, condition: str) -> bool:
    """Change what a pledge says besides its amount: earmarking, channel, yearly portions, partners, the condition.

    Returns: whether anything changed. Raises: Refused in words; 403.
    """
    pledge = locked(pledge)
    policy.demand(actor, ADVANCE, pledge)
    if pledge.status not in LIVE:
        raise Refused(_("This pledge is closed: what it says can no longer be changed."))
    before, already = _told(pledge), rules.needs_of(pledge)
    with db.session.no_autoflush:
        _say(pledge, object=pledge.object, kind=pledge.kind, need=pledge.need, recipient=pledge.recipient,
             currency=pledge.currency, amount=pledge.amount, approximate=pledge.approximate, first_year=pledge.first_year,
             last_year=pledge.last_year, condition=condition, statement=pledge.statement, details=details)
        rules.announcement(pledge, already)
    changes = dict(_differences(before, _told(pledge)))
    if changes:
        pledge.updated_at = utcnow()
        db.session.flush()
        record("pledge.described", pledge, actor, changes)
    return bool(changes)
