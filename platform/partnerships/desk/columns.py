"""What a file of the whole desk holds: a row a line."""

from __future__ import annotations

from flask_babel import gettext as _

from partnerships.core.export import Column
from partnerships.desk.whole import AGES, KINDS
from partnerships.parties.words import name


def of_whole() -> list[Column]:
    """(key, heading, function of a line) for each column."""
    return [
        ("kind", _("Kind"), lambda line: KINDS[line.kind]), ("what", _("What is to be done"), lambda line: line.what),
        ("owner_code", _("Owner, code"), lambda line: line.owner.ref), ("owner", _("Owner"), lambda line: name(line.owner)),
        ("person", _("Person"), lambda line: line.person or None), ("due", _("Due"), lambda line: line.on),
        ("age", _("Age"), lambda line: AGES[line.age]),
        ("state_code", _("State, code"), lambda line: line.about.ref if line.about else None),
        ("state", _("State"), lambda line: name(line.about) if line.about else None),
        ("put_off_until", _("Put off until"), lambda line: line.put_off),
        ("demonstration", _("Demonstration, invented"), lambda line: line.record.is_demo or None),
    ]
