"""Who supports whom: a matrix of donors and recipients, readable with dozens of each, every cell leading to its records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_pgettext as _p
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from partnerships.core import money
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.export import Column
from partnerships.insight import queries
from partnerships.insight.gaps import REFERENCE
from partnerships.parties.models import Party
from partnerships.parties.words import name
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Contribution, Pledge

# What a cell measures: what public sources record as given, or what stands in one stage of the register's own pledges.
MEASURES = {
    "record": _p("measure of flows", "Given, as public sources record it"), "paid": _p("measure of flows", "Pledges: paid"),
    "agreed": _p("measure of flows", "Pledges: agreement signed, not yet paid"),
    "confirmed": _p("measure of flows", "Pledges: confirmed in writing"),
    "announced": _p("measure of flows", "Pledges: announced"),
}
_BOUNDS = (Decimal("0.1"), Decimal("0.3"), Decimal(1), Decimal(3), Decimal(10), Decimal(30))  # millions


@dataclass
class Cell:
    """What one donor gave one recipient: US dollars, how many records, and how many of them state no amount."""

    amount: Decimal = Decimal(0)
    count: int = 0
    unstated: int = 0

    @property
    def step(self) -> int:
        """The class of its colour, 1 to 7; 0 where no amount is known."""
        return 1 + sum(self.amount / 1_000_000 >= bound for bound in _BOUNDS) if self.amount else 0


@dataclass
class Flows:
    """The matrix. Donors and recipients by their sums, largest first; `cells` by (recipient, donor)."""

    measure: str
    year: int | None
    theme: str
    years: Sequence[int]
    donors: list[tuple[Party, Cell]] = field(default_factory=list)
    recipients: list[tuple[Party, Cell]] = field(default_factory=list)
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)

    @property
    def total(self) -> Cell:
        """All cells together: one measure, so one stage."""
        whole = Cell()
        for cell in self.cells.values():
            _add(whole, cell.amount, cell.count, cell.unstated)
        return whole


def _add(cell: Cell, amount: Decimal, count: int = 1, unstated: int = 0) -> None:
    cell.amount, cell.count, cell.unstated = cell.amount + amount, cell.count + count, cell.unstated + unstated


def matrix(actor: Actor, measure: str, year: int | None, theme: str) -> Flows:
    """The matrix of one measure, of one year or all, of one thematic area or all, within the actor's sight."""
    measure = measure if measure in MEASURES else "record"
    everyone = queries.parties_by_id()
    rows = list(_recorded(theme) if measure == "record" else _pledged(actor, measure, theme))
    found = Flows(measure, year, theme, sorted({row[0] for row in rows}, reverse=True))
    donors: dict[int, Cell] = {}
    recipients: dict[int, Cell] = {}
    for own, donor, recipient, amount in rows:
        if year is not None and own != year:
            continue
        for cell in (donors.setdefault(donor, Cell()), recipients.setdefault(recipient, Cell()),
                     found.cells.setdefault((recipient, donor), Cell())):
            _add(cell, amount or Decimal(0), 1, int(amount is None))
    found.donors = _ranked(donors, everyone)
    found.recipients = _ranked(recipients, everyone)
    return found


def _ranked(sums: dict[int, Cell], everyone: dict[int, Party]) -> list[tuple[Party, Cell]]:
    return sorted(((everyone[number], cell) for number, cell in sums.items()), key=lambda pair: (-pair[1].amount, pair[0].ref))


def _recorded(theme: str) -> Iterable[tuple[int, int, int, Decimal | None]]:
    query = select(Contribution.year, Contribution.donor_id, Contribution.recipient_id, Contribution.amount_usd,
                   Contribution.themes)
    for year, donor, recipient, amount, themes in db.session.execute(query):
        if not theme or theme in themes:
            yield year, donor, recipient, amount


def _pledged(actor: Actor, stage: str, theme: str) -> Iterable[tuple[int, int, int, Decimal | None]]:
    """What stands in one stage, by year, in US dollars at the rate of the announcement; without a rate, without an amount."""
    for pledge in pledges.whole(actor):
        if theme and (pledge.need is None or pledge.need.theme != theme):
            continue
        for year, own in figures.by_year(pledge).items():
            amount = getattr(own, stage)
            if amount and pledge.recipient_id is not None:
                one = money.convert(amount, pledge.currency, REFERENCE, pledge.announced_on or date.today())
                yield year, pledge.donor_id, pledge.recipient_id, one.amount if one else None


def table(found: Flows) -> list[tuple[Party, Party, Cell]]:
    """The cells as rows of a file: (donor, recipient, cell), largest first."""
    donors = {party.id: party for party, _cell in found.donors}
    recipients = {party.id: party for party, _cell in found.recipients}
    rows = [(donors[donor], recipients[recipient], cell) for (recipient, donor), cell in found.cells.items()]
    return sorted(rows, key=lambda row: (-row[2].amount, row[0].ref, row[1].ref))


def columns() -> list[Column]:
    """(key, heading, function of one of `table`) for each column."""
    return [("donor", _("Donor"), lambda row: name(row[0])), ("donor_code", _("Donor code"), lambda row: row[0].ref),
            ("recipient", _("Recipient"), lambda row: name(row[1])),
            ("recipient_code", _("Recipient code"), lambda row: row[1].ref),
            ("usd", _("US dollars"), lambda row: row[2].amount), ("records", _("Records"), lambda row: row[2].count),
            ("records_without_amount", _("Records without an amount"), lambda row: row[2].unstated or None)]


def records(actor: Actor, donor: Party, recipient: Party, year: int | None, theme: str) -> tuple[list[Contribution], list[Pledge]]:
    """The records behind a cell: contributions on record, and pledges within the actor's sight."""
    query = select(Contribution).where(Contribution.donor_id == donor.id, Contribution.recipient_id == recipient.id).options(
        joinedload(Contribution.donor), joinedload(Contribution.recipient)).order_by(Contribution.year.desc(), Contribution.id)
    given = [row for row in db.session.scalars(query)
             if (year is None or row.year == year) and (not theme or theme in row.themes)]
    made = [pledge for pledge in pledges.whole(actor, donor=donor, recipient=recipient)
            if (year is None or year in figures.by_year(pledge))
            and (not theme or (pledge.need is not None and pledge.need.theme == theme))]
    return given, made


def year_asked(text: Any) -> int | None:
    """The year of an address; nonsense means all years."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) == 4 else None
