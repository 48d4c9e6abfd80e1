"""Reading subscriptions: by what a letter's word says, those that are due, and how many there are."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select

from partnerships.core.db import db, utcnow
from partnerships.subscriptions.models import Subscription
from partnerships.subscriptions.states import Rhythm

MONDAY = 0


def by_key(number: int, key: str) -> Subscription | None:
    """The subscription that a signed word names, if it still is."""
    return db.session.scalars(select(Subscription).where(Subscription.id == number, Subscription.key == key)).first()


def of_address(address: str) -> list[Subscription]:
    """What an address asked for, confirmed or not."""
    return list(db.session.scalars(select(Subscription).where(Subscription.address == address).order_by(Subscription.id)))


def due(today: date) -> list[Subscription]:
    """Those to look at today: daily ones, and on Mondays the weekly ones; a weekly one that missed its Monday on the next day."""
    query = select(Subscription).where(Subscription.confirmed_at.is_not(None))
    if today.weekday() != MONDAY:
        missed = datetime.combine(today - timedelta(days=7), datetime.min.time(), tzinfo=utcnow().tzinfo)
        query = query.where(or_(Subscription.rhythm == Rhythm.DAILY, Subscription.looked_at < missed))
    return list(db.session.scalars(query.order_by(Subscription.id)))


def counts() -> list[tuple[str, int, int, int]]:
    """How many there are by list: (list, daily, weekly, not confirmed). Never whose."""
    found: dict[str, Counter[str]] = {}
    rows = db.session.execute(select(Subscription.query, Subscription.rhythm, Subscription.confirmed_at.is_not(None), func.count())
                              .group_by(Subscription.query, Subscription.rhythm, Subscription.confirmed_at.is_not(None)))
    for query, rhythm, confirmed, number in rows:
        found.setdefault(query.partition("?")[0], Counter())[rhythm.value if confirmed else ""] += number
    return [(place, one[Rhythm.DAILY.value], one[Rhythm.WEEKLY.value], one[""]) for place, one in sorted(found.items())]
