"""Choices that forms and filters offer, from the reference tables."""

from __future__ import annotations

from collections.abc import Callable

from flask import g
from flask_babel import get_locale

from partnerships.needs.states import CHANNELS
from partnerships.parties import queries
from partnerships.parties.models import PartyKind
from partnerships.parties.words import MONTHS, month, name, title

Choice = tuple[str, str]


def _kept(key: str, make: Callable[[], list[Choice]]) -> list[Choice]:
    """Once a request and language: the same list serves a field's options, its check and the labels on the page."""
    kept, key = g.setdefault("choices", {}), f"{key}:{get_locale()}"
    if key not in kept:
        kept[key] = make()
    return kept[key]


def themes() -> list[Choice]:
    """Thematic areas: (code, title)."""
    return _kept("themes", lambda: [(row.code, title(row)) for row in queries.all_themes()])


def kinds() -> list[Choice]:
    """Kinds of assistance: (code, title)."""
    return _kept("kinds", lambda: [(row.code, title(row)) for row in queries.all_kinds()])


def regions() -> list[Choice]:
    """Regions: (M49 code, name)."""
    return _kept("regions", lambda: [(row.m49, name(row)) for row in queries.all_regions()])


def states() -> list[Choice]:
    """States: (ISO 3166-1 alpha-3, name)."""
    return _kept("states", lambda: sorted(((row.ref, name(row)) for row in queries.all_parties(PartyKind.STATE)),
                                          key=lambda pair: pair[1]))


def partners() -> list[Choice]:
    """States and organisations: (reference, name)."""
    return _kept("partners", lambda: sorted(
        ((row.ref, name(row)) for row in queries.all_parties(PartyKind.STATE, PartyKind.ORGANISATION)),
        key=lambda pair: pair[1]))


def months() -> list[Choice]:
    """The months of the year: ("01" to "12", name)."""
    return _kept("months", lambda: [(code, month(code)) for code in MONTHS])


def channels() -> list[Choice]:
    """Through whom help may come (Article 6.3 and 6.4): (code, words)."""
    return _kept("channels", lambda: [(code, str(words)) for code, words in CHANNELS.items()])


def label(choices: list[Choice], code: str | None) -> str:
    """The words of a code."""
    return dict(choices).get(code or "", code or "")
