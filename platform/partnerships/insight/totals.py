"""Sums of what needs ask for, by country and year, currencies apart: for reports and for checking an import against its file."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from partnerships.core import audit
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import condition
from partnerships.needs.models import Need, NeedAmount
from partnerships.needs.states import ON_RECORD
from partnerships.parties.models import Party

FIELDS = ("country", "year")


def of_needs(actor: Actor, by: Sequence[str]) -> list[dict[str, Any]]:
    """What needs on record ask for (published, expired and closed ones), within the actor's sight.

    Arguments: by, any of "country" and "year", in the order of the sorting.
    Returns: a group an object: the grouped fields (country as ISO 3166-1 alpha-3; year as a number, or as the text
    "2017-2025" where a document states one amount for a span, which is never split), `amount` (decimal text), `currency`
    and `count`, how many needs. Currencies are never added up. A need without an amount belongs to no year; by country
    it is counted, in a group of its currency.
    """
    seen = Need.status.in_(ON_RECORD) & condition(actor, "needs.view-amounts", Need)
    query = select(Party.ref, Need.currency, Need.id, NeedAmount.first_year, NeedAmount.last_year, NeedAmount.amount).join(
        Need.party).where(seen)
    query = query.join(Need.amounts) if "year" in by else query.outerjoin(Need.amounts)
    return _grouped(query.subquery(), by)


def _grouped(rows: Any, by: Sequence[str]) -> list[dict[str, Any]]:
    keys = [rows.c.currency]
    if "country" in by:
        keys.append(rows.c.ref)
    if "year" in by:
        keys += [rows.c.first_year, rows.c.last_year]
    query = select(*keys, func.sum(rows.c.amount).label("amount"), func.count(rows.c.id.distinct()).label("count")).group_by(*keys)
    return sorted((_object(row, by) for row in db.session.execute(query)), key=lambda one: _order(one, by))


def _object(row: Any, by: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in by:
        if name == "country":
            found["country"] = row.ref
        else:
            found["year"] = row.first_year if row.first_year == row.last_year else f"{row.first_year}-{row.last_year}"
    return {**found, "amount": audit.plain(Decimal(row.amount or 0)), "currency": row.currency, "count": row.count}


def _order(one: dict[str, Any], by: Sequence[str]) -> tuple[str, ...]:
    return (*(str(one[name]) for name in by), one["currency"])
