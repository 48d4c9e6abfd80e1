"""Reading shares, each time as far as the actor may see."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.needs.models import Need
from partnerships.shares.models import NeedShare


def _whole(actor: Actor) -> Select[Any]:
    return scope(actor, "shares.view", NeedShare).options(
        joinedload(NeedShare.need).joinedload(Need.party), joinedload(NeedShare.party), joinedload(NeedShare.account))


def by_number(actor: Actor, number: int) -> NeedShare | None:
    """The share with this number, when the actor may know of it."""
    return db.session.scalars(_whole(actor).where(NeedShare.id == number)).first()


def of_need(actor: Actor, need: Need) -> list[NeedShare]:
    """With whom a need is or was shared, as far as the actor may know: those that last longest first."""
    query = _whole(actor).where(NeedShare.need_id == need.id).order_by(NeedShare.until.desc(), NeedShare.id)
    return list(db.session.scalars(query))


def with_us(actor: Actor, today: date) -> list[NeedShare]:
    """What others share with the actor's party today, what ends soonest first."""
    if actor.party_id is None:
        return []
    query = _whole(actor).where(NeedShare.party_id == actor.party_id, NeedShare.ended_at.is_(None), NeedShare.until >= today)
    return list(db.session.scalars(query.order_by(NeedShare.until, NeedShare.id)))


def by_us(actor: Actor) -> list[NeedShare]:
    """What the actor's State shares with others or did, what lasts longest first; for the ISU, what any State does."""
    query = _whole(actor).order_by(NeedShare.until.desc(), NeedShare.id.desc())
    if not actor.is_isu:
        query = query.where(NeedShare.need.has(Need.party_id == actor.party_id))
    return list(db.session.scalars(query))


def of_pair(need: Need, party_id: int) -> NeedShare | None:
    """The share of a need with a partner, lasting or over: one row a pair."""
    return db.session.scalars(select(NeedShare).where(NeedShare.need_id == need.id, NeedShare.party_id == party_id)).first()
