"""What a file of matches holds: a row a match, for the two parties and the ISU."""

from __future__ import annotations

from flask_babel import gettext as _

from partnerships.core.export import Column
from partnerships.matches.states import DECLINE_LABELS, LABELS
from partnerships.parties.words import name


def columns() -> list[Column]:
    """(heading, function of a match) for each column."""
    return [
        (_("Need"), lambda match: match.need.ref), (_("Title of the need"), lambda match: match.need.title),
        (_("State code"), lambda match: match.state.ref), (_("State"), lambda match: name(match.state)),
        (_("Partner code"), lambda match: match.party.ref), (_("Partner"), lambda match: name(match.party)),
        (_("Status"), lambda match: LABELS[match.status]),
        (_("Since"), lambda match: match.status_on and match.status_on.date()),
        (_("Next step"), lambda match: match.next_step), (_("By"), lambda match: match.next_step_on),
        (_("Owner"), lambda match: match.owner and match.owner.name),
        (_("Reason to decline"), lambda match: match.declined_for and DECLINE_LABELS[match.declined_for]),
        (_("In words"), lambda match: match.reason),
        (_("Demonstration, invented"), lambda match: match.is_demo or None),
    ]
