"""Pledges and contributions on record for programs."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from partnerships.api import frame, paging, writing
from partnerships.api.filtering import form_of
from partnerships.api.frame import Paged, listing, operation
from partnerships.api.shapes import money as told
from partnerships.core.actor import Actor
from partnerships.core.policy import current_actor, public, requires
from partnerships.core.web import found
from partnerships.parties.models import Party
from partnerships.pledges import queries, service
from partnerships.pledges.forms import About, FilterForm, NewForm
from partnerships.pledges.models import Contribution, Pledge
from partnerships.tokens.states import Scope

TAG = "Pledges and contributions"


class PledgeQuery(Paged):
    """The filters of the list of pledges, as on its page."""

    donor = fields.String(metadata={"description": "Reference of a donor, alone or in a joint pledge."})
    recipient = fields.String(metadata={"description": "Reference of a State."})
    status = fields.String()
    due = fields.String(metadata={"description": "overdue, silent-6 or silent-12."})


class ContributionQuery(Paged):
    """Filters of contributions on record."""

    donor = fields.String()
    recipient = fields.String()
    year = fields.Integer(validate=validate.Range(min=1900, max=2100))


class PledgeBody(Schema):
    """A pledge as it is announced: the fields of the form, under its rules."""

    donor = fields.String(metadata={"description": "For the ISU alone; others pledge for themselves."})
    object = fields.String(metadata={"description": "need, programme, isu-work-plan, … as on the form."})
    need = fields.String(metadata={"description": "Reference of the need, or several of one State."})
    recipient = fields.String()
    kind = fields.String()
    currency = fields.String()
    amount = fields.String()
    approximate = fields.Boolean()
    first_year = fields.Integer()
    last_year = fields.Integer()
    condition = fields.String()
    statement = fields.String()
    announced_on = fields.String()
    expected_on = fields.String()
    visibility = fields.String()


def _pledge(ref: str, actor: Actor) -> Pledge:
    return found(queries.by_ref(actor, ref))


def _answer(actor: Actor, pledge: Pledge, asked: dict[str, Any], status: int = 200) -> Response:
    return writing.record(told.PledgeShape(), told.pledges(actor, [pledge])[0], asked, str(pledge.version), status)


@operation("get", "/pledges", TAG, public, listing(told.PledgeShape, "Pledges"), query=PledgeQuery)
def pledges(asked: dict[str, Any]) -> Response:
    """The pledges that the holder may see, under the filters of their page."""
    actor = current_actor()
    chosen: dict[str, Any] = {field.name: field.data or "" for field in form_of(FilterForm, asked)}
    query = queries.listed(actor, **chosen)
    return paging.page(listing(told.PledgeShape, "Pledges"), query, Pledge, asked, partial(told.pledges, actor))


@operation("get", "/pledges/<ref>", TAG, public, told.PledgeShape)
def pledge(asked: dict[str, Any], ref: str) -> Response:
    """One pledge."""
    actor = current_actor()
    return _answer(actor, _pledge(ref, actor), asked)


@operation("post", "/pledges", TAG, requires("pledges.create"), told.PledgeShape, query=frame.Nothing, body=PledgeBody,
           status=201, opens=Scope.PLEDGES, faults=(403, 409))
def announce(asked: dict[str, Any], body: dict[str, Any]) -> Response:
    """Put a pledge of the holder's State or organisation on the record as announced."""
    actor = current_actor()

    def make() -> str:
        usual = {"kind": "financial", "currency": "USD", "visibility": "public", "announced_on": date.today()}
        form = NewForm(actor, About(), formdata=writing.sent({**usual, **body}), meta=writing.META)
        writing.check(form.check(), form)
        return service.announce(actor, form.chosen_donor(), **form.columns()).ref

    return writing.created("pledge", body, make, lambda ref: _answer(actor, _pledge(ref, actor), asked, 201))


@operation("get", "/contributions", TAG, public, listing(told.ContributionShape, "Contributions"), query=ContributionQuery)
def contributions(asked: dict[str, Any]) -> Response:
    """Who gave to whom, as public sources record it."""
    query = select(Contribution).options(joinedload(Contribution.donor), joinedload(Contribution.recipient))
    if asked.get("donor"):
        query = query.where(Contribution.donor.has(Party.ref == asked["donor"]))
    if asked.get("recipient"):
        query = query.where(Contribution.recipient.has(Party.ref == asked["recipient"]))
    if asked.get("year"):
        query = query.where(Contribution.year == asked["year"])
    return paging.page(listing(told.ContributionShape, "Contributions"), query, Contribution, asked, told.contributions)
