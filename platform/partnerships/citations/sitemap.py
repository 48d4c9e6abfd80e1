"""The map of all that everybody may open, for search engines: by kind, in parts, with the day of the last change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from partnerships.approach.models import Meeting
from partnerships.citations.cards import STANDING, Card
from partnerships.conferences.models import Conference
from partnerships.core.actor import PUBLIC
from partnerships.core.db import db
from partnerships.core.policy import condition
from partnerships.insight import charts
from partnerships.needs.models import Need
from partnerships.offers.models import Offer
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.pledges.models import Pledge
from partnerships.releases.models import Release

PART = 5000  # each page stands there in six languages too, and a file may hold 50 megabytes
# The kinds of records: (model, permission, endpoint of the page). Parties and releases are public, all of them.
RECORDS: dict[str, tuple[Any, str, str]] = {
    "parties": (Party, "", "parties.detail"), "needs": (Need, "needs.view", "needs.detail"),
    "offers": (Offer, "offers.view", "offers.detail"), "pledges": (Pledge, "pledges.view", "pledges.detail"),
    "conferences": (Conference, "conferences.view", "conferences.detail"), "meetings": (Meeting, "approach.view",
    "approach.detail"),
    "releases": (Release, "releases.view", "releases.detail")}
KINDS = ("pages", "charts", *RECORDS)


@dataclass(frozen=True)
class Entry:
    """A page, and the day on which it changed last, where it has one."""

    card: Card
    changed: date | None = None


def parts() -> list[tuple[str, int, date | None]]:
    """(kind, number from one, day of the last change) of every part that holds something."""
    found: list[tuple[str, int, date | None]] = [("pages", 1, None), ("charts", 1, None)]
    for kind, (model, permission, _endpoint) in RECORDS.items():
        changed = func.max(model.updated_at) if hasattr(model, "updated_at") else func.max(None)
        many, last = db.session.execute(_public(select(func.count(), changed), model, permission)).one()
        found += [(kind, number, last.date() if last else None) for number in range(1, -(-many // PART) + 1)]
    return found


def _public(query: Select[Any], model: Any, permission: str) -> Select[Any]:
    return query.select_from(model).where(condition(PUBLIC, permission, model)) if permission else query.select_from(model)


def entries(kind: str, number: int) -> list[Entry]:
    """The pages of a part; none for a part that there is not."""
    if kind in RECORDS:
        return list(_records(*RECORDS[kind], number))
    if number != 1:
        return []
    return [Entry(Card(one)) for one in STANDING] if kind == "pages" else [Entry(card) for card in _charts()]


def _records(model: Any, permission: str, endpoint: str, number: int) -> Iterator[Entry]:
    dated = hasattr(model, "updated_at")
    query = _public(select(model.ref, *([model.updated_at] if dated else [])), model, permission)
    for row in db.session.execute(query.order_by(model.id).limit(PART).offset((number - 1) * PART)):
        yield Entry(Card(endpoint, {"ref": row.ref}), row.updated_at.date() if dated else None)


def _charts() -> Iterator[Card]:
    """The charts that are of no party: each with its own address, and those of the thematic areas."""
    for key in ("needs", "support"):
        if charts.by_key(PUBLIC, key, {}) is not None:
            yield Card("insight.chart", {"name": key})
    for theme in parties.all_themes():
        yield Card("insight.theme", {"code": theme.code})
