"""States and organisations for programs."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from flask import Response
from marshmallow import fields
from sqlalchemy.orm import selectinload

from partnerships.api import frame, paging
from partnerships.api.filtering import form_of
from partnerships.api.frame import Paged, listing, operation
from partnerships.api.shapes import parties as told
from partnerships.core.policy import current_actor, public
from partnerships.core.web import found
from partnerships.parties import queries
from partnerships.parties.forms import FilterForm
from partnerships.parties.models import Party, PartyKind


class StateQuery(Paged):
    """The filters of the list of partners, as on its page."""

    q = fields.String(metadata={"description": "A part of the name, or the reference."})
    region = fields.String(metadata={"description": "Code of M49."})
    standing = fields.String(metadata={"description": "party or not-party to the Convention, today."})


class OrganisationQuery(Paged):
    """The filters of the list of partners, as on its page."""

    q = fields.String(metadata={"description": "A part of the name, or the reference."})


def _page(asked: dict[str, Any], kind: PartyKind) -> Response:
    actor = current_actor()
    chosen = {**form_of(FilterForm, asked).chosen(), "kind": kind.value}
    query = queries.listed(**chosen, day=date.today()).options(selectinload(Party.treaty_acts))
    return paging.page(listing(told.PartyShape, "Parties"), query, Party, asked, partial(told.parties, actor))


def _one(asked: dict[str, Any], ref: str, kind: PartyKind) -> Response:
    party = found(queries.by_ref(ref))
    return frame.answer(told.PartyWhole(), told.whole(current_actor(), found(party if party.kind is kind else None)), asked)


@operation("get", "/states", "States and organisations", public, listing(told.PartyShape, "Parties"), query=StateQuery)
def states(asked: dict[str, Any]) -> Response:
    """All States, with their standing towards the Convention."""
    return _page(asked, PartyKind.STATE)


@operation("get", "/states/<ref>", "States and organisations", public, told.PartyWhole)
def state(asked: dict[str, Any], ref: str) -> Response:
    """One State with its obligations, by ISO 3166-1 alpha-3."""
    return _one(asked, ref, PartyKind.STATE)


@operation("get", "/organisations", "States and organisations", public, listing(told.PartyShape, "Parties"),
           query=OrganisationQuery)
def organisations(asked: dict[str, Any]) -> Response:
    """Organisations that the register knows."""
    return _page(asked, PartyKind.ORGANISATION)


@operation("get", "/organisations/<ref>", "States and organisations", public, told.PartyWhole)
def organisation(asked: dict[str, Any], ref: str) -> Response:
    """One organisation."""
    return _one(asked, ref, PartyKind.ORGANISATION)
