"""Aggregates over the register and over what public sources record: each one query, whatever the number of records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import condition
from partnerships.matches.models import Match
from partnerships.matches.states import OPEN
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.parties.models import Party
from partnerships.pledges.models import Contribution, DonorTotal, Pledge
from partnerships.pledges.states import ENDED


def open_needs(actor: Actor, party_ids: Iterable[int], today: date) -> dict[int, int]:
    """How many open needs each of these States has within the actor's sight."""
    query = select(Need.party_id, func.count()).where(
        is_open(actor, today), Need.party_id.in_(list(party_ids))).group_by(Need.party_id)
    return {party: int(count) for party, count in db.session.execute(query)}


def is_open(actor: Actor, today: date) -> ColumnElement[bool]:
    """SQL: a need is open and within the actor's sight."""
    return and_(condition(actor, "needs.view", Need), Need.status == NeedStatus.PUBLISHED,
                or_(Need.valid_until.is_(None), Need.valid_until >= today))


def open_groups(actor: Actor, today: date) -> list[tuple[str | None, int, tuple[str, ...], int]]:
    """Open needs within the actor's sight by thematic area, State and kinds of assistance, with their number."""
    query = select(Need.theme, Need.party_id, Need.kinds, func.count()).where(is_open(actor, today)).group_by(
        Need.theme, Need.party_id, Need.kinds)
    return [(theme, party, kinds, int(count)) for theme, party, kinds, count in db.session.execute(query)]


def first_needs(actor: Actor, today: date, wanted: Callable[[str | None, int, tuple[str, ...]], bool],
                limit: int | None = None) -> list[int]:
    """The open needs whose (thematic area, State, kinds) are wanted, by identifier, the nearest deadline first."""
    query = select(Need.id, Need.theme, Need.party_id, Need.kinds).where(is_open(actor, today)).order_by(
        Need.deadline.asc().nulls_last(), Need.id)
    found: list[int] = []
    for number, theme, party, kinds in db.session.execute(query):
        if wanted(theme, party, kinds):
            found.append(number)
            if len(found) == limit:
                break
    return found


def pledging(actor: Actor, today: date) -> list[tuple[int, int]]:
    """(need, donor) of the live pledges to open needs, both within the actor's sight."""
    query = select(Pledge.need_id, Pledge.donor_id).join(Need, Need.id == Pledge.need_id).where(
        condition(actor, "pledges.view", Pledge), is_open(actor, today),
        Pledge.status.not_in(ENDED)).distinct()
    return [(need, donor) for need, donor in db.session.execute(query) if need is not None]


def in_contact(actor: Actor, today: date) -> list[tuple[int, int]]:
    """(need, partner) of the open matches about open needs, both within the actor's sight."""
    query = select(Match.need_id, Match.party_id).join(Need, Need.id == Match.need_id).where(
        condition(actor, "matches.view", Match), is_open(actor, today), Match.status.in_(OPEN))
    return [(need, partner) for need, partner in db.session.execute(query)]


def donors_on_record(party_ids: Iterable[int]) -> dict[int, int]:
    """How many donors each of these recipients has on record."""
    query = select(Contribution.recipient_id, func.count(Contribution.donor_id.distinct())).where(
        Contribution.recipient_id.in_(list(party_ids))).group_by(Contribution.recipient_id)
    return {party: int(count) for party, count in db.session.execute(query)}


def supported_on_record(party_ids: Iterable[int]) -> dict[int, int]:
    """How many recipients each of these donors has on record."""
    query = select(Contribution.donor_id, func.count(Contribution.recipient_id.distinct())).where(
        Contribution.donor_id.in_(list(party_ids))).group_by(Contribution.donor_id)
    return {party: int(count) for party, count in db.session.execute(query)}


def given_by_year() -> list[tuple[int, int, Decimal]]:
    """Support on record: (year, donor, US dollars), amounts that the source states only."""
    query = select(Contribution.year, Contribution.donor_id, func.sum(Contribution.amount_usd)).where(
        Contribution.amount_usd.is_not(None)).group_by(Contribution.year, Contribution.donor_id).order_by(
        Contribution.year, Contribution.donor_id)
    return [(year, donor, Decimal(amount or 0)) for year, donor, amount in db.session.execute(query)]


def given_in(theme: str) -> list[tuple[int, int, Decimal]]:
    """Support on record of a thematic area: (year, donor, US dollars), a row a contribution with an amount."""
    query = select(Contribution.year, Contribution.donor_id, Contribution.amount_usd, Contribution.themes).where(
        Contribution.amount_usd.is_not(None)).order_by(Contribution.id)
    return [(year, donor, Decimal(amount or 0)) for year, donor, amount, themes in db.session.execute(query) if theme in themes]


def received_by_year() -> list[tuple[int, int, int, bool, Decimal | None]]:
    """Support on record by recipient: (recipient, year, donors, whether the list of donors is complete, US dollars)."""
    partial = func.sum(case((Contribution.list_complete, 0), else_=1))
    query = select(Contribution.recipient_id, Contribution.year, func.count(Contribution.donor_id.distinct()), partial,
                   func.sum(Contribution.amount_usd)).group_by(
        Contribution.recipient_id, Contribution.year).order_by(Contribution.recipient_id, Contribution.year)
    return [(party, year, donors, int(holes) == 0, amount)
            for party, year, donors, holes, amount in db.session.execute(query)]


def without_amount() -> int:
    """How many contributions on record state no amount in US dollars."""
    return db.session.scalar(select(func.count()).where(Contribution.amount_usd.is_(None))) or 0


def donor_totals(party: Party) -> list[DonorTotal]:
    """Yearly totals that public sources state for a donor."""
    query = select(DonorTotal).where(DonorTotal.party_id == party.id).order_by(DonorTotal.year, DonorTotal.line)
    return list(db.session.scalars(query))


def parties_by_id() -> dict[int, Any]:
    """All parties, for names of what the aggregates count."""
    return {party.id: party for party in db.session.scalars(select(Party))}
