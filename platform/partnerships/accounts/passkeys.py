"""Passkeys (WebAuthn): made and asked for by the browser, checked here. One counts as both factors: it asks for the person."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import webauthn
from flask import current_app, request, session
from sqlalchemy import select
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from partnerships.accounts.models import Account, Passkey
from partnerships.core.db import db, utcnow

MOST = 10
NAME = "Platform for Partnerships"
MAKING, ASKING = "passkey-making", "passkey-asking"


def place() -> tuple[str, str] | None:
    """The (host name, origin) that passkeys are bound to; None where browsers allow none (an address in numbers).

    The host that a browser names is believed for "localhost" alone, and never in production.
    """
    settings = current_app.config["SETTINGS"]
    asked = urlsplit(request.host_url)
    parts = asked if asked.hostname == "localhost" and not settings.production else urlsplit(settings.public_url)
    host = parts.hostname or ""
    if not host or host.replace(".", "").isdigit() or ":" in host:
        return None
    return host, f"{parts.scheme}://{parts.netloc}"


def of(account: Account) -> list[Passkey]:
    """A person's passkeys, the oldest first."""
    return list(db.session.scalars(select(Passkey).where(Passkey.account_id == account.id).order_by(Passkey.id)))


def making(account: Account) -> dict[str, Any] | None:
    """What the browser is to be asked for, to make a passkey; None where none can be."""
    where = place()
    if where is None:
        return None
    options = webauthn.generate_registration_options(
        rp_id=where[0], rp_name=NAME, user_id=str(account.id).encode(), user_name=account.email,
        user_display_name=account.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential)) for one in of(account)])
    session[MAKING] = bytes_to_base64url(options.challenge)
    return dict(json.loads(webauthn.options_to_json(options)))


def make(account: Account, answer: str, name: str) -> Passkey | None:
    """Keep the passkey that a browser made. Returns: None when its answer does not hold; each challenge serves once."""
    where, challenge = place(), session.pop(MAKING, "")
    if where is None or not challenge:
        return None
    try:
        made = webauthn.verify_registration_response(
            credential=answer, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=where[0],
            expected_origin=where[1], require_user_verification=True)
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return None
    kept = Passkey(account_id=account.id, credential=bytes_to_base64url(made.credential_id), name=name,
                   public_key=made.credential_public_key, count=made.sign_count)
    db.session.add(kept)
    db.session.flush()
    return kept


def asking() -> dict[str, Any] | None:
    """What the browser is to be asked for, to sign in with a passkey of whatever person; None where none can be."""
    where = place()
    if where is None:
        return None
    options = webauthn.generate_authentication_options(
        rp_id=where[0], user_verification=UserVerificationRequirement.REQUIRED)
    session[ASKING] = bytes_to_base64url(options.challenge)
    return dict(json.loads(webauthn.options_to_json(options)))


def check(answer: str) -> Account | None:
    """The person whose passkey signed the challenge; None when the answer does not hold or the account is closed."""
    where, challenge = place(), session.pop(ASKING, "")
    if where is None or not challenge:
        return None
    try:
        told = webauthn.helpers.parse_authentication_credential_json(answer)
        kept = db.session.scalars(select(Passkey).where(Passkey.credential == bytes_to_base64url(told.raw_id))).first()
        if kept is None:
            return None
        seen = webauthn.verify_authentication_response(
            credential=told, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=where[0],
            expected_origin=where[1], credential_public_key=kept.public_key, credential_current_sign_count=kept.count,
            require_user_verification=True)
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return None
    account = db.session.get(Account, kept.account_id)
    if account is None or not account.active:
        return None
    kept.count, kept.used_at = seen.new_sign_count, utcnow()
    db.session.flush()
    return account
