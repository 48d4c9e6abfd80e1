"""The dates of a calendar, each from the scope of whoever's eyes it is filled through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from partnerships.accounts.models import Account
from partnerships.approach.models import Meeting
from partnerships.conferences.models import Conference
from partnerships.core.actor import PUBLIC, Actor, Role
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.followups.models import Followup
from partnerships.followups.states import FollowupStatus
from partnerships.matches.models import Match
from partnerships.matches.states import OPEN
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.pages.queries import next_report
from partnerships.parties.models import Obligation, Party
from partnerships.parties.queries import is_state_party
from partnerships.parties.words import name
from partnerships.pledges.models import Pledge
from partnerships.pledges.queries import made_by
from partnerships.pledges.states import LIVE

PAST = timedelta(days=90)  # calendars keep what was lately
FIRST = datetime(1999, 3, 1, tzinfo=UTC)  # the Convention's entry into force: days since then count a source's changes
SUPERSEDED = "superseded"
MOST = 1000  # of a kind: no calendar program is asked to hold more


@dataclass(frozen=True)
class Entry:
    """One date. `start` is a day, or a moment with its time zone; `last` the last day of several; `page` and `values`
    the address of its page, as `mail.link` takes them. `sequence` rises with each change (RFC 5545), as far as the record
    counts; `cancelled` says that the date no longer holds, where a calendar shall show that rather than lose it."""

    key: str
    title: str
    start: date | datetime
    changed: datetime
    page: str
    values: dict[str, Any]
    last: date | datetime | None = None
    place: str = ""
    sequence: int = 0
    cancelled: bool = False


def public(today: date, which: str = "public") -> list[Entry]:
    """What everybody may see. Arguments: which, a name of `PUBLIC_PARTS`, or "public" for all of them."""
    parts = PUBLIC_PARTS if which == "public" else {which: PUBLIC_PARTS[which]}
    return _ordered([entry for part in parts.values() for entry in part(today)])


def of_state(state: Party, today: date) -> list[Entry]:
    """What everybody may see of one State: its deadlines, its country meetings, and the yearly report if it is bound by it."""
    found = [*_meetings(PUBLIC, today, state.id), *_obligations(state.id, today)]
    if is_state_party(state.id, today):
        found.append(_report(today))
    return _ordered(found)


def of(actor: Actor, today: date) -> list[Entry]:
    """The dates of a person (or, without an account, of a party) within the actor's sight, in their order."""
    found = [*_conferences(actor, today), *_meetings(actor, today), *_matches(actor), *_needs(actor, today),
             *_pledges(actor), *_followups(actor)]
    everywhere = actor.is_isu or actor.role is Role.COMMITTEE_MEMBER
    found += _obligations(None if everywhere else actor.party_id, today)
    if everywhere or actor.of_state_party:
        found.append(_report(today))
    return _ordered(found)


def _ordered(found: list[Entry]) -> list[Entry]:
    return sorted(found, key=lambda one: (_day(one.start), one.key))


def _day(start: date | datetime) -> date:
    return start.astimezone(UTC).date() if isinstance(start, datetime) else start


def _moment(day: date | None) -> datetime:
    """A day as a moment, for records that keep no moment of their last change."""
    return datetime.combine(day or date(2026, 1, 1), time(), UTC)


def _conferences(actor: Actor, today: date) -> Iterator[Entry]:
    query = scope(actor, "conferences.view", Conference).where(Conference.first_day >= today - PAST)
    for one in db.session.scalars(query.order_by(Conference.first_day).limit(MOST)):
        assert one.first_day is not None  # the query asks for a day
        yield Entry(f"conference-{one.id}", one.title, one.first_day, one.updated_at, "conferences.detail", {"ref": one.ref},
                    one.last_day, one.place, one.version)


def _meetings(actor: Actor, today: date, state_id: int | None = None) -> Iterator[Entry]:
    query = scope(actor, "approach.view", Meeting).where(Meeting.held_on >= today - PAST)
    if state_id is not None:
        query = query.where(Meeting.state_id == state_id)
    for one in db.session.scalars(query.options(joinedload(Meeting.state)).order_by(Meeting.held_on).limit(MOST)):
        yield Entry(f"meeting-{one.id}", _("%(state)s: %(title)s", state=name(one.state), title=one.title), _begins(one),
                    one.updated_at, "approach.detail", {"ref": one.ref}, place=one.place, sequence=one.version)


def _begins(meeting: Meeting) -> date | datetime:
    """The day of a meeting, or the moment in its own time zone when that is known."""
    if not meeting.starts_at:
        return meeting.held_on
    return datetime.combine(meeting.held_on, time.fromisoformat(meeting.starts_at), ZoneInfo(meeting.time_zone))


def _obligations(party_id: int | None, today: date) -> Iterator[Entry]:
    """The Convention's dated deadlines, of one party or of all: public sources state them.

    One that a later decision replaced is cancelled: a calendar that keeps what it once read does not go on warning of it.
    """
    query = select(Obligation).where(Obligation.deadline >= today - PAST, Obligation.status.in_(("open", SUPERSEDED)))
    if party_id is not None:
        query = query.where(Obligation.party_id == party_id)
    for one in db.session.scalars(query.options(joinedload(Obligation.party)).order_by(Obligation.deadline).limit(MOST)):
        assert one.deadline is not None  # the query asks for a day
        title = _("%(state)s, Article %(article)s: %(title)s", state=name(one.party), article=one.article, title=one.title)
        yield Entry(f"obligation-{one.party.ref}-{one.article}-{one.line}", title, one.deadline, _moment(one.as_of),
                    "parties.detail", {"ref": one.party.ref}, sequence=(_moment(one.as_of) - FIRST).days,
                    cancelled=one.status == SUPERSEDED)


def _report(today: date) -> Entry:
    day = next_report(today)
    return Entry(f"article-7-{day.year}", _("Yearly transparency report is due (Article 7)"), day, _moment(None), "pages.help", {})


PUBLIC_PARTS: dict[str, Callable[[date], Iterable[Entry]]] = {
    "conferences": lambda today: _conferences(PUBLIC, today), "meetings": lambda today: _meetings(PUBLIC, today),
    "deadlines": lambda today: [*_obligations(None, today), _report(today)],
}


def _matches(actor: Actor) -> Iterator[Entry]:
    query = scope(actor, "matches.view", Match).where(Match.status.in_(OPEN), Match.next_step_on.is_not(None), _carried(actor))
    query = query.options(joinedload(Match.need), joinedload(Match.party), joinedload(Match.state))
    for one in db.session.scalars(query.order_by(Match.next_step_on).limit(MOST)):
        assert one.next_step_on is not None  # the query asks for a day
        other = one.state if one.party_id == actor.party_id else one.party
        yield Entry(f"match-{one.id}", _("%(other)s, need %(ref)s: %(step)s", other=name(other), ref=one.need.ref,
                                         step=one.next_step), one.next_step_on, one.updated_at, "matches.detail",
                    {"number": one.id}, sequence=one.version)


def _carried(actor: Actor) -> ColumnElement[bool]:
    """Matches whose next step is the person's, or a party's."""
    if actor.account_id is not None:
        return Match.owner_id == actor.account_id
    if actor.is_isu:
        return Match.owner.has(Account.party_id == actor.party_id)
    return or_(Match.party_id == actor.party_id, Match.state_id == actor.party_id)


def _needs(actor: Actor, today: date) -> Iterator[Entry]:
    """Deadlines of the party's own needs and of those it talks about, and until when its own are valid."""
    talked = select(Match.need_id).where(Match.status.in_(OPEN), Match.party_id == actor.party_id)
    query = scope(actor, "needs.view", Need).where(Need.status == NeedStatus.PUBLISHED, or_(
        Need.deadline >= today - PAST, Need.valid_until >= today - PAST))
    query = query.where(Need.id.in_(select(Match.need_id).where(Match.status.in_(OPEN), _carried(actor))) if actor.is_isu
                        else or_(Need.party_id == actor.party_id, Need.id.in_(talked)))
    for one in db.session.scalars(query.options(joinedload(Need.party)).order_by(Need.id.desc()).limit(MOST)):
        if one.deadline is not None and one.deadline >= today - PAST:
            yield Entry(f"need-deadline-{one.id}", _("%(state)s, need %(ref)s: deadline of “%(title)s”", state=name(one.party),
                                                     ref=one.ref, title=one.title), one.deadline, one.updated_at,
                        "needs.detail", {"ref": one.ref}, sequence=one.version)
        if one.party_id == actor.party_id and one.valid_until is not None and one.valid_until >= today - PAST:
            yield Entry(f"need-valid-{one.id}", _("Need %(ref)s is valid until today: say whether it still stands", ref=one.ref),
                        one.valid_until, one.updated_at, "needs.detail", {"ref": one.ref}, sequence=one.version)


def _pledges(actor: Actor) -> Iterator[Entry]:
    query = scope(actor, "pledges.view", Pledge).where(Pledge.status.in_(LIVE), Pledge.expected_on.is_not(None))
    if not actor.is_isu:
        query = query.where(or_(made_by(actor.party_ref), Pledge.recipient_id == actor.party_id))
    elif actor.account_id is not None:
        return  # pledges have no owner among the ISU's people: they stand in the calendar of the ISU
    for one in db.session.scalars(query.options(joinedload(Pledge.donor)).order_by(Pledge.expected_on).limit(MOST)):
        assert one.expected_on is not None  # the query asks for a day
        yield Entry(f"pledge-{one.id}", _("%(donor)s, pledge %(ref)s: next step expected", donor=name(one.donor), ref=one.ref),
                    one.expected_on, one.updated_at, "pledges.detail", {"ref": one.ref}, sequence=one.version)


def _followups(actor: Actor) -> Iterator[Entry]:
    query = scope(actor, "followups.view", Followup).where(
        Followup.status == FollowupStatus.OPEN, Followup.owner_party_id == actor.party_id)
    if actor.account_id is not None:
        query = query.where(or_(Followup.owner_id == actor.account_id, Followup.owner_id.is_(None)))
    for one in db.session.scalars(query.options(joinedload(Followup.party)).order_by(Followup.due_on).limit(MOST)):
        yield Entry(f"followup-{one.id}", _("%(party)s: %(what)s", party=name(one.party), what=one.what), one.due_on,
                    one.updated_at, "followups.detail", {"number": one.id}, sequence=one.version)
