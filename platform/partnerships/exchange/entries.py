"""What the rows of a file say, in our terms: one entry a row, with every word about what could not be read. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from partnerships.core import money
from partnerships.core.text import clean, one_line
from partnerships.exchange import values
from partnerships.exchange.columns import Chosen, folded, label
from partnerships.exchange.places import Places
from partnerships.exchange.reading import BLANK, Cell
from partnerships.exchange.values import Wrong
from partnerships.parties.models import Party

MOST = {"title": 160, "summary": 4000, "place": 200, "beneficiaries": 400, "contact_name": 160, "contact_email": 254,
        "basis": 400, "source": 400, "quantities": 400, "conditions": 2000, "how_to_ask": 2000, "sector": 120, "condition": 400,
        "statement": 2000, "description": 2000, "implementer": 200}
PROSE = ("summary", "conditions", "how_to_ask", "statement", "description")
NO_VALUES = ("formula", "error", "nested", "long")  # cells that no column reads
EXAMPLE = folded("EXAMPLE")
E_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# Words of a cell that name a thematic area or a kind of assistance, folded.
THEMES = {
    "survey-clearance": ("clearance", "demining", "land release", "survey", "deminage", "desminado", "разминирование", "扫雷"),
    "risk-education": ("risk education", "eore", "mre", "education aux risques", "educacion sobre el riesgo"),
    "victim-assistance": ("victim", "survivor", "victimes", "victimas"),
    "stockpile-destruction": ("stockpile", "stocks"),
    "information-management": ("information management", "imsma"),
    "gender-diversity": ("gender",),
}


@dataclass
class Entry:
    """One row as we understand it. `content` holds only what the row says; `key` knows the row again in another import.

    `party` is the State of a need, the donor of a contribution or pledge; `recipient`, the State that these are for.
    """

    number: int
    party: Party | None = None
    recipient: Party | None = None
    ref: str = ""
    key: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    amounts: list[tuple[int, int, Decimal, Decimal]] = field(default_factory=list)
    span: tuple[int, int] | None = None
    source: str = ""
    example: bool = False
    wrong: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def same_as(self, other: Entry) -> bool:
        """Whether two rows say the same."""
        return (self.content, self.amounts, self.span, self.source) == (other.content, other.amounts, other.span, other.source)


@dataclass(frozen=True)
class Known:
    """What the register knows and the rows are read with: States and areas, all who may give, thematic areas, kinds and so on."""

    places: Places
    partners: Places
    themes: Mapping[str, str]
    kinds: Mapping[str, str]
    regions: Mapping[str, str]
    languages: Mapping[str, str]
    articles: frozenset[str]


class Row:
    """The cells of one row under the chosen columns. Reading a cell that holds a formula or an error is a refusal in words."""

    def __init__(self, number: int, cells: Sequence[Cell], mapping: Chosen, styles: Mapping[int, str | None]) -> None:
        self.entry = Entry(number)
        self.cells, self.mapping, self.styles = cells, mapping, styles

    def cell(self, place: int) -> Cell:
        """The cell at a place; a row may be shorter than the headings."""
        return self.cells[place] if place < len(self.cells) else BLANK

    def first(self, name: str) -> tuple[Cell, int] | None:
        """The first cell of a field that says anything, with its place."""
        for place in self.mapping.of(name):
            if not values.is_blank(self.cell(place)):
                return self.cell(place), place
        return None

    def refuse_what_is_no_value(self) -> None:
        """Formulas, error values and endless texts, in any column that is read."""
        for place, column in sorted(self.mapping.columns.items()):
            kind = self.cell(place).kind
            if kind == "formula":
                self.wrong(column.field, _("holds a formula; paste its value instead."))
            elif kind == "error":
                self.wrong(column.field, _("holds an error of the spreadsheet (%(what)s).", what=self.cell(place).text))
            elif kind == "nested":
                self.wrong(column.field, _("holds a list or an object; give one value: a text, a number, true, false or null."))
            elif kind == "long":
                self.wrong(column.field, _("holds a text longer than the register keeps."))

    def wrong(self, name: str, words: str) -> None:
        """Refuse the row: words about one column."""
        self.entry.wrong.append(_("Row %(row)s, column %(column)s: %(words)s", row=self.entry.number, column=label(name),
                                  words=words))

    def text(self, name: str) -> str:
        """A text field, clean; too long is refused, never cut."""
        found = self.first(name)
        if found is None:
            return ""
        text = (clean if name in PROSE else one_line)(found[0].text) or ""
        most = MOST.get(name, 200)
        if len(text) > most:
            self.wrong(name, _("Use at most %(most)s characters: this has %(length)s.", most=most, length=len(text)))
        return text

    def read(self, name: str, reader: Any) -> Any:
        """What a reader makes of a field's cell; None where it is blank or wrong."""
        found = self.first(name)
        if found is None:
            return None
        try:
            return reader(found[0])
        except Wrong as error:
            self.wrong(name, str(error))
            return None

    def amount(self, place: int) -> Decimal | None:
        """The amount at a place, times the column's factor; the currency that the cell itself names must be the row's."""
        column, cell = self.mapping.columns[place], self.cell(place)
        if values.is_blank(cell) or cell.kind in NO_VALUES:
            return None
        try:
            value, named, said = values.amount(cell, self.styles.get(place))
            currency = self.entry.content.get("currency")
            if named and currency and named != currency:
                raise Wrong(_("the amount is in %(named)s, but the row's currency is %(currency)s.", named=named,
                              currency=currency))
            if named and not currency:
                self.entry.content["currency"] = values.currency(named)
            value *= column.factor
            if value > money.LARGEST:
                raise Wrong(_("This is more than any mine action budget: check the number of zeros."))
        except Wrong as error:
            self.wrong(column.field, str(error))
            return None
        if said:
            self.entry.said.append(said)
        return value


def currency_of(row: Row) -> None:
    """The row's currency: its own column, else what the headings of the amounts name."""
    found = row.read("currency", lambda cell: values.currency(cell.text))
    named = {column.currency for column in row.mapping.columns.values() if column.currency}
    if found is None and row.first("currency") is None and len(named) == 1:
        try:
            found = values.currency(next(iter(named)))
        except Wrong as error:
            row.wrong("currency", str(error))
    elif found and named - {found}:
        row.wrong("currency", _("the heading of the amounts says %(named)s.", named=", ".join(sorted(named))))
    if found:
        row.entry.content["currency"] = found


def coded(row: Row, name: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """The codes that a cell names, by code or title, parted by commas or semicolons; what is unknown is refused."""
    found = row.first(name)
    if found is None:
        return ()
    by_name = {folded(words): code for code, words in known.items()} | {folded(code): code for code in known}
    codes = []
    for part in re.split(r"[;,\n]", found[0].text):
        code = by_name.get(folded(part)) if part.strip() else None
        if code is not None:
            codes.append(code)
        elif part.strip():
            row.wrong(name, _("“%(text)s” is not known here.", text=part.strip()[:60]))
    return tuple(sorted(set(codes)))


def theme_of(text: str, known: Mapping[str, str]) -> str | None:
    """The one thematic area that a text names; None when it names none or several."""
    plain = folded(text)
    for code, title in known.items():
        if plain in (folded(code), folded(title)):
            return code
    padded = f" {plain}"
    found = [code for code, words in THEMES.items() if code in known and any(f" {folded(word)}" in padded for word in words)]
    return found[0] if len(found) == 1 else None


def mail_of(row: Row) -> None:
    """The contact's address, checked as the forms check it."""
    address = row.text("contact_email")
    if address and not E_MAIL.fullmatch(address):
        row.wrong("contact_email", _("This does not look like an e-mail address."))
    elif address:
        row.entry.content["contact_email"] = address


def styles_of(lines: Sequence[tuple[int, list[Cell]]], mapping: Chosen) -> dict[int, str | None]:
    """How each column of amounts writes its decimals, proved by the column as a whole."""
    money_columns = [place for place, column in mapping.columns.items()
                     if column.field.startswith("amount") or column.field == "national_share"]
    return {place: values.style_of(cells[place].text for _number, cells in lines
                                   if place < len(cells) and cells[place].kind == "text" and cells[place].text)
            for place in money_columns}


def keyed(*parts: Any) -> str:
    """The key under which a record knows the row it came from; short, whatever the row holds."""
    text = "\x1f".join(folded(str(part)) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:40]


def fits(row: Row, name: str, amounts: Sequence[Decimal | None]) -> None:
    """Refuse amounts with more decimals than their currency knows."""
    currency = row.entry.content.get("currency")
    if currency and any(one is not None and not money.fits(one, currency) for one in amounts):
        row.wrong(name, _("%(currency)s has fewer decimals than this.", currency=currency))


def is_example(cells: Sequence[Cell]) -> bool:
    """Whether this is the example row of our template: its first cell says so."""
    return bool(cells) and folded(cells[0].text).split(" ")[:1] == [EXAMPLE]


def iso(day: date | None) -> str | None:
    """A day as contents keep it."""
    return day.isoformat() if day else None
