"""Reading offers, each time as far as the actor may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.lists import member
from partnerships.core.policy import condition, scope
from partnerships.needs.models import Need
from partnerships.needs.states import ON_RECORD
from partnerships.offers.models import Nature, Offer, OfferStatus
from partnerships.parties import queries as parties
from partnerships.parties.models import Obligation, Party, PartyKind


def by_ref(actor: Actor, ref: str) -> Offer | None:
    """The offer with this reference, when the actor may see it."""
    query = scope(actor, "offers.view", Offer).where(Offer.ref == ref).options(joinedload(Offer.party))
    return db.session.scalars(query).first()


def listed(actor: Actor, filters: Mapping[str, Any], today: date) -> Select[Any]:
    """The list of offers under its filters (words, theme, kind, nature, region, party, south, state), those that stand
    longest first.

    Region "any" asks for offers that name no place; theme "any" for those that name no thematic area; `south` keeps
    those of affected States.
    """
    query = scope(actor, "offers.view", Offer).join(Offer.party).options(joinedload(Offer.party))
    if filters.get("state", "open") != "all":
        query = query.where(Offer.status == OfferStatus.OPEN, Offer.valid_until >= today)
    if filters.get("theme"):
        query = query.where(Offer.themes == () if filters["theme"] == "any" else names("themes", filters["theme"]))
    if filters.get("region"):
        query = query.where(reaches(filters["region"]))
    if filters.get("kind"):
        query = query.where(names("kinds", filters["kind"]))
    if filters.get("party"):
        query = query.where(Party.ref == filters["party"])
    if member(Nature, filters.get("nature") or ""):
        query = query.where(Offer.nature == Nature(filters["nature"]))
    if filters.get("south"):
        query = query.where(_affected(actor))
    for word in (filters.get("words") or "").lower().split()[:8]:
        query = query.where(or_(*(func.lower(column).contains(word, autoescape=True)
                                  for column in (Offer.title, Offer.summary, Offer.ref, Party.name_en))))
    return query.order_by(Offer.valid_until.desc(), Offer.id)


def names(column: str, code: str) -> ColumnElement[bool]:
    """SQL: the offer's set of codes holds this one."""
    held: ColumnElement[bool] = getattr(Offer, column).like(f"% {code} %")
    return held


def reaches(region: str) -> ColumnElement[bool]:
    """SQL: the offer names this region (M49), a part of it or a State in it; "any": it names no place at all."""
    if region == "any":
        return and_(Offer.regions == (), Offer.countries == ())
    codes = parties.within(region)
    named = [names("regions", code) for code in codes]
    state = exists().where(or_(Party.region == region, Party.subregion.in_(codes)),
                           Offer.countries.like("% " + Party.ref + " %")).correlate(Offer)
    return or_(*named, state)


def _affected(actor: Actor) -> ColumnElement[bool]:
    """SQL: the party is an affected State: it has a need on record within the actor's sight, or an Article 5 obligation."""
    asks = exists().where(Need.party_id == Party.id, Need.status.in_(ON_RECORD), condition(actor, "needs.view", Need))
    owes = exists().where(Obligation.party_id == Party.id, Obligation.article == "5")
    return and_(Party.kind == PartyKind.STATE, or_(asks.correlate(Party), owes.correlate(Party)))


def affected(actor: Actor, party_ids: Iterable[int]) -> set[int]:
    """Of these parties, those that are affected States, as far as the actor may know: their offers are South-South."""
    return set(db.session.scalars(select(Party.id).where(Party.id.in_(set(party_ids)), _affected(actor))))


def current(actor: Actor, today: date) -> list[Offer]:
    """All offers of help that stand today, within the actor's sight. A national point of contact offers none."""
    helping = listed(actor, {}, today).where(Offer.nature != Nature.CONTACT_POINT)
    return list(db.session.scalars(helping).unique())


def of_party(actor: Actor, party: Party) -> list[Offer]:
    """A party's offers within the actor's sight, whatever their date."""
    query = scope(actor, "offers.view", Offer).where(Offer.party_id == party.id).options(joinedload(Offer.party))
    return list(db.session.scalars(query.order_by(Offer.valid_until.desc(), Offer.id)))
