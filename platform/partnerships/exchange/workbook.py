"""Reading a workbook (.xlsx): guarded before it is unpacked, row by row, formulas seen and not believed."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
from defusedxml.ElementTree import iterparse
from flask_babel import gettext as _
from openpyxl.utils import range_boundaries

from partnerships.exchange.reading import BLANK, MEGABYTE, Cell, Line, Sheet, Unreadable, kept, plain

MOST_ENTRIES = 1000
LARGEST_UNPACKED = 60 * MEGABYTE
MOST_TIMES = 100  # a table of figures packs ten to thirty times; a bomb a thousand times
WIDEST = 2000
EXACT = Decimal("0.000001")
MERGED = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}mergeCell"
ROW = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}row"


def read(data: bytes, sheet: str = "") -> Sheet:
    """Read the sheet of this name, or the first that is shown. Raises: Unreadable."""
    _guard(data)
    with warnings.catch_warnings():  # the library tells of styles and validations that it leaves out: no concern here
        warnings.simplefilter("ignore")
        try:
            return _read(data, sheet)
        except Unreadable:
            raise
        except Exception as error:  # of a damaged file the libraries raise whatever happens to go wrong; it is the file's fault
            raise Unreadable(_("The workbook is damaged and cannot be read. Open it in a spreadsheet program, save it "
                               "again and send it.")) from error


def _guard(data: bytes) -> None:
    """Refuse what must not be unpacked: bombs, macros, other kinds of archive. Looks at the list of entries only."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable(_("The workbook is damaged and cannot be read.")) from error
    names = {entry.filename.lower() for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED or unpacked > MEGABYTE + packed * MOST_TIMES:
        raise Unreadable(_("Unpacked, this workbook is larger than the register takes. Split the file, or save the sheet as CSV."))
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Unreadable(_("The workbook holds macros. Save it as .xlsx without macros, or as CSV, and send it again."))
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable(_("The workbook is protected by a password. Take the password off, save it and send it again."))
    if "xl/workbook.xml" not in names:
        raise Unreadable(_("This archive is no workbook of the kind .xlsx. Save the table as .xlsx or CSV and send it again."))


def _read(data: bytes, wanted: str) -> Sheet:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    shown = [one for one in book.worksheets if one.sheet_state == "visible"]
    if not shown:
        raise Unreadable(_("The workbook shows no sheet."))
    chosen = next((one for one in shown if wanted and one.title == wanted), shown[0])
    sheet = Sheet(kept(_lines(chosen)), _merged(data, chosen._worksheet_path))
    hidden = [one.title for one in book.worksheets if one.sheet_state != "visible"]
    others = [one.title for one in shown if one is not chosen]
    if hidden:
        sheet.notes.append(_("Hidden sheets were not read: %(names)s.", names=", ".join(hidden)))
    if others:
        sheet.notes.append(_("Only the sheet “%(name)s” was read, not: %(others)s.", name=chosen.title, others=", ".join(others)))
    return sheet


def _lines(sheet: Any) -> Iterator[Line]:
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if len(row) > WIDEST:
            raise Unreadable(_("Row %(row)s has more than %(most)s columns.", row=number, most=100))
        yield number, [_cell(one) for one in row]


def _cell(one: Any) -> Cell:
    value, kind = one.value, one.data_type
    if value is None:
        return BLANK
    if kind == "f":
        return Cell("formula", str(value)[:60] or "=")
    if kind == "e":
        return Cell("error", str(value)[:60])
    if isinstance(value, datetime):
        return Cell("date", value.date().isoformat())
    if isinstance(value, date):
        return Cell("date", value.isoformat())
    if isinstance(value, bool | time):
        return plain(str(value))
    if isinstance(value, int | float):
        return Cell("number", number(value))
    return plain(str(value))


def number(value: int | float) -> str:
    """A workbook's number as a plain decimal, without the noise of binary fractions."""
    exact = Decimal(value) if isinstance(value, int) else Decimal(repr(value))
    if abs(exact) < Decimal(10) ** 20 and exact != exact.to_integral_value():
        exact = exact.quantize(EXACT).normalize()
    return format(exact, "f") if abs(exact) < Decimal(10) ** 40 else str(exact)


def _merged(data: bytes, path: str) -> dict[int, str]:
    """{row number: range} of the merged cells. The library leaves them out when it reads row by row."""
    found: dict[int, str] = {}
    with zipfile.ZipFile(io.BytesIO(data)).open(path) as file:
        for _event, element in iterparse(file):
            if element.tag == ROW:
                element.clear()
            elif element.tag == MERGED:
                name = element.get("ref", "")
                _left, top, _right, bottom = range_boundaries(name)
                for row in range(top or 1, min(bottom or 1, (top or 1) + 20_000) + 1):
                    found.setdefault(row, name)
    return found
