"""What a desk reads beyond the rooms' own queries, each time as far as the actor may see."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import and_, or_
from sqlalchemy.orm import joinedload

from partnerships.approach.models import Meeting
from partnerships.approach.states import MeetingStatus
from partnerships.conferences.models import Conference
from partnerships.conferences.states import ConferenceStatus
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.followups import queries as followups
from partnerships.followups.models import Followup
from partnerships.matches import queries as matches
from partnerships.matches.models import Match
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus, Origin
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import LIVE

WITH_THE_DESK = (NeedStatus.RETURNED, NeedStatus.DRAFT, NeedStatus.SUBMITTED)


def own_needs(actor: Actor, until: date) -> list[Need]:
    """The needs of the actor's State that are not published yet, and those it posted that leave matching by a day."""
    query = scope(actor, "needs.view", Need).where(Need.party_id == actor.party_id, or_(
        Need.status.in_(WITH_THE_DESK), and_(
            Need.status == NeedStatus.PUBLISHED, Need.origin == Origin.POSTED, Need.valid_until <= until)))
    return list(db.session.scalars(query.order_by(Need.id)))


def newest_needs(actor: Actor, today: date, limit: int) -> list[Need]:
    """The open needs within the actor's sight that were published last."""
    return list(db.session.scalars(needs.published(actor, {}, today).limit(limit)).unique())


def own_matches(actor: Actor) -> list[Match]:
    """The open matches of the actor's State or organisation, by the day of their next step."""
    query = matches.listed(actor).where((Match.party_id == actor.party_id) | (Match.state_id == actor.party_id))
    return list(db.session.scalars(query).unique())


def late_matches(actor: Actor, today: date) -> list[Match]:
    """Open matches within the actor's sight whose next step is past its day, longest overdue first."""
    return list(db.session.scalars(matches.listed(actor).where(Match.next_step_on < today)).unique())


def own_pledges(actor: Actor, until: date) -> list[Pledge]:
    """The live pledges of the actor's State or organisation whose next step is expected by a day."""
    query = scope(actor, "pledges.view", Pledge).where(
        Pledge.donor_id == actor.party_id, Pledge.status.in_(LIVE), Pledge.expected_on <= until)
    query = query.options(*pledges.WITH_PARTIES).order_by(Pledge.expected_on, Pledge.id)
    return list(db.session.scalars(query).unique())


def own_unheard(actor: Actor, today: date) -> list[Pledge]:
    """The live pledges of the actor's State or organisation of which nothing was heard for six months."""
    return [pledge for pledge in pledges.unheard(actor, today) if pledge.donor_id == actor.party_id]


def own_followups(actor: Actor, until: date) -> list[Followup]:
    """The open follow-ups that the actor's State or organisation owns and that are due by a day."""
    query = followups.listed(actor, owner=actor.party_id).where(Followup.due_on <= until)
    return list(db.session.scalars(query).unique())


def conference_at_hand(actor: Actor, today: date) -> Conference | None:
    """The pledging conference that is open, else the next one planned."""
    query = scope(actor, "conferences.view", Conference).where(or_(
        Conference.status == ConferenceStatus.OPEN,
        (Conference.status == ConferenceStatus.PLANNED) & (Conference.last_day >= today)))
    return db.session.scalars(query.order_by(
        Conference.status != ConferenceStatus.OPEN, Conference.first_day, Conference.id).limit(1)).first()


def meetings_ahead(actor: Actor, today: date, limit: int = 3) -> list[Meeting]:
    """The next planned country meetings within the actor's sight."""
    query = scope(actor, "approach.view", Meeting).where(
        Meeting.status == MeetingStatus.PLANNED, Meeting.held_on >= today - timedelta(days=1))
    return list(db.session.scalars(query.options(joinedload(Meeting.state)).order_by(
        Meeting.held_on, Meeting.id).limit(limit)))
