"""What a file of suggestions holds: a row a pair of a need and a partner, with its three strongest reasons."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from partnerships.core.export import Column
from partnerships.parties import choices
from partnerships.parties.words import name

REASONS = 3


def columns() -> list[Column]:
    """(key, heading, function of `words.Shown`) for each column."""
    return [
        ("need", _("Need"), lambda one: one.need.ref), ("need_title", _("Title of the need"), lambda one: one.need.title),
        ("state_code", _("State code"), lambda one: one.need.party.ref), ("state", _("State"), lambda one: name(one.need.party)),
        ("theme", _("Thematic area"), lambda one: choices.label(choices.themes(), one.need.theme)),
        ("deadline", _("Deadline"), lambda one: one.need.deadline), ("partner_code", _("Partner code"), lambda one: one.party.ref),
        ("partner", _("Partner"), lambda one: name(one.party)), ("points", _("Fit, in points"), lambda one: round(one.score, 1)),
        ("reasons", _("Strongest reasons"), _reasons),
        ("demonstration", _("Demonstration, invented"), lambda one: one.need.is_demo or None),
    ]


def note() -> str:
    """What a reader of the file must know of a suggestion."""
    return _("A suggestion is not a commitment. Points are the sum of the reasons for and against.")


def _reasons(shown: Any) -> str:
    strongest = sorted((term for term in shown.terms if term.points > 0), key=lambda term: -term.points)
    return " ".join(str(term.sentence) for term in strongest[:REASONS])
