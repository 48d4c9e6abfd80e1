"""The frame of a release's tables: what a column is, and how its values are written. No Flask, no database."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any

from partnerships.core.export import safe

AMOUNT = "units of the row's currency"
USD = "US dollars of the year"
M2 = "square metres"


@dataclass(frozen=True)
class Column:
    """A column: its meaning in plain English, its type (of Frictionless Table Schema), and how it is read from a row.

    `codes` are the only values that it takes, `many` says that a cell may hold several of them with a space between, `refers` names
    the table and the column whose value it repeats.
    """

    name: str
    meaning: str
    read: Callable[[Any], Any]
    type: str = "string"
    unit: str = ""
    codes: tuple[str, ...] = ()
    many: bool = False
    needed: bool = False
    refers: tuple[str, str] | None = None


@dataclass
class Table:
    """A table: columns, rows, the columns that tell a row from every other, how many rows were left out as invented, and `links`.

    A link is (columns, another table, its columns): together they repeat a row's key there.
    """

    name: str
    title: str
    source: str
    key: tuple[str, ...]
    columns: Sequence[Column]
    rows: Sequence[Any]
    invented: int = 0
    links: Sequence[tuple[tuple[str, ...], str, tuple[str, ...]]] = ()
    cells: list[list[str]] = field(init=False)

    def __post_init__(self) -> None:
        """Write the cells, in the order of the key: the same records give the same file."""
        at = [index for index, column in enumerate(self.columns) if column.name in self.key]
        written = [[cell(column.read(row)) for column in self.columns] for row in self.rows]
        self.cells = sorted(written, key=lambda row: [(len(row[index]) if row[index].isdigit() else 0, row[index]) for index in at])

    def references(self) -> list[tuple[tuple[str, ...], str, tuple[str, ...]]]:
        """All its links to other tables, those of single columns too."""
        return [*(((one.name,), one.refers[0], (one.refers[1],)) for one in self.columns if one.refers), *self.links]

    def values(self, name: str) -> set[str]:
        """The values of a column, the empty one left out."""
        at = next(index for index, column in enumerate(self.columns) if column.name == name)
        return {row[at] for row in self.cells} - {""}

    def csv(self) -> bytes:
        """The table as CSV: RFC 4180, UTF-8 without a byte order mark, exact values."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow([column.name for column in self.columns])
        writer.writerows(self.cells)
        return out.getvalue().encode("utf-8", "replace")

    def formulas(self) -> int:
        """How many cells a spreadsheet could take for a formula."""
        return sum(safe(value)[:1] == "'" != value[:1] for row in self.cells for value in row)


def codes(enum: type[StrEnum], *without: StrEnum) -> tuple[str, ...]:
    """The values of an enum, but for those that no public record has."""
    return tuple(member.value for member in enum if member not in without)


def cell(value: Any) -> str:
    """A value as a cell: ISO days, plain decimals, true or false, codes with a space between; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return " ".join(value)
    return str(value).replace("\0", "")


def fingerprint(parts: Iterable[bytes]) -> str:
    """The SHA-256 of several files, one after the other with their lengths."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()
