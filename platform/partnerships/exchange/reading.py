"""Reading a spreadsheet as plain cells: what kind of file it is by its content, and every row with its number in the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _

MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
MOST_ROWS = 10_000
MOST_COLUMNS = 100
LONGEST_CELL = 10_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Unreadable(Exception):
    """The file as a whole cannot be taken; the message says why, and what to do."""


@dataclass(frozen=True)
class Cell:
    """One cell. `kind`: text, number (plain decimal), date (ISO), formula, error, nested (a list or an object of JSON), or long
    (its text was too long and cut)."""

    kind: str
    text: str

    def __bool__(self) -> bool:
        return bool(self.text)


BLANK = Cell("text", "")
Line = tuple[int, list[Cell]]


@dataclass
class Sheet:
    """The rows of a file that hold anything, each with its number (the first row of the file is 1).

    merged: {row number: the range of merged cells that it is part of}; notes: sentences about what was not read;
    headed: whether the first line holds the headings, known from the kind of file.
    """

    lines: list[Line]
    merged: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    headed: bool = False


def read(data: bytes, sheet: str = "") -> Sheet:
    """Read a file, whatever its name says it is.

    Arguments: data, the file's bytes; sheet, the name of the sheet to prefer in a workbook. Raises: Unreadable.
    """
    if len(data) > LARGEST_FILE:
        raise Unreadable(too_large())
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    if data.startswith(OLE):
        raise Unreadable(
            _("The workbook is protected by a password. Take the password off, save it and send it again.")
            if ENCRYPTED in data else
            _("This is a workbook of the old kind (.xls). Save it as .xlsx or as CSV and send it again."))
    if data.startswith(ZIP):
        from partnerships.exchange import workbook

        return workbook.read(data, sheet)
    return _read_text(data)


def too_large() -> str:
    """The words for a file beyond the limit."""
    return _("The file is larger than %(size)s megabytes. Split it and send the parts one by one.",
             size=LARGEST_FILE // MEGABYTE)


def kept(numbered: Iterable[Line]) -> list[Line]:
    """The rows that hold anything, trailing blank cells taken off. Raises: Unreadable beyond the limits."""
    found: list[Line] = []
    for number, cells in numbered:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(_("Row %(row)s has more than %(most)s columns.", row=number, most=MOST_COLUMNS))
        if len(found) > MOST_ROWS:
            raise Unreadable(_("The file has more than %(most)s rows. Split the file and send the parts one by one.",
                               most=MOST_ROWS))
        found.append((number, cells))
    if not found:
        raise Unreadable(_("The file is empty."))
    return found


def plain(text: str) -> Cell:
    """A text as a cell: white space at its ends taken off; one that is too long is cut and marked."""
    text = text.strip()
    return Cell("long", text[:200]) if len(text) > LONGEST_CELL else Cell("text", text)


def _read_text(data: bytes) -> Sheet:
    from partnerships.exchange import texts

    found = texts.decoded(data)
    notes = [_("The file does not say its encoding; it was read as %(code)s. Look at the accents and letters below; saved in "
               "UTF-8, it is read without a guess.", code=found.code)] if found.guessed else []
    try:
        return Sheet(kept(_records(found.text, _delimiter(found.text))), notes=notes)
    except csv.Error as error:
        raise Unreadable(_("The file cannot be read as CSV: a quotation mark is not closed, or a cell is too long "
                           "(%(why)s). Save it again from a spreadsheet program.", why=str(error))) from None


def _delimiter(text: str) -> str:
    """The mark between cells: the one that cuts the first lines into most columns, most evenly."""
    if text[:4].lower() == "sep=" and text[4:5] in ",;\t":
        return text[4]
    best, mark = (0.0, 0), ","
    for one in ",;\t":
        rows = []
        try:
            for row in csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=one):
                rows.append(len(row))
                if len(rows) == 20:
                    break
        except csv.Error:
            pass
        widths = [width for width in rows if width]
        usual = max(set(widths), key=lambda width: (widths.count(width), width)) if widths else 0
        score = (widths.count(usual) / len(widths) if usual > 1 else 0.0, usual)
        if score > best:
            best, mark = score, one
    return mark


def _records(text: str, delimiter: str) -> Iterator[Line]:
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), start=1):
        if number == 1 and row and row[0].lower().startswith("sep="):
            continue
        yield number, [plain(cell) for cell in row]
