"""What the page of a pledge is made of: its ladder, its steps, and a form for each move that the reader may make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import render_template
from flask_babel import pgettext

from partnerships.core import audit, money, timeline, workflow
from partnerships.core.actor import Actor
from partnerships.core.policy import can
from partnerships.matches.states import MatchStatus
from partnerships.pledges import figures, rules, service
from partnerships.pledges.forms import NoteForm, PayForm, StepForm
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import PledgeKind, PledgeStatus


@dataclass(frozen=True)
class Step:
    """A move with its form, as the page offers it."""

    move: Any
    form: Any
    dated: bool


@dataclass(frozen=True)
class Sent:
    """A form that came back with errors: the move's name, or "pay"."""

    name: str
    form: Any


def distinct(form: Any, name: str) -> Any:
    """Give the fields of a form ids of their own: a page may hold several forms of one kind."""
    for field in form:
        field.id = f"{field.id}-{name}"
    return form


def steps(pledge: Pledge, actor: Actor, sent: Sent | None = None) -> list[Step]:
    """The moves this reader may make, each with its form; the one that came back keeps what was typed."""
    found = []
    for move in workflow.available(pledge, actor):
        if move.name not in service.MOVES:
            continue
        dated = move.name in service.DATED
        fresh = _fresh(pledge) if dated else NoteForm(None)
        form = sent.form if sent is not None and sent.name == move.name else fresh
        found.append(Step(move, distinct(form, move.name), dated))
    return found


def _fresh(pledge: Pledge) -> StepForm:
    """Today, and the day already agreed for the next step unless it has come."""
    ahead = pledge.expected_on is not None and pledge.expected_on > date.today()
    return StepForm(None, on=date.today(), expected_on=pledge.expected_on if ahead else None)


def pay_form(pledge: Pledge, actor: Actor, sent: Sent | None = None) -> Any:
    """The form of an instalment, with what is left filled in; None when there is none to record for this reader."""
    if pledge.status is not PledgeStatus.AGREED or rules.left(pledge) <= 0 or not can(actor, "pledges.advance", pledge):
        return None
    if sent is not None and sent.name == "pay":
        return distinct(sent.form, "pay")
    return distinct(PayForm(None, amount=rules.left(pledge).normalize(), paid_on=date.today()), "pay")


def history(pledge: Pledge) -> list[tuple[str, str, date | None]]:
    """The rungs of the ladder: (status, words, the day it was reached if known)."""
    paid = max((one.day for one in pledge.payments), default=None) if pledge.status is PledgeStatus.PAID else None
    return [
        ("announced", pgettext("stage of money", "Announced"), pledge.announced_on),
        ("confirmed", pgettext("stage of money", "Confirmed in writing"), pledge.confirmed_on),
        ("agreed", pgettext("stage of money", "Agreement signed"), pledge.agreed_on),
        ("paid", pgettext("stage of money", "Paid in full"), paid)]


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
    has_money = pledge.kind is PledgeKind.FINANCIAL and pledge.amount is not None
    return render_template(
        "pledges/detail.html", pledge=pledge, stages=figures.stages(pledge) if has_money else None,
        reference=reference(pledge), history=history(pledge), left=rules.left(pledge),
        ended=pledge.amount is not None and pledge.status in (PledgeStatus.WITHDRAWN, PledgeStatus.LAPSED),
        payments_differ=sum((one.amount or Decimal(0) for one in pledge.payments), Decimal(0)) != pledge.paid_amount,
        steps=steps(pledge, actor, sent), pay=pay_form(pledge, actor, sent), sent=sent,
        match_to_agree=match_to_agree(pledge, actor), days=timeline.days(audit.timeline(actor, pledge)))
