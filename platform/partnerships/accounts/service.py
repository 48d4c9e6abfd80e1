"""Signing in and out: argon2 passwords, attempts counted in the database, sessions that start anew."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import session
from flask_login import login_user, logout_user
from sqlalchemy import delete, func, select

from partnerships.accounts.models import Account, SignInAttempt
from partnerships.core.db import db, utcnow

hasher = PasswordHasher()
# Verified when no account has the address, so that the answer takes as long as for a wrong password.
_NOBODY = hasher.hash("nobody has this password")


def _bucket(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def too_many(email: str, address: str, *, most: int, window: timedelta) -> bool:
    """Whether this e-mail address, or this network address (five times as many), has failed too often of late."""
    since = utcnow() - window
    with db.apart() as own:
        count = dict(own.execute(
            select(SignInAttempt.bucket, func.count()).where(
                SignInAttempt.at > since,
                SignInAttempt.bucket.in_([_bucket("mail", email), _bucket("net", address)]),
            ).group_by(SignInAttempt.bucket)).all())
    return count.get(_bucket("mail", email), 0) >= most or count.get(_bucket("net", address), 0) >= most * 5


def check(email: str, password: str) -> Account | None:
    """The active account with this address and password, or None. Takes the same time for unknown addresses."""
    with db.apart() as own:
        row = own.execute(select(Account.id, Account.password_hash, Account.active).where(Account.email == email)).first()
    try:
        hasher.verify(row.password_hash if row else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return None
    if row is None or not row.active:
        return None
    return db.session.get(Account, row.id)


def failed(email: str, address: str, *, window: timedelta) -> None:
    """Count a failed sign-in, in a transaction of its own: the request itself ends without one."""
    db.session.rollback()  # somebody signed in already holds the write lock by being known: nothing was written yet
    with db.apart(write=True) as own:
        own.execute(delete(SignInAttempt).where(SignInAttempt.at < utcnow() - window))
        own.add_all([SignInAttempt(bucket=_bucket("mail", email)), SignInAttempt(bucket=_bucket("net", address))])


def sign_in(account: Account, password: str) -> None:
    """Start a fresh session for the account; renew its hash when the parameters have grown; forget its failed attempts."""
    session.clear()
    session.permanent = True
    login_user(account)
    account.visit_before, account.last_sign_in = account.last_sign_in, utcnow()
    if hasher.check_needs_rehash(account.password_hash):
        account.password_hash = hasher.hash(password)
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.bucket == _bucket("mail", account.email)))
    db.session.flush()


def sign_out() -> None:
    """End the session on this device."""
    logout_user()
    session.clear()
