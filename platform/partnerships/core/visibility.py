"""Visibility: the four levels every record carries, and the predicate that honours them."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p

from partnerships.core.policy import Holds, Predicate, state_party


class Visibility(StrEnum):
    """Who may see a record."""

    PUBLIC = "public"
    STATES_PARTIES = "states-parties"
    PARTIES = "parties"
    ISU = "isu"


WORDS = {
    "visibility": _p("rule", "it is public (or for States Parties, and the reader is of one)"),
    "amounts_visibility": _p("rule", "its amounts are public (or for States Parties, and the reader is of one)"),
    "details_visibility": _p("rule", "its second part is public (or for States Parties, and the reader is of one)"),
}


def visible(column: str = "visibility") -> Predicate:
    """True of a public record for everybody, and of one for States Parties for their people.

    Parties to a record and the ISU come in through the room's own rows.
    """
    rule = Holds(column, Visibility.PUBLIC) | (Holds(column, Visibility.STATES_PARTIES) & state_party)
    return rule.called(WORDS[column])
