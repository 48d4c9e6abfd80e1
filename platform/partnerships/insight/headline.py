"""The figures that matter, to be read in one look: open needs, what they ask, and each stage of money by itself, never one sum."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from partnerships.core import money
from partnerships.insight.gaps import REFERENCE, Gap
from partnerships.pledges import figures
from partnerships.pledges.models import Pledge


@dataclass
class Sum:
    """One figure: in US dollars when several currencies come together (`converted`), else in the only one there is."""

    amount: Decimal = Decimal(0)
    currency: str = REFERENCE
    converted: bool = False
    left_out: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Headline:
    """Open needs, the States that ask, and a sum for what is asked and for each stage of money."""

    needs: int
    states: int
    asked: Sum
    announced: Sum
    confirmed: Sum
    agreed: Sum
    paid: Sum
    asked_in: list[tuple[str, Decimal, int]]
    """What is asked in each currency: (currency, amount, needs)."""

    @property
    def converted(self) -> bool:
        """Whether any figure needed a rate."""
        return any(one.converted for one in self._sums())

    @property
    def left_out(self) -> list[str]:
        """The currencies for which there is no rate."""
        return sorted(set().union(*(one.left_out for one in self._sums())))

    def _sums(self) -> tuple[Sum, ...]:
        return self.asked, self.announced, self.confirmed, self.agreed, self.paid


def of(gaps: Iterable[Gap], made: Iterable[Pledge], today: date) -> Headline:
    """The figures within the reader's sight, from the gaps and the pledges that the page has read already."""
    rows = list(gaps)
    stages = figures.by_currency(made)

    def stage(name: str) -> Sum:
        return in_one({currency: getattr(own, name) for currency, own in stages.items()}, today)

    own = asked_in(rows)
    asked = in_one({currency: amount for currency, amount, _count in own}, today)
    return Headline(sum(gap.needs for gap in rows), len(rows), asked, stage("announced"), stage("confirmed"), stage("agreed"),
                    stage("paid"), own)


def asked_in(gaps: Iterable[Gap]) -> list[tuple[str, Decimal, int]]:
    """What open needs ask for, a row a currency, that of most needs first: (currency, amount, needs). Never one sum."""
    found: dict[str, tuple[Decimal, int]] = {}
    for gap in gaps:
        for currency, (amount, count) in gap.asked_in.items():
            before = found.get(currency, (Decimal(0), 0))
            found[currency] = before[0] + amount, before[1] + count
    return sorted(((currency, *sums) for currency, sums in found.items()), key=lambda row: (-row[2], row[0]))


def in_one(amounts: dict[str, Decimal], today: date) -> Sum:
    """Amounts of several currencies as one: exact where there is one currency, else US dollars at today's rate."""
    amounts = {currency: amount for currency, amount in amounts.items() if amount}
    if len(amounts) == 1:
        (currency, amount), = amounts.items()
        return Sum(amount, currency)
    found = Sum(converted=bool(amounts))
    for currency, amount in amounts.items():
        one = money.convert(amount, currency, REFERENCE, today)
        if one is None:
            found.left_out.add(currency)
        else:
            found.amount += one.amount
    return found
