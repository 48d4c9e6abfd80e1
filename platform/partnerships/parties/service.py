"""Writing what a party declares as its priorities. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from partnerships.core import audit
from partnerships.core.actor import Actor
from partnerships.core.constraints import NOT_NEGATIVE, explain
from partnerships.core.db import db, utcnow
from partnerships.core.visibility import Visibility
from partnerships.parties.models import Party, Priorities

audit.declare("priorities", Priorities, "priorities.view")
explain(
    uq_priorities_party_id=_l("Somebody else of your own party stated its priorities at the same moment. Open the form "
                              "again to see what they wrote."),
    ck_priorities_amounts_in_order=_l("The smallest amount may not exceed the largest."),
    ck_priorities_amount_typical_not_negative=NOT_NEGATIVE,
    ck_priorities_budget_month=_l("A month is one of the twelve."),
)


def audience(*levels: Visibility) -> str:
    """Who may read the event of a record with these levels before and after: everybody, or only those concerned.

    The record's own scope holds besides; this keeps what was once restricted from showing when the record is opened.
    """
    return (Visibility.PUBLIC if all(level is Visibility.PUBLIC for level in levels) else Visibility.PARTIES).value


def stated_by(party: Party) -> Priorities | None:
    """A party's priorities whoever asks (for writing: one party has one statement)."""
    return db.session.scalars(select(Priorities).where(Priorities.party_id == party.id)).first()


def state_priorities(actor: Actor, party: Party, values: Mapping[str, Any], *, is_demo: bool = False) -> Priorities:
    """State a party's priorities, or change them.

    Arguments: values, columns of Priorities (amounts in the statement's currency). Returns: the priorities, flushed;
    what changed goes on the record, and nothing is recorded when nothing changed.
    """
    stated = stated_by(party)
    if stated is None:
        stated = Priorities(party=party, party_id=party.id, is_demo=is_demo, **values)
        db.session.add(stated)
        db.session.flush()
        audit.record("priorities.stated", stated, actor, also=[party], audience=audience(stated.visibility))
        return stated
    changes = audit.differences(stated, values)
    if changes:
        before = stated.visibility
        for key, value in values.items():
            setattr(stated, key, value)
        stated.updated_at = utcnow()
        db.session.flush()
        audit.record("priorities.changed", stated, actor, changes=changes, also=[party],
                     audience=audience(before, stated.visibility))
    return stated
