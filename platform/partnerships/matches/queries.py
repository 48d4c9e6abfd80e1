"""Reading matches: only for the partner, the affected State and the ISU."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask import request
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from partnerships.accounts.models import Account
from partnerships.core.actor import FOR_A_PARTY, ISU, Actor
from partnerships.core.db import db
from partnerships.core.lists import PER_PAGE, Page, member, page_number
from partnerships.core.policy import condition, scope
from partnerships.matches.models import Match, MatchMessage
from partnerships.matches.states import OPEN, Decline, MatchStatus
from partnerships.needs.models import Need
from partnerships.offers.models import Offer
from partnerships.parties.models import Party, Priorities

FULL = (joinedload(Match.need).joinedload(Need.party), joinedload(Match.party), joinedload(Match.state),
        joinedload(Match.owner), joinedload(Match.offer), joinedload(Match.contact_asked_by))
# Where somebody asked the ISU to make the contact and nobody has answered: `Match.awaits_contact`, as SQL.
AWAITING = (Match.contact_asked_at.is_not(None), Match.contact_made_at.is_(None), Match.contact_shown_at.is_(None))
CARRYING = FOR_A_PARTY


def by_id(actor: Actor, number: int) -> Match | None:
    """One match, when the actor may see it."""
    query = scope(actor, "matches.view", Match).where(Match.id == number).options(*FULL)
    return db.session.scalars(query).unique().first()


def listed(actor: Actor, *, status: str = "", overdue: bool = False, contact: bool = False) -> Select[Any]:
    """The actor's matches: open ones by next step's date, those of one status, or those that wait for a first contact."""
    query = scope(actor, "matches.view", Match).options(*FULL)
    if member(MatchStatus, status):
        query = query.where(Match.status == MatchStatus(status))
    elif status != "all":
        query = query.where(Match.status.in_(OPEN))
    if overdue:
        query = query.where(Match.next_step_on < date.today())
    if contact:
        query = query.where(*AWAITING)
    return query.order_by(Match.next_step_on.is_(None), Match.next_step_on, Match.id)


def all_open(actor: Actor) -> list[Match]:
    """Every open match within the actor's sight with its owner's party, by the day of its next step."""
    query = listed(actor).options(joinedload(Match.owner).joinedload(Account.party))
    return list(db.session.scalars(query).unique())


def of_need(actor: Actor, need: Need) -> list[Match]:
    """The matches of a need within the actor's sight, by status and date."""
    query = scope(actor, "matches.view", Match).where(Match.need_id == need.id).options(*FULL)
    return list(db.session.scalars(query.order_by(Match.status, Match.next_step_on, Match.id)).unique())


def open_of_need(need: Need) -> list[Match]:
    """The open matches of a need whoever asks (for writing: those in contact learn of what changes)."""
    query = select(Match).where(Match.need_id == need.id, Match.status.in_(OPEN)).options(joinedload(Match.party))
    return list(db.session.scalars(query.order_by(Match.id)).unique())


def own_match(actor: Actor, need: Need) -> Match | None:
    """The match between a need and the actor's own party."""
    if actor.party_id is None:
        return None
    query = scope(actor, "matches.view", Match).where(Match.need_id == need.id, Match.party_id == actor.party_id)
    return db.session.scalars(query.options(*FULL)).unique().first()


def pair(need: Need, party: Party) -> Match | None:
    """The match of a pair whoever asks (for writing: one pair has one match)."""
    query = select(Match).where(Match.need_id == need.id, Match.party_id == party.id).options(*FULL)
    return db.session.scalars(query).unique().first()


def of_party(actor: Actor, party: Party) -> list[Match]:
    """A party's open matches, as partner or as affected State, within the actor's sight."""
    query = listed(actor).where((Match.party_id == party.id) | (Match.state_id == party.id))
    return list(db.session.scalars(query).unique())


def of_offer(actor: Actor, offer: Offer) -> list[Match]:
    """The matches that began, or went on, by asking for an offer, within the actor's sight; the newest first."""
    query = scope(actor, "matches.view", Match).where(Match.offer_id == offer.id).options(*FULL)
    return list(db.session.scalars(query.order_by(Match.id.desc())).unique())


def with_partner(actor: Actor, records: Iterable[Need], party: Party) -> dict[int, Match]:
    """The matches of these needs with one partner within the actor's sight, by need."""
    query = scope(actor, "matches.view", Match).where(
        Match.party_id == party.id, Match.need_id.in_([need.id for need in records]))
    return {match.need_id: match for match in db.session.scalars(query)}


def needs_in_contact(need_ids: list[int]) -> set[int]:
    """Of these needs, those that have a match at all (the ISU's suggestions ask this)."""
    return set(db.session.scalars(select(Match.need_id).where(Match.need_id.in_(need_ids))))


def possible_owners(match: Match) -> list[Account]:
    """Who may own the next step: active people of the two parties, then of the ISU, by name."""
    of_parties = Account.party_id.in_((match.party_id, match.state_id)) & Account.role.in_(CARRYING)
    query = select(Account).where(Account.active, of_parties | Account.role.in_(ISU))
    return sorted(db.session.scalars(query).unique(), key=lambda one: (one.role in ISU, one.name, one.id))


def has_people(party: Party) -> bool:
    """Whether anybody of a party can sign in, so that a conversation with it is seen on its side."""
    query = select(Account.id).where(Account.active, Account.party_id == party.id, Account.role.in_(CARRYING)).limit(1)
    return db.session.scalar(query) is not None


def declined(actor: Actor) -> dict[int, list[tuple[str, datetime, datetime | None]]]:
    """Partners that declined, by need, within the actor's sight: (partner, when, when its priorities changed last)."""
    query = select(Match.need_id, Party.ref, Match.status_on, Priorities.updated_at).join(Match.party).join(
        Priorities, Priorities.party_id == Party.id, isouter=True).where(
        condition(actor, "matches.view", Match), Match.status == MatchStatus.DECLINED)
    found: dict[int, list[tuple[str, datetime, datetime | None]]] = defaultdict(list)
    for need_id, ref, on, changed in db.session.execute(query):
        assert on is not None  # a declined match has a date
        found[need_id].append((ref, on, changed))
    return found


def contacts_asked(actor: Actor) -> list[Match]:
    """Matches whose sides wait for the ISU to make the first contact, the longest waiting first."""
    query = scope(actor, "matches.view", Match).where(*AWAITING, Match.status.not_in((MatchStatus.DECLINED, MatchStatus.LAPSED)))
    return list(db.session.scalars(query.options(*FULL).order_by(Match.contact_asked_at, Match.id)).unique())


def reasons_given(actor: Actor) -> list[tuple[Decline, int]]:
    """How often each reason to decline was given in the matches within the actor's sight, the most frequent first."""
    count = func.count()
    rows = db.session.execute(select(Match.declined_for, count).where(
        condition(actor, "matches.view", Match), Match.status == MatchStatus.DECLINED, Match.declined_for.is_not(None)).group_by(
        Match.declined_for).order_by(count.desc(), Match.declined_for))
    return [(Decline(reason), number) for reason, number in rows if reason is not None]


def conversation(actor: Actor, match: Match) -> Page:
    """The messages of a match within the actor's sight in the order they were written; without a page asked for, the newest."""
    query = scope(actor, "messages.view", MatchMessage).where(MatchMessage.match_id == match.id)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    last = max(1, -(-total // PER_PAGE))
    number = min(page_number(), last) if "page" in request.args else last
    rows = db.session.scalars(query.options(
        joinedload(MatchMessage.match), joinedload(MatchMessage.account), joinedload(MatchMessage.party),
        joinedload(MatchMessage.side)).order_by(MatchMessage.id).limit(PER_PAGE).offset((number - 1) * PER_PAGE))
    return Page(rows.unique().all(), number, total)


def message(actor: Actor, match: Match, number: int) -> MatchMessage | None:
    """One message of a match, when the actor may see it."""
    query = scope(actor, "messages.view", MatchMessage).where(MatchMessage.match_id == match.id, MatchMessage.id == number)
    return db.session.scalars(query.options(joinedload(MatchMessage.match))).first()
