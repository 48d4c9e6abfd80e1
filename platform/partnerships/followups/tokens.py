"""The link of a letter: a signed word that lets its reader say "done" of one follow-up without signing in, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from partnerships.accounts.models import Account
from partnerships.accounts.session import actor_of
from partnerships.core import policy, signed
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.followups import queries
from partnerships.followups.models import Followup
from partnerships.followups.states import FollowupStatus

LIFETIME = timedelta(days=30)
PURPOSE = "followups.done"


def token(account: Account, followup: Followup) -> str:
    """The word for one person and one follow-up. It dies after `LIFETIME`, and once the follow-up was closed or given on."""
    return signed.seal(PURPOSE, [account.id, followup.id, followup.owner_party_id])


def bearer(word: str, number: int) -> tuple[Actor, Followup] | None:
    """The person a word stands for, and the follow-up; None when it opens nothing (any more)."""
    said = signed.unseal(PURPOSE, word, 3, LIFETIME)
    account = db.session.get(Account, said[0]) if said is not None and said[1] == number else None
    if account is None or not account.active or said is None:
        return None
    actor = actor_of(account)
    followup = queries.by_id(actor, number)
    if followup is None or followup.owner_party_id != said[2] or followup.status is not FollowupStatus.OPEN:
        return None
    return (actor, followup) if policy.can(actor, "followups.resolve", followup) else None
