"""Reading follow-ups, each time as far as the actor may see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import joinedload

from partnerships.approach.models import Meeting
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.lists import member
from partnerships.core.policy import scope
from partnerships.followups.models import Followup
from partnerships.followups.states import FollowupStatus
from partnerships.needs.models import Need

FULL = (joinedload(Followup.party), joinedload(Followup.owner_party), joinedload(Followup.owner),
        joinedload(Followup.meeting), joinedload(Followup.need), joinedload(Followup.pledge))


def by_id(actor: Actor, number: int) -> Followup | None:
    """One follow-up, when the actor may see it."""
    query = scope(actor, "followups.view", Followup).where(Followup.id == number).options(*FULL)
    return db.session.scalars(query).unique().first()


def listed(actor: Actor, *, status: str = "open", owner: int | None = None) -> Select[Any]:
    """The queue: by due date, the oldest first; of one owner's party when given."""
    query = scope(actor, "followups.view", Followup).options(*FULL)
    if member(FollowupStatus, status):
        query = query.where(Followup.status == FollowupStatus(status))
    if owner is not None:
        query = query.where(Followup.owner_party_id == owner)
    return query.order_by(Followup.due_on, Followup.id)


def of_need(actor: Actor, need: Need) -> list[Followup]:
    """The follow-ups about a need within the actor's sight."""
    return list(db.session.scalars(listed(actor, status="").where(Followup.need_id == need.id)).unique())


def of_meeting(actor: Actor, meeting: Meeting) -> list[Followup]:
    """The actions of a country meeting within the actor's sight."""
    return list(db.session.scalars(listed(actor, status="").where(Followup.meeting_id == meeting.id)).unique())
