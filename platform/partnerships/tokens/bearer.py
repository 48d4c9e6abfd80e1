"""Who the program behind a request of the API is: the key in its header says, and nothing else. Cookies count for nothing there."""

from __future__ import annotations

import re
import secrets
from datetime import date
from typing import Any

from flask import Flask, abort, current_app, g, request
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from partnerships.accounts.models import Account
from partnerships.accounts.session import SEEN_EVERY, actor_of, digest
from partnerships.core import problems
from partnerships.core.actor import PUBLIC, Actor
from partnerships.core.db import SAFE_METHODS, db, utcnow
from partnerships.parties import queries as parties
from partnerships.tokens.models import Token
from partnerships.tokens.states import TokenKind

_SECRET = re.compile(r"pfp_([0-9]{1,9})_([A-Za-z0-9_-]{43})")


def init_app(app: Flask) -> None:
    """Say who asks, after the session said who the browser's person is."""
    app.before_request(_introduce)


def _introduce() -> Any:
    if not problems.wanted():
        return
    g.account, g.token, g.actor = None, None, PUBLIC
    given = request.headers.get("Authorization", "")
    if given:
        g.token = _token(given)
        if g.token is None:
            abort(401)
        g.actor = actor_of_token(g.token)
        _touch(g.token)


def _token(given: str) -> Token | None:
    kind, _space, secret = given.partition(" ")
    told = _SECRET.fullmatch(secret.strip()) if kind.lower() == "bearer" else None
    if told is None:
        return None
    found = db.session.scalars(select(Token).where(Token.id == int(told[1])).options(
        joinedload(Token.account).joinedload(Account.party), joinedload(Token.party))).first()
    if found is None or not secrets.compare_digest(found.digest, digest(told[2])) or not found.alive(date.today()):
        return None
    if current_app.config["SETTINGS"].production and found.account.is_demo:  # its password is in the README
        return None
    return found


def actor_of_token(token: Token) -> Actor:
    """The actor of a key: the person, or the party under the role that its maker had."""
    if token.kind is TokenKind.PERSONAL:
        return actor_of(token.account)
    return Actor(role=token.role, party_id=token.party_id, name=token.name, party_name=token.party.name_en,
                 party_ref=token.party.ref, is_demo=token.is_demo,
                 of_state_party=token.party.is_state and parties.is_state_party(token.party_id, date.today()))


def _touch(token: Token) -> None:
    """Note that a key is in use; in a transaction of its own where the request only reads."""
    if token.last_used_at is not None and (utcnow() - token.last_used_at).total_seconds() < SEEN_EVERY:
        return
    noted = update(Token).where(Token.id == token.id).values(last_used_at=utcnow(), updated_at=Token.updated_at)
    if request.method in SAFE_METHODS:
        with db.apart(write=True) as own:
            own.execute(noted)
    else:
        db.session.execute(noted.execution_options(synchronize_session=False))
