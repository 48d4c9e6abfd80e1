"""Secrets that the platform must use again (to check a code, to sign), kept encrypted under its own key."""

from __future__ import annotations

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


@cache
def _lock(purpose: str, keys: tuple[str, ...]) -> MultiFernet:
    def key(secret: str) -> bytes:
        made = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"partnerships.{purpose}".encode()).derive(secret.encode())
        return base64.urlsafe_b64encode(made)

    return MultiFernet([Fernet(key(secret)) for secret in keys])


def _keys(purpose: str) -> MultiFernet:
    older = current_app.config.get("SECRET_KEY_FALLBACKS") or ()  # still read; the present key writes
    return _lock(purpose, (str(current_app.config["SECRET_KEY"]), *map(str, older)))


def shut(purpose: str, secret: str) -> str:
    """A secret as it is kept. Arguments: purpose, a word of its own key, so that one room's secrets open no other's."""
    return _keys(purpose).encrypt(secret.encode()).decode()


def opened(purpose: str, kept: str) -> str | None:
    """The secret again; None when it cannot be read (the server's key has changed)."""
    try:
        return _keys(purpose).decrypt(kept.encode()).decode()
    except (InvalidToken, ValueError):
        return None
