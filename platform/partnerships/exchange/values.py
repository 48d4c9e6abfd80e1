"""What a cell says: amounts in every usual way of writing them, years, days, currencies. Pure; refusals are in words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from babel.core import get_global
from flask_babel import gettext as _

from partnerships.core import money
from partnerships.exchange.reading import Cell

FIRST_YEAR, LAST_YEAR = 1990, 2100
POINT, COMMA = "point", "comma"  # which mark stands before the decimals
NOTHING = {"", "-", "–", "—", "n/a", "na", "n.a.", "..", "...", "…"}
TIMES = {"m": 1_000_000, "mn": 1_000_000, "mio": 1_000_000, "million": 1_000_000, "millions": 1_000_000,
         "millón": 1_000_000, "millones": 1_000_000, "млн": 1_000_000, "миллион": 1_000_000, "مليون": 1_000_000,
         "k": 1000, "thousand": 1000, "thousands": 1000, "mille": 1000, "mil": 1000, "тыс": 1000, "ألف": 1000,
         "万": 10_000, "百万": 1_000_000, "亿": 100_000_000, "billion": 1_000_000_000, "bn": 1_000_000_000}
SYMBOLS = {"US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "$": ""}
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’٬\u200e\u200f\u061c]")
_FIGURES = re.compile(r"^(-?[\d.,]+)([^\d.,]*)$")
_EPOCH = date(1899, 12, 30)  # day 0 of the serial dates of spreadsheet programs


class Wrong(ValueError):
    """A cell cannot be read; the message says why."""


def ascii_digits(text: str) -> str:
    """The digits of any script as 0 to 9, and the Arabic decimal mark as a point that can only be one."""
    return "".join(str(unicodedata.decimal(mark)) if mark.isdecimal() else mark for mark in text)


def is_blank(cell: Cell) -> bool:
    """Whether the cell says nothing: empty, a dash, "n/a"."""
    return cell.kind == "text" and cell.text.casefold() in NOTHING


def _parts(text: str) -> tuple[str, int, str]:
    """(figures with their marks, factor, currency named in the cell) of a written amount. Raises: Wrong."""
    typed = ascii_digits(text).replace("−", "-")
    named = ""
    for symbol, code in SYMBOLS.items():
        if symbol in typed:
            typed, named = typed.replace(symbol, ""), code
    code_found = re.search(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])", typed)
    if code_found:
        typed, named = typed.replace(code_found[1], ""), code_found[1]
    typed = _SPACES.sub("", typed)
    if re.fullmatch(r"\(.*\)", typed):
        typed = "-" + typed[1:-1]
    if "٫" in typed:  # a mark of decimals and of nothing else: what else stands there parts thousands
        typed = typed.replace(",", "").replace(".", "").replace("٫", ".")
        if re.fullmatch(r"-?\d+\.\d{3}", typed):
            typed += "0"  # so that it is not taken for thousands
    found = _FIGURES.match(typed)
    factor = TIMES.get(found[2].casefold().rstrip("."), 0) if found and found[2] else 1
    if not found or not factor:
        raise Wrong(_("“%(text)s” is no amount: write it in figures, for example 2100000.50.", text=text[:60]))
    return found[1], factor, named


def proves(text: str) -> str | None:
    """Which mark stands before the decimals, when this amount can be read in one way only; else None."""
    try:
        figures, _factor, _named = _parts(text)
    except Wrong:
        return None
    points, commas = figures.count("."), figures.count(",")
    if points and commas:
        return POINT if figures.rfind(".") > figures.rfind(",") else COMMA
    if points + commas != 1:
        return (COMMA if points else POINT) if points + commas else None
    mark = "." if points else ","
    before, after = figures.lstrip("-").split(mark)
    if len(after) == 3 and 1 <= len(before) <= 3 and before != "0":
        return None
    return POINT if points else COMMA


def style_of(texts: Iterable[str]) -> str | None:
    """The one way in which a column writes its amounts, when any amount proves it and none disproves it."""
    found = {proof for proof in map(proves, texts) if proof}
    return found.pop() if len(found) == 1 else None


def amount(cell: Cell, style: str | None) -> tuple[Decimal, str, str]:
    """Read an amount.

    Arguments: cell; style, how its column writes decimals, or None when nothing proves it.
    Returns: (amount, currency named in the cell or "", words when it had to be decided what "1,234" means). Raises: Wrong.
    """
    if cell.kind == "number":
        return _sane(Decimal(cell.text), cell.text), "", ""
    if cell.kind != "text":
        raise Wrong(_("“%(text)s” is no amount: write it in figures, for example 2100000.50.", text=cell.text[:60]))
    figures, factor, named = _parts(cell.text)
    own = proves(cell.text)
    said = ""
    if own is None and style is None and ("," in figures or "." in figures):
        # Money seldom has three decimals: without proof, three digits after the mark are thousands, and the words say so.
        own = COMMA if "." in figures else POINT
    decimal = {POINT: ".", COMMA: ",", None: "."}[own or style]
    whole = {".": ",", ",": "."}[decimal]
    if own is not None and proves(cell.text) is None:
        said = _("“%(text)s” was read as %(number)s.", text=cell.text[:40], number=figures.replace(whole, ""))
    if not re.fullmatch(rf"-?(\d+|\d{{1,3}}({re.escape(whole)}\d{{3}})+)({re.escape(decimal)}\d*)?", figures):
        raise Wrong(_("“%(text)s” is no amount: write it in figures, for example 2100000.50.", text=cell.text[:60]))
    value = Decimal(figures.replace(whole, "").replace(decimal, ".").rstrip(".")) * factor
    return _sane(value, cell.text), named, said


def _sane(value: Decimal, text: str) -> Decimal:
    if value < 0:
        raise Wrong(_("An amount cannot be negative."))
    if value > money.LARGEST:
        raise Wrong(_("“%(text)s” is more than any mine action budget: check the number of zeros.", text=text[:60]))
    return value


def years(cell: Cell) -> tuple[int, int]:
    """Read a year, or a span such as 2017-2025. Returns: (first, last). Raises: Wrong."""
    if cell.kind == "date":
        found = [int(cell.text[:4])]
    else:
        text = ascii_digits(cell.text).strip()
        span = re.fullmatch(r"(\d{4})(?:\.0+)?(?:\s*[-–—/]\s*(\d{4}))?", text)
        if span is None:
            try:
                found = [day(cell).year]
            except Wrong:
                raise Wrong(_("“%(text)s” is no year: write it as 2027.", text=cell.text[:40])) from None
        else:
            found = [int(one) for one in span.groups() if one]
    if not all(FIRST_YEAR <= one <= LAST_YEAR for one in found):
        raise Wrong(_("Use a year between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))
    return found[0], found[-1]


def day(cell: Cell) -> date:
    """Read a calendar day: a date of the spreadsheet, 2027-04-30, or a text that can mean one day only. Raises: Wrong."""
    text = ascii_digits(cell.text).strip()
    try:
        if cell.kind == "number":
            serial = Decimal(text)
            if not 30_000 <= serial <= 80_000:
                raise ValueError
            found = _EPOCH + timedelta(days=int(serial))
        elif re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}([T ].*)?", text):
            found = date(*map(int, re.split(r"[T ]", text)[0].split("-")))
        else:
            found = _written(text)
    except ValueError:
        raise Wrong(_("“%(text)s” is no date that can be read in one way only: write it as 2027-04-30.",
                      text=cell.text[:40])) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Wrong(_("Use a year between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))
    return found


def _written(text: str) -> date:
    """30/04/2027 and the like. Points stand between day, month, year; with strokes only a day above 12 tells which is which."""
    found = re.fullmatch(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", text)
    if found is None:
        raise ValueError
    first, mark, second, year = int(found[1]), found[2], int(found[3]), int(found[4])
    if mark == "." or first > 12 or first == second:
        return date(year, second, first)
    if second > 12:
        return date(year, first, second)
    raise ValueError


def currency(text: str) -> str:
    """Read a currency: a code of ISO 4217 that is in use. Raises: Wrong, naming the successor of one that ceased."""
    code = text.strip().upper()
    code = SYMBOLS.get(code, "") or code
    if code in money.currencies():
        return code
    after = ceased().get(code)
    if after is not None:
        ended, successor = after
        if successor:  # named only where all places that used it agree
            raise Wrong(_("%(code)s ceased in %(year)s: give the amount in %(successor)s.", code=code, year=ended,
                          successor=successor))
        raise Wrong(_("%(code)s ceased in %(year)s: give the amount in a currency that is in use.", code=code, year=ended))
    raise Wrong(_("“%(text)s” is no currency: use its code of three letters, for example USD.", text=text[:20]))


@cache
def ceased() -> dict[str, tuple[int, str]]:
    """{code: (year in which it ceased, what its place uses now)} of currencies that were legal tender, by CLDR."""
    ends: dict[str, int] = {}
    successors: dict[str, set[str]] = {}
    for entries in get_global("territory_currencies").values():
        now = [code for code, _start, end, tender in entries if tender and end is None]
        for code, _start, end, tender in entries:
            if tender and end is not None and code not in money.currencies():
                ends[code] = max(ends.get(code, 0), end[0])
                successors.setdefault(code, set()).add(now[0] if now else "")
    return {code: (year, next(iter(successors[code])) if len(successors[code]) == 1 else "") for code, year in ends.items()}
