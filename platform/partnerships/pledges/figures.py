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
    """The stages of one pledge, in its currency. In-kind and political pledges stand in none, nor what was logged in error."""
    found = Stages(paid=pledge.paid_amount)
    if not counts(pledge):
        return Stages()
    rest = (pledge.amount or ZERO) - pledge.paid_amount
    name = "agreed" if pledge.status is PledgeStatus.PAID else pledge.status.value
    setattr(found, name, getattr(found, name) + rest)
    return found


def counts(pledge: Pledge) -> bool:
    """Whether a pledge is money at all: financial, with an amount, and really said."""
    return (pledge.kind is PledgeKind.FINANCIAL and pledge.amount is not None
            and pledge.status is not PledgeStatus.STRUCK)


def by_year(pledge: Pledge) -> dict[int, Stages]:
    """The stages of one pledge by year; together they are its stages.

    A payment stands in the year in which it was made. What is not paid stands in the years planned for it (the earliest
    portions are taken as paid first), else in the pledge's first year, else in the year of its announcement.
    """
    found: dict[int, Stages] = {}
    if not counts(pledge):
        return found
    own, paid = stages(pledge), ZERO
    for step in pledge.payments:
        found.setdefault(step.day.year, Stages()).paid += step.amount or ZERO
        paid += step.amount or ZERO
    start = pledge.first_year or (pledge.announced_on.year if pledge.announced_on else 0)
    if own.paid > paid:  # a source tells of the payment, not of its day
        found.setdefault(start, Stages()).paid += own.paid - paid
    name = next((key for key, value in vars(own).items() if key != "paid" and value), "")
    for year, amount in planned(pledge, own.paid, start) if name else ():
        one = found.setdefault(year, Stages())
        setattr(one, name, getattr(one, name) + amount)
    return dict(sorted(found.items()))


def planned(pledge: Pledge, paid: Decimal, start: int) -> Iterable[tuple[int, Decimal]]:
    """(year, amount not paid yet) of a pledge."""
    if not pledge.portions:
        yield start, (pledge.amount or ZERO) - paid
    for portion in pledge.portions:
        covered = min(paid, portion.amount)
        paid -= covered
        if portion.amount > covered:
            yield portion.year, portion.amount - covered


def share_of(pledge: Pledge, party_id: int) -> Decimal:
    """The part of a pledge's amount that one of its donors gives: known shares for the partners, the rest for the lead.

    Where a share is not known, all of it stands with the lead. Zero for a party that has no part in it.
    """
    amount = pledge.amount or ZERO
    known = [one.amount for one in pledge.partners]
    if any(share is None for share in known):
        return amount if party_id == pledge.donor_id else ZERO
    if party_id == pledge.donor_id:
        return amount - sum((share or ZERO for share in known), ZERO)
    return next((one.amount or ZERO for one in pledge.partners if one.party_id == party_id), ZERO)


def part_for(pledge: Pledge, need_id: int) -> Decimal | None:
    """The part of a pledge's amount that is for one need; None where a pledge for several needs does not say."""
    if not pledge.parts:
        return pledge.amount
    return next((one.amount for one in pledge.parts if one.need_id == need_id), None)


def scaled(own: Stages, part: Decimal, whole: Decimal, exact: Decimal = Decimal("0.001")) -> Stages:
    """Stages of a part of a pledge, each in proportion; what rounding leaves goes to the largest, so that they sum to it."""
    if part == whole:
        return own
    found = Stages(**{name: (value * part / whole).quantize(exact) for name, value in vars(own).items()})
    left = part - sum(vars(found).values(), ZERO)
    largest = max(vars(found), key=lambda name: getattr(own, name))
    setattr(found, largest, getattr(found, largest) + left)
    return found


def by_currency(pledges: Iterable[Pledge]) -> dict[str, Stages]:
    """Stages of many pledges, a row a currency, the one with most pledges first."""
    found: dict[str, Stages] = {}
    number: dict[str, int] = {}
    for pledge in pledges:
        if counts(pledge):
            found.setdefault(pledge.currency, Stages()).add(stages(pledge))
            number[pledge.currency] = number.get(pledge.currency, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: (-number[pair[0]], pair[0])))


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
    unsplit: list[Pledge] = field(default_factory=list)

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
        if counts(pledge):
            _add(figures, need, pledge)
    return figures


def _add(figures: NeedFigures, need: Need, pledge: Pledge) -> None:
    """Add a pledge's part for this need; what has no rate, or is not split between several needs, is left out, visibly."""
    assert pledge.amount is not None
    part, rate = part_for(pledge, need.id), _rate(pledge, need.currency)
    if part is None:
        figures.unsplit.append(pledge)
        return
    if rate is None:
        figures.left_out.append(pledge)
        return
    if pledge.currency != need.currency:
        figures.converted.append((pledge, replace(rate, amount=(rate.amount * part / pledge.amount).quantize(Decimal(1)))))
    own, scale = scaled(stages(pledge), part, pledge.amount), rate.amount / pledge.amount
    figures.pledged += _scaled(own.announced + own.confirmed, scale)
    figures.committed += _scaled(own.agreed, scale)
    figures.paid += _scaled(own.paid, scale)


def _rate(pledge: Pledge, currency: str) -> money.Converted | None:
    assert pledge.amount is not None
    return money.convert(pledge.amount, pledge.currency, currency, pledge.announced_on or date.today())


def _scaled(amount: Decimal, scale: Decimal) -> Decimal:
    # Converted amounts are approximate: whole units, so that they do not pretend to a precision they lack.
    return amount if scale == 1 else (amount * scale).quantize(Decimal(1))
