"""What a file of cases holds: a row a case."""

from __future__ import annotations

from flask_babel import gettext as _

from partnerships.cases.states import LABELS, ORIGIN_LABELS
from partnerships.core.export import Column
from partnerships.parties.words import name


def columns() -> list[Column]:
    """(heading, function of a case) for each column."""
    return [
        (_("Case"), lambda one: one.ref), (_("State code"), lambda one: one.state.ref), (_("State"), lambda one: name(one.state)),
        (_("Round"), lambda one: one.round), (_("Begun by"), lambda one: ORIGIN_LABELS[one.origin]),
        (_("Asked for on"), lambda one: one.asked_on), (_("Status"), lambda one: LABELS[one.status]),
        (_("Meeting"), lambda one: one.meeting.ref if one.meeting else ""),
        (_("Day of the meeting"), lambda one: one.meeting.held_on if one.meeting else None),
        (_("Demonstration, invented"), lambda one: one.is_demo or None),
    ]
