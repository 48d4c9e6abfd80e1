"""What a file of pledges holds: a row a pledge, each stage of its money in a column of its own."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from partnerships.core.actor import Actor
from partnerships.core.export import Column
from partnerships.needs import queries as needs
from partnerships.parties.words import name
from partnerships.pledges import figures
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import KIND_LABELS, LABELS, OBJECT_LABELS, PledgeKind


def columns(actor: Actor, rows: Sequence[Pledge]) -> list[Column]:
    """(heading, function of a pledge) for each column. A need that the actor may not see is not named."""
    seen = needs.by_ids(actor, {one.need_id for one in rows if one.need_id is not None})

    def stage(which: str) -> Column:
        heads = {"announced": _("Announced"), "confirmed": _("Confirmed in writing"),
                 "agreed": _("Agreement signed, not yet paid"), "paid": _("Paid"), "withdrawn": _("Withdrawn"),
                 "lapsed": _("Lapsed")}
        return heads[which], lambda pledge: getattr(figures.stages(pledge), which) or None if _in_a_stage(pledge) else None

    return [
        (_("Pledge"), lambda pledge: pledge.ref), (_("Donor code"), lambda pledge: pledge.donor.ref),
        (_("Donor"), lambda pledge: name(pledge.donor)), (_("For"), lambda pledge: OBJECT_LABELS[pledge.object]),
        (_("State code"), lambda pledge: pledge.recipient and pledge.recipient.ref),
        (_("State"), lambda pledge: name(pledge.recipient)),
        (_("Need"), lambda pledge: seen[pledge.need_id].ref if pledge.need_id in seen else None),
        (_("Conference"), lambda pledge: pledge.conference and pledge.conference.ref),
        (_("Kind"), lambda pledge: KIND_LABELS[pledge.kind]), (_("Status"), lambda pledge: LABELS[pledge.status]),
        (_("Currency"), lambda pledge: pledge.currency), (_("Amount of the pledge"), lambda pledge: pledge.amount),
        (_("Approximate"), lambda pledge: pledge.approximate),
        *(stage(which) for which in ("announced", "confirmed", "agreed", "paid", "withdrawn", "lapsed")),
        (_("First year"), lambda pledge: pledge.first_year), (_("Last year"), lambda pledge: pledge.last_year),
        (_("Condition"), lambda pledge: pledge.condition), (_("Announced on"), lambda pledge: pledge.announced_on),
        (_("Confirmed on"), lambda pledge: pledge.confirmed_on), (_("Agreement signed on"), lambda pledge: pledge.agreed_on),
        (_("Source"), lambda pledge: pledge.source), (_("Demonstration, invented"), lambda pledge: pledge.is_demo or None),
    ]


def note() -> str:
    """What a reader of the file must know of its money."""
    return _("A pledge's amount stands in the stages it has reached, a column each. The columns exclude each other and "
             "are never added to the amount of the pledge.")


def _in_a_stage(pledge: Pledge) -> bool:
    return pledge.kind is PledgeKind.FINANCIAL and pledge.amount is not None
