"""Every chart that stands on a page, by name: what draws it, and the table that is its twin, its CSV file and its test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from partnerships.core.actor import Actor
from partnerships.core.charts import ColumnChart
from partnerships.core.export import Column
from partnerships.insight import gaps, maps, queries, support
from partnerships.insight.maps import WorldMap
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.parties.words import name
from partnerships.pledges import queries as pledges

Drawing = ColumnChart | WorldMap


@dataclass(frozen=True)
class Chart:
    """A drawing with its table: `columns` are (heading, function of a row). `arguments` complete its address."""

    key: str
    drawing: Drawing
    columns: Sequence[Column]
    rows: Sequence[Any]
    arguments: Mapping[str, str] = field(default_factory=dict)
    more: str = ""
    """An address of the page that tells the whole."""

    @property
    def title(self) -> str:
        return self.drawing.title

    @property
    def kind(self) -> str:
        """How it is drawn: "columns" or "map"."""
        return "map" if isinstance(self.drawing, WorldMap) else "columns"

    @property
    def heads(self) -> list[str]:
        return [str(head) for head, _read in self.columns]

    @property
    def cells(self) -> list[list[Any]]:
        """The table's cells, row by row."""
        return [[read(row) for _head, read in self.columns] for row in self.rows]


def of_columns(key: str, drawing: ColumnChart, arguments: Mapping[str, str] | None = None) -> Chart:
    """A chart of stacked columns: a row a year, a column a series."""
    series: list[Column] = [(label, _value_of(values)) for label, _index, values in drawing.series]
    return Chart(key, drawing, [(_("Year"), lambda row: row[1]), *series], list(enumerate(drawing.years)), arguments or {})


def _value_of(values: Sequence[float]) -> Callable[[tuple[int, str]], Decimal]:
    return lambda row: Decimal(str(values[row[0]]))


def of_gaps(found: Sequence[gaps.Gap], today: date) -> Chart:
    """The map of needs, a row a State."""
    columns: list[Column] = [
        (_("State"), lambda gap: name(gap.party)), (_("State code"), lambda gap: gap.party.ref),
        (_("Open needs"), lambda gap: gap.needs), (_("Of which with an amount that you may see"), lambda gap: gap.counted),
        (_("Asked, US dollars"), lambda gap: round(gap.asked) if gap.asked else None),
        (_("Without a commitment, US dollars"), lambda gap: round(gap.open) if gap.asked else None),
        (_("Without a commitment, per cent"), lambda gap: round(gap.share * 100, 1) if gap.share is not None else None),
        (_("Needs left out for want of a rate"), lambda gap: gap.left_out or None)]
    return Chart("needs", maps.of_gaps(found, today), columns, found)


def of_giving(donor: Party, rows: Sequence[Any]) -> Chart | None:
    """Where a donor's support on record went, a row a recipient; None where no amount is stated."""
    sums: dict[Party, Decimal] = {}
    years: dict[Party, set[int]] = {}
    for row in rows:
        if row.amount_usd is not None:
            sums[row.recipient] = sums.get(row.recipient, Decimal(0)) + row.amount_usd
            years.setdefault(row.recipient, set()).add(row.year)
    if not sums:
        return None
    ranked = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0].ref))
    drawing = maps.of_giving(donor, ranked, support.spans(set().union(*years.values())))
    columns: list[Column] = [
        (_("Recipient"), lambda pair: name(pair[0])), (_("Code"), lambda pair: pair[0].ref),
        (_("US dollars"), lambda pair: pair[1]), (_("Years"), lambda pair: support.spans(years[pair[0]]))]
    return Chart("giving", drawing, columns, ranked, {"party": donor.ref})


def _needs(actor: Actor, _arguments: Mapping[str, str]) -> Chart | None:
    today = date.today()
    return of_gaps(gaps.by_state(actor, today), today)


def _support(_actor: Actor, _arguments: Mapping[str, str]) -> Chart | None:
    everyone = queries.parties_by_id()
    drawing = support.columns(_("Support on record, by donor"), [
        (year, name(everyone[donor]), float(amount)) for year, donor, amount in queries.given_by_year()])
    return of_columns("support", drawing) if drawing else None


def _party(arguments: Mapping[str, str]) -> Party | None:
    return parties.by_ref(arguments.get("party", ""))


def _received(_actor: Actor, arguments: Mapping[str, str]) -> Chart | None:
    party = _party(arguments)
    drawing = support.received(party, pledges.received(party)).chart if party else None
    return of_columns("received", drawing, {"party": party.ref}) if party and drawing else None


def _given(_actor: Actor, arguments: Mapping[str, str]) -> Chart | None:
    party = _party(arguments)
    drawing = support.given(party, pledges.given(party)).chart if party else None
    return of_columns("given", drawing, {"party": party.ref}) if party and drawing else None


def _giving(_actor: Actor, arguments: Mapping[str, str]) -> Chart | None:
    party = _party(arguments)
    return of_giving(party, pledges.given(party)) if party else None


CHARTS: dict[str, Callable[[Actor, Mapping[str, str]], Chart | None]] = {
    "needs": _needs, "support": _support, "received": _received, "given": _given, "giving": _giving}


def by_key(actor: Actor, key: str, arguments: Mapping[str, str]) -> Chart | None:
    """A chart within the actor's sight; None for a name, or a party, that there is no such chart of."""
    make = CHARTS.get(key)
    return make(actor, arguments) if make is not None else None
