"""Entering indicators' values. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partnerships.core import audit, policy
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.indicators.models import IndicatorValue
from partnerships.parties.reference import Indicator

RECORD = "indicators.record"
audit.declare("indicator_value", IndicatorValue, "indicators.view")


def enter(actor: Actor, indicator: Indicator, year: int, values: Mapping[str, Any]) -> IndicatorValue:
    """Put a year's value on record. Arguments: values, columns of IndicatorValue. Returns: the row, flushed. Raises: 403."""
    one = IndicatorValue(indicator_id=indicator.id, indicator=indicator, year=year, **values)
    policy.demand(actor, RECORD, one)
    db.session.add(one)
    db.session.flush()
    _event("indicator_value.entered", one, actor, {"value": (None, one.value), "source": (None, one.source)})
    return one


def change(one: IndicatorValue, actor: Actor, values: Mapping[str, Any]) -> bool:
    """Correct a value; the earlier one stays in the record. Returns: whether anything changed. Raises: 403."""
    policy.demand(actor, RECORD, one)
    changes = audit.differences(one, values)
    for key in changes:
        setattr(one, key, values[key])
    if changes:
        db.session.flush()
        _event("indicator_value.changed", one, actor, changes)
    return bool(changes)


def _event(tag: str, one: IndicatorValue, actor: Actor, changes: Mapping[str, tuple[Any, Any]]) -> None:
    audit.record(tag, one, actor, changes=dict(changes), audience=Visibility.PUBLIC)
