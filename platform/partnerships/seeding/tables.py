"""How each file of seed/ maps to its table: columns in order, what a cell holds, how rows are ordered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from partnerships.parties.models import Fact, Obligation, Party, Region, TreatyAct
from partnerships.parties.reference import Action, ActionPlan, Article, AssistanceKind, Indicator, Theme
from partnerships.pledges.models import Contribution, DonorTotal, RecipientTotal


@dataclass(frozen=True)
class Cell:
    """How a value is read from, and written to, a file."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]


def plain(value: Decimal | None) -> str:
    """A decimal as the file writes it: no exponent, no needless zeros."""
    return "" if value is None else f"{value.normalize():f}"


TEXT = Cell(str, lambda value: "" if value is None else str(value))
NUMBER = Cell(lambda text: int(text) if text else None, lambda value: "" if value is None else str(value))
DECIMAL = Cell(lambda text: Decimal(text) if text else None, plain)
DAY = Cell(lambda text: date.fromisoformat(text) if text else None, lambda value: value.isoformat() if value else "")
YES = Cell(lambda text: text == "yes", lambda value: "yes" if value else "no")
CODES = Cell(lambda text: tuple(sorted(text.split())), " ".join)


@dataclass(frozen=True)
class Table:
    """A file of seed/ and its table. `parties` maps a column of references to the foreign key it fills.

    order: a sort key over the cells as text, so that the file can be written back byte for byte.
    """

    file: str
    model: type
    key: tuple[str, ...]
    cells: dict[str, Cell]
    parties: dict[str, str] = field(default_factory=dict)
    order: Callable[[dict[str, str]], Any] | None = None

    def sort_key(self, row: dict[str, str]) -> Any:
        return self.order(row) if self.order else tuple(row[column] for column in self.key)


def _text(*columns: str, **others: Cell) -> dict[str, Cell]:
    return {column: others.get(column, TEXT) for column in columns}


NAMES = ("name_en", "name_fr", "name_es", "name_ar", "name_ru", "name_zh")


def _by_number(row: dict[str, str]) -> tuple[Any, ...]:
    return tuple(int(part) if part.isdigit() else part for part in row["ref"].split("."))


TABLES: tuple[Table, ...] = (
    Table("regions", Region, ("m49",), _text("m49", "parent", *NAMES, "source")),
    Table("parties", Party, ("ref",), _text(
        "ref", "kind", "organisation_type", "iso2", "m49", "region", "subregion", "membership", "languages", *NAMES,
        "neighbours", "source")),
    Table("treaty_status", TreatyAct, ("party", "act"), _text(
        "party", "act", "date", "effective", "effective_basis", "note", "source", date=DAY, effective=DAY),
        {"party": "party_id"}),
    Table("themes", Theme, ("code",), _text("code", "position", "title", "summary", "articles", "source", position=NUMBER)),
    Table("assistance_kinds", AssistanceKind, ("code",), _text(
        "code", "position", "title", "summary", "source", position=NUMBER)),
    Table("articles", Article, ("ref",), _text("ref", "title", "summary", "source"), order=_by_number),
    Table("action_plans", ActionPlan, ("code",), _text(
        "code", "title", "adopted", "first_year", "last_year", "source", adopted=DAY, first_year=NUMBER, last_year=NUMBER)),
    Table("actions", Action, ("plan", "number"), _text("plan", "number", "title", "summary", "source", number=NUMBER),
          order=lambda row: (row["plan"], int(row["number"]))),
    Table("indicators", Indicator, ("plan", "ref"), _text("plan", "ref", "action", "title", "formula", "source", action=NUMBER),
          order=lambda row: (row["plan"], _by_number(row))),
    Table("facts", Fact, ("party", "year", "indicator", "value"), _text(
        "party", "year", "indicator", "value", "unit", "source", year=NUMBER), {"party": "party_id"}),
    Table("obligations", Obligation, ("party", "article", "line"), _text(
        "party", "article", "line", "kind", "title", "deadline", "status", "as_of", "source",
        line=NUMBER, deadline=DAY, as_of=DAY), {"party": "party_id"}),
    Table("contributions", Contribution, ("year", "donor", "recipient", "line"), _text(
        "year", "donor", "recipient", "line", "sector", "themes", "amount_usd", "amount_national", "currency",
        "list_complete", "source", year=NUMBER, line=NUMBER, themes=CODES, amount_usd=DECIMAL, amount_national=DECIMAL,
        list_complete=YES), {"donor": "donor_id", "recipient": "recipient_id"}),
    Table("recipient_totals", RecipientTotal, ("party", "year"), _text(
        "party", "year", "international_usd", "national_usd", "note", "source",
        year=NUMBER, international_usd=DECIMAL, national_usd=DECIMAL), {"party": "party_id"}),
    Table("donor_totals", DonorTotal, ("party", "year", "line"), _text(
        "party", "year", "line", "amount_usd", "amount_national", "currency", "source",
        year=NUMBER, line=NUMBER, amount_usd=DECIMAL, amount_national=DECIMAL), {"party": "party_id"}),
)
