"""Visibility: the four levels every record carries, and the predicate that honours them."""

from __future__ import annotations

from enum import StrEnum

from partnerships.core.policy import Holds, Predicate, state_party


class Visibility(StrEnum):
    """Who may see a record."""

    PUBLIC = "public"
    STATES_PARTIES = "states-parties"
    PARTIES = "parties"
    ISU = "isu"


def visible(column: str = "visibility") -> Predicate:
    """True of a public record for everybody, and of one for States Parties for their people.

    Parties to a record and the ISU come in through the room's own rows.
    """
    return Holds(column, Visibility.PUBLIC) | (Holds(column, Visibility.STATES_PARTIES) & state_party)
