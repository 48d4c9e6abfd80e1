"""Reading cases, invitations and answers, each time as far as the actor may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from partnerships.accounts.models import Account
from partnerships.approach import queries as meetings
from partnerships.approach.models import Meeting, Participant
from partnerships.cases.models import Case, CaseSupport, Invitation, Statement
from partnerships.cases.states import ENDED, CaseStatus, InvitationStatus
from partnerships.core.actor import FOR_A_PARTY, Actor
from partnerships.core.db import db
from partnerships.core.lists import member
from partnerships.core.policy import may_ever, scope
from partnerships.parties.models import Party
from partnerships.pledges.models import Pledge

WITH_STATE = (joinedload(Case.state), joinedload(Case.meeting), joinedload(Case.owner))


def by_ref(actor: Actor, ref: str) -> Case | None:
    """The case with this reference, when the actor may see it, with all its parts."""
    query = scope(actor, "cases.view", Case).where(Case.ref == ref).options(
        *WITH_STATE, selectinload(Case.items), selectinload(Case.invitations).joinedload(Invitation.party),
        selectinload(Case.statements).options(joinedload(Statement.party), joinedload(Statement.need)),
        selectinload(Case.support).selectinload(CaseSupport.pledges).joinedload(Pledge.donor),
        joinedload(Case.meeting).options(selectinload(Meeting.needs),
                                         selectinload(Meeting.participants).joinedload(Participant.party)))
    return db.session.scalars(query).unique().first()


def listed(actor: Actor, status: str = "") -> Select[Any]:
    """The cases within the actor's sight: the open ones first, then by the day they were asked for."""
    query = scope(actor, "cases.view", Case).options(*WITH_STATE)
    if member(CaseStatus, status):
        query = query.where(Case.status == CaseStatus(status))
    return query.order_by(Case.status.in_(ENDED), Case.asked_on.desc(), Case.id.desc())


def open_of(actor: Actor, state_id: int) -> Case | None:
    """The open round of a State, when the actor may see it."""
    query = listed(actor).where(Case.state_id == state_id, Case.status.not_in(ENDED))
    return db.session.scalars(query).unique().first()


def of_meeting(actor: Actor, meeting: Meeting) -> Case | None:
    """The case that a meeting belongs to, when the actor may see it."""
    if not may_ever(actor, "cases.view"):
        return None
    return db.session.scalars(scope(actor, "cases.view", Case).where(Case.meeting_id == meeting.id)).first()


def invitation(actor: Actor, number: int) -> Invitation | None:
    """An invitation of the actor's own party; any for the ISU."""
    query = scope(actor, "cases.invited", Invitation).where(Invitation.id == number).options(
        joinedload(Invitation.party), joinedload(Invitation.case).options(*WITH_STATE))
    return db.session.scalars(query).unique().first()


def unanswered(actor: Actor) -> list[Invitation]:
    """The invitations that wait for the answer of the actor's own party, the oldest first."""
    if actor.party_id is None or not may_ever(actor, "cases.answer"):
        return []
    query = scope(actor, "cases.answer", Invitation).where(
        Invitation.party_id == actor.party_id, Invitation.status == InvitationStatus.SENT)
    return list(db.session.scalars(query.options(joinedload(Invitation.case).options(*WITH_STATE)).order_by(Invitation.id)))


def unsaid(actor: Actor, today: date) -> list[CaseSupport]:
    """Answers on support that are due and not given: of the actor's State, or all of them for the ISU; the oldest first."""
    if not may_ever(actor, "cases.report"):
        return []
    query = scope(actor, "cases.report", CaseSupport).where(
        CaseSupport.answer.is_(None), CaseSupport.due_on <= today, CaseSupport.case.has(Case.status == CaseStatus.MET))
    query = query.options(joinedload(CaseSupport.case).options(*WITH_STATE)).order_by(CaseSupport.due_on, CaseSupport.id)
    return list(db.session.scalars(query).unique())


def waiting(actor: Actor) -> list[Case]:
    """Cases that wait for this actor to accept them, the oldest first."""
    if not may_ever(actor, "cases.accept"):
        return []
    query = scope(actor, "cases.accept", Case).options(*WITH_STATE).order_by(Case.asked_on, Case.id)
    return list(db.session.scalars(query).unique())


def shared() -> list[Case]:
    """Cases whose summary without names is open to everybody, with their State's consent; the newest first.

    Whoever asks: what is shown of them is the summary and its day alone, in an order and under an address that name no State.
    """
    return list(db.session.scalars(select(Case).where(Case.shared_on.is_not(None)).order_by(Case.shared_on.desc(), Case.id)))


def said_of(actor: Actor, meetings: Iterable[Meeting]) -> dict[int, CaseSupport]:
    """What States said last of the support since these meetings, by meeting, as far as the actor may see their cases."""
    if not may_ever(actor, "cases.view"):
        return {}
    query = scope(actor, "cases.view", Case).where(Case.meeting_id.in_([one.id for one in meetings])).options(
        selectinload(Case.support))
    found: dict[int, CaseSupport] = {}
    for case in db.session.scalars(query).unique():
        for one in case.support:
            if one.answer is not None and case.meeting_id is not None:
                found[case.meeting_id] = one
    return found


def people_of(party: Party) -> list[Account]:
    """The active people of a State or organisation who act for it."""
    query = select(Account).where(Account.active, Account.party_id == party.id, Account.role.in_(FOR_A_PARTY))
    return list(db.session.scalars(query.order_by(Account.id)).unique())


def since(actor: Actor, case: Case) -> Sequence[Pledge]:
    """Pledges for the State announced after its meeting, within the actor's sight, the newest first."""
    return [] if case.meeting is None else meetings.support_since(actor, case.meeting, date.today())

