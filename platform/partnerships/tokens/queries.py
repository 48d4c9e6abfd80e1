"""Reading keys."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.tokens.models import Token


def listed(actor: Actor) -> list[Token]:
    """The keys that the actor may see and that are not revoked, the newest first; those past their day too."""
    query = scope(actor, "tokens.view", Token).where(Token.revoked_at.is_(None)).options(
        joinedload(Token.account), joinedload(Token.party))
    return list(db.session.scalars(query.order_by(Token.id.desc())))


def by_id(actor: Actor, number: int) -> Token | None:
    """One key, when the actor may see it."""
    return db.session.scalars(scope(actor, "tokens.view", Token).where(Token.id == number)).first()


def count(actor: Actor, today: date) -> int:
    """How many keys that open something the person has made."""
    return db.session.scalar(select(func.count()).select_from(Token).where(
        Token.account_id == actor.account_id, Token.revoked_at.is_(None), Token.expires_on >= today)) or 0
