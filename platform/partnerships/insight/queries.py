"""Aggregates over the register and over what public sources record: each one query, whatever the number of records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, or_, select

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import condition
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.parties.models import Party
from partnerships.pledges.models import Contribution, DonorTotal


def open_needs(actor: Actor, party_ids: Iterable[int], today: date) -> dict[int, int]:
    """How many open needs each of these States has within the actor's sight."""
    query = select(Need.party_id, func.count()).where(
        condition(actor, "needs.view", Need), Need.party_id.in_(list(party_ids)), Need.status == NeedStatus.PUBLISHED,
        or_(Need.valid_until.is_(None), Need.valid_until >= today)).group_by(Need.party_id)
    return {party: int(count) for party, count in db.session.execute(query)}


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
