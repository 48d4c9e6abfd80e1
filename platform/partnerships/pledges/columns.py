"""What a file of pledges holds: a row a pledge, each stage of its money in a column of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from partnerships.core.actor import Actor
from partnerships.core.export import Column
from partnerships.needs import queries as needs
from partnerships.parties import choices
from partnerships.parties.words import name
from partnerships.pledges import figures
from partnerships.pledges.models import Pledge
from partnerships.pledges.rules import needs_of
from partnerships.pledges.states import (
    EARMARKING_LABELS,
    IN_KIND_LABELS,
    KIND_LABELS,
    LABELS,
    OBJECT_LABELS,
    ODA_LABELS,
    PledgeKind,
)


def columns(actor: Actor, rows: Sequence[Pledge]) -> list[Column]:
    """(heading, function of a pledge) for each column. A need that the actor may not see is not named."""
    seen = needs.by_ids(actor, {number for one in rows for number in needs_of(one)})

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
        (_("All needs with their parts"), lambda pledge: _listed(
            (seen[one.need_id].ref, one.amount) for one in pledge.parts if one.need_id in seen)),
        (_("Kind"), lambda pledge: KIND_LABELS[pledge.kind]), (_("Status"), lambda pledge: LABELS[pledge.status]),
        (_("Currency"), lambda pledge: pledge.currency), (_("Amount of the pledge"), lambda pledge: pledge.amount),
        (_("Approximate"), lambda pledge: pledge.approximate),
        *(stage(which) for which in ("announced", "confirmed", "agreed", "paid", "withdrawn", "lapsed")),
        (_("First year"), lambda pledge: pledge.first_year), (_("Last year"), lambda pledge: pledge.last_year),
        (_("Planned by year"), lambda pledge: _listed((one.year, one.amount) for one in pledge.portions)),
        *_said(),
        (_("Condition"), lambda pledge: pledge.condition), (_("Announced on"), lambda pledge: pledge.announced_on),
        (_("Confirmed on"), lambda pledge: pledge.confirmed_on), (_("Agreement signed on"), lambda pledge: pledge.agreed_on),
        (_("Recorded from the floor"), lambda pledge: pledge.from_floor), (_("Last update"), _last_update),
        (_("Source"), lambda pledge: pledge.source), (_("Demonstration, invented"), lambda pledge: pledge.is_demo or None),
    ]


def _said() -> list[Column]:
    """What a pledge may say besides its amount. A valuation stands in columns of its own: it is no money."""
    return [
        (_("Brings in kind"), lambda pledge: IN_KIND_LABELS[pledge.in_kind] if pledge.in_kind else None),
        (_("Valuation, not money"), lambda pledge: pledge.valuation),
        (_("Currency of the valuation"), lambda pledge: pledge.valuation_currency or None),
        (_("Partners in a joint pledge"), lambda pledge: _listed((name(one.party), one.amount) for one in pledge.partners)),
        (_("Earmarking"), lambda pledge: EARMARKING_LABELS[pledge.earmarking] if pledge.earmarking else None),
        (_("Thematic areas"), lambda pledge: _listed((choices.label(choices.themes(), code), None) for code in pledge.themes)),
        (_("Place"), lambda pledge: pledge.place or None),
        (_("Channel"), lambda pledge: choices.label(choices.channels(), pledge.channel) or None),
        (_("ODA-eligible"), lambda pledge: ODA_LABELS[pledge.oda]),
    ]


def _listed(pairs: Iterable[tuple[Any, Decimal | None]]) -> str | None:
    """Several things in one cell, each with its amount where that is known."""
    return "; ".join(str(what) if amount is None else f"{what}: {amount.normalize():f}" for what, amount in pairs) or None


def _last_update(pledge: Pledge) -> date | None:
    """The day of the last change of the record."""
    return pledge.updated_at.date() if pledge.updated_at else None


def note() -> str:
    """What a reader of the file must know of its money."""
    return _("A pledge's amount stands in the stages it has reached, a column each. The columns exclude each other and "
             "are never added to the amount of the pledge.")


def _in_a_stage(pledge: Pledge) -> bool:
    return pledge.kind is PledgeKind.FINANCIAL and pledge.amount is not None
