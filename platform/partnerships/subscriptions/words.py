"""The signed words of the letters: one to confirm, for three days and once; one to leave, for as long as letters are kept."""

from __future__ import annotations

from datetime import timedelta

from partnerships.core import signed
from partnerships.subscriptions import queries
from partnerships.subscriptions.models import Subscription

TO_CONFIRM = timedelta(days=3)
TO_LEAVE = timedelta(days=5 * 365)
CONFIRM, LEAVE = "subscriptions.confirm", "subscriptions.leave"


def to_confirm(found: Subscription) -> str:
    """The word that confirms a subscription."""
    return signed.seal(CONFIRM, [found.id, found.key])


def to_leave(found: Subscription) -> str:
    """The word that ends it."""
    return signed.seal(LEAVE, [found.id, found.key])


def asked(word: str) -> Subscription | None:
    """The subscription that a word confirms; None when it is forged, too old, was used, or its subscription is gone."""
    said = signed.unseal(CONFIRM, word, 2, TO_CONFIRM)
    found = queries.by_key(*said) if said else None
    return found if found is not None and found.confirmed_at is None else None


def leaving(word: str) -> tuple[bool, Subscription | None]:
    """(whether the word is one of ours, the subscription that it ends): there is none left once it was used."""
    said = signed.unseal(LEAVE, word, 2, TO_LEAVE)
    return said is not None, queries.by_key(*said) if said else None
