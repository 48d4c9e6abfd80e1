"""A new need from an earlier one of the same State: its content with the years moved on, kept only once the person saves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from partnerships.core.actor import Actor
from partnerships.needs import queries
from partnerships.needs.content import Content, lines, packed, snapshot
from partnerships.needs.models import Need
from partnerships.needs.service import AmountRow
from partnerships.needs.states import ON_RECORD
from partnerships.parties.models import Party

OFFERED = 10
TEXTS = ("channels", "national_note", "risks", "gender_analysis", "sustainability", "plan_title", "plan_year", "plan_url")
# Lines of the second part that belong to a year, and those that do not.
BY_YEAR, BESIDE = ("work", "costs", "covered"), ("people", "programme")


def sources(actor: Actor, party: Party) -> list[Need]:
    """The State's needs on record that a new one may start from: its own words first, newest first."""
    return queries.on_record(actor, party, OFFERED)


def source(actor: Actor, party: Party, ref: str) -> Need | None:
    """The State's own need on record with this reference."""
    need = queries.by_ref(actor, ref)
    return need if need is not None and need.party_id == party.id and need.status in ON_RECORD else None


def years_on(source: Need, today: date) -> int:
    """By how many years a copy is moved on, so that its first year is the next one; never backwards."""
    first = min((row.first_year for row in source.amounts), default=None)
    if first is None:
        first = (source.published_at.date() if source.published_at else today).year + 1
    return max(0, today.year + 1 - first)


def values(source: Need, today: date) -> dict[str, Any]:
    """What the short form starts with: the need's own words, its years moved on, valid for as long as a new one."""
    on = years_on(source, today)
    columns = ("title", "summary", "theme", "place", "currency", "beneficiaries", "language", "contact_name", "contact_email")
    serves = f"o:{source.obligation_id}:{source.article}" if source.obligation_id else f"a:{source.article or ''}"
    return {
        **{name: getattr(source, name) for name in columns}, "kinds": list(source.kinds), "serves": serves,
        "deadline": source.deadline if source.deadline and source.deadline >= today else None,
        "valid_until": date(today.year + 1, 12, 31), "visibility": source.visibility.value, "start": source.ref,
        "excluded_partners": list(source.excluded_partners),
        # An amount that a document states for a span of years is no amount of one year.
        "years": [{"year": row.first_year + on, "amount": row.amount, "national_share": row.national_share or None}
                  for row in source.amounts if row.first_year == row.last_year] or [{"year": today.year + 1}],
    }


def second_part(source: Need, currency: str, amounts: Iterable[AmountRow], today: date) -> Content:
    """The second part of the need, moved on, as far as it fits the new one.

    Arguments: currency and amounts, of the new need. Money in another currency is left behind, and so are the cost
    lines of a year that come to more than the new need asks for in it. Returns: a part of a content.
    """
    whole, on = snapshot(source), years_on(source, today)
    part: dict[str, Any] = {name: whole[name] for name in (*TEXTS, *BESIDE)}
    for name in BY_YEAR:
        part[name] = [{**line, "year": line["year"] + on if line["year"] is not None else None} for line in lines(whole, name)]
    if currency != source.currency:
        part["costs"], part["covered"] = [], []
    asked = {first: amount for first, _last, amount, _share in amounts}
    sums = costs_by_year(part["costs"])
    part["costs"] = [line for line in part["costs"] if sums[line["year"]] <= asked.get(line["year"], Decimal(0))]
    return packed(part)


def costs_by_year(costs: Iterable[dict[str, Any]]) -> dict[int, Decimal]:
    """What cost lines come to in each year."""
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for line in costs:
        sums[line["year"]] += line["amount"]
    return dict(sums)
