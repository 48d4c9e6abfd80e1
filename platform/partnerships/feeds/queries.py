"""Reading calendars: a person's own, and the one that a secret opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import joinedload

from partnerships.accounts.session import actor_of
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.policy import scope
from partnerships.feeds.models import Feed
from partnerships.feeds.policy import THROUGH_A_PARTY
from partnerships.feeds.states import What

NOTED_EVERY = timedelta(minutes=5)


def own(actor: Actor) -> list[Feed]:
    """The person's calendars that are not revoked, the newest first."""
    query = scope(actor, "feeds.own", Feed).where(Feed.revoked_at.is_(None)).order_by(Feed.id.desc())
    return list(db.session.scalars(query))


def count(actor: Actor) -> int:
    """How many calendars that are not revoked a person has."""
    return db.session.scalar(select(func.count()).select_from(
        scope(actor, "feeds.own", Feed).where(Feed.revoked_at.is_(None)).subquery())) or 0


def by_id(actor: Actor, number: int) -> Feed | None:
    """One calendar of the person's own."""
    return db.session.scalars(scope(actor, "feeds.own", Feed).where(Feed.id == number)).first()


def by_digest(digest: str) -> Feed | None:
    """The calendar that a secret opens, whoever brings it; None when it is revoked or its person's account opens nothing."""
    feed = db.session.scalars(select(Feed).where(Feed.token_hash == digest, Feed.revoked_at.is_(None)).options(
        joinedload(Feed.account))).first()
    if feed is None or (current_app.config["SETTINGS"].production and feed.account.is_demo):  # its password is in the README
        return None
    return feed if feed.account.active else None


def sight(feed: Feed) -> Actor | None:
    """Through whose eyes a calendar is filled, at this moment; None when the person's role no longer has such a calendar.

    A party's calendar is filled with what the role sees through the party, without what is the person's alone.
    """
    actor = actor_of(feed.account)
    if feed.what is What.OWN:
        return actor
    return replace(actor, account_id=None) if actor.role in THROUGH_A_PARTY else None


def note_fetch(feed: Feed) -> None:
    """Keep when a calendar was fetched last, apart from the request's own transaction, which only reads."""
    now = utcnow()
    with db.apart(write=True) as session:
        session.execute(update(Feed).where(Feed.id == feed.id, or_(
            Feed.last_fetched_at.is_(None), Feed.last_fetched_at < now - NOTED_EVERY)).values(last_fetched_at=now))
