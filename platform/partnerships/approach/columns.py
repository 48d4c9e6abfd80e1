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
    """(heading, function of a meeting) for each column."""
    actions = queries.actions_of(rows)
    return [
        (_("Meeting"), lambda one: one.ref), (_("State code"), lambda one: one.state.ref),
        (_("State"), lambda one: name(one.state)), (_("Title"), lambda one: one.title),
        (_("Date"), lambda one: one.held_on), (_("Mode"), lambda one: MODE_LABELS[one.mode]),
        (_("Place"), lambda one: one.place), (_("Chair"), lambda one: one.chair),
        (_("Status"), lambda one: LABELS[one.status]), (_("Actions open"), lambda one: actions[one.id].open),
        (_("Actions done"), lambda one: actions[one.id].done),
        (_("Actions dropped"), lambda one: actions[one.id].dropped), (_("Source"), lambda one: one.source),
        (_("Demonstration, invented"), lambda one: one.is_demo or None),
    ]
