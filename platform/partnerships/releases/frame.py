"""The frame of a release's tables: what a column is, and how its values are written. No Flask, no database."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from partnerships.core.export import safe

AMOUNT = "units of the row's currency"
USD = "US dollars of the year"
M2 = "square metres"


@dataclass(frozen=True)
class Column:
    """A column: its meaning in plain English, its type (of Frictionless Table Schema), and how it is read from a row.

    `codes` are the values that it takes with what each means, the only ones unless `open`; `many` says that a cell may hold several
    with a space between, `refers` names the table and the column whose value it repeats.
    """

    name: str
    meaning: str
    read: Callable[[Any], Any]
    type: str = "string"
    unit: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    open: bool = False
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
        """All its links to other tables, those of single columns too; a cell of several codes cannot be told as one."""
        single = [one for one in self.columns if one.refers and not one.many]
        return [*(((one.name,), one.refers[0], (one.refers[1],)) for one in single if one.refers), *self.links]

    def column(self, name: str) -> list[str]:
        """The cells of a column, in the order of the rows."""
        at = next(index for index, column in enumerate(self.columns) if column.name == name)
        return [row[at] for row in self.cells]

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


def codes(words: Mapping[Any, Any], *without: Any) -> dict[str, str]:
    """What the values of an enum mean, but for those that no public record has. Arguments: words, the enum's own labels."""
    return {str(member): str(label) for member, label in words.items() if member not in without}


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
