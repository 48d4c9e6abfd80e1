"""The jobs of cases: letters to those invited, and the question to a State, 6 and 12 months on, what support came since."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from partnerships.cases import mails, queries
from partnerships.cases.models import Case, CaseSupport, Invitation
from partnerships.cases.states import CaseStatus, InvitationStatus
from partnerships.core import jobs
from partnerships.core.db import db

# Days after its due day on which a question is asked (again); afterwards the ISU's desk shows it, and a person speaks.
STAGES = (0, 30, 60)
# A worker that stood still asks late, but not about a stage long gone.
TELLABLE = timedelta(days=25)


def ask(today: date) -> int:
    """Write the letters that are due on a day. Returns: how many were written; run again it writes none twice."""
    query = select(CaseSupport).join(CaseSupport.case).where(
        CaseSupport.answer.is_(None), CaseSupport.due_on <= today, Case.status == CaseStatus.MET).options(
        joinedload(CaseSupport.case).joinedload(Case.state)).order_by(CaseSupport.id)
    written = 0
    for support in db.session.scalars(query).unique():
        stage = _stage(support.due_on, today)
        if stage is not None:
            people = queries.people_of(support.case.state)
            written += sum(mails.ask(account, support, stage, today) for account in people)
    return written


def _stage(due: date, today: date) -> int | None:
    for stage, days in reversed(list(enumerate(STAGES))):
        first = due + timedelta(days=days)
        if first <= today <= first + TELLABLE:
            return stage
    return None


def invite(_today: date) -> int:
    """Write to the people of those invited who have not answered. Returns: how many letters were written, each once."""
    waiting = select(Invitation).join(Invitation.case).where(
        Invitation.status == InvitationStatus.SENT, Case.status == CaseStatus.PREPARING).options(
        joinedload(Invitation.party), joinedload(Invitation.case).joinedload(Case.state)).order_by(Invitation.id)
    return sum(mails.invite(account, one) for one in db.session.scalars(waiting).unique()
               for account in queries.people_of(one.party))


jobs.declare("invitations", invite)
jobs.declare("ask-support", ask)
