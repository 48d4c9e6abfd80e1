"""What a file of country meetings holds: a row a meeting."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from partnerships.approach import queries
from partnerships.approach.models import Meeting
from partnerships.approach.states import LABELS
from partnerships.conferences.states import MODE_LABELS
from partnerships.core.export import Column
from partnerships.parties.words import name


def columns(rows: Sequence[Meeting]) -> list[Column]:
    """(key, heading, function of a meeting) for each column."""
    actions = queries.actions_of(rows)
    return [
        ("meeting", _("Meeting"), lambda one: one.ref), ("state_code", _("State code"), lambda one: one.state.ref),
        ("state", _("State"), lambda one: name(one.state)), ("title", _("Title"), lambda one: one.title),
        ("date", _("Date"), lambda one: one.held_on), ("mode", _("Mode"), lambda one: MODE_LABELS[one.mode]),
        ("place", _("Place"), lambda one: one.place), ("chair", _("Chair"), lambda one: one.chair),
        ("status", _("Status"), lambda one: LABELS[one.status]),
        ("actions_open", _("Actions open"), lambda one: actions[one.id].open),
        ("actions_done", _("Actions done"), lambda one: actions[one.id].done),
        ("actions_dropped", _("Actions dropped"), lambda one: actions[one.id].dropped),
        ("source", _("Source"), lambda one: one.source),
        ("demonstration", _("Demonstration, invented"), lambda one: one.is_demo or None),
    ]
