"""Choices that forms and filters offer, from the reference tables."""

from __future__ import annotations

from collections.abc import Callable

from flask import g

from partnerships.parties import queries
from partnerships.parties.models import PartyKind
from partnerships.parties.words import name, title

Choice = tuple[str, str]


def _kept(key: str, make: Callable[[], list[Choice]]) -> list[Choice]:
    """Once a request: the same list serves a field's options, its check and the labels on the page."""
    kept = g.setdefault("choices", {})
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


def label(choices: list[Choice], code: str | None) -> str:
    """The words of a code."""
    return dict(choices).get(code or "", code or "")
