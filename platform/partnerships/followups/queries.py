"""Reading follow-ups, each time as far as the actor may see."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from partnerships.accounts.models import Account
from partnerships.approach.models import Meeting, Participant
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.lists import member
from partnerships.core.policy import scope
from partnerships.followups.models import Followup
from partnerships.followups.states import FollowupStatus
from partnerships.needs.models import Need
from partnerships.parties.words import name

FULL = (joinedload(Followup.party), joinedload(Followup.owner_party), joinedload(Followup.owner),
        joinedload(Followup.meeting), joinedload(Followup.need), joinedload(Followup.pledge))


# With all that the record of a change is linked to.
WHOLE = (*FULL, joinedload(Followup.meeting).joinedload(Meeting.state),
         joinedload(Followup.meeting).selectinload(Meeting.participants).joinedload(Participant.party))


def by_id(actor: Actor, number: int) -> Followup | None:
    """One follow-up, when the actor may see it."""
    query = scope(actor, "followups.view", Followup).where(Followup.id == number).options(*WHOLE)
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


def overdue(actor: Actor, today: date) -> tuple[int, date | None]:
    """How many open follow-ups within the actor's sight are past their day, and the oldest of these days."""
    inner = scope(actor, "followups.view", Followup).where(
        Followup.status == FollowupStatus.OPEN, Followup.due_on < today).subquery()
    count, oldest = db.session.execute(select(func.count(), func.min(inner.c.due_on)).select_from(inner)).one()
    return count, oldest


def people() -> list[tuple[str, str]]:
    """Persons who may be named as owners: (identifier, name and party), by party."""
    query = select(Account).where(Account.active).options(joinedload(Account.party))
    rows = db.session.scalars(query).unique()
    return [(str(row.id), f"{row.name}, {name(row.party)}") for row in
            sorted(rows, key=lambda row: (name(row.party), row.name, row.id))]


def person(number: str | None) -> Account | None:
    """The active person with this identifier, as a form gives it."""
    if not number or not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    found = db.session.get(Account, int(number))
    return found if found is not None and found.active else None
