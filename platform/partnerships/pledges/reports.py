"""What each side says was paid, beside the record, until the ISU settles a difference. Flushes, never commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from partnerships.core import policy
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.filters import day as in_words
from partnerships.core.policy import scope
from partnerships.parties.models import Party
from partnerships.parties.words import name
from partnerships.pledges import payments, rules
from partnerships.pledges.models import Pledge, PledgeReport
from partnerships.pledges.service import NOT_MONEY, Proof, locked, record, written
from partnerships.pledges.states import Settlement, Side

ZERO = Decimal(0)


@dataclass(frozen=True)
class Difference:
    """A report that waits for the ISU, and what the record said was paid by its day."""

    pledge: Pledge
    report: PledgeReport
    recorded: Decimal

    @property
    def amount(self) -> Decimal:
        """How much more the report says than the record; less than nothing when it says less."""
        return self.report.paid_amount - self.recorded


def on_record(pledge: Pledge, as_of: date) -> Decimal:
    """What the record says was paid by a day, in the pledge's currency. What a source gives without days counts in full."""
    later = (one.amount or ZERO for one in pledge.payments if one.day > as_of)
    return pledge.paid_amount - sum(later, ZERO)


def current(pledge: Pledge) -> dict[Side, PledgeReport]:
    """The newest report of each side; what it said before stays readable."""
    return {one.side: one for one in sorted(pledge.reports, key=lambda one: one.id)}


def differences(pledge: Pledge) -> list[Difference]:
    """The reports of a pledge that wait for the ISU: at most one a side."""
    return [Difference(pledge, one, on_record(pledge, one.as_of)) for one in current(pledge).values() if one.outcome is None]


def open_differences(actor: Actor) -> list[Difference]:
    """Every report that waits for the ISU, the oldest first; none for those who do not settle them."""
    if not policy.may_ever(actor, "pledges.settle"):
        return []
    query = scope(actor, "pledges.settle", Pledge).where(Pledge.reports.any(PledgeReport.outcome.is_(None))).options(
        joinedload(Pledge.donor), joinedload(Pledge.recipient), selectinload(Pledge.payments),
        selectinload(Pledge.reports).joinedload(PledgeReport.party))
    found = [one for pledge in db.session.scalars(query).unique() for one in differences(pledge)]
    return sorted(found, key=lambda one: one.report.id)


def can_report(pledge: Pledge, actor: Actor) -> bool:
    """Whether this reader may say what was paid of this pledge: one of its two sides, of a pledge that states money."""
    return pledge.amount is not None and pledge.kind not in NOT_MONEY and policy.can(actor, "pledges.report", pledge)


def report(pledge: Pledge, actor: Actor, *, paid_amount: Decimal, as_of: date, note: str = "",
           evidence: str = "") -> PledgeReport:
    """Put what one side says beside the record; it replaces what that side said before.

    Arguments: paid_amount, the total paid or received by `as_of`, in the pledge's currency. Returns: the report, flushed;
    settled at once when it agrees with the record. Raises: Refused in words; 403.
    """
    pledge = locked(pledge)
    policy.demand(actor, "pledges.report", pledge)
    if not can_report(pledge, actor):
        raise Refused(_("This pledge states no amount of money, so that no payment of it can be reported."))
    fault = rules.report_fault(pledge, paid_amount, as_of)
    if fault is not None:
        raise Refused(fault[1])
    side, recorded = Side.DONOR if actor.party_id == pledge.donor_id else Side.RECIPIENT, on_record(pledge, as_of)
    said = PledgeReport(side=side, party=db.session.get_one(Party, actor.party_id), paid_amount=paid_amount, as_of=as_of,
                        note=note.strip(), evidence=evidence, account_id=actor.account_id)
    if paid_amount == recorded:
        said.settled_on, said.outcome, said.settlement = date.today(), Settlement.RECORD, _("Agrees with the record.")
    pledge.reports.append(said)
    if side is Side.DONOR:
        pledge.heard_on = date.today()
    _keep(pledge)
    record("pledge.reported", pledge, actor, {
        "as_of": (None, as_of), "reported_amount": (None, written(paid_amount, pledge.currency)),
        "recorded_amount": (None, written(recorded, pledge.currency))}, note)
    return said


def settle(said: PledgeReport, actor: Actor, *, outcome: Settlement, note: str, paid_on: date | None = None) -> bool:
    """Settle a difference: the record stands, or the report is right.

    Arguments: paid_on, the day of the payment that the record lacks (the report's day when none is given). When the report
    is right and says more than the record, the difference is recorded as a payment with the report as its evidence.
    Returns: False on a second click. Raises: Refused in words, also when the report says less than the record; 403.
    """
    pledge = locked(said.pledge)
    policy.demand(actor, "pledges.settle", pledge)
    db.session.refresh(said)  # somebody else may have settled it while the row was locked
    if said.outcome is not None:
        return False
    if not note.strip():
        raise Refused(_("Say why, in a sentence: it is shown to those concerned and kept on the record."))
    if current(pledge)[said.side].id != said.id:
        raise Refused(_("A later report of the same side has replaced this one."))
    if outcome is Settlement.REPORT:
        _follow(said, pledge, actor, paid_on)
    said.outcome, said.settled_on, said.settlement = outcome, date.today(), note.strip()
    _keep(pledge)
    record("pledge.settled", pledge, actor, {
        "settled_as": (None, outcome), "reported_amount": (None, written(said.paid_amount, pledge.currency)),
        "as_of": (None, said.as_of)}, note)
    return True


def _follow(said: PledgeReport, pledge: Pledge, actor: Actor, paid_on: date | None) -> None:
    """Bring the record to what a report says."""
    missing = said.paid_amount - on_record(pledge, said.as_of)
    if missing < 0:
        raise Refused(_("The record shows more than this report. First take back the payment that did not arrive; then "
                        "settle the report."))
    if missing > 0:
        paid_on = paid_on or said.as_of
        if paid_on > said.as_of:
            raise Refused(_("The report is true of %(day)s: what it adds was paid by then.", day=in_words(said.as_of)))
        words = _("As reported by %(party)s on %(day)s.", party=name(said.party), day=in_words(said.at.date()))
        payments.pay(pledge, actor, amount=missing, paid_on=paid_on, proof=Proof(words, said.evidence))


def _keep(pledge: Pledge) -> None:
    pledge.updated_at = utcnow()
    db.session.flush()
