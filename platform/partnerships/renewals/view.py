"""What pages show of a record's date: the button's date, and the yearly invitation."""

from __future__ import annotations

from datetime import date
from typing import Any

from partnerships.core.actor import Actor, Role
from partnerships.core.policy import can, current_actor
from partnerships.renewals import queries
from partnerships.renewals.queries import KINDS, kind_of
from partnerships.renewals.states import SOON, next_date, report_season


def offered(record: Any) -> date | None:
    """The date on the button of a need's or an offer's page; None where there is none.

    There is one when the reader may renew the record, and it is past its date or within 60 days of it.
    """
    today = date.today()
    if record.valid_until is None or record.valid_until > today + SOON:
        return None
    return next_date(record.valid_until, today) if can(current_actor(), KINDS[kind_of(record)][2], record) else None


def season(actor: Actor, today: date) -> bool:
    """Whether to say that it is time to look through the open needs: a State Party's focal point, in March and April."""
    return (actor.role is Role.FOCAL_POINT and actor.of_state_party and report_season(today)
            and bool(queries.to_look_through(today, actor.party_id)))
