"""What a file of pledges holds: a row a pledge, each stage of its money in a column of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
from partnerships.pledges.account import Line
from partnerships.pledges.figures import Stages
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
    """(key, heading, function of a pledge) for each column. A need that the actor may not see is not named."""
    seen = needs.by_ids(actor, {number for one in rows for number in needs_of(one)})

    def stage(which: str) -> Column:
        return which, _stages()[which], lambda pledge: (
            getattr(figures.stages(pledge), which) or None if _in_a_stage(pledge) else None)

    return [
        ("pledge", _("Pledge"), lambda pledge: pledge.ref), ("donor_code", _("Donor code"), lambda pledge: pledge.donor.ref),
        ("donor", _("Donor"), lambda pledge: name(pledge.donor)), ("for", _("For"), lambda pledge: OBJECT_LABELS[pledge.object]),
        ("state_code", _("State code"), lambda pledge: pledge.recipient and pledge.recipient.ref),
        ("state", _("State"), lambda pledge: name(pledge.recipient)),
        ("need", _("Need"), lambda pledge: seen[pledge.need_id].ref if pledge.need_id in seen else None),
        ("conference", _("Conference"), lambda pledge: pledge.conference and pledge.conference.ref),
        ("needs", _("All needs with their parts"), lambda pledge: _listed(
            (seen[one.need_id].ref, one.amount) for one in pledge.parts if one.need_id in seen)),
        ("kind", _("Kind"), lambda pledge: KIND_LABELS[pledge.kind]), ("status", _("Status"), lambda pledge: LABELS[pledge.status]),
        ("currency", _("Currency"), lambda pledge: pledge.currency),
        ("amount", _("Amount of the pledge"), lambda pledge: pledge.amount),
        ("approximate", _("Approximate"), lambda pledge: pledge.approximate),
        *(stage(which) for which in ("announced", "confirmed", "agreed", "paid", "withdrawn", "lapsed")),
        ("first_year", _("First year"), lambda pledge: pledge.first_year),
        ("last_year", _("Last year"), lambda pledge: pledge.last_year),
        ("planned", _("Planned by year"), lambda pledge: _listed((one.year, one.amount) for one in pledge.portions)),
        *_said(),
        ("condition", _("Condition"), lambda pledge: pledge.condition),
        ("announced_on", _("Announced on"), lambda pledge: pledge.announced_on),
        ("confirmed_on", _("Confirmed on"), lambda pledge: pledge.confirmed_on),
        ("agreement_signed_on", _("Agreement signed on"), lambda pledge: pledge.agreed_on),
        ("from_floor", _("Recorded from the floor"), lambda pledge: pledge.from_floor),
        ("last_update", _("Last update"), _last_update),
        ("source", _("Source"), lambda pledge: pledge.source),
        ("demonstration", _("Demonstration, invented"), lambda pledge: pledge.is_demo or None),
    ]


def of_account(actor: Actor, rows: Sequence[tuple[Line, int | None, Stages | None]]) -> list[Column]:
    """The columns of an account's file: a row a pledge and year, each stage of the party's own part in a column of its own."""
    seen = needs.by_ids(actor, {line.pledge.need_id for line, *_rest in rows if line.pledge.need_id is not None})

    def stage(which: str) -> Callable[[Any], Any]:
        return lambda row: getattr(row[2], which) or None if row[2] is not None else None

    def of(value: Callable[[Pledge], Any]) -> Callable[[Any], Any]:
        return lambda row: value(row[0].pledge)

    return [
        ("pledge", _("Pledge"), of(lambda one: one.ref)), ("donor_code", _("Donor code"), of(lambda one: one.donor.ref)),
        ("donor", _("Donor"), of(lambda one: name(one.donor))),
        ("joint_pledge", _("Joint pledge"), lambda row: row[0].joint or None),
        ("shares_known", _("Shares known"), lambda row: not row[0].share_unknown if row[0].joint else None),
        ("for", _("For"), of(lambda one: OBJECT_LABELS[one.object])),
        ("state_code", _("State code"), of(lambda one: one.recipient and one.recipient.ref)),
        ("state", _("State"), of(lambda one: name(one.recipient))),
        ("need", _("Need"), of(lambda one: seen[one.need_id].ref if one.need_id in seen else None)),
        ("themes", _("Thematic areas"),
         lambda row: _listed((choices.label(choices.themes(), code), None) for code in row[0].themes)),
        ("kind", _("Kind"), of(lambda one: KIND_LABELS[one.kind])), ("status", _("Status"), of(lambda one: LABELS[one.status])),
        ("currency", _("Currency"), of(lambda one: one.currency)), ("year", _("Year"), lambda row: row[1]),
        *((which, words, stage(which)) for which, words in _stages().items()),
        ("rate_usd", _("US dollars for one unit"),
         lambda row: row[0].in_reference and row[0].in_reference.rate.quantize(Decimal("0.000001"))),
        ("rate_day", _("Day of this rate"), lambda row: row[0].in_reference and row[0].in_reference.on),
        ("announced_on", _("Announced on"), of(lambda one: one.announced_on)),
        ("last_heard_of", _("Last heard of"), of(lambda one: one.heard_on)),
        ("expected_on", _("Next step expected by"), lambda row: row[0].pledge.expected_on if row[0].live else None),
        ("source", _("Source"), of(lambda one: one.source)),
        ("demonstration", _("Demonstration, invented"), of(lambda one: one.is_demo or None)),
    ]


def _stages() -> dict[str, str]:
    return {"announced": _("Announced"), "confirmed": _("Confirmed in writing"),
            "agreed": _("Agreement signed, not yet paid"), "paid": _("Paid"), "withdrawn": _("Withdrawn"), "lapsed": _("Lapsed")}


def _said() -> list[Column]:
    """What a pledge may say besides its amount. A valuation stands in columns of its own: it is no money."""
    return [
        ("brings_in_kind", _("Brings in kind"), lambda pledge: IN_KIND_LABELS[pledge.in_kind] if pledge.in_kind else None),
        ("valuation", _("Valuation, not money"), lambda pledge: pledge.valuation),
        ("valuation_currency", _("Currency of the valuation"), lambda pledge: pledge.valuation_currency or None),
        ("partners", _("Partners in a joint pledge"),
         lambda pledge: _listed((name(one.party), one.amount) for one in pledge.partners)),
        ("earmarking", _("Earmarking"), lambda pledge: EARMARKING_LABELS[pledge.earmarking] if pledge.earmarking else None),
        ("themes", _("Thematic areas"),
         lambda pledge: _listed((choices.label(choices.themes(), code), None) for code in pledge.themes)),
        ("place", _("Place"), lambda pledge: pledge.place or None),
        ("channel", _("Channel"), lambda pledge: choices.label(choices.channels(), pledge.channel) or None),
        ("oda", _("ODA-eligible"), lambda pledge: ODA_LABELS[pledge.oda]),
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
