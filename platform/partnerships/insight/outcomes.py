"""What became of needs: how many were met, partly met, withdrawn or ran out, how long it took, and who is named as helping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, case, func, select

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import condition
from partnerships.needs.models import Need
from partnerships.needs.states import CLOSED, HELPED, LABELS, ON_RECORD, NeedStatus, Origin


@dataclass(frozen=True)
class Outcomes:
    """Needs that were ever published, by what became of them: each is counted in one row.

    rows: (value of the list's filter, words, number of needs). named, unnamed: of those met, wholly or partly, how many
    say who helped. median_days: from publication to closing, over `timed` needs that States posted; None without one.
    """

    rows: list[tuple[str, str, int]]
    published: int
    named: int
    unnamed: int
    median_days: int | None
    timed: int

    @property
    def met(self) -> int:
        """How many were met, wholly or partly."""
        return self.named + self.unnamed


def of_needs(actor: Actor, today: date) -> Outcomes:
    """What became of the needs within the reader's sight, in two queries."""
    over = case(((Need.status == NeedStatus.PUBLISHED) & (Need.valid_until < today), 1), else_=0)
    named = case((Need.supporters != "", 1), else_=0)
    each = select(Need.status, over.label("over"), named.label("named")).where(
        condition(actor, "needs.view", Need), Need.status.in_(ON_RECORD)).subquery()
    query: Select[Any] = select(*each.c, func.count()).group_by(*each.c)
    found = [(row[0], bool(row[1]), bool(row[2]), int(row[3])) for row in db.session.execute(query)]
    rows = [("open", _("Open"), _sum(found, NeedStatus.PUBLISHED, False)),
            *((status.value, str(LABELS[status]), _sum(found, status, False)) for status in CLOSED),
            ("expired", _("Past their valid-until date"), _sum(found, NeedStatus.PUBLISHED, True))]
    met = [(helped, count) for status, _expired, helped, count in found if status in HELPED]
    days = _days(actor)
    return Outcomes(rows, sum(count for *_rest, count in found), sum(count for helped, count in met if helped),
                    sum(count for helped, count in met if not helped), round(median(days)) if days else None, len(days))


def _sum(found: Sequence[tuple[Any, bool, bool, int]], status: NeedStatus, expired: bool) -> int:
    return sum(count for one, over, _named, count in found if one is status and over is expired)


def _days(actor: Actor) -> list[int]:
    """Days from publication to closing. A need that the ISU recorded from a document was asked for before: left out."""
    query = select(Need.published_at, Need.status_on).where(
        condition(actor, "needs.view", Need), Need.status.in_(CLOSED), Need.origin == Origin.POSTED,
        Need.published_at.is_not(None), Need.status_on.is_not(None))
    return [max(0, (closed - published).days) for published, closed in db.session.execute(query)
            if published and closed]
