"""What a file of follow-ups holds: a row a follow-up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from partnerships.core.actor import Actor
from partnerships.core.export import Column
from partnerships.core.policy import can
from partnerships.followups.models import Followup
from partnerships.followups.states import LABELS, REASON_LABELS
from partnerships.needs import queries as needs
from partnerships.parties.words import name


def columns(actor: Actor, rows: Sequence[Followup]) -> list[Column]:
    """(key, heading, function of a follow-up) for each column. Records that the actor may not see are not named."""
    seen = needs.by_ids(actor, {one.need_id for one in rows if one.need_id is not None})

    def named(permission: str, record: Any) -> Any:
        return record.ref if record is not None and can(actor, permission, record) else None

    return [
        ("what", _("What is to be done"), lambda one: one.what), ("due", _("Due"), lambda one: one.due_on),
        ("owner", _("Owner"), lambda one: name(one.owner_party)), ("person", _("Person"), lambda one: one.owner and one.owner.name),
        ("about_code", _("About, code"), lambda one: one.party.ref), ("about", _("About"), lambda one: name(one.party)),
        ("reason", _("Why it is here"), lambda one: REASON_LABELS[one.reason]),
        ("status", _("Status"), lambda one: LABELS[one.status]),
        ("need", _("Need"), lambda one: seen[one.need_id].ref if one.need_id in seen else None),
        ("pledge", _("Pledge"), lambda one: named("pledges.view", one.pledge)),
        ("match", _("Match"), lambda one: named("matches.view", one.match)),
        ("put_off_until", _("Put off until"), lambda one: one.snoozed_until),
        ("meeting", _("Country meeting"), lambda one: named("approach.view", one.meeting)),
        ("demonstration", _("Demonstration, invented"), lambda one: one.is_demo or None),
    ]
