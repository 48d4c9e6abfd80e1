"""Matches, conferences, follow-ups, indicators and sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields

from partnerships.api.shapes import Amount, Day, address, amount, day
from partnerships.api.shapes.needs import ReasonShape
from partnerships.conferences import queries as conferences_of
from partnerships.conferences.models import Conference
from partnerships.conferences.states import ConferenceStatus
from partnerships.core.actor import Actor
from partnerships.core.policy import can
from partnerships.followups.models import Followup
from partnerships.matches.models import Match
from partnerships.needs import queries as needs


class MatchShape(Schema):
    """A match: a need and a partner that talk about it, with why the platform thought so."""

    id = fields.Integer(required=True)
    address = fields.String(required=True)
    need = fields.String(required=True)
    state = fields.String(required=True)
    partner = fields.String(required=True)
    offer = fields.String(allow_none=True)
    status = fields.String(required=True)
    since = Day(allow_none=True)
    next_step = fields.String()
    next_step_on = Day(allow_none=True)
    owner = fields.String(allow_none=True)
    declined_for = fields.String(allow_none=True)
    reason = fields.String()
    score = fields.Float(allow_none=True)
    reasons = fields.List(fields.Nested(ReasonShape))
    engine = fields.String(allow_none=True)
    is_demo = fields.Boolean(required=True)


class ConferenceShape(Schema):
    """A pledging conference."""

    ref = fields.String(required=True)
    address = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.String(required=True)
    first_day = Day(allow_none=True)
    last_day = Day(allow_none=True)
    place = fields.String()
    mode = fields.String(allow_none=True)
    pledges = fields.Integer(metadata={"description": "Pledges within the holder's sight."})
    outcome = fields.String(metadata={"description": "Empty until it is published."})
    source = fields.String()
    is_demo = fields.Boolean(required=True)


class FollowupShape(Schema):
    """A follow-up: what is to be done, by whom, by when. Records outside the holder's sight are not named."""

    id = fields.Integer(required=True)
    address = fields.String(required=True)
    what = fields.String(required=True)
    due_on = Day(required=True)
    status = fields.String(required=True)
    owner = fields.String(required=True)
    about = fields.String(required=True)
    why = fields.String(required=True)
    snoozed_until = Day(allow_none=True)
    need = fields.String(allow_none=True)
    pledge = fields.String(allow_none=True)
    meeting = fields.String(allow_none=True)
    is_demo = fields.Boolean(required=True)


class IndicatorShape(Schema):
    """A value of an action plan's indicator in a year, computed from the register or entered by the ISU."""

    plan = fields.String(required=True)
    action = fields.Integer(required=True)
    ref = fields.String(required=True)
    title = fields.String(required=True)
    year = fields.Integer(required=True)
    value = Amount(allow_none=True)
    is_share = fields.Boolean(metadata={"description": "In per cent."})
    entered = fields.Boolean(required=True)
    states = fields.List(fields.String(), metadata={"description": "The States counted, where the register computes it."})
    source = fields.String()


class GroupShape(Schema):
    """A sum: of one currency, and of one stage where stages are grouped."""

    country = fields.String()
    donor = fields.String()
    recipient = fields.String(allow_none=True)
    year = fields.Raw(metadata={"description": "A year, or the text of a span that a document states in one amount."})
    stage = fields.String()
    amount = Amount(required=True)
    currency = fields.String(required=True)
    count = fields.Integer(required=True)


class TotalsShape(Schema):
    """Sums. `left_out`: records without an amount that could be added."""

    data = fields.List(fields.Nested(GroupShape), required=True)
    left_out = fields.Integer(required=True)


def matches(found: Sequence[Match]) -> list[dict[str, Any]]:
    """What the answer tells of matches."""
    return [{
        "id": one.id, "address": address("matches.detail", number=one.id), "need": one.need.ref, "state": one.state.ref,
        "partner": one.party.ref, "offer": one.offer.ref if one.offer else None, "status": one.status.value,
        "since": day(one.status_on), "next_step": one.next_step, "next_step_on": day(one.next_step_on),
        "owner": one.owner.name if one.owner else None, "declined_for": one.declined_for.value if one.declined_for else None,
        "reason": one.reason, "score": one.score,
        "reasons": [{"key": term["key"], "points": term["points"], "sentence": term["sentence"]} for term in one.why],
        "engine": one.engine_version or None, "is_demo": one.is_demo} for one in found]


def conferences(actor: Actor, found: Sequence[Conference]) -> list[dict[str, Any]]:
    """What the answer tells of conferences."""
    counts = conferences_of.pledge_counts(actor, found)
    return [{
        "ref": one.ref, "address": address("conferences.detail", ref=one.ref), "title": one.title, "status": one.status.value,
        "first_day": day(one.first_day), "last_day": day(one.last_day), "place": one.place,
        "mode": one.mode.value if one.mode else None, "pledges": counts.get(one.id, 0),
        "outcome": one.outcome if one.status is ConferenceStatus.PUBLISHED else "", "source": one.source, "is_demo": one.is_demo}
        for one in found]


def followups(actor: Actor, found: Sequence[Followup]) -> list[dict[str, Any]]:
    """What the answer tells of follow-ups."""
    seen = needs.by_ids(actor, {one.need_id for one in found if one.need_id is not None})

    def named(permission: str, record: Any) -> str | None:
        return record.ref if record is not None and can(actor, permission, record) else None

    return [{
        "id": one.id, "address": address("followups.detail", number=one.id), "what": one.what, "due_on": day(one.due_on),
        "status": one.status.value, "owner": one.owner_party.ref, "about": one.party.ref, "why": one.reason.value,
        "snoozed_until": day(one.snoozed_until), "need": seen[one.need_id].ref if one.need_id in seen else None,
        "pledge": named("pledges.view", one.pledge), "meeting": named("approach.view", one.meeting), "is_demo": one.is_demo}
        for one in found]


def indicator(plan: str, row: Any, cell: Any, words: str) -> dict[str, Any]:
    """What the answer tells of an indicator's value in a year."""
    entered, computed = cell.entered, cell.computed
    return {"plan": plan, "action": row.indicator.action, "ref": row.indicator.ref, "title": words, "year": cell.year,
            "value": amount(cell.value), "is_share": row.indicator.is_share, "entered": entered is not None,
            "states": [party.ref for party in computed.states] if computed and entered is None else [],
            "source": entered.source if entered else row.indicator.source}
