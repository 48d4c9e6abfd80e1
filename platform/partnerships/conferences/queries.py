"""Reading pledging conferences: all are public; what was pledged at them follows each pledge's own visibility."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from partnerships.conferences.models import Attendance, Conference
from partnerships.conferences.states import ConferenceStatus, Presence
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import condition, scope
from partnerships.pledges.models import Pledge, PledgeStep
from partnerships.pledges.states import PledgeStatus, StepKind

AHEAD = (ConferenceStatus.OPEN, ConferenceStatus.PLANNED)


def by_ref(actor: Actor, ref: str) -> Conference | None:
    """The conference with this reference, with its attendance."""
    query = scope(actor, "conferences.view", Conference).where(Conference.ref == ref)
    return db.session.scalars(query.options(
        selectinload(Conference.attendance).joinedload(Attendance.party))).unique().first()


def ahead(actor: Actor) -> list[Conference]:
    """Open conferences, then the planned ones, nearest first."""
    query = scope(actor, "conferences.view", Conference).where(Conference.status.in_(AHEAD)).order_by(
        Conference.status != ConferenceStatus.OPEN, Conference.first_day.is_(None), Conference.first_day, Conference.id)
    return list(db.session.scalars(query))


def past(actor: Actor) -> Select[Any]:
    """Closed conferences, newest first."""
    return scope(actor, "conferences.view", Conference).where(Conference.status.not_in(AHEAD)).order_by(
        Conference.first_day.is_(None), Conference.first_day.desc(), Conference.id.desc())


def held(actor: Actor) -> list[Conference]:
    """All conferences that are over, oldest first, with their attendance."""
    query = past(actor).order_by(None).order_by(Conference.first_day.is_(None), Conference.first_day, Conference.number)
    return list(db.session.scalars(query.options(selectinload(Conference.attendance), selectinload(Conference.targets))).unique())


def pledge_counts(actor: Actor, conferences: Iterable[Conference]) -> dict[int, int]:
    """How many pledges the actor may see of each conference, without entries struck as logged in error."""
    ids = [one.id for one in conferences]
    rows = db.session.execute(select(Pledge.conference_id, func.count()).where(
        Pledge.conference_id.in_(ids), Pledge.status != PledgeStatus.STRUCK,
        condition(actor, "pledges.view", Pledge)).group_by(Pledge.conference_id))
    return {number: count for number, count in rows if number is not None}


def named_counts(conferences: Iterable[Conference]) -> dict[int, int]:
    """How many delegations of each conference are known by name."""
    ids = [one.id for one in conferences]
    rows = db.session.execute(select(Attendance.conference_id, func.count()).where(
        Attendance.conference_id.in_(ids), Attendance.presence == Presence.PRESENT).group_by(Attendance.conference_id))
    return {row[0]: row[1] for row in rows}


def loggers(pledge_ids: Iterable[int]) -> dict[int, str]:
    """Who put each of these pledges on the record."""
    rows = db.session.execute(select(PledgeStep.pledge_id, PledgeStep.actor_label).where(
        PledgeStep.pledge_id.in_(list(pledge_ids)), PledgeStep.kind == StepKind.ANNOUNCED))
    return {row[0]: row[1] for row in rows}


def delegation(conference: Conference, number: int) -> Attendance | None:
    """One delegation of a conference."""
    return db.session.scalars(select(Attendance).where(
        Attendance.id == number, Attendance.conference_id == conference.id).options(
        joinedload(Attendance.party))).first()
