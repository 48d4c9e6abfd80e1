"""The link of a reminder: a signed word that lets a donor's officer say where one pledge stands without signing in."""

from __future__ import annotations

from datetime import timedelta

from partnerships.accounts.models import Account
from partnerships.accounts.session import actor_of
from partnerships.core import signed
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import can
from partnerships.pledges import queries, service
from partnerships.pledges.models import Pledge

LIFETIME = timedelta(days=30)
PURPOSE = "pledges.update"


def token(account: Account, pledge: Pledge) -> str:
    """The word for one person and one pledge. It dies after `LIFETIME`, and as soon as anything of the pledge has changed."""
    return signed.seal(PURPOSE, [account.id, pledge.id, pledge.version])


def bearer(word: str, ref: str, *, lock: bool = False) -> tuple[Actor, Pledge] | None:
    """The person a word stands for, and the pledge; None when it opens nothing.

    It opens nothing when it was tampered with, is too old, was used, is about another pledge, or when its person's account
    is closed or may no longer move the pledge. Arguments: lock, before something is written: of two clicks at once the
    second then finds the word used.
    """
    said = signed.unseal(PURPOSE, word, 3, LIFETIME)
    account = db.session.get(Account, said[0]) if said is not None and isinstance(said[0], int) else None
    if said is None or account is None or not account.active:
        return None
    actor = actor_of(account)
    pledge = queries.by_ref(actor, ref)
    if pledge is None:
        return None
    pledge = service.locked(pledge) if lock else pledge
    if [pledge.id, pledge.version] != said[1:] or not can(actor, service.ADVANCE, pledge):
        return None
    return actor, pledge
