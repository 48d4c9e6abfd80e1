"""The lists that can be followed, each with its own query: a list, its Atom feed and its letters hold the same records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from werkzeug.datastructures import MultiDict

from partnerships.approach import queries as meetings
from partnerships.approach import view as of_meetings
from partnerships.approach.models import Meeting
from partnerships.conferences.models import Conference
from partnerships.core import audit
from partnerships.core.actor import Actor
from partnerships.core.audit import Event, EventLink
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.needs import queries as needs
from partnerships.needs import view as of_needs
from partnerships.needs.models import Need
from partnerships.offers import queries as offers
from partnerships.offers import view as of_offers
from partnerships.offers.models import Offer
from partnerships.parties import queries as parties
from partnerships.parties import view as of_parties
from partnerships.parties.models import Party
from partnerships.pledges import queries as pledges
from partnerships.pledges import view as of_pledges
from partnerships.pledges.models import Pledge

Given = MultiDict[str, str]


@dataclass(frozen=True)
class Listing:
    """A list: `kind` of its records, `at` when one became public, `query(actor, filters of the address, today)`."""

    kind: str
    model: Any
    at: Any
    query: Callable[[Actor, Given, date], Select[Any]]


LISTS: dict[str, Listing] = {
    "needs": Listing("need", Need, Need.published_at, lambda actor, given, today: needs.published(
        actor, of_needs.filters_of(given), today)),
    "offers": Listing("offer", Offer, Offer.created_at, lambda actor, given, today: offers.listed(
        actor, of_offers.filters_of(given), today)),
    "parties": Listing("party", Party, None, lambda _actor, given, today: parties.listed(
        **of_parties.filters_of(given), day=today)),
    "conferences": Listing("conference", Conference, Conference.created_at, lambda actor, _given, _today: scope(
        actor, "conferences.view", Conference)),
    "approach": Listing("meeting", Meeting, Meeting.created_at, lambda actor, given, _today: meetings.listed(
        actor, of_meetings.filter_of(actor, given)[1])),
    "pledges": Listing("pledge", Pledge, Pledge.created_at, lambda actor, given, _today: pledges.listed(
        actor, **of_pledges.filters_of(given))),
}


def new(actor: Actor, place: str, given: Given, since: datetime, today: date, limit: int) -> tuple[list[Any], int]:
    """The records of a list that became public after a moment, the newest first, and how many there are in all."""
    listing = LISTS[place]
    query = listing.query(actor, given, today).where(listing.at > since)
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    if not total:
        return [], 0
    query = query.order_by(None).order_by(listing.at.desc(), listing.model.id.desc()).limit(limit)
    return list(db.session.scalars(query).unique()), total


def latest(actor: Actor, place: str, given: Given, today: date, limit: int) -> list[tuple[Any, datetime | None]]:
    """The records of a list that changed last in what everybody may read, each with that moment, the newest first."""
    listing = LISTS[place]
    query = listing.query(actor, given, today).order_by(None)
    if listing.model is Party:
        return _latest_parties(actor, query, limit)
    moment = func.coalesce(audit.changed(listing.model), listing.at)
    query = query.add_columns(moment.label("moment")).order_by(moment.desc(), listing.model.id.desc()).limit(limit)
    return [(row[0], row[1]) for row in db.session.execute(query).unique()]


def _latest_parties(actor: Actor, query: Select[Any], limit: int) -> list[tuple[Any, datetime | None]]:
    """A State or organisation has no events of its own: what counts is the newest one on its page."""
    found = list(db.session.scalars(query.order_by(Party.ref)).unique())
    moments = last_told(actor, [party.id for party in found])
    dated = [(party, moments.get(party.id)) for party in found]
    return sorted(dated, key=lambda pair: (pair[1] is None, -pair[1].timestamp() if pair[1] else 0))[:limit]


def last_told(actor: Actor, numbers: list[int]) -> dict[int, datetime]:
    """When the newest event on the page of each of these States and organisations that the actor may read was written."""
    rows = db.session.execute(select(EventLink.record_id, func.max(Event.at)).join(EventLink.event).where(
        EventLink.kind == "party", EventLink.record_id.in_(numbers), ~Event.tag.endswith(audit.READING),
        audit.readable(actor)).group_by(EventLink.record_id))
    return {row[0]: row[1] for row in rows}


def moments(actor: Actor, kind: str, model: Any, at: Any, numbers: list[int]) -> dict[int, datetime]:
    """When each of these records (of any kind) changed last in what everybody may read."""
    if kind == "party":
        return last_told(actor, numbers)
    rows = db.session.execute(select(model.id, func.coalesce(audit.changed(model), at)).where(model.id.in_(numbers)))
    return {row[0]: row[1] for row in rows}
