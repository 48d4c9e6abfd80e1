"""The account of a party: what became of the pledges that it made, and of those that were made for it.

Stages exclude each other and currencies stand apart. A joint pledge stands in a donor's account with that donor's share.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from functools import cached_property
from statistics import median

from partnerships.core import money
from partnerships.core.actor import Actor
from partnerships.needs import queries as needs
from partnerships.parties.models import Party
from partnerships.pledges import figures, queries, reports, rules
from partnerships.pledges.figures import Stages
from partnerships.pledges.models import Contribution, Pledge, PledgeReport
from partnerships.pledges.queries import months_from
from partnerships.pledges.states import LIVE, Side

REFERENCE = "USD"
FRESH = (6, 12)  # months within which a pledge should have been heard of
ZERO, EXACT = Decimal(0), Decimal("0.001")
Entry = tuple[Party, int | None, str, Decimal]  # who gives, in which year, in which stage, how much
Years = dict[int | None, Stages]


def shares(pledge: Pledge) -> list[Entry]:
    """A pledge's amount by donor, year and stage; together they are its amount, and of each donor its share."""
    whole = [(year or None, name, value) for year, own in figures.by_year(pledge).items()
             for name, value in vars(own).items() if value]
    partners = [(one.party, figures.share_of(pledge, one.party_id)) for one in pledge.partners]
    left, found = [value for _year, _name, value in whole], []
    for party, share in partners:
        if not share:
            continue
        own = _scaled([value for _year, _name, value in whole], left, share, pledge.amount or share)
        left = [rest - value for rest, value in zip(left, own, strict=True)]
        found += [(party, year, name, value) for (year, name, _value), value in zip(whole, own, strict=True) if value]
    return [(pledge.donor, year, name, value) for (year, name, _value), value in zip(whole, left, strict=True) if value] + found


def _scaled(values: Sequence[Decimal], left: Sequence[Decimal], part: Decimal, total: Decimal) -> list[Decimal]:
    """Each value in proportion, rounded down; what rounding leaves goes where there is room, so that they sum to the part."""
    found = [min((value * part / total).quantize(EXACT, ROUND_DOWN), rest) for value, rest in zip(values, left, strict=True)]
    missing = part - sum(found, ZERO)
    for place, rest in enumerate(left):
        more = min(missing, rest - found[place])
        found[place], missing = found[place] + more, missing - more
    return found


@dataclass(frozen=True)
class Line:
    """One pledge in an account. `years` holds the stages of the party's own part by year; `themes` what the reader may know."""

    pledge: Pledge
    years: Years
    themes: tuple[str, ...]

    @cached_property
    def stages(self) -> Stages:
        """The party's own part, over all years."""
        found = Stages()
        for own in self.years.values():
            found.add(own)
        return found

    @property
    def amount(self) -> Decimal:
        """What the party's own part comes to: a pledge's amount, not a sum over several pledges."""
        return sum(vars(self.stages).values(), ZERO)

    @property
    def joint(self) -> bool:
        """Whether several parties pledge together."""
        return bool(self.pledge.partners)

    @property
    def share_unknown(self) -> bool:
        """Whether the party's share is not stated: its part then stands with the lead."""
        return self.joint and any(one.amount is None for one in self.pledge.partners)

    @property
    def several_years(self) -> bool:
        """Whether it is for more than one year."""
        first, last = self.pledge.first_year, self.pledge.last_year
        return len(self.pledge.portions) > 1 or bool(first and last and last > first)

    @property
    def live(self) -> bool:
        """Whether a next step is still to come."""
        return self.pledge.status in LIVE

    @cached_property
    def in_reference(self) -> money.Converted | None:
        """One unit of its currency in the reference currency at the rate of its announcement; None where there is none."""
        if not self.pledge.currency or self.pledge.announced_on is None:
            return None
        return money.convert(Decimal(1), self.pledge.currency, REFERENCE, self.pledge.announced_on)


@dataclass
class Row:
    """What stands together in a table: one currency of one group."""

    key: Hashable
    currency: str
    stages: Stages = field(default_factory=Stages)
    pledges: set[int] = field(default_factory=set)


@dataclass
class InReference:
    """Stages in the reference currency, in whole units; with which days' rates, and what has no rate and is left out."""

    stages: Stages = field(default_factory=Stages)
    days: list[date] = field(default_factory=list)
    left_out: list[Line] = field(default_factory=list)
    pledges: int = 0


@dataclass(frozen=True)
class Lag:
    """Days from the announcement to a payment: the median, and the number of pledges that it rests on."""

    days: float | None
    pledges: int


@dataclass(frozen=True)
class Fresh:
    """How many of the pledges announced more than some months ago were heard of within these months."""

    months: int
    heard: int
    of: int


@dataclass
class Arrived:
    """What was announced for a State in one currency, and what arrived. Two figures, one of them a part of the other: no sum."""

    currency: str
    pledges: int = 0
    announced: Decimal = ZERO
    arrived: Decimal = ZERO
    reported: int = 0
    said: Decimal = ZERO
    differing: list[tuple[Pledge, PledgeReport]] = field(default_factory=list)


def given(actor: Actor, party: Party) -> list[Line]:
    """The pledges that a party makes, alone, as lead or as partner, each with its own part; within the reader's sight."""
    found = queries.whole(actor, donor=party)
    themes = _themes(actor, found)
    return [Line(pledge, _own_years(pledge, party), themes[pledge.id]) for pledge in found]


def received(actor: Actor, party: Party) -> list[Line]:
    """The pledges for a State within the reader's sight, each as a whole."""
    found = queries.whole(actor, recipient=party)
    themes = _themes(actor, found)
    return [Line(pledge, {year or None: own for year, own in figures.by_year(pledge).items()}, themes[pledge.id])
            for pledge in found]


def _own_years(pledge: Pledge, party: Party) -> Years:
    found: Years = {}
    for giver, year, stage, amount in shares(pledge):
        if giver.id == party.id:
            own = found.setdefault(year, Stages())
            setattr(own, stage, getattr(own, stage) + amount)
    return found


def _themes(actor: Actor, pledges: Sequence[Pledge]) -> dict[int, tuple[str, ...]]:
    """What each pledge is for: its own thematic areas, else those of its needs that the reader may see."""
    of = {one.id: rules.needs_of(one) for one in pledges}
    seen = needs.by_ids(actor, {number for numbers in of.values() for number in numbers})
    return {one.id: one.themes or tuple(sorted({seen[number].theme or "" for number in of[one.id] if number in seen} - {""}))
            for one in pledges}


def grouped(lines: Iterable[Line], key: Callable[[Line, int | None], Hashable]) -> list[Row]:
    """Stages by a key and currency: each amount once, in one row."""
    found: dict[tuple[Hashable, str], Row] = {}
    for line in lines:
        for year, own in line.years.items():
            name = key(line, year), line.pledge.currency
            row = found.setdefault(name, Row(*name))
            row.stages.add(own)
            row.pledges.add(line.pledge.id)
    return list(found.values())


def by_currency(lines: Iterable[Line]) -> list[Row]:
    """The stages of all pledges, a row a currency, the one with most pledges first."""
    return sorted(grouped(lines, lambda line, year: None), key=lambda row: (-len(row.pledges), row.currency))


def by_year(lines: Iterable[Line]) -> list[Row]:
    """By year, the newest first: what is paid in the year it was paid, the rest in the years it is planned for."""
    return sorted(grouped(lines, lambda line, year: year), key=lambda row: (-(row.key or 0), row.currency))  # type: ignore[operator]


def by_theme(lines: Iterable[Line]) -> list[Row]:
    """By thematic area: a pledge for several stands in a row of its own that names them all, never twice."""
    return sorted(grouped(lines, lambda line, year: line.themes), key=lambda row: (not row.key, row.key, row.currency))


def by_other(lines: Iterable[Line], other: Callable[[Pledge], Hashable]) -> list[Row]:
    """By the party on the other side: `other` gives what stands for it."""
    return sorted(grouped(lines, lambda line, year: other(line.pledge)), key=lambda row: (str(row.key), row.currency))


def in_reference(lines: Iterable[Line]) -> InReference:
    """All stages in the reference currency, each pledge at the rate of its announcement; what has none is left out, visibly."""
    found = InReference()
    for line in lines:
        rate = line.in_reference
        if not line.years:
            continue
        if rate is None:
            found.left_out.append(line)
            continue
        found.pledges += 1
        if line.pledge.currency != REFERENCE:
            found.days.append(rate.on)
        found.stages.add(Stages(**{name: (value * rate.rate).quantize(Decimal(1)) for name, value in vars(line.stages).items()}))
    return found


def lag(lines: Iterable[Line], *, full: bool) -> Lag:
    """From the announcement to the first payment, or to the one with which all was paid (`full`): the median of days."""
    found = []
    for pledge in (line.pledge for line in lines):
        days = [step.day for step in pledge.payments]
        complete = pledge.amount is not None and sum((step.amount or ZERO for step in pledge.payments), ZERO) == pledge.amount
        if days and pledge.announced_on is not None and (complete or not full):
            found.append(((max(days) if full else min(days)) - pledge.announced_on).days)
    return Lag(float(median(found)) if found else None, len(found))


def fresh(lines: Sequence[Line], today: date) -> list[Fresh]:
    """Of how many pledges there was word within 6 and 12 months, of those announced longer ago than that.

    What is recorded from a public source is left out: nobody reports on it here.
    """
    found = []
    for months in FRESH:
        since = months_from(today, -months)
        old = [line.pledge for line in lines if not line.pledge.source and line.pledge.announced_on is not None
               and line.pledge.announced_on < since]
        found.append(Fresh(months, sum(one.heard_on is not None and one.heard_on >= since for one in old), len(old)))
    return found


def arrived(lines: Iterable[Line]) -> list[Arrived]:
    """What was first announced for a State, what arrived by the record, and what it says itself; a row a currency."""
    found: dict[str, Arrived] = {}
    for pledge in (line.pledge for line in lines if figures.counts(line.pledge)):
        row = found.setdefault(pledge.currency, Arrived(pledge.currency))
        row.pledges += 1
        row.announced += pledge.announced_amount or pledge.amount or ZERO
        row.arrived += pledge.paid_amount
        report = reports.current(pledge).get(Side.RECIPIENT)
        if report is not None:
            row.reported += 1
            row.said += report.paid_amount
            if report.paid_amount != reports.on_record(pledge, report.as_of):
                row.differing.append((pledge, report))
    return sorted(found.values(), key=lambda row: (-row.pledges, row.currency))



@dataclass
class Recorded:
    """What public sources record of one year, in US dollars as they state them. A stream of its own: never added to pledges."""

    year: int
    contributions: int = 0
    stated: Decimal = ZERO
    without_amount: int = 0


def recorded(contributions: Iterable[Contribution]) -> list[Recorded]:
    """Contributions by year, the newest first."""
    found: dict[int, Recorded] = {}
    for one in contributions:
        row = found.setdefault(one.year, Recorded(one.year))
        row.contributions += 1
        row.stated += one.amount_usd or ZERO
        row.without_amount += one.amount_usd is None
    return sorted(found.values(), key=lambda row: -row.year)
