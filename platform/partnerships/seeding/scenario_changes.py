"""Changes to the demonstration's published needs: one verified, one that waits, one slip of the pen in the fast lane."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from partnerships.amendments import service as amendments
from partnerships.amendments.models import Amendment
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.needs.content import packed
from partnerships.needs.models import Need, NeedVersion

VERIFIED = {"beneficiaries": "About 6 900 people in 15 villages, half of them women",
            "sustainability": "The provincial authority keeps the database of released land and answers reports of new finds, "
                              "with two survey teams that stay after the programme ends."}
VERIFIED_NOTE = "One more village was surveyed, and the province has decided which teams stay."
WAITING = "The workshop in Kratie burnt down: its equipment is added, and four more technicians are trained."


def verified(need: Need, author: Actor, isu: Actor) -> None:
    """A change to a need, verified by the ISU."""
    change = _begun(need, author, VERIFIED, VERIFIED_NOTE)
    amendments.move(change, "submitted", author)
    amendments.move(change, "published", isu)


def waiting(need: Need, author: Actor) -> None:
    """A change of amounts and text that waits for verification."""
    rows = [{"first_year": row.first_year, "last_year": row.last_year, "national_share": row.national_share,
             "amount": row.amount + (Decimal(95_000) if place == 0 else Decimal(0))} for place, row in enumerate(need.amounts)]
    summary = need.summary.replace("twelve technicians", "sixteen technicians")
    amendments.move(_begun(need, author, {"amounts": rows, "summary": summary}, WAITING), "submitted", author)


def slip(need: Need, author: Actor) -> None:
    """A slip of the pen put right, for the fast lane."""
    summary = need.summary.replace("época das chuvas", "estação das chuvas")
    amendments.move(_begun(need, author, {"summary": summary}, ""), "submitted", author)


def _begun(need: Need, author: Actor, values: Mapping[str, Any], note: str) -> Amendment:
    working = amendments.working(author, need)
    working.keep(author, packed(values), note)
    assert working.amendment is not None
    return working.amendment


def date_back(ago: Mapping[int, int]) -> None:
    """Let versions and changes be as old as the story says, and as young as their needs at most.

    Arguments: ago, for each need's identifier how many days ago its last change was handed in.
    """
    now = utcnow()
    for version in db.session.scalars(select(NeedVersion).where(NeedVersion.is_demo)):
        back = timedelta(days=ago.get(version.need_id, 0))
        version.submitted_at = version.need.submitted_at if version.number == 1 else now - back
        if version.number == 1 and version.need.published_at is not None:
            version.published_at = version.need.published_at
        elif version.number > 1:
            version.published_at = version.need.confirmed_at = version.need.updated_at = now - back + timedelta(days=2)
    for amendment in db.session.scalars(select(Amendment).where(Amendment.is_demo)):
        handed_in = now - timedelta(days=ago.get(amendment.need_id, 0))
        amendment.submitted_at = amendment.status_on = handed_in
        amendment.created_at = handed_in - timedelta(hours=3)
    db.session.flush()
