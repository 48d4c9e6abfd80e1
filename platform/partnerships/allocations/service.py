"""Writing what-if plans: saving, computing, keeping the answer. Flushes, never commits; never writes a pledge."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from partnerships.allocations import queries
from partnerships.allocations.models import Allocation, AllocationParty
from partnerships.allocations.states import AllocationStatus, Part
from partnerships.conferences.models import Conference
from partnerships.core import audit, workflow
from partnerships.core.actor import SYSTEM, Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.refs import next_reference
from partnerships.core.workflow import Transition, Workflow
from partnerships.matching.allocation import Baseline, Plan, allocate
from partnerships.parties.models import Party

SMALL = 80  # open needs up to which a plan without a smallest grant is computed while one waits: 20 ms each to score
TIME_LIMIT = 60  # seconds for the search in whole numbers
STILL = frozenset({AllocationStatus.DRAFT, AllocationStatus.DONE, AllocationStatus.FAILED})


def _forget(allocation: Allocation, _actor: Actor) -> None:
    allocation.result, allocation.run_key, allocation.stage = None, "", ""


def _begin(allocation: Allocation, _actor: Actor) -> None:
    allocation.result, allocation.run_key = None, secrets.token_hex(8)
    allocation.stage, allocation.heartbeat_at = "waiting", utcnow()


FLOW = Workflow("allocation", (
    Transition("changed", _l("Save changes"), STILL, AllocationStatus.DRAFT, "allocations.run", effect=_forget),
    Transition("started", _l("Compute"), STILL, AllocationStatus.RUNNING, "allocations.run", effect=_begin),
    Transition("solved", _l("Compute"), frozenset(AllocationStatus), AllocationStatus.DONE, "allocations.run"),
    Transition("stopped", _l("Stop"), frozenset({AllocationStatus.RUNNING}), AllocationStatus.DRAFT, "allocations.run",
               effect=_forget),
    Transition("failed", _l("Mark as stopped"), frozenset({AllocationStatus.RUNNING}), AllocationStatus.FAILED,
               "allocations.run", effect=_forget),
))
workflow.declare(Allocation, FLOW)
audit.declare("allocation", Allocation, "allocations.view")


def create(actor: Actor, party: Party, values: Mapping[str, Any], conference: Conference | None = None) -> Allocation:
    """Save a new plan.

    Arguments: party, whose plan it is; values, columns of Allocation (title, floor, minimum, scope, budgets, note).
    Returns: the plan, flushed, such as PLAN-2026-003; nothing is computed yet.
    """
    allocation = Allocation(**values, party=party, party_id=party.id, author_id=actor.account_id, conference=conference,
                            ref=next_reference(f"PLAN-{date.today().year}"))
    _name(allocation, Part.DONOR, (row["donor"] for row in allocation.budgets))
    db.session.add(allocation)
    db.session.flush()
    audit.record("allocation.created", allocation, actor, also=links(allocation))
    return allocation


def change(allocation: Allocation, actor: Actor, values: Mapping[str, Any], conference: Conference | None) -> None:
    """Change a plan. What was computed from the earlier values is let go. Raises: Refused while it is being computed."""
    if allocation.status is AllocationStatus.RUNNING:
        raise Refused(_("This plan is being computed: stop it first, or wait."))
    changes = {key: pair for key, pair in audit.differences(allocation, values).items() if key in ("title", "floor", "minimum")}
    for key, value in values.items():
        setattr(allocation, key, value)
    allocation.conference = conference
    _name(allocation, Part.DONOR, (row["donor"] for row in allocation.budgets))
    _name(allocation, Part.STATE, ())
    workflow.advance(allocation, "changed", actor, changes=changes, also=links(allocation))


def run(allocation: Allocation, actor: Actor) -> bool:
    """Compute a plan, or mark it as running where that takes long.

    Returns: True when the caller is to start the job once this is committed. Raises: Refused when it is running.
    """
    allocation = queries.locked(allocation.id)
    if queries.is_dead(allocation):
        fail(allocation, _("Its process ended before it had finished."))
    if allocation.status is AllocationStatus.RUNNING:
        raise Refused(_("This plan is being computed already."))
    if allocation.minimum or len(queries.within(allocation.scope, queries.open_needs())) > SMALL:
        workflow.advance(allocation, "started", actor, also=links(allocation))
        return True
    found = queries.inputs(allocation)
    finish(allocation, actor, found, compute(found))
    return False


def compute(found: queries.Inputs, progress: Callable[[str], None] | None = None) -> Plan:
    """The plan for these inputs; touches no database. `progress` is told each stage, and may raise Cancelled."""
    return allocate(found.asks, found.budgets, found.pairs, floor=found.floor, minimum=found.minimum,
                    time_limit_s=TIME_LIMIT, progress=progress)


def finish(allocation: Allocation, actor: Actor, found: queries.Inputs, plan: Plan) -> None:
    """Keep the answer, and let those see it whose needs are in it."""
    allocation.result, allocation.engine = kept(found, plan), found.engine[:64]
    allocation.run_key, allocation.stage = "", ""
    _name(allocation, Part.STATE, found.states)
    workflow.advance(allocation, "solved", actor, also=[*links(allocation), *(row.party for row in allocation.parties)])


def fail(allocation: Allocation, words: str) -> None:
    """Mark a computation as ended without an answer."""
    workflow.advance(allocation, "failed", SYSTEM, words, also=links(allocation))


def stop(allocation: Allocation, actor: Actor) -> bool:
    """Stop a computation: what it still answers is not taken. Returns: False when nothing is running."""
    allocation = queries.locked(allocation.id)
    return workflow.advance(allocation, "stopped", actor, also=links(allocation))


def links(allocation: Allocation) -> list[Any]:
    """The records on whose timelines a plan's events appear, for those who may see the plan."""
    return [allocation.party or db.session.get_one(Party, allocation.party_id), allocation.conference]


def kept(found: queries.Inputs, plan: Plan) -> dict[str, Any]:
    """A plan as JSON keeps it: references, whole US dollars, reason codes; names are looked up for each reader."""
    scores = {(pair.need, pair.donor): pair.score for pair in found.pairs}
    fits: dict[str, int] = {}
    for pair in found.pairs:
        fits[pair.donor] = fits.get(pair.donor, 0) + 1
    return {
        "on": date.today().isoformat(), "status": plan.status, "needs": [list(row) for row in found.needs],
        "unpriced": found.unpriced, "asked": plan.asked, "budget": plan.budget, "placed": plan.placed, "value": plan.value,
        "grants": [[one.need, one.donor, one.usd, round(scores[one.need, one.donor], 1)] for one in plan.grants],
        "states": [[one.state, one.asked, one.placed, one.target, one.reason] for one in plan.covered],
        "uncovered": [[one.need, one.usd, one.reason] for one in plan.uncovered], "fits": fits,
        "floor": round(plan.floor * 100), "floor_price": plan.floor_price, "floor_share": plan.floor_share,
        "pulls": [[one.state, one.cost] for one in plan.pulls], "minimum": plan.minimum,
        "minimum_price": plan.minimum_price, "gap": plan.gap,
        "without_floor": _other(plan.without_floor), "greedy": _other(plan.greedy)}


def _other(baseline: Baseline) -> dict[str, Any]:
    return {"value": baseline.value, "placed": baseline.placed, "states": dict(baseline.by_state)}


def _name(allocation: Allocation, part: Part, refs: Iterable[str]) -> None:
    """Make exactly these parties part of a plan."""
    wanted = {party.id: party for party in db.session.scalars(select(Party).where(Party.ref.in_(set(refs))))}
    for row in [one for one in allocation.parties if one.part is part]:
        if wanted.pop(row.party_id, None) is None:
            allocation.parties.remove(row)
    allocation.parties.extend(AllocationParty(party=party, party_id=party.id, part=part) for party in wanted.values())
