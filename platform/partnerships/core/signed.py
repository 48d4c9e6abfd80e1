"""Signed words: what the link of a letter carries, so that its reader can do the one thing it asks without signing in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

LONGEST = 400


def seal(purpose: str, said: Sequence[Any]) -> str:
    """A word that says something plain (numbers and texts), signed.

    Arguments: purpose, signed with it, so that no other signed word of the platform opens the same door.
    """
    return str(_serializer(purpose).dumps(list(said)))


def unseal(purpose: str, word: str, parts: int, lifetime: timedelta) -> list[Any] | None:
    """What a word says; None when it was tampered with, is too old, has another purpose or another number of parts."""
    if not word or len(word) > LONGEST:
        return None
    try:
        said = _serializer(purpose).loads(word, max_age=int(lifetime.total_seconds()))
    except (BadData, UnicodeError):
        return None
    return said if isinstance(said, list) and len(said) == parts else None


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    older = current_app.config.get("SECRET_KEY_FALLBACKS") or []  # still read; the last key signs
    return URLSafeTimedSerializer([*older, current_app.config["SECRET_KEY"]], salt=purpose)
