"""Reading what the engine keeps: weights, answers."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import condition, scope
from partnerships.matches.models import Match
from partnerships.matches.states import OPEN, MatchStatus
from partnerships.matching.weights import checked
from partnerships.needs.models import Need
from partnerships.parties.models import Obligation, Party, Priorities
from partnerships.suggestions.models import Answer, EngineWeights, Verdict

log = logging.getLogger(__name__)
SaidNo = dict[int, list[tuple[str, datetime, datetime | None]]]
_NEWEST = EngineWeights.activated_at.desc(), EngineWeights.id.desc()
ACTIVE_WEIGHTS = select(EngineWeights.id).where(EngineWeights.activated_at.is_not(None)).order_by(*_NEWEST).limit(
    1).scalar_subquery()


def active_weights() -> EngineWeights | None:
    """The version that serves; None while the shipped weights do."""
    return db.session.scalar(select(EngineWeights).where(EngineWeights.id == ACTIVE_WEIGHTS))


def weights() -> dict[str, float] | None:
    """The points that serve, by term; None while the shipped weights do.

    A version of an older release may lack a term, or have one too many: the shipped weights serve then.
    """
    active = active_weights()
    if active is None:
        return None
    try:
        return checked(active.points)
    except ValueError as error:
        log.warning("Weights %s cannot serve, the shipped ones do: %s", active.ref, error)
        return None


def versions() -> list[EngineWeights]:
    """Every version of the weights, newest first."""
    query = select(EngineWeights).options(joinedload(EngineWeights.author)).order_by(EngineWeights.id.desc())
    return list(db.session.scalars(query).unique())


def set_aside(actor: Actor) -> SaidNo:
    """Partners that called a need not relevant, by need: (partner, when, when its priorities changed last).

    Only answers within the actor's sight: those of the actor's own party.
    """
    query = select(Answer.need_id, Party.ref, Answer.updated_at, Priorities.updated_at).join(Answer.party).join(
        Priorities, Priorities.party_id == Party.id, isouter=True).where(
        condition(actor, "answers.heed", Answer), Answer.verdict == Verdict.NOT_RELEVANT)
    found: SaidNo = defaultdict(list)
    for need_id, ref, on, changed in db.session.execute(query):
        found[need_id].append((ref, on, changed))
    return found


def own_answers(actor: Actor, need_ids: list[int]) -> dict[int, Answer]:
    """The actor's own last answer to each of several needs."""
    if actor.account_id is None:
        return {}
    query = scope(actor, "answers.view", Answer).where(
        Answer.account_id == actor.account_id, Answer.need_id.in_(need_ids))
    return {answer.need_id: answer for answer in db.session.scalars(query)}


def set_aside_needs(actor: Actor, party: Party) -> list[Answer]:
    """The needs that people of a party set aside, newest first, as far as the actor may see them."""
    query = scope(actor, "answers.view", Answer).join(Answer.need).where(
        Answer.party_id == party.id, Answer.verdict == Verdict.NOT_RELEVANT, condition(actor, "needs.view", Need))
    query = query.options(joinedload(Answer.need).joinedload(Need.party), joinedload(Answer.account))
    return list(db.session.scalars(query.order_by(Answer.updated_at.desc(), Answer.id.desc())).unique())


def still_stands(answer: Answer, stated: Priorities | None) -> bool:
    """Whether neither the need nor the priorities of the answering party changed since the answer."""
    changed = [answer.need.updated_at, *([stated.updated_at] if stated else [])]
    return all(moment <= answer.updated_at for moment in changed)


@dataclass(frozen=True)
class Contact:
    """A conversation that runs or led to an agreement: the need, its State and the partner."""

    need_id: int
    state_id: int
    partner: str


def contacts(actor: Actor) -> list[Contact]:
    """Every conversation within the actor's sight that is open or agreed."""
    query = select(Match.need_id, Match.state_id, Party.ref).join(Match.party).where(
        condition(actor, "matches.view", Match), Match.status.in_((*OPEN, MatchStatus.AGREED)))
    return [Contact(*row) for row in db.session.execute(query)]


def with_open_obligations() -> list[tuple[Party, date | None]]:
    """States with an obligation that is open, and its nearest deadline where one is on record; nearest first."""
    nearest = func.min(Obligation.deadline)
    query = select(Party, nearest).join(Obligation, Obligation.party_id == Party.id).where(
        Obligation.status == "open").group_by(Party.id).order_by(nearest.is_(None), nearest, Party.ref)
    return [(party, deadline) for party, deadline in db.session.execute(query)]


def answered() -> list[tuple[int, str, str, str]]:
    """What was said to suggestions, by answers and by deeds: (need's number, partner, verdict, account).

    For training only: who said it is a label to count by, and goes no further.
    """
    said = select(Answer.need_id, Party.ref, Answer.verdict, Answer.account_id).join(Answer.party).order_by(Answer.id)
    done = select(Match.need_id, Party.ref, Match.status, Match.owner_id).join(Match.party).order_by(Match.id)
    verdicts = {MatchStatus.INTEREST: "interest", MatchStatus.IN_TALKS: "interest", MatchStatus.AGREED: "agreed",
                MatchStatus.DECLINED: "declined"}
    found = [(need, ref, verdict.value, str(account)) for need, ref, verdict, account in db.session.execute(said)]
    found += [(need, ref, verdicts[status], str(account)) for need, ref, status, account in db.session.execute(done)
              if status in verdicts]
    return found
