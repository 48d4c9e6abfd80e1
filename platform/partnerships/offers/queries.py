"""Reading offers, each time as far as the actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_
from sqlalchemy.orm import joinedload

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.offers.models import Offer, OfferStatus
from partnerships.parties import queries as parties
from partnerships.parties.models import Party


def by_ref(actor: Actor, ref: str) -> Offer | None:
    """The offer with this reference, when the actor may see it."""
    query = scope(actor, "offers.view", Offer).where(Offer.ref == ref).options(joinedload(Offer.party))
    return db.session.scalars(query).first()


def listed(actor: Actor, filters: Mapping[str, Any], today: date) -> Select[Any]:
    """The list of offers under its filters (words, theme, kind, region, party, state), those that stand longest first.

    Region "any" asks for offers that name no place; theme "any" for those that name no thematic area.
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


def current(actor: Actor, today: date) -> list[Offer]:
    """All offers that stand today, within the actor's sight."""
    return list(db.session.scalars(listed(actor, {}, today)).unique())


def of_party(actor: Actor, party: Party) -> list[Offer]:
    """A party's offers within the actor's sight, whatever their date."""
    query = scope(actor, "offers.view", Offer).where(Offer.party_id == party.id).options(joinedload(Offer.party))
    return list(db.session.scalars(query.order_by(Offer.valid_until.desc(), Offer.id)))
