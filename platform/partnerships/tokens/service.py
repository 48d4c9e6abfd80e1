"""Making and revoking keys, and what a creating request was answered. Flushes, never commits."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import CursorResult, delete

from partnerships.accounts.session import digest
from partnerships.core import audit, jobs, policy
from partnerships.core.actor import FOR_A_PARTY, Actor
from partnerships.core.constraints import explain
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.tokens import queries
from partnerships.tokens.models import Token, TokenReceipt
from partnerships.tokens.states import Scope, TokenKind

MOST = 20
RECEIPTS = timedelta(days=2)  # how long a key of a creating request is remembered
audit.declare("token", Token, "tokens.view")
explain(uq_token_digest=_l("This key is already kept."),
        uq_token_receipt_token_id_key=_l("This request is already being answered."))


def make(actor: Actor, name: str, kind: TokenKind, scopes: Iterable[Scope], days: int) -> tuple[Token, str]:
    """Make a key.

    Returns: (the key, its secret): the secret is kept nowhere and cannot be shown again.
    Raises: Refused when the person has as many as it may, or when the role acts for no party.
    """
    if queries.count(actor, date.today()) >= MOST:
        raise Refused(_("You have %(most)s keys, which is as many as you may. Revoke one first.", most=MOST))
    if kind is TokenKind.ORGANISATION and actor.role not in FOR_A_PARTY:
        raise Refused(_("Your role has keys of its own only."))
    assert actor.account_id is not None  # only people make keys
    secret = secrets.token_urlsafe(32)
    token = Token(name=name, kind=kind, role=actor.role, scopes=tuple(sorted({Scope.READ.value, *(one.value for one in scopes)})),
                  digest=digest(secret), account_id=actor.account_id, party_id=actor.party_id, is_demo=actor.is_demo,
                  expires_on=date.today() + timedelta(days=days))
    db.session.add(token)
    db.session.flush()
    audit.record("token.made", token, actor, changes={"expires_on": (None, token.expires_on)})
    return token, f"pfp_{token.id}_{secret}"


def revoke(token: Token, actor: Actor) -> bool:
    """End a key: it opens nothing any more. Returns: False when it was revoked already."""
    policy.demand(actor, "tokens.revoke", token)
    if token.revoked_at is not None:
        return False
    token.revoked_at = utcnow()
    db.session.flush()
    audit.record("token.revoked", token, actor)
    return True


def forget_receipts(_today: date) -> int:
    """The job: answers to creating requests that nobody will ask for again. Returns: how many went."""
    gone = db.session.execute(delete(TokenReceipt).where(TokenReceipt.at < utcnow() - RECEIPTS))
    assert isinstance(gone, CursorResult)
    return gone.rowcount


jobs.declare("forget-receipts", forget_receipts)
