"""What the engine keeps and what people answer to it, committed: for the rooms' own tests and for the laws of the house."""

from __future__ import annotations

from sqlalchemy import select

from partnerships.accounts.session import actor_of
from partnerships.core.actor import Role
from partnerships.core.db import db, utcnow
from partnerships.matching.weights import prior_weights
from partnerships.needs.models import Need
from partnerships.suggestions import service
from partnerships.suggestions.models import Answer, EngineLanguage, EngineWeights, Origin, Reason, Verdict
from tests.support.factories import Make


def answered(make: Make, need: Need, party: str = "NOR", verdict: Verdict = Verdict.NOT_RELEVANT) -> Answer:
    """What a new person of a party says to a need."""
    account = make.account(Role.DONOR_OFFICER, party)
    service.answer(need, actor_of(account), verdict, reason=Reason.TIMING, note="Not this year.")
    db.session.commit()
    return db.session.scalars(select(Answer).where(Answer.need_id == need.id, Answer.account_id == account.id)).one()


def version_of_weights() -> EngineWeights:
    """A version of the weights that serves: the shipped points, as a row."""
    row = EngineWeights(origin=Origin.ADJUSTED, points=dict(prior_weights()), note="As shipped.", activated_at=utcnow())
    db.session.add(row)
    db.session.commit()
    return row


def vocabulary() -> EngineLanguage:
    """A row of the vocabulary that no process can read, and that therefore gives way to the shipped one."""
    row = EngineLanguage(digest="0" * 16, texts=0, words=b"", seen=b"")
    db.session.add(row)
    db.session.commit()
    return row
