"""Inviting to a case's meeting, the answers, and the interest that was stated there. Flushes, never commits."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _

from partnerships.approach import view as approach
from partnerships.approach.models import Participant
from partnerships.cases.models import Case, Invitation, Statement
from partnerships.cases.states import CaseStatus, InvitationStatus
from partnerships.core import audit, policy
from partnerships.core.actor import PUBLIC, Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.matches import queries as matches
from partnerships.matches import service as matching
from partnerships.matches.models import Match
from partnerships.matches.states import OPEN as OPEN_MATCH
from partnerships.needs.models import Need
from partnerships.parties.models import Party


def invite(case: Case, actor: Actor, party: Party, message: str) -> Invitation:
    """Invite a State or organisation; its people see it at once, and the next job writes to them. The reasons are the public ones.

    Raises: Refused when it is the State itself, is invited already, or the case is not being prepared; 403.
    """
    policy.demand(actor, "cases.run", case)
    if case.status is not CaseStatus.PREPARING:
        raise Refused(_("Partners are invited while a case is being prepared."))
    if party.id == case.state_id:
        raise Refused(_("The State itself takes part in its own meeting: it needs no invitation."))
    if any(one.party_id == party.id for one in case.invitations):
        raise Refused(_("This State or organisation is invited already."))
    found = next((one.shown for one in approach.to_invite(PUBLIC, case.state, set()) if one.shown.party.id == party.id), None)
    one = Invitation(party=party, party_id=party.id, status=InvitationStatus.SENT, sent_on=date.today(), message=message.strip(),
                     score=float(found.score) if found else None, why=found.kept() if found else [])
    case.invitations.append(one)
    case.updated_at = utcnow()
    db.session.flush()
    # On the case's timeline only; the partner sees its own invitation.
    audit.record("case.invited", case, actor, changes={"party": (None, party.ref)})
    return one


def answer(one: Invitation, actor: Actor, *, comes: bool, words: str) -> bool:
    """Answer an invitation; the ISU may put down what it was told. Returns: whether anything changed. Raises: 403."""
    policy.demand(actor, "cases.answer", one)
    status = InvitationStatus.ACCEPTED if comes else InvitationStatus.DECLINED
    if (one.status, one.words) == (status, words.strip()):
        return False
    before = one.status
    one.status, one.words, one.answered_on = status, words.strip(), date.today()
    case = one.case
    if case.meeting is not None:
        _seat(case, one.party, comes)
    case.updated_at = utcnow()
    db.session.flush()
    audit.record("case.answered", case, actor, note=words, also=[case.state],
                 changes={"party": (None, one.party.ref), "invitation": (before, status)})
    return True


def _seat(case: Case, party: Party, comes: bool) -> None:
    assert case.meeting is not None
    seat = next((row for row in case.meeting.participants if row.party_id == party.id), None)
    if comes and seat is None:
        case.meeting.participants.append(Participant(party=party, party_id=party.id, capacity=_("Invited partner")))
    elif not comes and seat is not None:
        case.meeting.participants.remove(seat)


def state_interest(case: Case, actor: Actor, *, party: Party, need: Need, words: str, next_step: str,
                   next_step_on: date) -> Statement:
    """Put down the interest that somebody stated at the meeting: it begins a match, or becomes the next step of the open one.

    The match's owner is who puts it down, until its sides take it over. Raises: Refused; 403.
    """
    policy.demand(actor, "cases.run", case)
    if case.meeting is None or need.id not in {one.id for one in case.meeting.needs}:
        raise Refused(_("Choose one of the needs that the meeting discusses."))
    if party.id not in {row.party_id for row in case.meeting.participants} - {case.state_id}:
        raise Refused(_("Choose one of those who took part."))
    match = _matched(actor, need, party, words, next_step, next_step_on)
    said = Statement(party=party, party_id=party.id, need=need, need_id=need.id, match=match, words=words.strip(),
                     said_on=date.today())
    case.statements.append(said)
    case.updated_at = utcnow()
    db.session.flush()
    audit.record("case.stated", case, actor, note=words, changes={"party": (None, party.ref)})
    return said


def _matched(actor: Actor, need: Need, party: Party, words: str, next_step: str, next_step_on: date) -> Match:
    match: Any = matches.pair(need, party)
    if match is None or match.status not in OPEN_MATCH:
        match = matching.share(need, party, actor, message=words, next_step=next_step, next_step_on=next_step_on)
    else:
        matching.carry(match, actor, next_step=next_step, next_step_on=next_step_on, owner_id=actor.account_id or 0)
    return match
