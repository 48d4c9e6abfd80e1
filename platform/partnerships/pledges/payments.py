"""The money of a pledge: instalments, payments taken back, another amount. Flushes, never commits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from partnerships.core import policy
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.visibility import Visibility
from partnerships.parties.models import Party
from partnerships.pledges import rules, service
from partnerships.pledges.models import Pledge, PledgeStep
from partnerships.pledges.service import Details, Proof, add_step, advance, locked, record, written
from partnerships.pledges.states import PledgeKind, PledgeObject, PledgeStatus, StepKind


def pay(pledge: Pledge, actor: Actor, *, amount: Decimal, paid_on: date, proof: Proof | None = None) -> PledgeStep:
    """Record one instalment, in the pledge's currency; once the instalments reach its amount, it is paid in full.

    Returns: the step, flushed. Raises: Refused when the agreement is not signed, when it is more than what is left,
    or when its day does not fit; 403.
    """
    pledge = locked(pledge)
    policy.demand(actor, service.ADVANCE, pledge)
    rules.payment(pledge, amount, paid_on)
    before, proof = pledge.paid_amount, proof or Proof()
    step = add_step(pledge, StepKind.PAYMENT, actor, paid_on, amount=amount, proof=proof)
    pledge.paid_amount = before + amount
    changes = {**_paid(pledge, before), "paid_on": (None, paid_on)}
    if pledge.paid_amount == pledge.amount:
        pledge.expected_on = None
        advance(pledge, "paid", actor, proof.note, changes)
    else:
        _keep(pledge)
        record("pledge.payment", pledge, actor, changes, proof.note)
    return step


def void(step: PledgeStep, actor: Actor, note: str) -> bool:
    """Take a payment back that was not made as recorded: it stays on the record, marked, and counts no more.

    Returns: False on a second click. Raises: Refused without a reason, or for what is no payment; 403.
    """
    pledge = locked(step.pledge)
    db.session.refresh(step)  # somebody else may have taken it back while the row was locked
    policy.demand(actor, service.ADVANCE, pledge)
    if step.kind is not StepKind.PAYMENT or step.amount is None:
        raise Refused(_("Only a payment can be taken back."))
    if step.voided_at is not None:
        return False
    if not note.strip():
        raise Refused(_("Say why, in a sentence: it is shown to those concerned and kept on the record."))
    before = pledge.paid_amount
    step.voided_at, pledge.paid_amount = utcnow(), before - step.amount
    add_step(pledge, StepKind.VOIDED, actor, date.today(), amount=step.amount, proof=Proof(note))
    if pledge.status is PledgeStatus.PAID:
        advance(pledge, "reopened", actor, note, _paid(pledge, before))
    else:
        _keep(pledge)
        record("pledge.payment-voided", pledge, actor, _paid(pledge, before), note)
    return True


def amend(pledge: Pledge, actor: Actor, *, amount: Decimal, day: date, proof: Proof | None = None) -> PledgeStep:
    """Make a pledge larger or smaller, explicitly: what is paid can never exceed its amount otherwise.

    Yearly portions of the old amount are taken off the record: they no longer add up. Returns: the step, flushed.
    Raises: Refused in words when a rule stands against it; 403.
    """
    pledge = locked(pledge)
    policy.demand(actor, service.ADVANCE, pledge)
    rules.amendment(pledge, amount, day)
    before, proof = pledge.amount or Decimal(0), proof or Proof()
    kind = StepKind.REDUCED if amount < before else StepKind.INCREASED
    step = add_step(pledge, kind, actor, day, amount=amount, proof=proof)
    pledge.amount = amount
    pledge.portions.clear()
    changes = {"amount": (written(before, pledge.currency), written(amount, pledge.currency))}
    if pledge.status is PledgeStatus.PAID:
        advance(pledge, "reopened", actor, proof.note, changes)
    elif pledge.status is PledgeStatus.AGREED and pledge.paid_amount == amount:
        pledge.expected_on = None
        advance(pledge, "paid", actor, proof.note, changes)
    else:
        _keep(pledge)
        record(f"pledge.{kind.value}", pledge, actor, changes, proof.note)
    return step


def _paid(pledge: Pledge, before: Decimal) -> dict[str, tuple[Any, Any]]:
    return {"paid_amount": (written(before, pledge.currency), written(pledge.paid_amount, pledge.currency))}


def _keep(pledge: Pledge) -> None:
    pledge.updated_at = utcnow()
    db.session.flush()


def bilateral(actor: Actor, donor: Party, recipient: Party, *, amount: Decimal, currency: str, stage: PledgeStatus, day: date,
              themes: tuple[str, ...] = (), first_year: int | None = None, last_year: int | None = None, evidence: str = "",
              visibility: Visibility = Visibility.PUBLIC) -> Pledge:
    """Log support agreed between two parties outside any conference, at the stage that it has reached, in one transaction.

    Arguments: stage, ANNOUNCED, CONFIRMED, AGREED or PAID (all of it), reached on `day`; the stages before it were reached
    by then. Returns: the pledge, flushed. Raises: Refused in words; 403 for somebody else's donor.
    """
    pledge = service.announce(
        actor, donor, object=PledgeObject.PROGRAMME, kind=PledgeKind.FINANCIAL, recipient=recipient, currency=currency,
        amount=amount, first_year=first_year, last_year=last_year, announced_on=day, visibility=visibility,
        details=Details(themes=themes))
    proof = Proof(evidence=evidence)
    if stage is PledgeStatus.ANNOUNCED:
        pledge.steps[0].evidence = evidence
        db.session.flush()
    elif stage is PledgeStatus.CONFIRMED:
        service.move(pledge, "confirmed", actor, on=day, proof=proof)
    else:
        service.move(pledge, "agreed", actor, on=day, proof=proof)
    if stage is PledgeStatus.PAID:
        pay(pledge, actor, amount=amount, paid_on=day, proof=proof)
    return pledge
