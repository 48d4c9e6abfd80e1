"""Every chart that stands on a page, by name: what draws it, and the table that is its twin, its CSV file and its test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from flask_babel import gettext as _

from partnerships.conferences import queries as conferences
from partnerships.conferences import tally
from partnerships.conferences.models import Conference
from partnerships.core.actor import PUBLIC, Actor
from partnerships.core.charts import ColumnChart
from partnerships.core.export import Column
from partnerships.insight import gaps, maps, queries, stages, support
from partnerships.insight.maps import WorldMap
from partnerships.insight.stages import StageChart
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.parties.reference import Theme
from partnerships.parties.words import name, title
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import RecipientTotal

Drawing = ColumnChart | WorldMap | StageChart


@dataclass(frozen=True)
class Chart:
    """A drawing with its table: `columns` are (key, heading, function of a row). `arguments` complete its address."""

    key: str
    drawing: Drawing
    columns: Sequence[Column]
    rows: Sequence[Any]
    arguments: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.drawing.title

    @property
    def kind(self) -> str:
        """How it is drawn: "columns", "map" or "stages"."""
        return "map" if isinstance(self.drawing, WorldMap) else "stages" if isinstance(self.drawing, StageChart) else "columns"

    @property
    def heads(self) -> list[str]:
        return [str(head) for _key, head, _read in self.columns]

    @property
    def cells(self) -> list[list[Any]]:
        """The table's cells, row by row."""
        return [[read(row) for _key, _head, read in self.columns] for row in self.rows]


def of_columns(key: str, drawing: ColumnChart, arguments: Mapping[str, str] | None = None,
               keys: Mapping[str, str] | None = None) -> Chart:
    """A chart of stacked columns: a row a year, a column a series. `keys` gives a series' key by its label."""
    series: list[Column] = [((keys or {}).get(label, "others"), label, _value_of(values))
                            for label, _index, values in drawing.series]
    return Chart(key, drawing, [("year", _("Year"), lambda row: row[1]), *series],
                 [(at, int(year)) for at, year in enumerate(drawing.years)], arguments or {})


def _value_of(values: Sequence[float]) -> Callable[[tuple[int, int]], Decimal]:
    return lambda row: Decimal(str(values[row[0]]))


def of_gaps(found: Sequence[gaps.Gap], today: date, theme: Theme | None = None) -> Chart:
    """The map of needs, of one thematic area or all, a row a State."""
    columns: list[Column] = [
        ("state", _("State"), lambda gap: name(gap.party)), ("state_code", _("State code"), lambda gap: gap.party.ref),
        ("open_needs", _("Open needs"), lambda gap: gap.needs),
        ("with_amount", _("Of which with an amount that you may see"), lambda gap: gap.counted),
        ("asked_usd", _("Asked, US dollars"), lambda gap: round(gap.asked, 0) if gap.asked else None),
        ("open_usd", _("Without a commitment, US dollars"), lambda gap: round(gap.open, 0) if gap.asked else None),
        ("open_per_cent", _("Without a commitment, per cent"),
         lambda gap: round(gap.share * 100, 1) if gap.share is not None else None),
        ("left_out", _("Needs left out for want of a rate"), lambda gap: gap.left_out or None)]
    arguments = {"theme": theme.code} if theme else {}
    return Chart("needs", maps.of_gaps(found, today, title(theme) if theme else ""), columns, found, arguments)


def of_conference(conference: Conference, today: date) -> Chart:
    """What everybody may see of the pledges of a conference, a row a donor; without a row before the first of them."""
    made = pledges.of_conference(PUBLIC, conference.id)
    board = tally.board(conference, made, today)
    givers = tally.by_donor(made, board.currency)
    amounts: list[Column] = [(stage, f"{words}, {board.currency}", attrgetter(f"reference.stages.{stage}"))
                             for stage, words in stages.stage_words().items()]
    columns: list[Column] = [
        ("donor", _("Donor"), lambda one: name(one.party)), ("donor_code", _("Donor code"), lambda one: one.party.ref), *amounts,
        ("pledges", _("Pledges"), attrgetter("pledges"))]
    if any(one.unpriced for one in givers):
        columns.append(("unpriced", _("in kind, political or without an amount"), lambda one: one.unpriced or None))
    if board.whole.reference.left_out:
        columns.append(("left_out", _("Left out: no rate"), lambda one: ", ".join(sorted(one.reference.left_out)) or None))
    return Chart("conference", stages.of_conference(conference, givers, board, today), columns, givers,
                 {"conference": conference.ref})


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
        ("recipient", _("Recipient"), lambda pair: name(pair[0])), ("recipient_code", _("Code"), lambda pair: pair[0].ref),
        ("usd", _("US dollars"), lambda pair: pair[1]), ("years", _("Years"), lambda pair: support.spans(years[pair[0]]))]
    return Chart("giving", drawing, columns, ranked, {"party": donor.ref})


def national(party: Party, totals: Sequence[RecipientTotal]) -> Chart | None:
    """A State's own contribution beside international support, as a source states both; None where none states the State's."""
    rows = {row.year: row for row in totals if row.national_usd is not None or row.international_usd is not None}
    if not any(row.national_usd is not None for row in rows.values()):
        return None
    years = range(min(rows), max(rows) + 1)

    def values(column: str) -> tuple[float, ...]:
        return tuple(round(float(getattr(rows[year], column) or 0) / 1e6, 3) if year in rows else 0.0 for year in years)

    drawing = ColumnChart(
        _("What %(state)s and others contributed, as the source states it", state=name(party)),
        _("Landmine Monitor, country profiles; compiled with an address for each amount"),
        _("Million US dollars of the year, not adjusted for prices"), tuple(map(str, years)),
        ((_("The State itself"), 4, values("national_usd")), (_("International support"), 2, values("international_usd"))))
    keys = {drawing.series[0][0]: "own", drawing.series[1][0]: "international"}
    return of_columns("national", drawing, {"party": party.ref}, keys)


def _needs(actor: Actor, arguments: Mapping[str, str]) -> Chart | None:
    today, theme = date.today(), _theme(arguments)
    return of_gaps(gaps.by_state(actor, today, theme.code if theme else ""), today, theme)


def _theme(arguments: Mapping[str, str]) -> Theme | None:
    return next((theme for theme in parties.all_themes() if theme.code == arguments.get("theme", "")), None)


def in_theme(theme: Theme) -> Chart | None:
    """Support on record whose sector, as the source prints it, is of this thematic area alone or among others."""
    return _by_donor("theme", _("Support on record for %(theme)s, by donor", theme=title(theme)), queries.given_in(theme.code),
                     {"theme": theme.code})


def in_all() -> Chart | None:
    """All support on record, by donor."""
    return _by_donor("support", _("Support on record, by donor"), queries.given_by_year(), {})


def _by_donor(key: str, words: str, rows: Iterable[tuple[int, int, Decimal]], arguments: Mapping[str, str]) -> Chart | None:
    everyone = queries.parties_by_id()
    drawing = support.columns(words, [(year, name(everyone[donor]), float(amount)) for year, donor, amount in rows])
    return of_columns(key, drawing, arguments, _codes(everyone.values())) if drawing else None


def _codes(of: Iterable[Party]) -> dict[str, str]:
    """The keys of columns of parties: a party's code, by its name."""
    return {name(party): party.ref for party in of}


def received(party: Party) -> Chart | None:
    """What a State received, by donor."""
    rows = pledges.received(party)
    drawing = support.received(party, rows).chart
    return of_columns("received", drawing, {"party": party.ref}, _codes(row.donor for row in rows)) if drawing else None


def given(party: Party) -> Chart | None:
    """What a donor gave, by recipient."""
    rows = pledges.given(party)
    drawing = support.given(party, rows).chart
    return of_columns("given", drawing, {"party": party.ref}, _codes(row.recipient for row in rows)) if drawing else None


def _in_theme(_actor: Actor, arguments: Mapping[str, str]) -> Chart | None:
    theme = _theme(arguments)
    return in_theme(theme) if theme else None


def _conference(_actor: Actor, arguments: Mapping[str, str]) -> Chart | None:
    conference = conferences.by_ref(PUBLIC, arguments.get("conference", ""))
    return of_conference(conference, date.today()) if conference is not None else None


def _of_party(make: Callable[[Party], Chart | None]) -> Callable[[Actor, Mapping[str, str]], Chart | None]:
    """A chart of the party that the address names."""
    def found(_actor: Actor, arguments: Mapping[str, str]) -> Chart | None:
        party = parties.by_ref(arguments.get("party", ""))
        return make(party) if party is not None else None
    return found


CHARTS: dict[str, Callable[[Actor, Mapping[str, str]], Chart | None]] = {
    "needs": _needs, "support": lambda _actor, _arguments: in_all(), "theme": _in_theme,
    "conference": _conference,
    "received": _of_party(received), "given": _of_party(given),
    "giving": _of_party(lambda party: of_giving(party, pledges.given(party))),
    "national": _of_party(lambda party: national(party, pledges.stated_totals(party)))}


def by_key(actor: Actor, key: str, arguments: Mapping[str, str]) -> Chart | None:
    """A chart within the actor's sight; None for a name, or a party, that there is no such chart of."""
    make = CHARTS.get(key)
    return make(actor, arguments) if make is not None else None
