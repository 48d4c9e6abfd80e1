"""Writing assessed contributions (Article 14). Flushes, never commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partnerships.assessments.models import Assessment
from partnerships.core import audit, policy
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.visibility import Visibility

RECORD = "assessments.record"
audit.declare("assessment", Assessment, "assessments.view")


def record(actor: Actor, values: Mapping[str, Any]) -> Assessment:
    """Put an assessed contribution on the record.

    Arguments: values, columns of Assessment. Returns: the row, flushed. Raises: 403.
    """
    one = Assessment(**values)
    policy.demand(actor, RECORD, one)
    db.session.add(one)
    db.session.flush()
    _event("assessment.recorded", one, actor, {"amount": (None, one.amount), "paid_amount": (None, one.paid_amount)})
    return one


def change(one: Assessment, actor: Actor, values: Mapping[str, Any]) -> bool:
    """Change what is assessed, or how much of it came in. Returns: whether anything changed. Raises: 403."""
    policy.demand(actor, RECORD, one)
    changes = audit.differences(one, {key: value for key, value in values.items() if key != "party"})
    if not changes:
        return False
    for key in changes:
        setattr(one, key, values[key])
    db.session.flush()
    _event("assessment.changed", one, actor, changes)
    return True


def _event(tag: str, one: Assessment, actor: Actor, changes: Mapping[str, tuple[Any, Any]]) -> None:
    audit.record(tag, one, actor, changes={**changes, "currency": (None, one.currency)}, audience=Visibility.STATES_PARTIES)
