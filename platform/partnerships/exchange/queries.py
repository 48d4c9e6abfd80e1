"""Reading imports, each time as far as the actor may see; and what the register knows that rows are read with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from partnerships.conferences.models import Conference
from partnerships.conferences.states import ConferenceStatus
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.exchange.entries import Known
from partnerships.exchange.models import Fate, Import, ImportOf, ImportRow, ImportStatus
from partnerships.exchange.places import Places
from partnerships.offers.models import Offer
from partnerships.parties import queries as parties
from partnerships.parties.models import PartyKind
from partnerships.parties.reference import Article
from partnerships.parties.words import LANGUAGE_LABELS
from partnerships.pledges.models import Pledge


def by_ref(actor: Actor, ref: str) -> Import | None:
    """The import with this reference, when the actor may see it."""
    query = scope(actor, "exchange.view", Import).where(Import.ref == ref).options(joinedload(Import.conference))
    return db.session.scalars(query).first()


def listed(actor: Actor) -> Select[Any]:
    """The imports within the actor's sight, newest first; dropped previews are left out."""
    return scope(actor, "exchange.view", Import).where(Import.status != ImportStatus.DROPPED).order_by(Import.id.desc())


def rows(one: Import, fate: Fate | None) -> Select[Any]:
    """The rows of an import in the file's order, those of one fate or all."""
    query = select(ImportRow).where(ImportRow.import_id == one.id).order_by(ImportRow.number)
    return query.where(ImportRow.fate == fate) if fate else query


def counts(one: Import) -> dict[Fate, int]:
    """How many rows have each fate."""
    found = db.session.execute(select(ImportRow.fate, func.count()).where(ImportRow.import_id == one.id).group_by(ImportRow.fate))
    by_fate: dict[Fate, int] = {row[0]: row[1] for row in found}
    return {fate: by_fate.get(fate, 0) for fate in Fate}


def waiting(one: Import) -> list[int]:
    """The numbers of the rows that wait for a choice, in the file's order."""
    return list(db.session.scalars(select(ImportRow.number).where(
        ImportRow.import_id == one.id, ImportRow.fate == Fate.WAITING).order_by(ImportRow.number)))


def offers(actor: Actor, ids: set[int]) -> list[Offer]:
    """Offers by identifier, as far as the actor may see them."""
    return list(db.session.scalars(scope(actor, "offers.view", Offer).where(Offer.id.in_(ids))))


def conferences(actor: Actor) -> list[Conference]:
    """The conferences that take pledges of a prepared sheet: all but those whose outcome is published; open ones first."""
    query = scope(actor, "conferences.view", Conference).where(Conference.status != ConferenceStatus.PUBLISHED)
    return list(db.session.scalars(query.order_by(
        Conference.status != ConferenceStatus.OPEN, Conference.first_day.is_(None), Conference.first_day.desc(), Conference.id)))


def pledges(actor: Actor, ids: set[int]) -> list[Pledge]:
    """Pledges by identifier, as far as the actor may see them."""
    return list(db.session.scalars(scope(actor, "pledges.view", Pledge).where(Pledge.id.in_(ids))))


def left_alone(before: datetime) -> list[Import]:
    """Previews that nobody has confirmed since a moment."""
    return list(db.session.scalars(select(Import).where(Import.status == ImportStatus.PREVIEWED, Import.created_at < before)))


FROM_IATI = "IATI activity "  # how the source of a contribution begins that another publisher's file stated


def _contributed() -> Select[Any]:
    """The rows of imports in force that made contributions or put them right."""
    return select(ImportRow.record_id).join(Import, Import.id == ImportRow.import_id).where(
        Import.what.in_((ImportOf.CONTRIBUTIONS, ImportOf.ACTIVITIES)), Import.status == ImportStatus.CONFIRMED,
        ImportRow.fate.in_((Fate.CREATED, Fate.UPDATED)), ImportRow.record_id.is_not(None))


def invented_contributions() -> Select[Any]:
    """The ids of contributions that demonstration sign-ins imported: they carry no mark of their own."""
    return _contributed().where(Import.is_demo)


def contributed_at(ids: Collection[int]) -> dict[int, datetime]:
    """When contributions were imported, by id; those that were seeded have no moment."""
    query = _contributed().add_columns(func.max(Import.status_on)).where(ImportRow.record_id.in_(ids)).group_by(ImportRow.record_id)
    return {number: moment for number, moment in db.session.execute(query) if moment is not None}


def known() -> Known:
    """What the register knows and rows are read with."""
    places = parties.all_parties(PartyKind.STATE, PartyKind.AREA)
    return Known(
        Places(places), Places([*places, *parties.all_parties(PartyKind.ORGANISATION)]),
        {row.code: row.title for row in parties.all_themes()}, {row.code: row.title for row in parties.all_kinds()},
        {row.m49: row.name_en for row in parties.all_regions()},
        {code: str(words) for code, words in LANGUAGE_LABELS.items()},
        frozenset(db.session.scalars(select(Article.ref))))
