"""Reading action plans, their actions and indicators, and what was entered. All of it is public."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.indicators.models import IndicatorValue
from partnerships.parties.reference import Action, ActionPlan, Indicator


def plans() -> list[ActionPlan]:
    """The action plans, the latest first."""
    return list(db.session.scalars(select(ActionPlan).order_by(ActionPlan.first_year.desc(), ActionPlan.code)))


def actions(plan: str) -> list[Action]:
    """A plan's actions, by number."""
    return list(db.session.scalars(select(Action).where(Action.plan == plan).order_by(Action.number)))


def indicators(plan: str) -> list[Indicator]:
    """A plan's indicators, by action and reference."""
    return list(db.session.scalars(select(Indicator).where(Indicator.plan == plan).order_by(Indicator.action, Indicator.ref)))


def indicator(plan: str, ref: str) -> Indicator | None:
    """One indicator."""
    return db.session.scalars(select(Indicator).where(Indicator.plan == plan, Indicator.ref == ref)).first()


def entered(actor: Actor, plan: str) -> dict[tuple[int, int], IndicatorValue]:
    """What was entered for a plan, by (indicator, year)."""
    query = scope(actor, "indicators.view", IndicatorValue).join(IndicatorValue.indicator).where(
        Indicator.plan == plan).options(joinedload(IndicatorValue.indicator))
    return {(row.indicator_id, row.year): row for row in db.session.scalars(query)}
