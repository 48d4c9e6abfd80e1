"""Needs, and the partners that the platform suggests for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields

from partnerships.api.shapes import Amount, Day, Money, address, amount, day
from partnerships.core.actor import Actor
from partnerships.core.policy import can
from partnerships.needs import columns
from partnerships.needs.models import Need
from partnerships.suggestions.words import Shown


class Years(Schema):
    """What is asked for a year, or for a span that a document states in one amount."""

    first_year = fields.Integer()
    last_year = fields.Integer()
    amount = Amount()
    national_share = Amount()


class NeedShape(Schema):
    """A need of an affected State."""

    ref = fields.String(required=True)
    address = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "Reference of the State: ISO 3166-1 alpha-3."})
    status = fields.String(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    language = fields.String(required=True)
    theme = fields.String(allow_none=True)
    kinds = fields.List(fields.String())
    place = fields.String()
    article = fields.String(allow_none=True)
    deadline = Day(allow_none=True)
    published_on = Day(allow_none=True)
    valid_until = Day(allow_none=True)
    beneficiaries = fields.String()
    visibility = fields.String(required=True)
    amounts_shown = fields.Boolean(required=True, metadata={
        "description": "False when the State keeps the amounts for fewer people: they are null then, not zero."})
    currency = fields.String(allow_none=True)
    amounts = fields.List(fields.Nested(Years), allow_none=True)
    money = fields.Nested(Money, allow_none=True)
    source = fields.String()
    is_demo = fields.Boolean(required=True, metadata={"description": "Invented for demonstration."})


class Contact(Schema):
    """Whom to write to."""

    name = fields.String()
    email = fields.String()


class NeedWhole(NeedShape):
    """A need with its contact, where the holder may see it."""

    contact = fields.Nested(Contact, allow_none=True)


class ReasonShape(Schema):
    """One term of a score, with the sentence that says it."""

    key = fields.String(required=True)
    points = fields.Float(required=True)
    sentence = fields.String(required=True)


class SuggestionShape(Schema):
    """A partner that the platform suggests for a need. Not a commitment. `score` is the sum of the points of its reasons."""

    need = fields.String(required=True)
    partner = fields.String(required=True)
    score = fields.Float(required=True)
    offer = fields.String(allow_none=True)
    reasons = fields.List(fields.Nested(ReasonShape), required=True)
    engine = fields.String(required=True)


def needs(actor: Actor, found: Sequence[Need]) -> list[dict[str, Any]]:
    """What the answer tells of needs, their amounts as far as the actor may see them."""
    return [_need(row) for row in columns.rows(actor, found)]


def _need(row: columns.Row) -> dict[str, Any]:
    need, money = row.need, row.money
    years = [{"first_year": one.first_year, "last_year": one.last_year, "amount": amount(one.amount),
              "national_share": amount(one.national_share)} for one in need.amounts]
    return {
        "ref": need.ref, "address": address("needs.detail", ref=need.ref), "state": need.party.ref, "status": need.status.value,
        "title": need.title, "summary": need.summary, "language": need.language, "theme": need.theme, "kinds": list(need.kinds),
        "place": need.place, "article": need.article, "deadline": day(need.deadline), "published_on": day(need.published_at),
        "valid_until": day(need.valid_until), "beneficiaries": need.beneficiaries, "visibility": need.visibility.value,
        "amounts_shown": row.seen, "currency": need.currency if row.seen else None, "amounts": years if row.seen else None,
        "money": {"asked": amount(money.asked), "national": amount(money.national),
                  "announced_or_confirmed": amount(money.pledged), "agreed": amount(money.committed), "paid": amount(money.paid),
                  "open": amount(money.open)} if money else None,
        "source": need.source, "is_demo": need.is_demo}


def whole(actor: Actor, need: Need) -> dict[str, Any]:
    """A need with its contact, where the actor may see it."""
    shown = can(actor, "needs.view-contact", need) and bool(need.contact_name or need.contact_email)
    return {**needs(actor, [need])[0],
            "contact": {"name": need.contact_name, "email": need.contact_email} if shown else None}


def suggestion(shown: Shown) -> dict[str, Any]:
    """A suggestion with its reasons in words."""
    return {"need": shown.need.ref, "partner": shown.party.ref, "score": round(shown.score, 6),
            "offer": shown.offer.ref if shown.offer else None, "engine": shown.version,
            "reasons": [{"key": one.key, "points": round(one.points, 6), "sentence": str(one.sentence)} for one in shown.terms]}
