"""Reading needs, each time as far as the actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import condition, scope
from partnerships.needs.models import Need
from partnerships.needs.states import CLOSED, NeedStatus
from partnerships.parties.models import Party

SORTS = ("newest", "deadline", "amount", "state")
STATES = ("open", "expired", "closed")


def by_ref(actor: Actor, ref: str) -> Need | None:
    """The need with this reference (or the draft reference it once had), when the actor may see it."""
    query = scope(actor, "needs.view", Need).where(or_(Need.ref == ref, Need.draft_ref == ref))
    return db.session.scalars(query.options(joinedload(Need.party), joinedload(Need.obligation),
                                            selectinload(Need.amounts))).unique().first()


def published(actor: Actor, filters: Mapping[str, Any], today: date) -> Select[Any]:
    """The list of needs on record under its filters.

    Arguments: filters may hold words, theme, region (M49), party (ref), kind, least and most (US dollars), until
    (deadline on or before), state ("open", "expired", "closed", "" for all) and sort.
    """
    query = scope(actor, "needs.view", Need).join(Need.party).options(
        joinedload(Need.party), joinedload(Need.obligation), selectinload(Need.amounts))
    query = _by_state(query, filters.get("state", "open"), today)
    if filters.get("theme"):
        query = query.where(Need.theme == filters["theme"])
    if filters.get("region"):
        query = query.where(or_(Party.region == filters["region"], Party.subregion == filters["region"]))
    if filters.get("party"):
        query = query.where(Party.ref == filters["party"])
    if filters.get("kind"):
        query = query.where(Need.kinds.like(f"% {filters['kind']} %"))
    if filters.get("least") is not None or filters.get("most") is not None:
        query = query.where(condition(actor, "needs.view-amounts", Need))
    if filters.get("least") is not None:
        query = query.where(Need.asked_usd >= filters["least"])
    if filters.get("most") is not None:
        query = query.where(Need.asked_usd <= filters["most"])
    if filters.get("until"):
        query = query.where(Need.deadline <= filters["until"])
    for word in (filters.get("words") or "").lower().split()[:8]:
        query = query.where(or_(*(func.lower(column).contains(word, autoescape=True)
                                  for column in (Need.title, Need.summary, Need.place, Need.ref, Party.name_en))))
    return query.order_by(*_order(actor, filters.get("sort", "newest")))


def _by_state(query: Select[Any], state: str, today: date) -> Select[Any]:
    current = or_(Need.valid_until.is_(None), Need.valid_until >= today)
    if state == "expired":
        return query.where(Need.status == NeedStatus.PUBLISHED, ~current)
    if state == "closed":
        return query.where(Need.status.in_(CLOSED))
    if state == "":
        return query.where(Need.status.in_((NeedStatus.PUBLISHED, *CLOSED)))
    return query.where(Need.status == NeedStatus.PUBLISHED, current)


def _order(actor: Actor, sort: str) -> tuple[Any, ...]:
    if sort == "deadline":
        return (Need.deadline.is_(None), Need.deadline, Need.id)
    if sort == "amount":
        # An amount that the reader may not see must not show by its place in the list.
        shown = case((condition(actor, "needs.view-amounts", Need), Need.asked_usd), else_=None)
        return (shown.is_(None), shown.desc(), Need.id)
    if sort == "state":
        return (Party.name_en, Need.id)
    return (Need.published_at.desc(), Need.id.desc())


def of_party(actor: Actor, party: Party) -> list[Need]:
    """All needs of a State that the actor may see, drafts first for its own people, then newest first."""
    query = scope(actor, "needs.view", Need).where(Need.party_id == party.id).options(
        joinedload(Need.party), joinedload(Need.obligation), selectinload(Need.amounts)).order_by(
        Need.published_at.is_not(None), Need.published_at.desc(), Need.id.desc())
    return list(db.session.scalars(query).unique())


def waiting(actor: Actor) -> list[Need]:
    """The verification queue: submitted needs within the actor's sight, longest waiting first."""
    query = scope(actor, "needs.view", Need).where(Need.status == NeedStatus.SUBMITTED).options(
        joinedload(Need.party)).order_by(Need.submitted_at, Need.id)
    return list(db.session.scalars(query).unique())


def current(actor: Actor, today: date) -> list[Need]:
    """All open needs within the actor's sight (matching looks at these)."""
    query = _by_state(scope(actor, "needs.view", Need), "open", today).options(
        joinedload(Need.party), selectinload(Need.amounts)).order_by(Need.id)
    return list(db.session.scalars(query).unique())


def open_of_party(actor: Actor, party: Party, today: date) -> list[Need]:
    """A State's open needs within the actor's sight, in order of identifier."""
    query = _by_state(scope(actor, "needs.view", Need), "open", today).where(Need.party_id == party.id).options(
        joinedload(Need.party), selectinload(Need.amounts)).order_by(Need.id)
    return list(db.session.scalars(query).unique())


def by_ids(actor: Actor, ids: set[int]) -> dict[int, Need]:
    """Needs by identifier, as far as the actor may see them."""
    query = scope(actor, "needs.view", Need).where(Need.id.in_(ids)).options(joinedload(Need.party))
    return {need.id: need for need in db.session.scalars(query).unique()}


def by_numbers(actor: Actor, ids: set[int]) -> list[Need]:
    """Needs by identifier with their amounts, as far as the actor may see them, in order of identifier."""
    query = scope(actor, "needs.view", Need).where(Need.id.in_(ids)).options(
        joinedload(Need.party), selectinload(Need.amounts)).order_by(Need.id)
    return list(db.session.scalars(query).unique())


def by_refs(actor: Actor, refs: list[str]) -> dict[str, Need]:
    """Needs by reference with their amounts, as far as the actor may see them."""
    query = scope(actor, "needs.view", Need).where(Need.ref.in_(refs)).options(
        joinedload(Need.party), selectinload(Need.amounts))
    return {need.ref: need for need in db.session.scalars(query).unique()}


def asked_by_currency(actor: Actor, today: date) -> list[tuple[str, Decimal, int]]:
    """What open needs ask for, a row a currency: (currency, amount, number of needs). Never one sum."""
    inner = _by_state(scope(actor, "needs.view-amounts", Need), "open", today).where(Need.asked.is_not(None)).subquery()
    rows = db.session.execute(select(inner.c.currency, func.sum(inner.c.asked), func.count()).group_by(
        inner.c.currency).order_by(func.count().desc(), inner.c.currency))
    return [(currency, Decimal(amount), count) for currency, amount, count in rows]
