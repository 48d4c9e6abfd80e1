"""The figures of pledges: stages that exclude each other, currency by currency, never one sum.

A pledge stands in the stage it has reached. Of one whose agreement is signed, what has been paid stands under paid and
only the rest under agreed; of one withdrawn or lapsed, what was paid stays paid and the rest is gone. So the stages of
a pledge always sum to its current amount.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from partnerships.core import money
from partnerships.core.actor import Actor
from partnerships.core.policy import can
from partnerships.needs.models import Need
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import PledgeKind, PledgeStatus

ZERO = Decimal(0)


@dataclass
class Stages:
    """What stands in each stage, in one currency. Mutually exclusive; never shown as one sum."""

    announced: Decimal = ZERO
    confirmed: Decimal = ZERO
    agreed: Decimal = ZERO
    paid: Decimal = ZERO
    withdrawn: Decimal = ZERO
    lapsed: Decimal = ZERO

    def add(self, other: Stages) -> None:
        """Add another pledge's stages, stage by stage."""
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def stages(pledge: Pledge) -> Stages:
    """The stages of one pledge, in its currency. In-kind and political pledges stand in none."""
    found = Stages(paid=pledge.paid_amount)
    if pledge.kind is not PledgeKind.FINANCIAL or pledge.amount is None:
        return Stages()
    rest = pledge.amount - pledge.paid_amount
    name = "agreed" if pledge.status is PledgeStatus.PAID else pledge.status.value
    setattr(found, name, getattr(found, name) + rest)
    return found


def by_currency(pledges: Iterable[Pledge]) -> dict[str, Stages]:
    """Stages of many pledges, a row a currency, the one with most pledges first."""
    found: dict[str, Stages] = {}
    counts: dict[str, int] = {}
    for pledge in pledges:
        if pledge.kind is PledgeKind.FINANCIAL and pledge.amount is not None:
            found.setdefault(pledge.currency, Stages()).add(stages(pledge))
            counts[pledge.currency] = counts.get(pledge.currency, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: (-counts[pair[0]], pair[0])))


@dataclass
class NeedFigures:
    """A need's figures in its own currency; amounts in other currencies converted at the announcement's rate."""

    currency: str
    asked: Decimal
    national: Decimal
    pledged: Decimal = ZERO
    committed: Decimal = ZERO
    paid: Decimal = ZERO
    converted: list[tuple[Pledge, money.Converted]] = field(default_factory=list)
    left_out: list[Pledge] = field(default_factory=list)

    @property
    def gap(self) -> Decimal:
        """What nobody has committed or paid: asked less the national share, signed agreements and payments."""
        return max(ZERO, self.asked - self.national - self.committed - self.paid)

    @property
    def open(self) -> Decimal:
        """The part of the gap that not even a pledge announces."""
        return max(ZERO, self.gap - self.pledged)


def of_need(actor: Actor, need: Need, pledges: Iterable[Pledge]) -> NeedFigures | None:
    """The figures of a need from its pledges within the reader's sight.

    None when the need states no amount, or when its State keeps the amounts from this reader.
    """
    return worth(need, pledges) if can(actor, "needs.view-amounts", need) else None


def worth(need: Need, pledges: Iterable[Pledge]) -> NeedFigures | None:
    """As `of_need` for a reader who may see the amounts: the caller has made sure."""
    if need.asked is None:
        return None
    figures = NeedFigures(need.currency, need.asked, need.national_share)
    for pledge in pledges:
        if pledge.kind is not PledgeKind.FINANCIAL or pledge.amount is None:
            continue
        rate = _rate(pledge, need.currency)
        if rate is None:
            figures.left_out.append(pledge)
            continue
        if pledge.currency != need.currency:
            figures.converted.append((pledge, replace(rate, amount=rate.amount.quantize(Decimal(1)))))
        own = stages(pledge)
        scale = rate.amount / pledge.amount
        figures.pledged += _scaled(own.announced + own.confirmed, scale)
        figures.committed += _scaled(own.agreed, scale)
        figures.paid += _scaled(own.paid, scale)
    return figures


def _rate(pledge: Pledge, currency: str) -> money.Converted | None:
    assert pledge.amount is not None
    return money.convert(pledge.amount, pledge.currency, currency, pledge.announced_on or date.today())


def _scaled(amount: Decimal, scale: Decimal) -> Decimal:
    # Converted amounts are approximate: whole units, so that they do not pretend to a precision they lack.
    return amount if scale == 1 else (amount * scale).quantize(Decimal(1))
