"""Reading assessed contributions, each time as far as the actor may see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from partnerships.assessments.models import Assessment
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import condition, scope
from partnerships.parties.models import Party


def listed(actor: Actor, *, party: str = "", year: str = "", open_only: bool = False) -> Select[Any]:
    """The list under its filters: the latest year first, by name within it."""
    query = scope(actor, "assessments.view", Assessment).join(Assessment.party).options(joinedload(Assessment.party))
    if party:
        query = query.where(Party.ref == party)
    if year.isascii() and year.isdigit() and len(year) == 4:
        query = query.where(Assessment.year == int(year))
    if open_only:
        query = query.where(Assessment.paid_amount < Assessment.amount)
    return query.order_by(Assessment.year.desc(), Party.name_en, Assessment.id)


def by_id(actor: Actor, number: int) -> Assessment | None:
    """One assessed contribution, when the actor may see it."""
    query = scope(actor, "assessments.view", Assessment).where(Assessment.id == number)
    return db.session.scalars(query.options(joinedload(Assessment.party))).first()


def years(actor: Actor) -> list[int]:
    """The years of which something is on record, the latest first."""
    query = select(Assessment.year).where(condition(actor, "assessments.view", Assessment)).distinct()
    return list(db.session.scalars(query.order_by(Assessment.year.desc())))


def same(party_id: int, year: int, purpose: str, but: int | None = None) -> bool:
    """Whether another row has the same State, year and purpose."""
    found = db.session.scalar(select(Assessment.id).where(
        Assessment.party_id == party_id, Assessment.year == year, Assessment.purpose == purpose))
    return found is not None and found != but
