"""Reading follow-ups, each time as far as the actor may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, or_, select
from sqlalchemy.orm import joinedload

from partnerships.accounts.models import Account
from partnerships.approach.models import Meeting, Participant
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.lists import member
from partnerships.core.policy import scope
from partnerships.followups.models import Followup, FollowupRule
from partnerships.followups.states import FollowupStatus, Reason
from partnerships.matches.models import Match
from partnerships.needs.models import Need
from partnerships.parties.words import name

SNOOZED = "snoozed"
FULL = (joinedload(Followup.party), joinedload(Followup.owner_party), joinedload(Followup.owner),
        joinedload(Followup.meeting), joinedload(Followup.need), joinedload(Followup.pledge),
        joinedload(Followup.match).joinedload(Match.need), joinedload(Followup.match).joinedload(Match.party))


# With all that the record of a change is linked to.
WHOLE = (*FULL, joinedload(Followup.meeting).joinedload(Meeting.state),
         joinedload(Followup.meeting).selectinload(Meeting.participants).joinedload(Participant.party))


def by_id(actor: Actor, number: int) -> Followup | None:
    """One follow-up, when the actor may see it."""
    query = scope(actor, "followups.view", Followup).where(Followup.id == number).options(*WHOLE)
    return db.session.scalars(query).unique().first()


def awake(today: date) -> ColumnElement[bool]:
    """SQL: what is not put off, or whose day has come."""
    return or_(Followup.snoozed_until.is_(None), Followup.snoozed_until <= today)


def listed(actor: Actor, *, status: str = "open", owner: int | None = None) -> Select[Any]:
    """The queue: by due date, the oldest first; of one owner's party when given.

    Arguments: status, "open" (without what is put off), "snoozed" (only that), another status, or anything else for all.
    """
    query = scope(actor, "followups.view", Followup).options(*FULL)
    if status == SNOOZED:
        query = query.where(Followup.status == FollowupStatus.OPEN, not_(awake(date.today())))
    elif member(FollowupStatus, status):
        query = query.where(Followup.status == FollowupStatus(status))
        if status == FollowupStatus.OPEN:
            query = query.where(awake(date.today()))
    if owner is not None:
        query = query.where(Followup.owner_party_id == owner)
    return query.order_by(Followup.due_on, Followup.id)


def all_open(actor: Actor) -> list[Followup]:
    """Every open follow-up within the actor's sight, also what is put off, the oldest due first."""
    query = scope(actor, "followups.view", Followup).where(Followup.status == FollowupStatus.OPEN).options(*FULL)
    return list(db.session.scalars(query.order_by(Followup.due_on, Followup.id)).unique())


def of_match(actor: Actor, match: Match) -> list[Followup]:
    """The follow-ups about a match within the actor's sight."""
    return list(db.session.scalars(listed(actor, status="").where(Followup.match_id == match.id)).unique())


def of_need(actor: Actor, need: Need) -> list[Followup]:
    """The follow-ups about a need within the actor's sight."""
    return list(db.session.scalars(listed(actor, status="").where(Followup.need_id == need.id)).unique())


def of_meeting(actor: Actor, meeting: Meeting) -> list[Followup]:
    """The actions of a country meeting within the actor's sight."""
    return list(db.session.scalars(listed(actor, status="").where(Followup.meeting_id == meeting.id)).unique())


def of_meetings(actor: Actor, meetings: Iterable[Meeting]) -> list[Followup]:
    """The open actions of several country meetings within the actor's sight, put off or not."""
    query = listed(actor, status="").where(
        Followup.meeting_id.in_([one.id for one in meetings]), Followup.status == FollowupStatus.OPEN)
    return list(db.session.scalars(query).unique())


def overdue(actor: Actor, today: date) -> tuple[int, date | None]:
    """How many open follow-ups within the actor's sight are past their day, and the oldest of these days."""
    inner = scope(actor, "followups.view", Followup).where(
        Followup.status == FollowupStatus.OPEN, Followup.due_on < today, awake(today)).subquery()
    count, oldest = db.session.execute(select(func.count(), func.min(inner.c.due_on)).select_from(inner)).one()
    return count, oldest


def answers() -> dict[Reason, dict[str, int]]:
    """How the suggestions of each rule were answered: by reason "taken" or one of Dismissal, how often."""
    query = select(Followup.reason, Followup.dismissal, func.count()).where(Followup.suggestion.is_not(None)).group_by(
        Followup.reason, Followup.dismissal)
    found: dict[Reason, dict[str, int]] = {}
    for reason, dismissal, count in db.session.execute(query):
        found.setdefault(reason, {})[dismissal.value if dismissal else "taken"] = count
    return found


def tuned() -> dict[Reason, FollowupRule]:
    """What the ISU set of the rules; a rule that is not here follows its defaults."""
    return {row.rule: row for row in db.session.scalars(select(FollowupRule))}


def people(party_id: int | None = None) -> list[tuple[str, str]]:
    """Persons who may be named as owners, of one party where given: (identifier, name and party), by party."""
    query = select(Account).where(Account.active).options(joinedload(Account.party))
    if party_id is not None:
        query = query.where(Account.party_id == party_id)
    rows = db.session.scalars(query).unique()
    return [(str(row.id), f"{row.name}, {name(row.party)}") for row in
            sorted(rows, key=lambda row: (name(row.party), row.name, row.id))]


def person(number: str | None) -> Account | None:
    """The active person with this identifier, as a form gives it."""
    if not number or not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    found = db.session.get(Account, int(number))
    return found if found is not None and found.active else None
