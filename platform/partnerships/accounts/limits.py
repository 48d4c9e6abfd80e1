"""Limits on trying: failures and letters are counted in the database, so that all processes count together."""

from __future__ import annotations

import hashlib

from flask import current_app, request
from sqlalchemy import delete, func, select
from werkzeug.wrappers import Response

from partnerships.accounts.models import SignInAttempt
from partnerships.core.db import db, utcnow
from partnerships.core.errors import app_page

# A network address may be a whole ministry's: it may fail this many times as often as one person.
PER_NETWORK = 5


def _digest(bucket: str) -> str:
    return hashlib.sha256(bucket.encode()).hexdigest()


def _buckets(kind: str, whom: str) -> dict[str, int]:
    """The buckets of one kind of trying: of the person or address tried, and of the network it comes from: {digest: most}."""
    most = current_app.config["SETTINGS"].sign_in_attempts
    return {_digest(f"{kind}:{whom}"): most, _digest(f"{kind}-net:{request.remote_addr or ''}"): most * PER_NETWORK}


def too_many(kind: str, whom: str) -> bool:
    """Whether this was tried too often of late: with this person or address, or from this network."""
    most = _buckets(kind, whom)
    since = utcnow() - current_app.config["SETTINGS"].sign_in_window
    with db.apart() as own:
        count = own.execute(select(SignInAttempt.bucket, func.count()).where(
            SignInAttempt.at > since, SignInAttempt.bucket.in_(most)).group_by(SignInAttempt.bucket)).all()
    return any(number >= most[bucket] for bucket, number in count)


def note(kind: str, whom: str) -> None:
    """Count one, in a transaction of its own: the request itself may end without one."""
    db.session.rollback()  # somebody signed in already holds the write lock by being known: nothing was written yet
    with db.apart(write=True) as own:
        own.execute(delete(SignInAttempt).where(
            SignInAttempt.at < utcnow() - current_app.config["SETTINGS"].sign_in_window))
        own.add_all([SignInAttempt(bucket=bucket) for bucket in _buckets(kind, whom)])


def forget(kind: str, whom: str) -> None:
    """Forget the failures with this person or address: it went well."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.bucket == _digest(f"{kind}:{whom}")))


def refusal() -> Response:
    """The page that says to wait."""
    window = current_app.config["SETTINGS"].sign_in_window
    answer = app_page(429, minutes=int(window.total_seconds() // 60))
    answer.headers["Retry-After"] = str(int(window.total_seconds()))
    return answer
