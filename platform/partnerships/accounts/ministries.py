"""Signing in through a ministry's own system (OpenID Connect): only by the settings, only for accounts that were opened here.

A ministry vouches for who somebody is; it opens no account by itself and gives no rights. An account is bound to the pair
(issuer, subject), never to an address that a system says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from authlib.integrations.requests_client import OAuth2Session
from flask import Flask, current_app, session
from joserfc.errors import JoseError
from requests import RequestException
from sqlalchemy import select

from partnerships.accounts.models import Account
from partnerships.core import mail
from partnerships.core.db import db, utcnow
from partnerships.settings import Ministry


class _Session(OAuth2Session):
    """A session with a ministry's system that is sent nowhere else by it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.max_redirects = 0


class _App(FlaskOAuth2App):
    client_cls = _Session


class _OAuth(OAuth):
    oauth2_client_cls = _App


VOUCHED, PURPOSE = "ministry", "ministry-for"
PATIENCE = 10 * 60  # seconds to come back and go on
TIMEOUT = 10  # seconds, for each answer of the ministry's system
MULTIPLE_FACTORS = {"mfa", "otp", "hwk", "swk", "sc", "fpt"}  # RFC 8176


@dataclass(frozen=True)
class Vouched:
    """What a ministry's system said of a person."""

    ministry: Ministry
    subject: str
    email: str  # empty unless the system says that it is verified
    several_factors: bool

    @property
    def method(self) -> str:
        """How this way of coming in counts."""
        return "ministry+mfa" if self.several_factors and self.ministry.trusts_mfa else "ministry"


def init_app(app: Flask) -> None:
    """Make a client for each ministry of the settings. Nothing is fetched yet."""
    oauth = _OAuth(app)
    for one in app.config["SETTINGS"].ministries:
        oauth.register(one.key, client_id=one.client_id, client_secret=one.client_secret,
                       server_metadata_url=f"{one.issuer}/.well-known/openid-configuration",
                       client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "timeout": TIMEOUT})
    app.extensions["ministries"] = oauth


def offered() -> tuple[Ministry, ...]:
    """The ministries of the settings."""
    return tuple(current_app.config["SETTINGS"].ministries)


def by_key(key: str) -> Ministry | None:
    """One of them."""
    return next((one for one in offered() if one.key == key), None)


def _client(ministry: Ministry) -> Any:
    return current_app.extensions["ministries"].create_client(ministry.key)


def go(ministry: Ministry, purpose: str) -> Any:
    """The redirect to a ministry's sign-in; None when its system does not answer.

    Arguments: purpose, what is done on coming back: "sign-in", "link", or the word of an invitation.
    """
    session[PURPOSE] = purpose
    try:
        return _client(ministry).authorize_redirect(mail.link("accounts.ministry_back", key=ministry.key))
    except (AuthlibBaseError, RequestException, JoseError, ValueError, KeyError):
        return None


def back(ministry: Ministry) -> Vouched | None:
    """Who came back, after the answer's state, nonce, signature, issuer, audience and time were checked; None when one is wrong."""
    try:
        told = _client(ministry).authorize_access_token(leeway=60)["userinfo"]
        if told["iss"] != ministry.issuer:
            return None
        found = Vouched(ministry, str(told["sub"]), str(told.get("email", "")).lower() if told.get("email_verified") is True
                        else "", bool(MULTIPLE_FACTORS & set(told.get("amr") or ())))
    except (AuthlibBaseError, RequestException, JoseError, ValueError, KeyError, TypeError):
        return None
    session[VOUCHED] = [ministry.key, found.subject, found.email, found.several_factors, utcnow().timestamp()]
    return found


def vouched() -> tuple[Vouched, str] | None:
    """Who came back a moment ago in this browser, and what for; asked once."""
    kept, purpose = session.pop(VOUCHED, None), session.pop(PURPOSE, "sign-in")
    ministry = by_key(kept[0]) if kept and utcnow().timestamp() - kept[4] < PATIENCE else None
    return (Vouched(ministry, *kept[1:4]), purpose) if ministry is not None else None


def account_of(told: Vouched) -> Account | None:
    """The open account that is bound to this person of this ministry."""
    return db.session.scalars(select(Account).where(
        Account.issuer == told.ministry.issuer, Account.issuer_subject == told.subject, Account.active)).first()
