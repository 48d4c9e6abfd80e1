"""What the page of a pledge is made of: its ladder, its steps, and a form for each thing that the reader may record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import render_template
from flask_babel import gettext, pgettext
from werkzeug.datastructures import MultiDict

from partnerships.core import audit, money, timeline, workflow
from partnerships.core.actor import Actor
from partnerships.core.policy import can
from partnerships.documents import queries as documents
from partnerships.documents.fields import ACCEPTED
from partnerships.documents.models import Document
from partnerships.matches.states import MatchStatus
from partnerships.needs.models import Need
from partnerships.pledges import figures, reports, rules, service
from partnerships.pledges.forms import (
    AmendForm,
    FilterForm,
    NoteForm,
    PayForm,
    ReportForm,
    SettleForm,
    StepForm,
    VoidForm,
)
from partnerships.pledges.models import Pledge, PledgeStep
from partnerships.pledges.states import LIVE, WITHIN, PledgeKind, PledgeStatus, StepKind


@dataclass(frozen=True)
class Step:
    """A move with its form, as the page offers it."""

    move: Any
    form: Any
    dated: bool


@dataclass(frozen=True)
class Sent:
    """A form that came back with errors: the move's name, or "pay", "void", "amend", "report", "settle-7"."""

    name: str
    form: Any


@dataclass(frozen=True)
class Trail:
    """One step as it is listed: its amount, the file that shows it, and why it was taken back."""

    step: PledgeStep
    amount: Decimal | None
    document: Document | None
    taken_back: str | None


def filters_of(address: MultiDict[str, str]) -> dict[str, Any]:
    """The list's filters as an address states them, for `queries.listed`; those that cannot be read are left out."""
    form = FilterForm(address)
    form.validate()
    return {field.name: "" if field.errors else field.data or "" for field in form}


def distinct(form: Any, name: str) -> Any:
    """Give the fields of a form ids of their own: a page may hold several forms of one kind."""
    for field in form:
        field.id = f"{field.id}-{name}"
    return form


def _form(sent: Sent | None, name: str, fresh: Any) -> Any:
    """The form that came back, which keeps what was typed, or a fresh one."""
    return distinct(sent.form if sent is not None and sent.name == name else fresh(), name)


def steps(pledge: Pledge, actor: Actor, sent: Sent | None = None) -> list[Step]:
    """The moves this reader may make, each with its form. Money is never delivered: it is paid."""
    found = []
    for move in workflow.available(pledge, actor):
        if move.name not in service.MOVES or (move.name == "delivered" and pledge.kind not in service.NOT_MONEY):
            continue
        dated = move.name in service.DATED
        fresh = (lambda: _fresh(pledge)) if dated else (lambda: NoteForm(None))
        found.append(Step(move, _form(sent, move.name, fresh), dated))
    return found


def _fresh(pledge: Pledge) -> StepForm:
    """Today, and the day already agreed for the next step unless it has come."""
    ahead = pledge.expected_on is not None and pledge.expected_on > date.today()
    return StepForm(None, on=date.today(), expected_on=pledge.expected_on if ahead else None)


def has_money(pledge: Pledge) -> bool:
    """Whether payments belong to a pledge: it states an amount and is neither in kind nor political."""
    return pledge.kind not in service.NOT_MONEY and pledge.amount is not None


def pay_form(pledge: Pledge, actor: Actor, sent: Sent | None = None) -> Any:
    """The form of an instalment, with what is left filled in; None when there is none to record for this reader."""
    if (pledge.status is not PledgeStatus.AGREED or not has_money(pledge) or rules.left(pledge) <= 0
            or not can(actor, service.ADVANCE, pledge)):
        return None
    return _form(sent, "pay", lambda: PayForm(None, amount=rules.left(pledge).normalize(), paid_on=date.today()))


def other_forms(pledge: Pledge, actor: Actor, sent: Sent | None = None) -> dict[str, Any]:
    """The forms of what else this reader may record: a payment taken back, another amount, a report, settlements."""
    advances, today = can(actor, service.ADVANCE, pledge), date.today()
    found: dict[str, Any] = {"void": None, "amend": None, "report": None, "settle": {}}
    if advances and pledge.payments:
        found["void"] = _form(sent, "void", lambda: VoidForm(None, pledge=pledge))
    if advances and has_money(pledge) and pledge.status in (*LIVE, PledgeStatus.PAID):
        found["amend"] = _form(sent, "amend", lambda: AmendForm(None, day=today, version=str(pledge.version)))
    if reports.can_report(pledge, actor):
        found["report"] = _form(sent, "report", lambda: ReportForm(None, as_of=today))
    if can(actor, "pledges.settle", pledge):
        for one in reports.differences(pledge):
            name = f"settle-{one.report.id}"
            found["settle"][one.report.id] = _form(sent, name, lambda one=one: SettleForm(None, paid_on=one.report.as_of))
    return found


def trail(pledge: Pledge, actor: Actor) -> list[Trail]:
    """Every step of a pledge that this reader may know of, in the order recorded."""
    files = {one.id: one for one in documents.of_record(actor, "pledge", pledge)}
    back = sorted((one for one in pledge.steps if one.voided_at is not None), key=lambda one: (one.voided_at, one.id))
    reasons = {one.id: why.note for one, why in zip(
        back, (one for one in pledge.steps if one.kind is StepKind.VOIDED), strict=False)}
    found = []
    for step in pledge.steps:
        if step.kind in WITHIN and not actor.is_isu:
            continue
        # A slip of the pen that the ISU has put right never reads as what the donor announced.
        amount = pledge.announced_amount if step.kind is StepKind.ANNOUNCED and not actor.is_isu else step.amount
        found.append(Trail(step, amount, files.get(step.document_id or 0), reasons.get(step.id)))
    return found


def from_floor(pledge: Pledge) -> str:
    """What became of a statement that the ISU wrote down, in words; empty for a pledge of another origin."""
    if not pledge.from_floor:
        return ""
    if pledge.status is PledgeStatus.ANNOUNCED:
        return str(gettext("Recorded from the floor: not yet confirmed by the donor."))
    if pledge.confirmed_on or pledge.agreed_on:
        return str(gettext("First recorded from the floor, since confirmed."))
    return str(gettext("Recorded from the floor; the donor never confirmed it in writing."))


def needs(pledge: Pledge, actor: Actor) -> list[tuple[Need, Decimal | None]]:
    """The needs that a pledge for several is for, with their parts, as far as the reader may see them."""
    return [(one.need, one.amount) for one in pledge.parts if can(actor, "needs.view", one.need)]


def history(pledge: Pledge) -> list[tuple[str, str, date | None]]:
    """The rungs of the ladder: (status, words, the day it was reached if known)."""
    paid = max((one.day for one in pledge.payments), default=None) if pledge.status is PledgeStatus.PAID else None
    rungs = [
        ("announced", pgettext("stage of money", "Announced"), pledge.announced_on),
        ("confirmed", pgettext("stage of money", "Confirmed in writing"), pledge.confirmed_on),
        ("agreed", pgettext("stage of money", "Agreement signed"), pledge.agreed_on)]
    return [*rungs, ("paid", pgettext("stage of money", "Paid in full"), paid)] if has_money(pledge) else rungs


def ended_on(pledge: Pledge) -> date | None:
    """The day on which a pledge was delivered, withdrawn or marked as lapsed, if it is known."""
    days = [one.day for one in pledge.steps if one.kind.value == pledge.status.value]
    return days[-1] if days else pledge.status_on and pledge.status_on.date()


def reference(pledge: Pledge) -> money.Converted | None:
    """The amount in US dollars at the rate of the announcement, to compare with; None where no rate is known."""
    if pledge.amount is None or pledge.currency == "USD" or pledge.announced_on is None:
        return None
    return money.convert(pledge.amount, pledge.currency, "USD", pledge.announced_on)


def match_to_agree(pledge: Pledge, actor: Actor) -> bool:
    """Whether the agreement is signed while its match is still open, so that the reader can mark it as agreed."""
    match = pledge.match
    return (match is not None and pledge.status in (PledgeStatus.AGREED, PledgeStatus.PAID)
            and match.status in (MatchStatus.INTEREST, MatchStatus.IN_TALKS) and can(actor, "matches.talk", match))


def page(pledge: Pledge, actor: Actor, sent: Sent | None = None) -> str:
    """The pledge's page."""
    counted = pledge.kind is PledgeKind.FINANCIAL and pledge.amount is not None
    return render_template(
        "pledges/detail.html", pledge=pledge, stages=figures.stages(pledge) if counted else None, has_money=has_money(pledge),
        reference=reference(pledge), history=history(pledge), left=rules.left(pledge),
        ended_on=ended_on(pledge),
        ended=pledge.amount is not None and pledge.status in (PledgeStatus.WITHDRAWN, PledgeStatus.LAPSED),
        payments_differ=sum((one.amount or Decimal(0) for one in pledge.payments), Decimal(0)) != pledge.paid_amount,
        steps=steps(pledge, actor, sent), pay=pay_form(pledge, actor, sent), others=other_forms(pledge, actor, sent), sent=sent,
        trail=trail(pledge, actor), floor=from_floor(pledge), needs=needs(pledge, actor), accepted=ACCEPTED,
        lead_share=figures.share_of(pledge, pledge.donor_id) if all(one.amount for one in pledge.partners) else None,
        current=reports.current(pledge), differences={one.report.id: one for one in reports.differences(pledge)},
        recorded={one.id: reports.on_record(pledge, one.as_of) for one in pledge.reports},
        may_edit=pledge.status in LIVE and can(actor, service.ADVANCE, pledge),
        match_to_agree=match_to_agree(pledge, actor), days=timeline.days(audit.timeline(actor, pledge)))
