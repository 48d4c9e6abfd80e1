"""Sessions: who the person behind a request is. A session is a row; its cookie holds a number and a secret, nothing else.

It ends after a time without use, after a time in all, when it is ended on the account's page, and with the account. At every
sign-in, change of rights and change of factors it begins anew under another secret.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import date

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from partnerships.accounts.models import Account, AccountSession
from partnerships.core.actor import PUBLIC, Actor
from partnerships.core.db import SAFE_METHODS, db, utcnow
from partnerships.parties import queries as parties

SEEN_EVERY = 300  # seconds between two notes that a session is in use
DEVICE_COOKIE_AGE = 400 * 24 * 3600


def init_app(app: Flask, manager: LoginManager) -> None:
    """Load the account from the session, and the actor from the account."""
    manager.user_loader(_load)
    app.before_request(_introduce)
    app.after_request(_remember_device)


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _load(kept: str) -> Account | None:
    number, _dot, secret = kept.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    found = db.session.scalars(select(AccountSession).where(AccountSession.id == int(number)).options(
        joinedload(AccountSession.account).joinedload(Account.party))).first()
    if found is None or not secrets.compare_digest(found.digest, digest(secret)) or not alive(found):
        return None
    found.account.ticket = kept
    g.account_session = found
    return found.account


def alive(found: AccountSession) -> bool:
    """Whether a session still opens anything."""
    settings, now = current_app.config["SETTINGS"], utcnow()
    if settings.production and found.account.is_demo:  # its password is in the README
        return False
    return (found.ended_at is None and found.account.active and found.seen_at > now - settings.session_idle
            and found.begun_at > now - settings.session_lifetime)


def _introduce() -> None:
    if request.endpoint == "static":
        return
    account = current_user._get_current_object() if current_user.is_authenticated else None
    g.account = account
    g.actor = actor_of(account) if account is not None else PUBLIC
    if account is not None:
        _touch(g.account_session)


def _touch(found: AccountSession) -> None:
    """Note that a session is in use; in a transaction of its own where the request only reads."""
    if (utcnow() - found.seen_at).total_seconds() < SEEN_EVERY:
        return
    noted = update(AccountSession).where(AccountSession.id == found.id).values(seen_at=utcnow())
    if request.method in SAFE_METHODS:
        with db.apart(write=True) as own:
            own.execute(noted)
    else:
        db.session.execute(noted.execution_options(synchronize_session=False))


def begin(account: Account, method: str) -> AccountSession:
    """Begin a session for a person on this device, and forget what the browser's session held before.

    Arguments: method, how the person came in ("password", "password+code", "passkey", "recovery", "ministry").
    """
    session.clear()
    device = _device()
    found, account.ticket = make(account, method, words=_words_of_device(request.user_agent.string), device=device)
    session.permanent = True
    login_user(account)
    g.account, g.account_session = account, found
    account.visit_before, account.last_sign_in = account.last_sign_in, utcnow()
    db.session.flush()
    return found


def make(account: Account, method: str, *, words: str = "", device: str = "") -> tuple[AccountSession, str]:
    """A session as a row. Returns: the session, and the ticket that its cookie is to hold."""
    secret = secrets.token_urlsafe(32)
    found = AccountSession(account_id=account.id, account=account, digest=digest(secret), device=words, method=method,
                           device_hash=digest(device) if device else "")
    db.session.add(found)
    db.session.flush()
    return found, f"{found.id}.{secret}"


def renew() -> None:
    """Give this request's session another secret: after a change of the person's rights or factors."""
    found, account = g.account_session, g.account
    secret = secrets.token_urlsafe(32)
    found.digest, found.confirmed_at = digest(secret), utcnow()
    account.ticket = f"{found.id}.{secret}"
    login_user(account)
    db.session.flush()


def end(account: Account, *, but: AccountSession | None = None) -> int:
    """End a person's sessions, all or all but one. Returns: how many ended."""
    conditions = [AccountSession.account_id == account.id, AccountSession.ended_at.is_(None)]
    if but is not None:
        conditions.append(AccountSession.id != but.id)
    ended = db.session.scalars(select(AccountSession).where(*conditions)).all()
    for one in ended:
        one.ended_at = utcnow()
    db.session.flush()
    return len(ended)


def sign_out() -> None:
    """End the session on this device."""
    found = g.get("account_session")
    if found is not None:
        found.ended_at = utcnow()
        db.session.flush()
    leave()


def leave() -> None:
    """Let the browser forget whom it was for."""
    logout_user()
    session.clear()


def known_device(account: Account) -> bool:
    """Whether the person has signed in from this browser before."""
    told = request.cookies.get(device_cookie(), "")
    return bool(told) and db.session.scalar(select(AccountSession.id).where(
        AccountSession.account_id == account.id, AccountSession.device_hash == digest(told)).limit(1)) is not None


def device_cookie() -> str:
    """The name of the cookie by which a browser is known again."""
    return "__Host-device" if current_app.config["SETTINGS"].secure_cookies else "device"


def _device() -> str:
    """The random word by which this browser is known again; a new one is sent with the answer."""
    told = request.cookies.get(device_cookie(), "")
    if not re.fullmatch(r"[\w-]{20,60}", told):
        told = secrets.token_urlsafe(24)
    g.new_device_word = told
    return told


def _remember_device(response: Response) -> Response:
    word = g.pop("new_device_word", None)
    if word is not None and response.status_code < 400:
        response.set_cookie(device_cookie(), word, max_age=DEVICE_COOKIE_AGE, httponly=True, samesite="Lax", path="/",
                            secure=current_app.config["SETTINGS"].secure_cookies)
    return response


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
           ("Linux", "Linux"))


def _words_of_device(agent: str) -> str:
    """What a person calls the device, from what the browser says of itself: "Firefox, Windows"."""
    def first(table: tuple[tuple[str, str], ...]) -> list[str]:
        return next(([words] for mark, words in table if mark in agent), [])

    return ", ".join(first(BROWSERS) + first(SYSTEMS))


def actor_of(account: Account) -> Actor:
    """The actor of an account, with its party's standing towards the Convention today."""
    return Actor(
        role=account.role, account_id=account.id, party_id=account.party_id, name=account.name,
        party_name=account.party.name_en, party_ref=account.party.ref,
        of_state_party=account.party.is_state and parties.is_state_party(account.party_id, date.today()),
        is_head=account.is_head, is_demo=account.is_demo,
    )
