"""Reading country meetings, each time as far as the actor may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from partnerships.approach.models import Meeting, Participant
from partnerships.approach.states import MeetingStatus
from partnerships.cases.models import Case, CaseSupport
from partnerships.cases.states import MORE
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import condition, scope
from partnerships.followups.models import Followup
from partnerships.followups.states import FollowupStatus
from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Pledge


def by_ref(actor: Actor, ref: str) -> Meeting | None:
    """The meeting with this reference, when the actor may see it, with its State, participants and needs."""
    query = scope(actor, "approach.view", Meeting).where(Meeting.ref == ref).options(
        joinedload(Meeting.state), selectinload(Meeting.needs).joinedload(Need.party),
        selectinload(Meeting.participants).joinedload(Participant.party))
    return db.session.scalars(query).unique().first()


def listed(actor: Actor, state: str = "") -> Select[Any]:
    """The meetings within the actor's sight, newest first; of one State when given."""
    query = scope(actor, "approach.view", Meeting).options(joinedload(Meeting.state))
    if state:
        query = query.where(Meeting.state.has(Party.ref == state))
    return query.order_by(Meeting.held_on.desc(), Meeting.id.desc())


def of_party(actor: Actor, party: Party) -> list[Meeting]:
    """A State's country meetings within the actor's sight, newest first."""
    return list(db.session.scalars(listed(actor, party.ref)).unique())


@dataclass
class Actions:
    """How many actions of a meeting are open, done and dropped: numbers only, whoever may read the actions."""

    open: int = 0
    done: int = 0
    dropped: int = 0

    @property
    def total(self) -> int:
        return self.open + self.done + self.dropped


def actions_of(meetings: Iterable[Meeting]) -> dict[int, Actions]:
    """The numbers of actions of meetings that the reader may see, which is what indicator 43.2 asks to count."""
    found = {meeting.id: Actions() for meeting in meetings}
    rows = db.session.execute(select(Followup.meeting_id, Followup.status, func.count()).where(
        Followup.meeting_id.in_(found)).group_by(Followup.meeting_id, Followup.status))
    for number, status, count in rows:
        if number is not None:
            setattr(found[number], FollowupStatus(status).value, count)
    return found


def states_met(actor: Actor) -> list[Party]:
    """The States that have a meeting within the actor's sight, by name."""
    inner = scope(actor, "approach.view", Meeting).with_only_columns(Meeting.state_id)
    return list(db.session.scalars(select(Party).where(Party.id.in_(inner)).order_by(Party.name_en)))


def support_since(actor: Actor, meeting: Meeting, today: date) -> Sequence[Pledge]:
    """Pledges for the State announced after the meeting, within the actor's sight, newest first."""
    if meeting.held_on > today:
        return []
    query = pledges.listed(actor, recipient=meeting.state.ref).where(Pledge.announced_on > meeting.held_on)
    return db.session.scalars(query).unique().all()


def used_and_followed(actor: Actor) -> tuple[int, int]:
    """Indicator 43.2 from the meetings within the actor's sight.

    Returns: (States that used the individualised approach, those of them for which follow-up or support is on record:
    an action done, a pledge announced for the State after its meeting, or the State's own word that support came).
    Source: Oslo Action Plan, Action 43.
    """
    held = scope(actor, "approach.view", Meeting).where(Meeting.status != MeetingStatus.PLANNED)
    done = select(Followup.id).where(Followup.meeting_id == Meeting.id, Followup.status == FollowupStatus.DONE).exists()
    since = select(Pledge.id).where(Pledge.recipient_id == Meeting.state_id, Pledge.announced_on > Meeting.held_on,
                                    condition(actor, "pledges.view", Pledge)).exists()
    said = select(CaseSupport.id).join(Case).where(Case.meeting_id == Meeting.id, CaseSupport.answer.in_(MORE)).exists()
    states = func.count(Meeting.state_id.distinct())
    used = db.session.scalar(held.with_only_columns(states)) or 0
    return used, db.session.scalar(held.where(or_(done, since, said)).with_only_columns(states)) or 0
