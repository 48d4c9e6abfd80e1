"""What a file of the whole desk holds: a row a line."""

from __future__ import annotations

from flask_babel import gettext as _

from partnerships.core.export import Column
from partnerships.desk.whole import AGES, KINDS
from partnerships.parties.words import name


def of_whole() -> list[Column]:
    """(heading, function of a line) for each column."""
    return [
        (_("Kind"), lambda line: KINDS[line.kind]), (_("What is to be done"), lambda line: line.what),
        (_("Owner, code"), lambda line: line.owner.ref), (_("Owner"), lambda line: name(line.owner)),
        (_("Person"), lambda line: line.person or None), (_("Due"), lambda line: line.on),
        (_("Age"), lambda line: AGES[line.age]), (_("State, code"), lambda line: line.about.ref if line.about else None),
        (_("State"), lambda line: name(line.about) if line.about else None),
        (_("Put off until"), lambda line: line.put_off), (_("Demonstration, invented"), lambda line: line.record.is_demo or None),
    ]
