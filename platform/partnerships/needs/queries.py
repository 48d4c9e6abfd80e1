"""Reading needs, each time as far as the actor may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.lists import Page, member, page_of
from partnerships.core.policy import condition, scope
from partnerships.core.search import holding
from partnerships.needs.content import LINES
from partnerships.needs.models import Need
from partnerships.needs.states import CLOSED, HELPED, ON_RECORD, NeedStatus, Origin
from partnerships.parties.models import Party

SORTS = ("newest", "deadline", "amount", "state")
STATES = ("open", "expired", "closed")


def by_ref(actor: Actor, ref: str) -> Need | None:
    """The need with this reference (or the draft reference it once had), when the actor may see it."""
    query = scope(actor, "needs.view", Need).where(or_(Need.ref == ref, Need.draft_ref == ref))
    return db.session.scalars(query.options(joinedload(Need.party), joinedload(Need.obligation),
                                            selectinload(Need.amounts))).unique().first()


def published(actor: Actor, filters: Mapping[str, Any], today: date) -> Select[Any]:
    """The list of needs on record under its filters, whole records.

    Arguments: filters may hold words, theme, region (M49), party (ref), kind, least and most (US dollars), until
    (deadline on or before), since (published after this moment), state ("open", "expired", "closed", "" for all) and sort.
    """
    return select(Need).where(*_chosen(actor, filters, today)).options(*_whole()).order_by(
        *_order(actor, filters.get("sort", "newest")))


def numbers(actor: Actor, filters: Mapping[str, Any], today: date) -> Select[Any]:
    """The same list as identifiers alone: every filter and order is answered from a covering index (see `Need`)."""
    return select(Need.id).where(*_chosen(actor, filters, today)).order_by(*_order(actor, filters.get("sort", "newest")))


def page(actor: Actor, filters: Mapping[str, Any], today: date) -> Page:
    """The page of the list that the address asks for, in as many queries however long the list is: seven at most."""
    return page_of(numbers(actor, filters, today), partial(_by_order, actor))


def first(actor: Actor, filters: Mapping[str, Any], today: date, limit: int) -> tuple[list[Need], int]:
    """The first records of the list, and how many there are in all."""
    ids = numbers(actor, filters, today)
    total = db.session.scalar(select(func.count()).select_from(ids.order_by(None).subquery())) or 0
    return _by_order(actor, db.session.scalars(ids.limit(limit)).all()) if total else [], total


def _by_order(actor: Actor, ids: Sequence[int]) -> list[Need]:
    query = select(Need).where(Need.id.in_(ids)).options(*_whole())
    if actor.party_id is not None:
        # The rule for partners asks who is matched with a need and with whom it is shared; unloaded, that would be two
        # queries a need. The relationships are of the rooms above.
        query = query.options(selectinload(Need.matches), selectinload(Need.shares))  # type: ignore[attr-defined]
    found = {need.id: need for need in db.session.scalars(query).unique()}
    return [found[number] for number in ids if number in found]


def _whole() -> tuple[Any, ...]:
    return joinedload(Need.party), joinedload(Need.obligation), selectinload(Need.amounts)


def _chosen(actor: Actor, filters: Mapping[str, Any], today: date) -> list[ColumnElement[bool]]:
    """The conditions of the list, on columns of the covering indexes only."""
    seen = [condition(actor, "needs.view", Need), *_by_state(filters.get("state", "open"), today)]
    if filters.get("theme"):
        seen.append(Need.theme == filters["theme"])
    if filters.get("region"):
        seen.append(Need.party_id.in_(select(Party.id).where(
            or_(Party.region == filters["region"], Party.subregion == filters["region"]))))
    if filters.get("party"):
        seen.append(Need.party_id.in_(select(Party.id).where(Party.ref == filters["party"])))
    if filters.get("kind"):
        seen.append(Need.kinds.like(f"% {filters['kind']} %"))
    seen += _by_amount(actor, filters.get("least"), filters.get("most"))
    if filters.get("until"):
        seen.append(Need.deadline <= filters["until"])
    if filters.get("since"):
        seen.append(Need.published_at > filters["since"])
    return seen + holding("need", Need.id, filters.get("words") or "")


def _by_amount(actor: Actor, least: Decimal | None, most: Decimal | None) -> list[ColumnElement[bool]]:
    if least is None and most is None:
        return []
    bounds = [Need.asked_usd >= least] if least is not None else []
    if most is not None:
        bounds.append(Need.asked_usd <= most)
    return [condition(actor, "needs.view-amounts", Need), *bounds]


def _by_state(state: str, today: date) -> tuple[ColumnElement[bool], ...]:
    current = or_(Need.valid_until.is_(None), Need.valid_until >= today)
    if state == "expired":
        return Need.status == NeedStatus.PUBLISHED, ~current
    if state == "closed":
        return (Need.status.in_(CLOSED),)
    if state == "":
        return (Need.status.in_(ON_RECORD),)
    if member(NeedStatus, state) and NeedStatus(state) in CLOSED:
        return (Need.status == NeedStatus(state),)
    if state in ("supporters", "no-supporters"):
        named = Need.supporters != ""
        return Need.status.in_(HELPED), named if state == "supporters" else ~named
    return Need.status == NeedStatus.PUBLISHED, current


def _order(actor: Actor, sort: str) -> tuple[Any, ...]:
    if sort == "deadline":
        return (Need.deadline.asc().nulls_last(), Need.id)
    if sort == "amount":
        # An amount that the reader may not see must not show by its place in the list.
        shown = case((condition(actor, "needs.view-amounts", Need), Need.asked_usd), else_=None)
        return (shown.desc().nulls_last(), Need.id)
    if sort == "state":
        return (select(Party.name_en).where(Party.id == Need.party_id).scalar_subquery(), Need.id)
    return (Need.published_at.desc(), Need.id.desc())


def of_party(actor: Actor, party: Party) -> list[Need]:
    """All needs of a State that the actor may see, drafts first for its own people, then newest first."""
    query = scope(actor, "needs.view", Need).where(Need.party_id == party.id).options(
        joinedload(Need.party), joinedload(Need.obligation), selectinload(Need.amounts)).order_by(
        Need.published_at.is_not(None), Need.published_at.desc(), Need.id.desc())
    return list(db.session.scalars(query).unique())


def on_record(actor: Actor, party: Party, limit: int) -> list[Need]:
    """A State's first needs on record: those it posted itself, then those recorded from documents, newest first."""
    query = scope(actor, "needs.view", Need).where(Need.party_id == party.id, Need.status.in_(ON_RECORD)).options(
        joinedload(Need.party), selectinload(Need.amounts)).order_by(
        Need.origin == Origin.RECORDED, Need.published_at.desc(), Need.id.desc())
    return list(db.session.scalars(query.limit(limit)).unique())


def waiting(actor: Actor) -> list[Need]:
    """The verification queue: submitted needs within the actor's sight, longest waiting first."""
    query = scope(actor, "needs.view", Need).where(Need.status == NeedStatus.SUBMITTED).options(
        joinedload(Need.party)).order_by(Need.submitted_at, Need.id)
    return list(db.session.scalars(query).unique())


def current(actor: Actor, today: date) -> list[Need]:
    """All open needs within the actor's sight (matching looks at these)."""
    query = scope(actor, "needs.view", Need).where(*_by_state("open", today)).options(
        joinedload(Need.party), selectinload(Need.amounts)).order_by(Need.id)
    return list(db.session.scalars(query).unique())


def open_of_party(actor: Actor, party: Party, today: date) -> list[Need]:
    """A State's open needs within the actor's sight, in order of identifier."""
    query = scope(actor, "needs.view", Need).where(*_by_state("open", today), Need.party_id == party.id).options(
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


def with_amounts_seen(actor: Actor, ids: Collection[int]) -> set[int]:
    """Of these needs, those whose amounts the actor may see."""
    query = select(Need.id).where(Need.id.in_(ids), condition(actor, "needs.view-amounts", Need))
    return set(db.session.scalars(query))


def by_refs(actor: Actor, refs: list[str]) -> dict[str, Need]:
    """Needs by reference with their amounts, as far as the actor may see them."""
    query = scope(actor, "needs.view", Need).where(Need.ref.in_(refs)).options(
        joinedload(Need.party), selectinload(Need.amounts))
    return {need.ref: need for need in db.session.scalars(query).unique()}


def whole(actor: Actor, refs: list[str], theme: str) -> dict[str, Need]:
    """Those of these needs that are of a thematic area, with everything they say, as far as the actor may see them."""
    query = scope(actor, "needs.view", Need).where(Need.ref.in_(refs), Need.theme == theme).options(
        joinedload(Need.party), *(selectinload(getattr(Need, name)) for name in LINES))
    return {need.ref: need for need in db.session.scalars(query).unique()}


def helped(actor: Actor, theme: str, most: int) -> list[Need]:
    """The needs of a thematic area that were met or partly met last, within the actor's sight."""
    query = scope(actor, "needs.view", Need).where(Need.status.in_(HELPED), Need.theme == theme).options(
        joinedload(Need.party), selectinload(Need.amounts)).order_by(Need.status_on.desc(), Need.id.desc()).limit(most)
    return list(db.session.scalars(query).unique())


def supported(actor: Actor) -> list[Need]:
    """The needs that were met or partly met and name who helped, within the actor's sight."""
    query = scope(actor, "needs.view", Need).where(Need.status.in_(HELPED), Need.supporters != "").options(
        joinedload(Need.party)).order_by(Need.id)
    return list(db.session.scalars(query).unique())
