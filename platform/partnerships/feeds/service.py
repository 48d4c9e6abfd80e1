"""Making and revoking calendars. Flushes, never commits."""

from __future__ import annotations

import secrets

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from partnerships.accounts.session import digest
from partnerships.core import audit, policy
from partnerships.core.actor import Actor
from partnerships.core.constraints import explain
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.feeds import queries
from partnerships.feeds.models import Feed
from partnerships.feeds.states import What

MOST = 10
audit.declare("feed", Feed, "feeds.own")
explain(uq_feed_token_hash=_l("This calendar is already kept."))


def make(actor: Actor, what: What) -> tuple[Feed, str]:
    """Make a calendar.

    Returns: (the calendar, its secret): the secret is kept nowhere and cannot be shown again.
    Raises: Refused when the person has as many calendars as it may.
    """
    if queries.count(actor) >= MOST:
        raise Refused(_("You have %(most)s calendars, which is as many as you may. Revoke one first.", most=MOST))
    assert actor.account_id is not None  # only people make calendars
    token = secrets.token_urlsafe(32)
    feed = Feed(account_id=actor.account_id, what=what, token_hash=digest(token), is_demo=actor.is_demo)
    db.session.add(feed)
    db.session.flush()
    audit.record("feed.made", feed, actor)
    return feed, token


def revoke(feed: Feed, actor: Actor) -> bool:
    """End a calendar: its address opens nothing any more. Returns: False when it was revoked already."""
    policy.demand(actor, "feeds.own", feed)
    if feed.revoked_at is not None:
        return False
    feed.revoked_at = utcnow()
    db.session.flush()
    audit.record("feed.revoked", feed, actor)
    return True
