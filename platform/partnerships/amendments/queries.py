"""Reading changes to published needs, each time as far as the actor may see."""

from __future__ import annotations

from sqlalchemy.orm import joinedload

from partnerships.amendments.models import Amendment
from partnerships.amendments.states import OPEN, AmendmentStatus
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.needs.models import Need


def open_of(actor: Actor, need: Need) -> Amendment | None:
    """The change to this need that is being worked on or waits for verification, when the actor may see it."""
    query = scope(actor, "amendments.view", Amendment).where(Amendment.need_id == need.id, Amendment.status.in_(OPEN))
    return db.session.scalars(query.options(joinedload(Amendment.need))).first()


def waiting(actor: Actor) -> list[Amendment]:
    """The changes that wait for verification, longest waiting first."""
    query = scope(actor, "amendments.view", Amendment).where(Amendment.status == AmendmentStatus.SUBMITTED)
    return list(db.session.scalars(query.options(joinedload(Amendment.need).joinedload(Need.party)).order_by(
        Amendment.submitted_at, Amendment.id)))
