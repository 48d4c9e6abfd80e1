"""Sums of needs, contributions and pledges, currencies and stages apart: for reports, and to check an import against its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from partnerships.core import audit
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import condition, scope
from partnerships.exchange.places import short
from partnerships.needs.models import Need, NeedAmount
from partnerships.needs.states import ON_RECORD
from partnerships.parties.models import Party
from partnerships.pledges import figures
from partnerships.pledges.account import shares
from partnerships.pledges.models import Contribution, Pledge, PledgePartner

FIELDS = ("country", "year")
GIVING = ("donor", "recipient", "year", "stage")  # of contributions and pledges
STAGES = ("announced", "confirmed", "agreed", "paid", "withdrawn", "lapsed")


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


@dataclass
class Sums:
    """Groups as `flask insight totals` writes them, and how many records state no amount that could be added."""

    groups: list[dict[str, Any]] = field(default_factory=list)
    left_out: int = 0


def of_contributions(by: Sequence[str], *, stage: str = "", currency: str = "USD") -> Sums:
    """What public sources record as given. Sources report what was given, so that all of it stands under "paid".

    Arguments: by, any of GIVING; stage, another one than paid gives nothing; currency: USD is the amount in US dollars as
    the source states it, any other the amount in the donor's own currency. Nothing is converted.
    Returns: a group an object: the grouped fields (parties as ISO 3166-1 alpha-3, or their name where they have no such
    code), `amount` (decimal text), `currency` and `count`, how many contributions.
    """
    if stage not in ("", "paid"):
        return Sums()
    rows = list(db.session.scalars(select(Contribution).options(
        joinedload(Contribution.donor), joinedload(Contribution.recipient)).order_by(Contribution.id)))
    groups: dict[tuple[Any, ...], list[Any]] = {}
    left_out = 0
    for one in rows:
        amount = one.amount_usd if currency == "USD" else one.amount_national if one.currency == currency else None
        if amount is None:
            left_out += 1
            continue
        told = {"donor": short(one.donor), "recipient": short(one.recipient), "year": one.year, "stage": "paid"}
        _add(groups, (*(told[name] for name in by), currency), amount, one.id)
    return Sums(_written(groups, by), left_out)


def of_pledges(actor: Actor, by: Sequence[str], *, stage: str = "", currency: str = "") -> Sums:
    """What pledges within the actor's sight come to, each part in the one stage that it has reached.

    Arguments: as `of_contributions`; without a stage, `by` must hold "stage", since stages are never added up; without a
    currency, currencies stand apart. A joint pledge stands with each of its donors by its share; one that is for no State
    has the recipient None. What was struck is nobody's pledge. Raises: ValueError when stages would be added up.
    """
    if not stage and "stage" not in by:
        raise ValueError("stages are never added up")
    query = scope(actor, "pledges.view", Pledge).options(
        joinedload(Pledge.donor), joinedload(Pledge.recipient), selectinload(Pledge.payments), selectinload(Pledge.portions),
        selectinload(Pledge.partners).joinedload(PledgePartner.party)).order_by(Pledge.id)
    groups: dict[tuple[Any, ...], list[Any]] = {}
    left_out = 0
    for pledge in db.session.scalars(query).unique():
        if not figures.counts(pledge) or (currency and pledge.currency != currency):
            left_out += 1
            continue
        for donor, year, reached, amount in shares(pledge):
            if stage in ("", reached):
                told = {"donor": short(donor), "recipient": short(pledge.recipient) if pledge.recipient else None,
                        "year": year, "stage": reached}
                _add(groups, (*(told[name] for name in by), pledge.currency), amount, pledge.id)
    return Sums(_written(groups, by), left_out)


def _add(groups: dict[tuple[Any, ...], list[Any]], key: tuple[Any, ...], amount: Decimal, number: int) -> None:
    group = groups.setdefault(key, [Decimal(0), set()])
    group[0] += amount
    group[1].add(number)


def _written(groups: dict[tuple[Any, ...], list[Any]], by: Sequence[str]) -> list[dict[str, Any]]:
    found = [{**dict(zip(by, key, strict=False)), "amount": audit.plain(amount), "currency": key[-1], "count": len(numbers)}
             for key, (amount, numbers) in groups.items()]
    return sorted(found, key=lambda one: tuple(map(str, (*(one[name] for name in by), one["currency"]))))
