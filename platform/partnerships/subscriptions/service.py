"""Asking for letters, confirming, leaving; the jobs that write them and forget what nobody confirmed. Flushes, never commits.

Nothing of it is on the record of events, which is never deleted: a subscription that ends leaves nothing behind.
"""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from partnerships.core import jobs
from partnerships.core.actor import PUBLIC
from partnerships.core.constraints import explain
from partnerships.core.db import db, utcnow
from partnerships.core.delivery import MOST_ATTEMPTS
from partnerships.core.mail import Mail
from partnerships.searches import digests
from partnerships.subscriptions import mails, queries, words
from partnerships.subscriptions.models import Subscription
from partnerships.subscriptions.states import Rhythm

MOST = 10  # of one address, those it did not confirm included
MOST_FAILURES = 3  # letters in a row that were given up, each after six attempts
explain(uq_subscription_key=_l("Another subscription has this word: ask again."),
        ck_subscription_failures_not_negative=_l("Failures are counted from zero."))


def ask(address: str, query: str, rhythm: Rhythm, language: str) -> None:
    """Write to an address, whether it wants these letters. Whoever asks learns nothing of what the address has already.

    Arguments: address, normalised; query, as `addresses.kept` gives it. An earlier question about the same list that waits for
    its answer is replaced; an address with as many as it may have is told so, in a letter.
    """
    held = queries.of_address(address)
    for one in held:
        if one.query == query and one.confirmed_at is None:
            _end(one)
            held = [other for other in held if other is not one]
    if len(held) >= MOST:
        mails.full(address, language, MOST, utcnow().date())
        return
    found = Subscription(address=address, query=query, rhythm=rhythm, language=language, looked_at=utcnow())
    db.session.add(found)
    db.session.flush()
    mails.ask(found)


def confirm(found: Subscription) -> bool:
    """The address said yes. An older subscription of it to the same list ends. Returns: False when it had said so before."""
    if found.confirmed_at is not None:
        return False
    for other in queries.of_address(found.address):
        if other is not found and other.query == found.query:
            _end(other)
    found.confirmed_at = found.looked_at = utcnow()
    db.session.flush()
    return True


def leave(found: Subscription) -> None:
    """End a subscription: its address is erased at once, with the letters that wait for it."""
    _end(found)


def _end(found: Subscription) -> None:
    db.session.execute(delete(Mail).where(Mail.key.startswith(mails.key(found), autoescape=True)).execution_options(
        synchronize_session=False))
    db.session.delete(found)
    db.session.flush()


def write(today: date) -> int:
    """Write the letters that are due, each with what is new for everybody's eyes. Nothing new, no letter.

    Returns: how many were written.
    """
    written = 0
    for found in queries.due(today):
        moment = utcnow()
        hits, total = digests.new(PUBLIC, found.query, found.looked_at, today)
        told = bool(total) and mails.digest(found, hits, total, today)
        if told or not total:  # what today's letter no longer told of is told tomorrow
            found.looked_at = moment
        written += told
    db.session.flush()
    return written


def tidy(today: date) -> int:
    """Erase what nobody confirmed in time, and addresses that letters do not reach. Returns: how many subscriptions ended."""
    ended = 0
    for late in db.session.scalars(select(Subscription).where(
            Subscription.confirmed_at.is_(None), Subscription.created_at < utcnow() - words.TO_CONFIRM)):
        _end(late)
        ended += 1
    for letter in db.session.scalars(select(Mail).where(
            Mail.kind.in_(mails.KINDS), Mail.sent_at.is_(None), Mail.attempts >= MOST_ATTEMPTS)).all():
        ended += _given_up(letter)
    old = utcnow() - timedelta(days=30)  # of a letter that was sent only its key is left, so that it is written once
    db.session.execute(delete(Mail).where(Mail.kind.in_(mails.KINDS), Mail.sent_at < old).execution_options(
        synchronize_session=False))
    return ended


def _given_up(letter: Mail) -> bool:
    """Count a letter that was given up, and forget it. Returns: whether its subscription ended."""
    found = db.session.scalars(select(Subscription).where(Subscription.key == mails.whose(letter.key))).first()
    db.session.delete(letter)
    db.session.flush()
    if found is None:
        return False
    found.failures += 1
    if found.confirmed_at is not None and found.failures < MOST_FAILURES:
        return False
    _end(found)
    return True


jobs.declare("subscriptions", write)
jobs.declare("unconfirmed", tidy, jobs.Every.HOUR)
