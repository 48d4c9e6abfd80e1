"""Offers for programs: the list, one, a new one, a change."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from flask import Response
from marshmallow import Schema, fields

from partnerships.api import frame, paging, writing
from partnerships.api.filtering import form_of
from partnerships.api.frame import Paged, listing, operation
from partnerships.api.shapes import parties as told
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import current_actor, demand, public, requires
from partnerships.core.web import found
from partnerships.offers import queries, service
from partnerships.offers.forms import FilterForm, OfferForm
from partnerships.offers.models import Offer
from partnerships.parties.models import Party
from partnerships.tokens.states import Scope

TAG = "Offers"
SETS = ("themes", "kinds", "regions", "countries", "languages")


class OfferQuery(Paged):
    """The filters of the list of offers, as on its page."""

    q = fields.String()
    theme = fields.String()
    kind = fields.String()
    nature = fields.String()
    region = fields.String()
    party = fields.String()
    state = fields.String(metadata={"description": "open (when left out) or all."})
    south = fields.Boolean(metadata={"description": "South-South only."})


class OfferBody(Schema):
    """An offer as its partner writes it: the fields of the form, under its rules."""

    nature = fields.String()
    title = fields.String()
    summary = fields.String()
    themes = fields.List(fields.String())
    kinds = fields.List(fields.String())
    regions = fields.List(fields.String())
    countries = fields.List(fields.String())
    languages = fields.List(fields.String())
    currency = fields.String()
    amount_min = fields.String()
    amount_max = fields.String()
    quantities = fields.String()
    conditions = fields.String()
    how_to_ask = fields.String()
    contact_name = fields.String()
    contact_email = fields.String()
    valid_until = fields.String()
    visibility = fields.String()


def _offer(ref: str, actor: Actor) -> Offer:
    return found(queries.by_ref(actor, ref))


def _answer(actor: Actor, offer: Offer, asked: dict[str, Any], status: int = 200) -> Response:
    return writing.record(told.OfferShape(), told.offers(actor, [offer])[0], asked, str(offer.version), status)


@operation("get", "/offers", TAG, public, listing(told.OfferShape, "Offers"), query=OfferQuery)
def offers(asked: dict[str, Any]) -> Response:
    """The offers that the holder may see, under the filters of their page."""
    actor = current_actor()
    query = queries.listed(actor, form_of(FilterForm, asked).chosen(), date.today())
    return paging.page(listing(told.OfferShape, "Offers"), query, Offer, asked, partial(told.offers, actor))


@operation("get", "/offers/<ref>", TAG, public, told.OfferShape)
def offer(asked: dict[str, Any], ref: str) -> Response:
    """One offer."""
    actor = current_actor()
    return _answer(actor, _offer(ref, actor), asked)


@operation("post", "/offers", TAG, requires("offers.create"), told.OfferShape, query=frame.Nothing, body=OfferBody, status=201,
           opens=Scope.OFFERS, faults=(403, 409))
def post(asked: dict[str, Any], body: dict[str, Any]) -> Response:
    """Post an offer of the holder's State or organisation. It takes part in matching from then on."""
    actor = current_actor()

    def make() -> str:
        form = OfferForm(formdata=writing.sent({"nature": "help", "visibility": "public", "currency": "USD", **body}),
                         meta=writing.META)
        writing.check(form.check(), form)
        return service.create(actor, db.session.get_one(Party, actor.party_id), form.columns()).ref

    return writing.created("offer", body, make, lambda ref: _answer(actor, _offer(ref, actor), asked, 201))


@operation("patch", "/offers/<ref>", TAG, requires("offers.edit"), told.OfferShape, query=frame.Nothing, body=OfferBody,
           opens=Scope.OFFERS, faults=(403, 409, 412, 428))
def amend(asked: dict[str, Any], body: dict[str, Any], ref: str) -> Response:
    """Change an offer; what is left out stays."""
    actor = current_actor()
    one = _offer(ref, actor)
    demand(actor, "offers.edit", one)
    writing.match(str(one.version))
    filled = OfferForm(formdata=None, obj=one, visibility=one.visibility.value, nature=one.nature.value, meta=writing.META,
                       **{name: list(getattr(one, name)) for name in SETS})
    form = OfferForm(formdata=writing.over(filled, body), meta=writing.META)
    writing.check(form.check(), form)
    service.change(one, actor, form.columns())
    return _answer(actor, one, asked)
