"""Reading notices: a person's own, and of these only what its event still lets the person see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import contains_eager

from partnerships.core import audit
from partnerships.core.actor import Actor
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.notices.models import Notice, NoticeSetting
from partnerships.notices.states import USUAL, Cadence, Kind


def of(actor: Actor) -> Select[Any]:
    """The person's notices, the newest first, as far as the person may still see what they tell of."""
    return select(Notice).join(Notice.event).where(
        Notice.account_id == (actor.account_id or 0), audit.readable(actor)).options(
        contains_eager(Notice.event).selectinload(Event.links)).order_by(Event.at.desc(), Notice.id.desc())


def unread(actor: Actor) -> int:
    """How many of them are not read yet; none where the database does not answer: the header must not break an error page."""
    try:
        return _unread(actor)
    except SQLAlchemyError:
        return 0


def _unread(actor: Actor) -> int:
    # Two short steps: most people have none, and then nothing else is asked.
    waiting = list(db.session.scalars(select(Notice.event_id).where(
        Notice.account_id == (actor.account_id or 0), Notice.read_at.is_(None)).limit(200)))
    if not waiting:
        return 0
    return db.session.scalar(select(func.count()).select_from(Event).where(Event.id.in_(waiting), audit.readable(actor))) or 0


def one(actor: Actor, number: int) -> Notice | None:
    """One of the person's notices."""
    return db.session.scalars(of(actor).where(Notice.id == number)).unique().first()


def cadences(account_id: int) -> dict[Kind, Cadence]:
    """How often letters of each kind come to a person."""
    rows = db.session.execute(select(NoticeSetting.kind, NoticeSetting.cadence).where(NoticeSetting.account_id == account_id))
    return {**USUAL, **{row.kind: row.cadence for row in rows}}


def untold() -> list[int]:
    """The accounts with notices of which no letter told yet."""
    return list(db.session.scalars(select(Notice.account_id).where(~Notice.told).distinct().order_by(Notice.account_id)))
