"""Reading JSON as a table: an array of objects, or an object whose "rows" is one, as our own lists answer. Keys are headings."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _

from partnerships.exchange import texts
from partnerships.exchange.reading import (
    BLANK,
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Sheet,
    Unreadable,
    kept,
    plain,
)

ROWS = "rows"
MOST_OBJECTS = 3 * MOST_ROWS  # in all, however deep: more than a table of this size can hold for a reason
MOST_NUMBERS = MOST_ROWS * MOST_COLUMNS  # in all: each takes a hundred bytes, and ten megabytes of text hold five million
DEEPEST = 8
LONGEST_NUMBER = 60
# What JSON of objects or lists begins with; a table seldom does. The last three are refused below, in words.
_BEGINS = re.compile(r'\s*(\{\s*["}]|\[\s*([{\["\]\d-]|true\b|false\b|null\b|NaN\b|Infinity\b))')
EXACT = re.compile(r"-?\d{1,30}\.\d{1,20}")
BEGINNING = 400


def holds(data: bytes) -> bool:
    """Whether this is JSON, by its beginning."""
    code = texts.wide(data) or "utf-8"
    return bool(_BEGINS.match(data[:BEGINNING - BEGINNING % 4].decode(code, "ignore")))


def read(data: bytes) -> Sheet:
    """Read JSON as a table; the first object is row 1. Raises: Unreadable."""
    code = texts.wide(data) or "utf-8"
    found = _parsed(_decoded(data, code))
    rows = found.get(ROWS) if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise Unreadable(_("This JSON holds no table: send an array of objects, or an object whose “rows” is one."))
    sheet = _sheet(rows, own=isinstance(found, dict) and "columns" in found)
    if code not in ("utf-8", "utf-8-sig"):
        sheet.notes.append(_("The file is in %(code)s and was read as such; JSON is usually UTF-8.", code=texts.name(code)))
    beside = [key for key in found if key != ROWS] if isinstance(found, dict) else []
    if beside:
        sheet.notes.append(_("Not read: %(names)s.", names=", ".join(key[:60] for key in beside[:20])))
    return sheet


def _decoded(data: bytes, code: str) -> str:
    try:
        return data.decode(code)
    except UnicodeDecodeError as error:
        raise Unreadable(texts.broken(code, data[:error.start].count(b"\n") + 1)) from None


class _Reader:
    """What the parser calls for each object and number, so that limits hold while it reads."""

    def __init__(self) -> None:
        self.objects = self.numbers = 0

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self.objects += 1
        if self.objects > MOST_OBJECTS:
            raise Unreadable(_("The file has more than %(most)s rows. Split the file and send the parts one by one.",
                               most=MOST_ROWS))
        found = dict(pairs)
        if len(found) != len(pairs):
            # In one pass: the object may have a million keys, and whoever made it may have put the pair at its end.
            seen = Counter(key for key, _value in pairs)
            twice = next(key for key, number in seen.items() if number > 1)
            raise Unreadable(_("Object %(number)s of the file has the key “%(key)s” twice: which one is meant?",
                               number=self.objects, key=twice[:60]))
        return found

    def number(self, text: str) -> Decimal:
        self.numbers += 1
        if self.numbers > MOST_NUMBERS:
            raise Unreadable(_("The file has more than %(most)s rows. Split the file and send the parts one by one.",
                               most=MOST_ROWS))
        if len(text) > LONGEST_NUMBER:
            raise Unreadable(_("“%(text)s…” is a number of more than %(most)s digits.", text=text[:20], most=LONGEST_NUMBER))
        try:
            return Decimal(text)
        except InvalidOperation:  # an exponent beyond any
            raise Unreadable(_("“%(text)s” is no number that anybody could mean.", text=text[:60])) from None

    @staticmethod
    def constant(text: str) -> Any:
        raise Unreadable(_("“%(text)s” is no number of JSON: leave the value out or write null.", text=text))


def _parsed(text: str) -> Any:
    reader = _Reader()
    try:
        return json.loads(text, object_pairs_hook=reader.pairs, parse_float=reader.number, parse_int=reader.number,
                          parse_constant=reader.constant)
    except json.JSONDecodeError as error:
        raise Unreadable(_("This is no valid JSON: line %(line)s, column %(column)s (%(why)s).", line=error.lineno,
                           column=error.colno, why=error.msg)) from None
    except RecursionError:
        raise Unreadable(_("This JSON is nested deeper than any table.")) from None


def _sheet(rows: list[Any], own: bool) -> Sheet:
    if len(rows) > MOST_ROWS:
        raise Unreadable(_("The file has more than %(most)s rows. Split the file and send the parts one by one.", most=MOST_ROWS))
    keys: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise Unreadable(_("Row %(row)s is no object: each row is an object {heading: value}.", row=number))
        for key in row:
            keys.setdefault(key, len(keys))
        if len(keys) > MOST_COLUMNS:
            raise Unreadable(_("Row %(row)s has more than %(most)s columns.", row=number, most=MOST_COLUMNS))
    lines = kept((number, _cells(row, keys, own)) for number, row in enumerate(rows, start=1))
    return Sheet([(0, [plain(key) for key in keys]), *lines], headed=True)


def _cells(row: Mapping[str, Any], keys: Mapping[str, int], own: bool) -> list[Cell]:
    cells = [BLANK] * len(keys)
    for key, value in row.items():
        cells[keys[key]] = _cell(value, own)
    return cells


def _cell(value: Any, own: bool) -> Cell:
    """A value as a cell; own, whether this is a list of ours, which writes exact numbers as texts (1250000.5)."""
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        value = "; ".join(value)  # several codes or names, as a cell of a table parts them
    if own and isinstance(value, str) and EXACT.fullmatch(value):
        return Cell("number", value)
    if value is None:
        return BLANK
    if isinstance(value, bool):
        return plain("true" if value else "false")
    if isinstance(value, Decimal):
        return Cell("number", format(value, "f") if abs(value.adjusted()) < LONGEST_NUMBER else str(value))
    if isinstance(value, str):
        return plain(value)
    return Cell("nested", json.dumps(value, default=str)[:60] if len(value) < LONGEST_CELL else "…")
