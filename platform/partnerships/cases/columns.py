"""What a file of cases holds: a row a case."""

from __future__ import annotations

from flask_babel import gettext as _

from partnerships.cases.states import LABELS, ORIGIN_LABELS
from partnerships.core.export import Column
from partnerships.parties.words import name


def columns() -> list[Column]:
    """(key, heading, function of a case) for each column."""
    return [
        ("case", _("Case"), lambda one: one.ref), ("state_code", _("State code"), lambda one: one.state.ref),
        ("state", _("State"), lambda one: name(one.state)),
        ("round", _("Round"), lambda one: one.round), ("begun_by", _("Begun by"), lambda one: ORIGIN_LABELS[one.origin]),
        ("asked_on", _("Asked for on"), lambda one: one.asked_on), ("status", _("Status"), lambda one: LABELS[one.status]),
        ("meeting", _("Meeting"), lambda one: one.meeting.ref if one.meeting else ""),
        ("meeting_on", _("Day of the meeting"), lambda one: one.meeting.held_on if one.meeting else None),
        ("demonstration", _("Demonstration, invented"), lambda one: one.is_demo or None),
    ]
