"""Reading what-if plans within the actor's sight, and what a plan may be computed from: public records only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from partnerships import matching
from partnerships.allocations.models import Allocation, AllocationParty
from partnerships.allocations.states import AllocationStatus
from partnerships.conferences.models import Conference
from partnerships.core.actor import PUBLIC, Actor
from partnerships.core.db import db, utcnow
from partnerships.core.policy import scope
from partnerships.matching.allocation import Ask, Budget, Pair
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.suggestions import engine

# A stage of a computation is shorter than this: a heartbeat that is older belongs to a process that has died.
SILENCE = timedelta(minutes=2)


def by_ref(actor: Actor, ref: str) -> Allocation | None:
    """The plan with this reference, when the actor may see it."""
    query = scope(actor, "allocations.view", Allocation).where(Allocation.ref == ref).options(
        joinedload(Allocation.party), joinedload(Allocation.conference), joinedload(Allocation.author),
        selectinload(Allocation.parties).joinedload(AllocationParty.party))
    return db.session.scalars(query).unique().first()


def listed(actor: Actor, conference: str = "", *, computed: bool = False) -> Select[Any]:
    """The plans within the actor's sight, newest first; of one conference, or only computed ones, when asked."""
    query = scope(actor, "allocations.view", Allocation).options(
        joinedload(Allocation.party), joinedload(Allocation.conference))
    if conference:
        query = query.where(Allocation.conference.has(Conference.ref == conference))
    if computed:
        query = query.where(Allocation.status == AllocationStatus.DONE)
    return query.order_by(Allocation.id.desc())


def conferences(actor: Actor) -> list[Conference]:
    """The conferences a plan may be for, newest first."""
    return list(db.session.scalars(scope(actor, "conferences.view", Conference).order_by(
        Conference.first_day.is_(None), Conference.first_day.desc(), Conference.id.desc())))


def locked(number: int) -> Allocation:
    """The plan as it stands now, held until the transaction ends: two computations of one plan never meet."""
    query = select(Allocation).where(Allocation.id == number).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def is_dead(allocation: Allocation, now: datetime | None = None) -> bool:
    """Whether a plan is marked as being computed although nothing has been heard of it for too long."""
    heard = allocation.heartbeat_at or allocation.status_on
    return allocation.status is AllocationStatus.RUNNING and (heard is None or (now or utcnow()) - heard > SILENCE)


def within(wanted: Mapping[str, Any], found: Iterable[Need]) -> list[Need]:
    """The needs that a plan's scope names; see `Allocation.scope`."""
    def chosen(need: Need) -> bool:
        places = (need.party.region, need.party.subregion)
        return ((not wanted.get("themes") or need.theme in wanted["themes"])
                and (not wanted.get("region") or wanted["region"] in places)
                and (not wanted.get("states") or need.party.ref in wanted["states"])
                and (not wanted.get("needs") or need.ref in wanted["needs"]))

    return [need for need in found if chosen(need)]


def open_needs() -> list[Need]:
    """All open needs that everybody may see: a plan is read by many, and must hold nothing that one of them may not."""
    return needs.current(PUBLIC, date.today())


def states_asking() -> list[Party]:
    """The States with an open public need."""
    return list({need.party_id: need.party for need in open_needs()}.values())


def restricted(actor: Actor, wanted: Mapping[str, Any]) -> int:
    """How many open needs of the scope the reader may see but the public may not: a plan leaves them out."""
    public = {need.id for need in open_needs()}
    return sum(need.id not in public for need in within(wanted, needs.current(actor, date.today())))


@dataclass(frozen=True)
class Inputs:
    """What a plan is computed from, apart from the database: it can be worked on without a transaction.

    `needs` are rows (id, ref, State, theme, gap in whole US dollars); `floor` is a share, `minimum` in US dollars.
    """

    needs: tuple[tuple[int, str, str, str, int], ...]
    asks: tuple[Ask, ...]
    budgets: tuple[Budget, ...]
    pairs: tuple[Pair, ...]
    floor: float
    minimum: float
    unpriced: int
    engine: str

    @property
    def states(self) -> set[str]:
        """The States whose needs are in the plan."""
        return {ask.state for ask in self.asks}


def inputs(allocation: Allocation) -> Inputs:
    """The public needs of a plan's scope that have a gap in US dollars, the budgets, and the score of each pair."""
    chosen = within(allocation.scope, open_needs())
    records = _as_matched(chosen)
    priced = {ref: record for ref, record in records.items() if record.gap_usd is not None and record.gap_usd >= 1}
    budgets = tuple(Budget(row["donor"], float(row["amount"]), tuple(row["themes"]), tuple(row["countries"]))
                    for row in allocation.budgets)
    found, version = scores(priced.values(), [budget.donor for budget in budgets])
    return Inputs(
        needs=tuple((need.id, need.ref, need.party.ref, need.theme or "", int(priced[need.ref].gap_usd or 0))
                    for need in chosen if need.ref in priced),
        asks=tuple(Ask(one.ref, one.state, int(one.gap_usd or 0), one.theme) for one in priced.values()),
        budgets=budgets, pairs=tuple(Pair(need, donor, score) for (need, donor), score in found.items()),
        floor=allocation.floor / 100, minimum=float(allocation.minimum),
        unpriced=sum(record.gap_usd is None for record in records.values()), engine=version)


def scores(found: Iterable[matching.Need], donors: Collection[str]) -> tuple[dict[tuple[str, str], float], str]:
    """The engine's score of every pair that no hard rule keeps apart, within the public's sight.

    Returns: ({(need, donor): score}, the engine's version).
    """
    matcher, wanted = engine.world(PUBLIC).matcher, set(donors)
    return {(need.ref, donor): score for need in found for donor, score in matcher.standing(need) if donor in wanted
            }, matcher.version


def _as_matched(found: Collection[Need]) -> dict[str, matching.Need]:
    """The needs as the public's engine knows them: their gaps come from public pledges only."""
    return {record.ref: record for record in engine.seen_all(PUBLIC, found)}
