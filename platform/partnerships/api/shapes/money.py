"""Pledges and contributions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields

from partnerships.api.shapes import Amount, Day, address, amount, day
from partnerships.core.actor import Actor
from partnerships.needs import queries as needs
from partnerships.pledges import figures
from partnerships.pledges.models import Contribution, Pledge
from partnerships.pledges.rules import needs_of
from partnerships.pledges.states import PledgeKind

STAGES = ("announced", "confirmed", "agreed", "paid", "withdrawn", "lapsed")


class StagesShape(Schema):
    """Where a pledge's amount stands. The stages exclude each other and are never added together."""

    announced = Amount()
    confirmed = Amount()
    agreed = Amount(metadata={"description": "Agreement signed, not yet paid."})
    paid = Amount()
    withdrawn = Amount()
    lapsed = Amount()


class PortionShape(Schema):
    """What a pledge plans for a year."""

    year = fields.Integer(required=True)
    amount = Amount(required=True)


class PartShape(Schema):
    """A need that a pledge is for, with its part where the donor said it."""

    need = fields.String(required=True)
    amount = Amount(allow_none=True)


class PartnerShape(Schema):
    """A partner in a joint pledge, with its share where it is known."""

    party = fields.String(required=True)
    amount = Amount(allow_none=True)


class PledgeShape(Schema):
    """A pledge."""

    ref = fields.String(required=True)
    address = fields.String(required=True)
    donor = fields.String(required=True)
    partners = fields.List(fields.Nested(PartnerShape))
    object = fields.String(required=True)
    recipient = fields.String(allow_none=True)
    need = fields.String(allow_none=True, metadata={"description": "Null for none, and for one outside the holder's sight."})
    parts = fields.List(fields.Nested(PartShape))
    conference = fields.String(allow_none=True)
    kind = fields.String(required=True)
    status = fields.String(required=True)
    currency = fields.String(allow_none=True)
    amount = Amount(allow_none=True)
    approximate = fields.Boolean()
    stages = fields.Nested(StagesShape, allow_none=True)
    portions = fields.List(fields.Nested(PortionShape))
    first_year = fields.Integer(allow_none=True)
    last_year = fields.Integer(allow_none=True)
    themes = fields.List(fields.String())
    earmarking = fields.String(allow_none=True)
    channel = fields.String(allow_none=True)
    oda = fields.String()
    in_kind = fields.String(allow_none=True)
    condition = fields.String()
    announced_on = Day(allow_none=True)
    confirmed_on = Day(allow_none=True)
    agreed_on = Day(allow_none=True)
    expected_on = Day(allow_none=True)
    from_floor = fields.Boolean()
    visibility = fields.String(required=True)
    source = fields.String()
    is_demo = fields.Boolean(required=True)


class ContributionShape(Schema):
    """Who gave to whom in a year, as a public source records it: not a pledge of this register."""

    id = fields.Integer(required=True)
    year = fields.Integer(required=True)
    donor = fields.String(required=True)
    recipient = fields.String(required=True)
    line = fields.Integer()
    sector = fields.String(metadata={"description": "As the source prints it."})
    themes = fields.List(fields.String())
    amount_usd = Amount(allow_none=True)
    amount_national = Amount(allow_none=True)
    currency = fields.String(allow_none=True)
    list_complete = fields.Boolean()
    source = fields.String(required=True)


def pledges(actor: Actor, found: Sequence[Pledge]) -> list[dict[str, Any]]:
    """What the answer tells of pledges. A need that the actor may not see is not named."""
    seen = {number: need.ref for number, need in needs.by_ids(
        actor, {number for one in found for number in needs_of(one)}).items()}
    return [_pledge(one, seen) for one in found]


def _pledge(one: Pledge, seen: dict[int, str]) -> dict[str, Any]:
    money = one.kind is PledgeKind.FINANCIAL and one.amount is not None
    reached = figures.stages(one) if money else None
    return {
        "ref": one.ref, "address": address("pledges.detail", ref=one.ref), "donor": one.donor.ref,
        "partners": [{"party": each.party.ref, "amount": amount(each.amount)} for each in one.partners],
        "object": one.object.value, "recipient": one.recipient.ref if one.recipient else None,
        "need": seen.get(one.need_id) if one.need_id else None,
        "parts": [{"need": seen[each.need_id], "amount": amount(each.amount)} for each in one.parts if each.need_id in seen],
        "conference": one.conference.ref if one.conference else None, "kind": one.kind.value, "status": one.status.value,
        "currency": one.currency or None, "amount": amount(one.amount), "approximate": one.approximate,
        "stages": {name: amount(getattr(reached, name)) for name in STAGES} if reached else None,
        "portions": [{"year": each.year, "amount": amount(each.amount)} for each in one.portions],
        "first_year": one.first_year, "last_year": one.last_year, "themes": list(one.themes),
        "earmarking": one.earmarking.value if one.earmarking else None, "channel": one.channel or None, "oda": one.oda.value,
        "in_kind": one.in_kind.value if one.in_kind else None, "condition": one.condition,
        "announced_on": day(one.announced_on), "confirmed_on": day(one.confirmed_on), "agreed_on": day(one.agreed_on),
        "expected_on": day(one.expected_on), "from_floor": one.from_floor, "visibility": one.visibility.value,
        "source": one.source, "is_demo": one.is_demo}


def contributions(found: Sequence[Contribution]) -> list[dict[str, Any]]:
    """What the answer tells of contributions on record."""
    return [{"id": one.id, "year": one.year, "donor": one.donor.ref, "recipient": one.recipient.ref, "line": one.line,
             "sector": one.sector, "themes": list(one.themes), "amount_usd": amount(one.amount_usd),
             "amount_national": amount(one.amount_national), "currency": one.currency or None,
             "list_complete": one.list_complete, "source": one.source} for one in found]
