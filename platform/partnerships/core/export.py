"""Lists as files: CSV and XLSX that no spreadsheet takes for anything but text, numbers and days, and JSON for programs.

A list's page answers `?as=csv`, `?as=xlsx` or `?as=json` with the same query under the same filters, so that a file can
never hold a row that the reader would not find on the page. A column is (key, heading, function from a row to its value):
headings are words in the reader's language, keys are the same for ever. `&hxl=1` adds HXL hashtags (`core/hxl`).
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from flask import Flask, Response, request
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from partnerships.core import hxl, readings
from partnerships.core.db import Base, db, utcnow
from partnerships.core.lists import Page
from partnerships.core.policy import current_actor
from partnerships.core.web import with_query

Column = tuple[str, Any, Callable[[Any], Any]]  # key, heading, function from a row
KINDS = ("csv", "xlsx", "json")
LIMIT = 20_000
LONGEST = 32_000  # a cell of XLSX holds 32 767 characters
MIME = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "json": "application/json"}
# What spreadsheets read as the beginning of a formula, the full-width forms included. Source: OWASP, CSV injection.
_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FIRST_DAY = date(1900, 3, 1)  # before it, the days of XLSX are off by one


def init_app(app: Flask) -> None:
    """Give templates the address of this list as a file."""
    app.jinja_env.globals.update(export_url=url)


def wanted() -> str | None:
    """The kind of file that the address asks for ("csv", "xlsx" or "json"); None for the page itself."""
    kind = request.args.get("as", "")
    return kind if kind in KINDS else None


def url(kind: str, **more: str) -> str:
    """The address of this list as a file, under the same filters; `more` names a part of the page."""
    return _address({"as": [kind], **{key: [value] for key, value in more.items()}})


def _address(more: dict[str, list[str]]) -> str:
    query = {key: values for key, values in request.args.to_dict(flat=False).items() if key not in ("page", "as", "hxl")}
    return with_query({**query, **more})


def whole(query: Select[Any]) -> Page:
    """All rows of a list's query as one page, as many as a file holds; its `total` counts what there is."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return Page(db.session.scalars(query.limit(LIMIT)).unique().all(), 1, total, LIMIT)


@dataclass(frozen=True)
class Table:
    """A list read for a file: keys, headings and tags of its columns, the values row by row, how many rows there are."""

    keys: list[str]
    heads: list[str]
    tags: list[str]
    rows: list[list[Any]]
    total: int

    @property
    def cut(self) -> str:
        """What is missing, in words."""
        if len(self.rows) >= self.total:
            return ""
        return _("Only the first %(shown)s of %(total)s rows are in this file. Narrow the filters to get the others.",
                 shown=len(self.rows), total=self.total)


def send(name: str, columns: Sequence[Column], rows: Page | Sequence[Any], kind: str, *, title: Any = "",
         notes: Sequence[Any] = (), tags: hxl.Tags | None = None) -> Response:
    """A list as a download.

    Arguments: name, ASCII, of the file without its ending; columns, (key, heading, function(row) -> value); rows, a Page
    of `whole` (so that a cut is said) or any sequence; kind, one of KINDS; title and notes, sentences for the sheet
    "About"; tags, the HXL hashtags of a public list by column, put in where the address asks for them.
    Returns: the answer, never kept by a cache between.
    """
    found, total = (rows.items, rows.total) if isinstance(rows, Page) else (rows, len(rows))
    for row in found:  # a row may be a record, or begin with one
        record = row[0] if isinstance(row, tuple) and row else row
        if isinstance(record, Base):
            readings.opened(record)
    table = _table(columns, found, total, tags if request.args.get("hxl") == "1" else None)
    about = _about(str(title) or name, table, notes)
    return _download(_WRITERS[kind](table, about), name, kind)


def _table(columns: Sequence[Column], rows: Sequence[Any], total: int, tags: hxl.Tags | None) -> Table:
    """A list read for a file; a hashtag is empty where a column has none."""
    keys = [key for key, _head, _value in columns]
    return Table(keys, [_text(head) for _key, head, _value in columns], [tags.get(key, "") for key in keys] if tags else [],
                 [[value(row) for _key, _head, value in columns] for row in rows], total)


def csv_of(columns: Sequence[Column], rows: Sequence[Any], tags: hxl.Tags | None = None) -> bytes:
    """A list as the bytes of a CSV file, for a command. Arguments as of `send`."""
    return _csv(_table(columns, rows, len(rows), tags))


def _download(body: bytes, name: str, kind: str) -> Response:
    answer = Response(body, mimetype=MIME[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(name)}.{kind}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


Sheet = tuple[str, Sequence[str], Sequence[Sequence[Any]]]  # name, headings, rows


def send_sheets(name: str, sheets: Sequence[Sheet]) -> Response:
    """Several tables as one workbook, a sheet each.

    Arguments: name, ASCII, of the file without its ending. Returns: the download, never kept by a cache between.
    """
    kept = io.BytesIO()
    book, formats = _book(kept)
    for number, (title, heads, rows) in enumerate(sheets, start=1):
        _fill(book.add_worksheet(_sheet_name(title, f"Sheet {number}")), heads, rows, formats)
    book.close()
    return _download(kept.getvalue(), name, "xlsx")


def safe(value: Any) -> str:
    """A value as a cell of CSV: text that a spreadsheet would take for a formula begins with an apostrophe."""
    value = _plain(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value)
    return f"'{text}" if _like_a_formula(text) else text


def _like_a_formula(text: str) -> bool:
    """Whether the first mark that shows could begin a formula; spaces and invisible marks before it do not count."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    shown = next((mark for mark in text if unicodedata.category(mark)[0] not in "ZC"), "")
    return shown in _FORMULA and bool(shown)


def _plain(value: Any) -> Any:
    """A value as a file holds it: a number, a day, or text without what a file cannot hold."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return value.normalize() + 0 if value.is_finite() else ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0)
    if isinstance(value, (int, float, date)):
        return value
    return _text("; ".join(map(str, value)) if isinstance(value, (tuple, list)) else value)


def _text(value: Any) -> str:
    text = _UNWRITABLE.sub("\ufffd", str(value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _csv(table: Table, _about: About | None = None) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe(head) for head in table.heads])
    if table.tags:
        writer.writerow(table.tags)
    writer.writerows([safe(value) for value in row] for row in table.rows)
    if table.cut:
        writer.writerow([safe(table.cut)])
    return ("\ufeff" + text.getvalue()).encode()  # the mark tells spreadsheets that this is UTF-8


@dataclass(frozen=True)
class About:
    """What a file says of itself: what it is, from where, when, for whom, and what it leaves out."""

    title: str
    address: str
    made_at: datetime
    holds: str
    total: int
    notes: list[str]

    def lines(self) -> list[tuple[str, str]]:
        """(label, words) for the second sheet."""
        rows = [(_("List"), self.title), (_("Address with its filters"), self.address),
                (_("Made at (UTC)"), self.made_at.strftime("%Y-%m-%d %H:%M")), (_("Holds"), self.holds),
                (_("Rows"), ngettext("%(num)s row under these filters", "%(num)s rows under these filters", self.total))]
        return rows + [(_("Note") if number == 0 else "", note) for number, note in enumerate(self.notes)]


def _about(title: str, table: Table, notes: Sequence[Any]) -> About:
    actor = current_actor()
    reader = _("what %(party)s may see", party=actor.party_name) if actor.is_signed_in else _("what everybody may see")
    address = request.host_url.rstrip("/") + _address({})
    return About(title, address, utcnow().replace(microsecond=0), reader, table.total, [
        *([table.cut] if table.cut else []), *map(str, notes),
        _("Currencies are never added together, and neither are the stages of money."),
        _("Records outside the reader's sight are not in this file, and are not counted.")])


def _json(table: Table, about: About) -> bytes:
    """An object with the rows: a column's key is the same in every language, its values are as the page says them.

    Numbers are numbers, and amounts, like everything with decimals, exact strings; days are ISO 8601.
    """
    columns = [{"key": key, "heading": head} for key, head in zip(table.keys, table.heads, strict=True)]
    for column, tag in zip(columns, table.tags, strict=False):
        column["hxl"] = tag
    said = {"title": about.title, "address": about.address, "made_at": about.made_at.isoformat(), "holds": about.holds,
            "language": str(get_locale() or "en"), "total": about.total, "notes": about.notes, "columns": columns,
            "rows": [dict(zip(table.keys, map(_exact, row), strict=True)) for row in table.rows]}
    return (json.dumps(said, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def _exact(value: Any) -> Any:
    """A value as JSON holds it: whole, whatever its length."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f") if value.is_finite() else None
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_exact(one) for one in value]
    return _UNWRITABLE.sub("\ufffd", str(value))


def _xlsx(table: Table, about: About) -> bytes:
    kept = io.BytesIO()
    book, formats = _book(kept)
    bold = formats[0]
    rows = [table.tags, *table.rows] if table.tags else table.rows
    _fill(book.add_worksheet(_sheet_name(_("List"), "List")), table.heads, rows, formats)
    notes = book.add_worksheet(_sheet_name(_("About"), "About"))
    notes.set_column(0, 0, 26)
    notes.set_column(1, 1, 100)
    for number, (label, words) in enumerate(about.lines()):
        notes.write_string(number, 0, _text(label), bold)
        notes.write_string(number, 1, _text(words))
    book.close()
    return kept.getvalue()


_WRITERS: dict[str, Callable[[Table, About], bytes]] = {"csv": _csv, "xlsx": _xlsx, "json": _json}


def _book(kept: io.BytesIO) -> tuple[Any, tuple[Any, Any]]:
    """A workbook that takes nothing for a formula, a link or a number but what is one; with its formats (bold, day)."""
    book = xlsxwriter.Workbook(kept, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                      "strings_to_numbers": False})
    return book, (book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"}))


def _fill(sheet: Any, heads: Sequence[str], table: Sequence[Sequence[Any]], formats: tuple[Any, Any]) -> None:
    """The headings and rows of a sheet."""
    bold, day = formats
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(heads) - 1, 0), 22)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, _text(head), bold)
    for number, row in enumerate(table, start=1):
        for column, value in enumerate(row):
            _write(sheet, number, column, _plain(value), day)


def _write(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    """One cell by its type: text is written as text, whatever it begins with."""
    if isinstance(value, datetime):
        sheet.write_string(row, column, value.isoformat())
    elif isinstance(value, date):
        if value < _FIRST_DAY:
            sheet.write_string(row, column, value.isoformat())
        else:
            sheet.write_datetime(row, column, value, day)
    elif isinstance(value, (int, float, Decimal)):
        sheet.write_number(row, column, float(value))
    elif value:
        sheet.write_string(row, column, value)


def _sheet_name(words: str, otherwise: str) -> str:
    """A translated name of a sheet, where XLSX allows it."""
    name = re.sub(r"[\[\]:*?/\\']", " ", words).strip()
    return name if 0 < len(name) <= 31 else otherwise


def _file_name(name: str) -> str:
    """The file's name with the day, of plain letters only."""
    plain = re.sub(r"[^A-Za-z0-9-]+", "-", name).strip("-") or "list"
    return f"{plain}-{date.today().isoformat()}"
