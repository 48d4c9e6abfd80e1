"""The link of a letter: a signed word that lets its reader say "it still stands" without signing in, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from partnerships.accounts.models import Account
from partnerships.accounts.session import actor_of
from partnerships.core import signed
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import can
from partnerships.renewals import queries
from partnerships.renewals.queries import KINDS, Standing

LIFETIME = timedelta(days=30)
PURPOSE = "renewals.still-valid"


def token(account: Account, record: Standing) -> str:
    """The word for one person and one record. It dies after `LIFETIME`, and as soon as the record's date has changed."""
    return signed.seal(PURPOSE, [account.id, queries.kind_of(record), record.id, str(record.valid_until)])


def bearer(word: str, kind: str, ref: str) -> tuple[Actor, Any] | None:
    """The person a word stands for, and the record; None when it opens nothing.

    It opens nothing when it was tampered with, is too old, was used, is about another record, or when its person's
    account is closed or may no longer renew the record.
    """
    said = signed.unseal(PURPOSE, word, 4, LIFETIME)
    if said is None or said[1] != kind:
        return None
    account = db.session.get(Account, said[0])
    if account is None or not account.active:
        return None
    actor = actor_of(account)
    record = queries.by_ref(actor, kind, ref)
    if record is None or [record.id, str(record.valid_until)] != said[2:] or not can(actor, KINDS[kind][2], record):
        return None
    return actor, record
