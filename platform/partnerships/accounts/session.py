"""Sessions: who the person behind a request is."""

from __future__ import annotations

from datetime import date

from flask import Flask, g, request
from flask_login import LoginManager, current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from partnerships.accounts.models import Account
from partnerships.core.actor import PUBLIC, Actor
from partnerships.core.db import db
from partnerships.parties import queries as parties


def init_app(app: Flask, manager: LoginManager) -> None:
    """Load the account from the session, and the actor from the account."""
    manager.user_loader(_load)
    app.before_request(_introduce)


def _load(kept: str) -> Account | None:
    number, _dot, key = kept.partition(".")
    if not number.isdigit():
        return None
    account = db.session.scalars(
        select(Account).where(Account.id == int(number)).options(joinedload(Account.party))).first()
    return account if account is not None and account.active and account.session_key == key else None


def _introduce() -> None:
    if request.endpoint == "static":
        return
    account = current_user._get_current_object() if current_user.is_authenticated else None
    g.account = account
    g.actor = actor_of(account) if account is not None else PUBLIC


def actor_of(account: Account) -> Actor:
    """The actor of an account, with its party's standing towards the Convention today."""
    return Actor(
        role=account.role, account_id=account.id, party_id=account.party_id, name=account.name,
        party_name=account.party.name_en, party_ref=account.party.ref,
        of_state_party=account.party.is_state and parties.is_state_party(account.party_id, date.today()),
        is_demo=account.is_demo,
    )
