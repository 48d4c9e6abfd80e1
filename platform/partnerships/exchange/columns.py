"""Which column of a file holds which of our fields: by heading, in any order and language, or as somebody says. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from flask_babel import gettext as _

from partnerships.core import money
from partnerships.exchange.headings import FIELDS, LANGUAGES, LITTLE, OWN, SCALES, SYNONYMS
from partnerships.exchange.reading import Cell, Line
from partnerships.exchange.values import ascii_digits, ceased

SEVERAL = ("external_id", "country")  # fields that several columns may say together
BY_YEAR = ("amount", "national_share")  # fields whose heading may name the year
LARGE = frozenset(("usd", "eur", "gbp", "chf", "jpy", "nok", "sek", "dkk", "cad", "aud", "nzd"))
HEAD_ROWS = 10
TAG = re.compile(r"#[a-z][a-z0-9_]*(\s*\+[a-z0-9_]+)*")


class BadMapping(ValueError):
    """A mapping that somebody gave does not fit the file; the message says why."""


@dataclass(frozen=True)
class Column:
    """What a column holds: our field, the year its heading names, its currency, and what its amounts are multiplied by."""

    field: str
    year: int | None = None
    currency: str = ""
    factor: int = 1


@dataclass
class Chosen:
    """The columns of a file that are read, by their place in the row; the questions and remarks that came up."""

    columns: dict[int, Column] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def of(self, name: str) -> list[int]:
        """The places of the columns that hold a field."""
        return [place for place, column in sorted(self.columns.items()) if column.field == name]


def folded(text: str) -> str:
    """A heading or name for comparison: no accents, capitals or marks; words with one space between them."""
    plain = unicodedata.normalize("NFKD", ascii_digits(text).casefold())
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return " ".join(re.findall(r"[^\W_]+", plain))


@cache
def _vocabulary(what: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in FIELDS[what]:
        for words in (name, *OWN[name], *SYNONYMS.get(name, ())):
            found.setdefault(folded(words), name)
    return found


def recognise(heading: str, what: str) -> Column | None:
    """What a heading says: "requirements_usd", "Amount (EUR)", "Montant 2027 en milliers". None when it is none of ours."""
    known = _vocabulary(what)
    if folded(heading) in known:
        return Column(known[folded(heading)])
    year, currency, factor, left = None, "", 1, []
    for word in re.findall(r"[^\W_]+|[€£]", ascii_digits(heading)):
        low = folded(word) or word
        if re.fullmatch(r"(19|20)\d\d", low):
            year = int(low)
        elif _names_currency(word, low):
            currency = {"€": "EUR", "£": "GBP"}.get(word, low.upper())
        elif low in SCALES:
            factor = SCALES[low]
        else:
            left.append(low)
    told = " ".join(word for word in left if word not in LITTLE)
    name = known.get(" ".join(left)) or known.get(told)
    if currency and (not told or name == "amount_national"):
        name = _of_money(currency, what)
    if name is None or (year and name not in BY_YEAR):
        return None
    return Column(name, year, currency, factor) if name.startswith("amount") or name in BY_YEAR else None


def _of_money(currency: str, what: str) -> str | None:
    """The field that a heading with a currency and no other word means: of contributions, US dollars have one of their own."""
    return next((one for one in ("amount", "amount_usd" if currency == "USD" else "amount_national") if one in FIELDS[what]), None)


def _names_currency(word: str, low: str) -> bool:
    code = low.upper()
    return word in "€£" or low in LARGE or (word.isupper() and (code in money.currencies() or code in ceased()))


def heading_row(lines: Sequence[Line], what: str) -> int:
    """The place, among the first rows, of the row that holds the headings: the one with most that we know."""
    scores = [sum(1 for cell in cells if cell.kind == "text" and cell.text and recognise(cell.text, what))
              for _number, cells in lines[:HEAD_ROWS]]
    best = max(scores)
    return scores.index(best) if best > 1 else 0


def without_tags(lines: list[Line]) -> list[Line]:
    """The rows below the headings without a row of HXL tags ("#country+code"), which is no data."""
    tagged = bool(lines) and all(TAG.fullmatch(cell.text) for cell in lines[0][1] if cell)
    return lines[1:] if tagged else lines


def names(cells: Sequence[Cell]) -> list[str]:
    """The headings as texts; a column without one is named by its letter."""
    return [cell.text or f"({_letter(place)})" for place, cell in enumerate(cells)]


def _letter(place: int) -> str:
    return chr(65 + place) if place < 26 else chr(64 + place // 26) + chr(65 + place % 26)


def guess(headings: Sequence[str], what: str) -> Chosen:
    """The mapping that the headings themselves say. Two columns for one field are a question, never a guess."""
    found = Chosen()
    unread = []
    for place, heading in enumerate(headings):
        column = recognise(heading, what)
        if column is None:
            unread.append(heading)
            continue
        found.columns[place] = column
    _twice(found, headings)
    _remark(found, headings, unread)
    return found


def chosen(headings: Sequence[str], given: Mapping[str, str], what: str) -> Chosen:
    """The guess, put right by a mapping.

    Arguments: given, {our field: their heading} or {their heading: our field}, either way round; a field with an empty
    heading, or a heading with an empty field, is not read. Raises: BadMapping.
    """
    if not FIELDS[what]:
        return Chosen()
    named: dict[str, list[str]] = {}
    dropped: set[str] = set()
    for left, right in given.items():
        if not isinstance(left, str) or not isinstance(right, str):
            raise BadMapping(_("A mapping is pairs of texts: our field and the file's heading."))
        if left in headings and (right in FIELDS[what] or not right):
            named.setdefault(right, []).append(left)
        elif left in FIELDS[what] and (right in headings or not right):
            named.setdefault(left, []).append(right)
        else:
            raise BadMapping(_("The mapping “%(left)s”: “%(right)s” names no field of ours, or no column of the file. Our fields: "
                               "%(fields)s. The columns: %(columns)s.", left=left[:60], right=right[:60],
                               fields=", ".join(FIELDS[what]), columns=", ".join(headings)))
    dropped.update(named.pop("", ()))
    found = Chosen()
    taken = {heading for headed in named.values() for heading in headed}
    unread = []
    for place, heading in enumerate(headings):
        own = recognise(heading, what)
        name = next((one for one, headed in named.items() if heading in headed), None)
        if name is not None:
            same = own if own and own.field == name else _unit(heading, name)
            found.columns[place] = same
        elif own and heading not in taken | dropped and (own.field not in named or own.year):
            found.columns[place] = own
        else:
            unread.append(heading)
    _twice(found, headings)
    _remark(found, headings, unread)
    return found


def _unit(heading: str, name: str) -> Column:
    """The currency and scale that a heading names beside words that we do not know."""
    if name not in BY_YEAR and not name.startswith("amount"):
        return Column(name)
    currency, factor = "", 1
    for word in re.findall(r"[^\W_]+|[€£]", heading):
        low = folded(word) or word
        if _names_currency(word, low):
            currency = {"€": "EUR", "£": "GBP"}.get(word, low.upper())
        factor = SCALES.get(low, factor)
    return Column(name, None, currency, factor)


def _twice(found: Chosen, headings: Sequence[str]) -> None:
    places: dict[tuple[str, int | None], list[int]] = {}
    for place, column in found.columns.items():
        places.setdefault((column.field, column.year), []).append(place)
    for (name, _year), same in places.items():
        if len(same) > 1 and name not in SEVERAL:
            found.questions.append(_("Several columns could be “%(field)s”: %(names)s. Say which one it is.", field=label(name),
                                     names=", ".join(headings[place] for place in same)))
            for place in same:
                del found.columns[place]


def _remark(found: Chosen, headings: Sequence[str], unread: Sequence[str]) -> None:
    if unread:
        found.notes.append(_("Not read: %(names)s.", names=", ".join(unread)))
    for place, column in sorted(found.columns.items()):
        if column.factor != 1:
            found.notes.append(_("The amounts under “%(heading)s” were multiplied by %(factor)s.", heading=headings[place],
                                 factor=format(column.factor, ",").replace(",", " ")))


def label(name: str, language: str = "en") -> str:
    """The heading of a field in our own template."""
    return OWN[name][LANGUAGES.index(language) if language in LANGUAGES else 0]
