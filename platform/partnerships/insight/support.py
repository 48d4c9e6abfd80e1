"""Support on record as pages show it: columns by year, which years are whole, and who stood alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from partnerships.core.charts import ColumnChart, stack_by_donor
from partnerships.parties.models import Party
from partnerships.parties.words import name
from partnerships.pledges.models import Contribution


@dataclass(frozen=True)
class Support:
    """A party's support on record, received or given. Years are sorted; `single` holds (year, donor)."""

    chart: ColumnChart | None
    rows: Sequence[Contribution]
    complete: str
    partial: str
    missing: str
    single: list[tuple[int, Party]]
    unstated: int


def spans(years: Iterable[int]) -> str:
    """Years in words, runs joined: "2009–2012, 2014"."""
    runs = []
    for _gap, run in groupby(enumerate(sorted(set(years))), key=lambda pair: pair[1] - pair[0]):
        members = [year for _index, year in run]
        runs.append(str(members[0]) if len(members) == 1 else f"{members[0]}–{members[-1]}")
    return ", ".join(runs)


def columns(title: str, cells: Iterable[tuple[int, str, float]]) -> ColumnChart | None:
    """Columns by year in millions of US dollars, split by the five largest names; None without amounts."""
    years, series = stack_by_donor(cells, others=_("All others"), per=1e6)
    if not years:
        return None
    rounded = tuple((label, index, tuple(round(value, 3) for value in values)) for label, index, values in series)
    return ColumnChart(title, _("Landmine Monitor, country profiles; compiled with an address for each amount"),
                       _("Million US dollars of the year, not adjusted for prices"), years, rounded)


def received(party: Party, rows: Sequence[Contribution]) -> Support:
    """What a State received, split by donor."""
    return _support(rows, _("International support to %(state)s, by donor", state=name(party)), "donor")


def given(party: Party, rows: Sequence[Contribution]) -> Support:
    """What a donor gave, split by recipient."""
    return _support(rows, _("Support from %(donor)s, by recipient", donor=name(party)), "recipient")


def _support(rows: Sequence[Contribution], title: str, side: str) -> Support:
    years: dict[int, list[Contribution]] = {}
    for row in rows:
        years.setdefault(row.year, []).append(row)
    whole = [year for year, own in years.items() if all(row.list_complete for row in own)]
    span = range(min(years), max(years) + 1) if years else range(0)
    single = [(year, years[year][0].donor) for year in sorted(whole)
              if side == "donor" and len({row.donor_id for row in years[year]}) == 1]
    chart = columns(title, [(row.year, name(getattr(row, side)), float(row.amount_usd)) for row in rows
                            if row.amount_usd is not None])
    return Support(chart, rows, spans(whole), spans(set(years) - set(whole)), spans(set(span) - set(years)), single,
                   sum(row.amount_usd is None for row in rows))


def grouped(rows: Sequence[Any]) -> list[Any]:
    """Rows newest year first, for the list with sources."""
    return sorted(rows, key=lambda row: (-row.year, row.id))
