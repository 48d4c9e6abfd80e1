"""A need's content in words: the label of each part, its value as people read it, its lines as tables."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_pgettext as _p

from partnerships.amendments.diff import Line
from partnerships.core import timeline
from partnerships.core.filters import day, number
from partnerships.core.visibility import Visibility
from partnerships.needs import content as of_need
from partnerships.needs.content import Content
from partnerships.needs.states import (
    AGE_LABELS,
    CHANNELS,
    CONTAMINATION,
    COST_LABELS,
    DISABILITY_LABELS,
    REACHED_LABELS,
    SEX_LABELS,
)
from partnerships.parties import choices
from partnerships.parties import queries as parties
from partnerships.parties.words import LANGUAGE_LABELS, VISIBILITY_LABELS, said

# Parts that are read as running text and compared word by word.
PROSE = ("title", "summary", "place", "beneficiaries", "national_note", "risks", "gender_analysis", "sustainability",
         "plan_title")
COLUMNS = {
    "year": _p("column", "Year"), "amount": _p("column", "Amount"), "national_share": _p("column", "State's share"),
    "area": _p("column", "Area"), "contamination": _p("column", "What lies there"),
    "suspected_m2": _p("column", "Suspected hazardous, m²"), "confirmed_m2": _p("column", "Confirmed hazardous, m²"),
    "cancelled_m2": _p("column", "To be cancelled, m²"), "reduced_m2": _p("column", "To be reduced, m²"),
    "cleared_m2": _p("column", "To be cleared, m²"), "reached": _p("column", "Who"), "sex": _p("column", "Sex"),
    "age": _p("column", "Age"), "disability": _p("column", "Disability"), "number": _p("column", "Number"),
    "kind": _p("column", "Kind of cost"), "note": _p("column", "Note"), "by_whom": _p("column", "By whom"),
    "part": _p("column", "Part"), "text": _p("column", "Words of the State"),
}
NUMERIC = ("amount", "national_share", "suspected_m2", "confirmed_m2", "cancelled_m2", "reduced_m2", "cleared_m2", "number")
FREE = ("area", "note", "by_whom", "text")
# What makes a line the same line in two contents.
KEYS = {"amounts": ("first_year",), "work": ("year", "area"), "people": ("reached", "sex", "age", "disability"),
        "costs": ("year", "kind"), "covered": ("by_whom", "year"), "programme": ("part",)}
SHOWN = {"amounts": ("year", "amount", "national_share")}
ENUMS: dict[str, dict[Any, Any]] = {"reached": REACHED_LABELS, "sex": SEX_LABELS, "age": AGE_LABELS,
                                    "disability": DISABILITY_LABELS, "kind": COST_LABELS}


@dataclass(frozen=True)
class Column:
    """A column of a table of lines: its heading, whether it holds figures, whether it is free text."""

    heading: str
    numeric: bool
    prose: bool


def label(key: str) -> str:
    """What a part of a need is called."""
    return str(timeline.LABELS.get(key, key))


def _choice(table: Callable[[], list[tuple[str, str]]]) -> Callable[[Any], str]:
    return lambda value: ", ".join(choices.label(table(), code) for code in (value if isinstance(value, list) else [value]))


def _day(value: str) -> str:
    return day(date.fromisoformat(value))


def _visible(value: str) -> str:
    return str(VISIBILITY_LABELS[Visibility(value)])


def _article(ref: str) -> str:
    return _("Article %(article)s", article=ref)


_READ: dict[str, Callable[[Any], str]] = {
    "theme": _choice(choices.themes), "kinds": _choice(choices.kinds), "excluded_partners": _choice(choices.states),
    "article": _article, "deadline": _day, "valid_until": _day, "visibility": _visible, "amounts_visibility": _visible,
    "details_visibility": _visible, "language": lambda code: said(LANGUAGE_LABELS, code),
    "channels": lambda value: ", ".join(said(CHANNELS, code) for code in value),
}


def text(key: str, content: Content, obligations: dict[int, str]) -> str:
    """The value of one part that is no table, in words; empty where nothing is stated.

    Arguments: obligations, the titles of the State's obligations by identifier.
    """
    value = content.get(key)
    if value in (None, "", []):
        return ""
    if key == "obligation_id":
        return obligations.get(value, _("An obligation that is no longer on record"))
    return _READ[key](value) if key in _READ else str(value)


def obligation_titles(party_id: int) -> dict[int, str]:
    """The titles of a State's obligations, by identifier."""
    return {row.id: row.title for row in parties.obligations(party_id)}


def columns(key: str) -> list[Column]:
    """The columns of a table of lines."""
    return [Column(str(COLUMNS[name]), name in NUMERIC, name in FREE) for name in _names(key)]


def table(key: str, content: Content) -> list[Line]:
    """The lines of one kind in words. Amounts are in the currency of the need, which the amount names."""
    found = []
    for line in of_need.lines(content, key):
        identity: tuple[Hashable, ...] = tuple(line.get(name) for name in KEYS[key])
        found.append(Line(identity, tuple(_cell(name, line, content) for name in _names(key))))
    return found


def _names(key: str) -> tuple[str, ...]:
    return SHOWN.get(key) or tuple(of_need.LINES[key][1])


def _cell(name: str, line: dict[str, Any], content: Content) -> str:
    value = line.get(name)
    if name == "year" and "first_year" in line:
        first, last = line["first_year"], line["last_year"]
        return str(first) if first == last else f"{first}–{last}"
    if value is None or value == "":
        return ""
    if isinstance(value, Decimal):
        return f"{number(value)}\u00a0{content.get('currency') or ''}".strip()
    if name == "contamination":
        return ", ".join(said(CONTAMINATION, code) for code in value)
    if name in ENUMS and isinstance(value, Enum):
        return str(ENUMS[name][value])
    return number(value) if name in NUMERIC else str(value)
