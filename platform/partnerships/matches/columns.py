"""What a file of matches holds: a row a match, for the two parties and the ISU."""

from __future__ import annotations

from flask_babel import gettext as _

from partnerships.core.export import Column
from partnerships.matches.states import DECLINE_LABELS, LABELS
from partnerships.parties.words import name


def columns() -> list[Column]:
    """(key, heading, function of a match) for each column."""
    return [
        ("need", _("Need"), lambda match: match.need.ref), ("need_title", _("Title of the need"), lambda match: match.need.title),
        ("state_code", _("State code"), lambda match: match.state.ref), ("state", _("State"), lambda match: name(match.state)),
        ("partner_code", _("Partner code"), lambda match: match.party.ref),
        ("partner", _("Partner"), lambda match: name(match.party)),
        ("status", _("Status"), lambda match: LABELS[match.status]),
        ("since", _("Since"), lambda match: match.status_on and match.status_on.date()),
        ("next_step", _("Next step"), lambda match: match.next_step), ("next_step_on", _("By"), lambda match: match.next_step_on),
        ("owner", _("Owner"), lambda match: match.owner and match.owner.name),
        ("declined_for", _("Reason to decline"), lambda match: match.declined_for and DECLINE_LABELS[match.declined_for]),
        ("in_words", _("In words"), lambda match: match.reason),
        ("demonstration", _("Demonstration, invented"), lambda match: match.is_demo or None),
    ]
