"""What the rules look at: read once for all of them, within the reader's sight, by a number of queries that does not grow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from partnerships.accounts.models import Account
from partnerships.approach.models import Meeting
from partnerships.core.actor import Actor
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.filters import number
from partnerships.core.policy import scope
from partnerships.followups.models import Followup
from partnerships.followups.states import Reason
from partnerships.matches import queries as matches
from partnerships.matches.models import Match
from partnerships.matches.states import MatchStatus
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.offers import queries as offers
from partnerships.offers.models import Offer
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Contribution, Pledge
from partnerships.pledges.states import LIVE, PledgeStatus
from partnerships.suggestions import engine

SUPPORTING = (PledgeStatus.AGREED, PledgeStatus.PAID)
BEGINNINGS = ("match.shared", "match.requested", "match.interest")


@dataclass(frozen=True)
class Suggested:
    """One suggestion: its sentence why, what would be noted, about whom, and where its record is.

    `urgency` is what the rule says, from 0.1 to 1; `weight` what answers to earlier ones taught (learning.weight).
    """

    key: str
    reason: Reason
    what: str
    party: Party
    owner_party: Party
    why_sentence: str
    href: str
    urgency: float
    need: Need | None = None
    pledge: Pledge | None = None
    match: Match | None = None
    weight: float = 0.5

    @property
    def standing(self) -> float:
        """What the order follows."""
        return self.weight * self.urgency


class Ground:
    """The register as the rules see it today, for one reader; `owner` is who would do what is suggested."""

    def __init__(self, actor: Actor, owner: Party, today: date) -> None:
        self.actor, self.owner, self.today = actor, owner, today

    @cached_property
    def taken(self) -> set[str | None]:
        """The keys that were answered."""
        return set(db.session.scalars(select(Followup.suggestion).where(Followup.suggestion.is_not(None))))

    @cached_property
    def needs(self) -> list[Need]:
        """The open needs."""
        return needs.current(self.actor, self.today)

    @cached_property
    def pledges(self) -> dict[int, list[Pledge]]:
        """The pledges to the open needs, by need."""
        return pledges.of_needs(self.actor, [need.id for need in self.needs])

    def gap(self, need: Need) -> figures.NeedFigures | None:
        """A need's figures; None where it states no amount or its State keeps it from the reader."""
        return figures.of_need(self.actor, need, self.pledges[need.id])

    def pledged(self, need: Need) -> bool:
        """Whether a pledge to it stands or was paid."""
        return any(pledge.status in (*LIVE, PledgeStatus.PAID) for pledge in self.pledges[need.id])

    @cached_property
    def world(self) -> engine.World:
        """The engine within the reader's sight."""
        return engine.world(self.actor)

    @cached_property
    def in_contact(self) -> set[int]:
        """Of the open needs, those with a match."""
        return matches.needs_in_contact([need.id for need in self.needs])

    @cached_property
    def past_pledges(self) -> list[Pledge]:
        """Live pledges whose next step is past its day."""
        return pledges.past_their_date(self.actor, self.today)

    @cached_property
    def interests(self) -> list[tuple[Match, date]]:
        """Matches where interest was registered and no talks began, with the last day anything was recorded of each."""
        found = list(db.session.scalars(matches.listed(self.actor, status=MatchStatus.INTEREST.value)).unique())
        latest = dict(db.session.execute(select(Event.subject_id, func.max(Event.at)).where(
            Event.subject_kind == "match", Event.subject_id.in_([match.id for match in found])).group_by(
            Event.subject_id)).all())
        moments = ((match, [match.status_on, latest.get(match.id)]) for match in found)
        return [(match, max(moment for moment in both if moment is not None).date()) for match, both in moments if any(both)]

    @cached_property
    def supported(self) -> list[tuple[Need, list[Pledge]]]:
        """Needs on record with a signed or paid pledge, and those pledges."""
        signed = scope(self.actor, "pledges.view", Pledge).where(
            Pledge.status.in_(SUPPORTING), Pledge.need_id.is_not(None)).options(
            joinedload(Pledge.donor), joinedload(Pledge.conference))
        support: dict[int, list[Pledge]] = defaultdict(list)
        for pledge in db.session.scalars(signed.order_by(Pledge.id)).unique():
            assert pledge.need_id is not None
            support[pledge.need_id].append(pledge)
        query = scope(self.actor, "needs.view", Need).where(
            Need.id.in_(support), Need.status.in_((NeedStatus.PUBLISHED, NeedStatus.MET, NeedStatus.PARTLY_MET)))
        query = query.options(joinedload(Need.party), selectinload(Need.amounts)).order_by(Need.id)
        return [(need, support[need.id]) for need in db.session.scalars(query).unique()]

    @cached_property
    def beginnings(self) -> dict[int, tuple[str, date]]:
        """How the matches behind signed and paid pledges began: (event, day), by match."""
        ids = {pledge.match_id for _need, found in self.supported for pledge in found if pledge.match_id is not None}
        query = select(Event.subject_id, Event.tag, Event.at).where(
            Event.subject_kind == "match", Event.subject_id.in_(ids), Event.tag.in_(BEGINNINGS)).order_by(Event.id.desc())
        return {number: (tag, at.date()) for number, tag, at in db.session.execute(query)}

    @cached_property
    def meetings(self) -> list[Meeting]:
        """The country meetings within the reader's sight with the needs discussed there, the newest first."""
        query = scope(self.actor, "approach.view", Meeting).where(Meeting.held_on <= self.today).options(
            selectinload(Meeting.needs).joinedload(Need.party), selectinload(Meeting.needs).selectinload(Need.amounts),
            joinedload(Meeting.state))
        return list(db.session.scalars(query.order_by(Meeting.held_on.desc(), Meeting.id.desc())).unique())

    @cached_property
    def discussed(self) -> dict[int, Meeting]:
        """The first meeting at which a need was discussed, by need."""
        return {need.id: meeting for meeting in self.meetings for need in meeting.needs}

    @cached_property
    def offers(self) -> list[Offer]:
        """The offers that stand."""
        return offers.current(self.actor, self.today)

    @cached_property
    def heard(self) -> dict[int, date]:
        """The last day on which anybody of a State did something here, or the State was met, by party."""
        query = select(Account.party_id, func.max(Event.at)).join(Account, Account.id == Event.account_id).group_by(
            Account.party_id)
        found = {number: at.date() for number, at in db.session.execute(query)}
        for meeting in self.meetings:
            found[meeting.state_id] = max(meeting.held_on, found.get(meeting.state_id, meeting.held_on))
        return found

    @cached_property
    def bound(self) -> set[int]:
        """The States Parties today."""
        return parties.states_parties(self.today)

    @cached_property
    def completed(self) -> dict[str, int]:
        """The year in which a State announced that its known mined areas are cleared."""
        return parties.completions()

    def givers(self, years: int) -> list[tuple[Party, Party, int, int]]:
        """(donor, State, years on record, last year) for States that completed clearance within so many years.

        Counted is what was given in the five years before completion.
        """
        recent = {ref: year for ref, year in self.completed.items() if year >= self.today.year - years}
        if not recent:
            return []
        query = select(Contribution).join(Contribution.recipient).where(Party.ref.in_(recent)).options(
            joinedload(Contribution.donor), joinedload(Contribution.recipient))
        found: dict[tuple[str, str], list[Contribution]] = defaultdict(list)
        for one in db.session.scalars(query).unique():
            if recent[one.recipient.ref] - 5 <= one.year <= recent[one.recipient.ref]:
                found[(one.donor.ref, one.recipient.ref)].append(one)
        return [(rows[0].donor, rows[0].recipient, len({one.year for one in rows}), max(one.year for one in rows))
                for _pair, rows in sorted(found.items())]

    def by_state(self, found: Iterable[Need]) -> Iterator[tuple[Party, list[Need]]]:
        """Needs by their States, in order of reference."""
        grouped: dict[str, list[Need]] = defaultdict(list)
        for need in found:
            grouped[need.party.ref].append(need)
        for _ref, rows in sorted(grouped.items()):
            yield rows[0].party, rows


def in_a_row(items: Iterable[Any]) -> str:
    """Several things as words: "a, b and c"."""
    listed = [str(one) for one in items]
    return format_list(listed, locale=get_locale() or "en") if listed else ""


def amount(value: Decimal, currency: str) -> str:
    """An amount in a sentence, in whole units, never parted from its currency by a line's end."""
    return f"{number(value, 0)}\u00a0{currency}"
