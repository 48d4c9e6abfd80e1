"""States, organisations, and what partners offer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from marshmallow import Schema, fields

from partnerships.api.shapes import Amount, Day, address, amount, day
from partnerships.core.actor import Actor
from partnerships.offers.models import Offer
from partnerships.parties import queries, view
from partnerships.parties.models import Party
from partnerships.parties.words import name


class ActShape(Schema):
    """A State's act towards the Convention."""

    act = fields.String(required=True)
    date = Day(allow_none=True)
    effective = Day(allow_none=True)
    source = fields.String()


class ObligationShape(Schema):
    """What the Convention asks of a State, as a source states it."""

    article = fields.String(required=True)
    title = fields.String(required=True)
    deadline = Day(allow_none=True)
    status = fields.String()
    as_of = Day(allow_none=True)
    source = fields.String()


class PartyShape(Schema):
    """A State, an area that a source names, or an organisation."""

    ref = fields.String(required=True)
    address = fields.String(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    iso2 = fields.String()
    m49 = fields.String()
    region = fields.String()
    subregion = fields.String()
    standing = fields.String(allow_none=True, metadata={"description": "Towards the Convention, today, in words."})
    acts = fields.List(fields.Nested(ActShape))
    open_needs = fields.Integer(metadata={"description": "Open needs within the holder's sight."})
    source = fields.String()


class PartyWhole(PartyShape):
    """A State or organisation with what the Convention asks of it."""

    obligations = fields.List(fields.Nested(ObligationShape))


class OfferShape(Schema):
    """What a partner offers."""

    ref = fields.String(required=True)
    address = fields.String(required=True)
    party = fields.String(required=True)
    nature = fields.String(required=True)
    status = fields.String(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    themes = fields.List(fields.String())
    kinds = fields.List(fields.String())
    regions = fields.List(fields.String(), metadata={"description": "Codes of M49."})
    countries = fields.List(fields.String())
    languages = fields.List(fields.String())
    currency = fields.String(allow_none=True)
    amount_min = Amount(allow_none=True)
    amount_max = Amount(allow_none=True)
    quantities = fields.String()
    conditions = fields.String()
    how_to_ask = fields.String()
    valid_until = Day()
    visibility = fields.String(required=True)
    is_demo = fields.Boolean(required=True)


def parties(actor: Actor, found: Sequence[Party]) -> list[dict[str, Any]]:
    """What the answer tells of parties."""
    return [_party(row) for row in view.rows(actor, found, date.today())]


def _party(row: view.Row) -> dict[str, Any]:
    party = row.party
    acts = [{"act": one.act.value, "date": day(one.date), "effective": day(one.effective), "source": one.source}
            for one in party.treaty_acts]
    return {"ref": party.ref, "address": address("parties.detail", ref=party.ref), "kind": party.kind.value, "name": name(party),
            "iso2": party.iso2, "m49": party.m49, "region": party.region, "subregion": party.subregion,
            "standing": str(row.standing.short) if row.standing else None, "acts": acts, "open_needs": row.needs,
            "source": party.source}


def whole(actor: Actor, party: Party) -> dict[str, Any]:
    """A party with its obligations."""
    asked = [{"article": one.article, "title": one.title, "deadline": day(one.deadline), "status": one.status,
              "as_of": day(one.as_of), "source": one.source} for one in queries.obligations(party.id)]
    return {**parties(actor, [party])[0], "obligations": asked}


def offers(_actor: Actor, found: Sequence[Offer]) -> list[dict[str, Any]]:
    """What the answer tells of offers."""
    return [_offer(one) for one in found]


def _offer(offer: Offer) -> dict[str, Any]:
    priced = offer.amount_min is not None or offer.amount_max is not None
    return {
        "ref": offer.ref, "address": address("offers.detail", ref=offer.ref), "party": offer.party.ref,
        "nature": offer.nature.value, "status": offer.status.value, "title": offer.title, "summary": offer.summary,
        "themes": list(offer.themes), "kinds": list(offer.kinds), "regions": list(offer.regions),
        "countries": list(offer.countries), "languages": list(offer.languages), "currency": offer.currency if priced else None,
        "amount_min": amount(offer.amount_min), "amount_max": amount(offer.amount_max), "quantities": offer.quantities,
        "conditions": offer.conditions, "how_to_ask": offer.how_to_ask, "valid_until": day(offer.valid_until),
        "visibility": offer.visibility.value, "is_demo": offer.is_demo}
