"""Needs for programs: the list, one, the partners suggested for it; a draft, a change, its submission."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from flask import Response, abort, request
from flask_babel import gettext as _
from marshmallow import Schema, fields, validate

from partnerships.amendments import service as amendments
from partnerships.api import frame, paging, writing
from partnerships.api.filtering import form_of
from partnerships.api.frame import Paged, listing, operation
from partnerships.api.shapes import needs as told
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.core.policy import can, current_actor, demand, public, requires
from partnerships.core.web import found
from partnerships.needs import queries, service, view
from partnerships.needs.forms import FilterForm
from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.tokens.states import Scope

TAG = "Needs"


class NeedQuery(Paged):
    """The filters of the list of needs, as on its page."""

    q = fields.String(metadata={"description": "Words that the need holds."})
    theme = fields.String(metadata={"description": "Code of a thematic area."})
    region = fields.String(metadata={"description": "Code of M49."})
    kind = fields.String(metadata={"description": "Code of a kind of assistance."})
    least = fields.String(metadata={"description": "Asks at least so many US dollars."})
    most = fields.String(metadata={"description": "Asks at most so many US dollars."})
    until = fields.String(metadata={"description": "Deadline on this day or before: YYYY-MM-DD."})
    state = fields.String(metadata={"description": "open (when left out), expired, closed, met, partly-met, withdrawn, supporters, "
                                                   "no-supporters or all."})


class YearBody(Schema):
    """What is asked for a year."""

    year = fields.Integer(required=True)
    amount = fields.String(required=True)
    national_share = fields.String()


class NeedBody(Schema):
    """A need as its State writes it: the fields of the short form, under its rules."""

    title = fields.String()
    summary = fields.String()
    theme = fields.String()
    kinds = fields.List(fields.String())
    place = fields.String()
    serves = fields.String(metadata={"description": "Article that it serves, as `a:6.3`, or obligation, as on the form."})
    deadline = fields.String()
    currency = fields.String()
    years = fields.List(fields.Nested(YearBody), validate=validate.Length(max=15))
    beneficiaries = fields.String()
    language = fields.String()
    contact_name = fields.String()
    contact_email = fields.String()
    valid_until = fields.String()
    visibility = fields.String()
    amounts_visibility = fields.String()
    details_visibility = fields.String()
    excluded_partners = fields.List(fields.String())


class NeedChange(NeedBody):
    """What changes of a need; what is left out stays. `note`: a sentence on the change, asked for when a published need changes."""

    note = fields.String()


class SuggestionList(Schema):
    """The partners suggested, best first; none once the need is closed."""

    data = fields.List(fields.Nested(told.SuggestionShape), required=True)


@operation("get", "/needs", TAG, public, listing(told.NeedShape, "Needs"), query=NeedQuery)
def needs(asked: dict[str, Any]) -> Response:
    """The needs that the holder may see, under the filters of their page."""
    actor = current_actor()
    filters = form_of(FilterForm, asked).chosen()
    return paging.page(listing(told.NeedShape, "Needs"), queries.published(actor, filters, date.today()), Need, asked,
                       partial(told.needs, actor))


def _need(ref: str, actor: Actor) -> Need:
    return found(queries.by_ref(actor, ref))


def _tag(actor: Actor, need: Need) -> str:
    """The version of what the holder would change: the need, or for its State the change to it that is under way."""
    own = can(actor, "needs.edit", need)
    return f"{need.version}.{amendments.working(actor, need).version}" if own else f"{need.version}"


def _whole(actor: Actor, need: Need, asked: dict[str, Any], status: int = 200) -> Response:
    return writing.record(told.NeedWhole(), told.whole(actor, need), asked, _tag(actor, need), status)


@operation("get", "/needs/<ref>", TAG, public, told.NeedWhole)
def need(asked: dict[str, Any], ref: str) -> Response:
    """One need, by its reference (or the draft reference that it once had)."""
    actor = current_actor()
    return _whole(actor, _need(ref, actor), asked)


@operation("get", "/needs/<ref>/suggestions", TAG, public, SuggestionList)
def suggestions(asked: dict[str, Any], ref: str) -> Response:
    """The partners most likely to help with a need, and why."""
    actor = current_actor()
    shown = view.suggestions(actor, _need(ref, actor))
    return frame.answer(SuggestionList(), {"data": [told.suggestion(one) for one in shown]}, asked)


@operation("post", "/needs", TAG, requires("needs.create"), told.NeedWhole, query=frame.Nothing, body=NeedBody, status=201,
           opens=Scope.NEEDS, faults=(403, 409))
def create(asked: dict[str, Any], body: dict[str, Any]) -> Response:
    """Keep a draft for the holder's State. It is published once the ISU has verified it."""
    actor = current_actor()

    def make() -> str:
        party = db.session.get_one(Party, actor.party_id)
        fresh = {"currency": "USD", "language": "en", "visibility": "public"}
        form = view.bound_form(party, formdata=writing.sent({**fresh, **body}), meta=writing.META)
        writing.check(form.check(draft=True), form)
        return service.create(actor, party, form.columns(), form.amounts()).ref

    return writing.created("need", body, make, lambda ref: _whole(actor, _need(ref, actor), asked, 201))


@operation("patch", "/needs/<ref>", TAG, requires("needs.edit"), told.NeedWhole, query=frame.Nothing, body=NeedChange,
           opens=Scope.NEEDS, faults=(403, 409, 412, 428))
def change(asked: dict[str, Any], body: dict[str, Any], ref: str) -> Response:
    """Change a draft, or begin a change to a published need: what is published stays until the ISU has verified the change."""
    actor = current_actor()
    one = _need(ref, actor)
    demand(actor, "needs.edit", one)
    writing.match(_tag(actor, one))
    working = amendments.working(actor, one)
    if not working.is_open:
        raise Refused(_("The change waits for verification: take it back before you change it again."))
    kept = view.sent_form(working, formdata=writing.over(view.filled_form(working), body), meta=writing.META)
    writing.check(kept.check(draft=True, amending=working.is_amendment), kept)
    working.keep(actor, view.said(kept, working), kept.note.data or "")
    return _whole(actor, one, asked)


@operation("post", "/needs/<ref>/submission", TAG, requires("needs.submit"), told.NeedWhole, query=frame.Nothing,
           opens=Scope.NEEDS, faults=(403, 409, 412, 428))
def submit(asked: dict[str, Any], ref: str) -> Response:
    """Hand a draft, or the change to a published need, in for verification. It must be complete."""
    actor = current_actor()
    one = _need(ref, actor)
    demand(actor, "needs.submit", one)
    writing.match(_tag(actor, one))
    working = amendments.working(actor, one)
    if request.content_length:
        abort(415)
    if not working.is_amendment:
        service.move(one, "submitted", actor)
    elif working.amendment is None:
        raise Refused(_("Nothing differs from what is published."))
    else:
        amendments.move(working.amendment, "submitted", actor)
    return _whole(actor, one, asked)
