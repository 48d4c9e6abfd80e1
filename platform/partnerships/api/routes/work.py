"""Matches, conferences and follow-ups for programs."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response
from marshmallow import fields

from partnerships.api import frame, paging
from partnerships.api.filtering import form_of
from partnerships.api.frame import Paged, listing, operation
from partnerships.api.shapes import work as told
from partnerships.conferences import queries as conferences_of
from partnerships.conferences.models import Conference
from partnerships.core.policy import current_actor, public, requires, scope
from partnerships.core.web import found
from partnerships.followups import queries as followups_of
from partnerships.followups.forms import FilterForm as FollowupFilters
from partnerships.followups.models import Followup
from partnerships.matches import queries as matches_of
from partnerships.matches.forms import FilterForm as MatchFilters
from partnerships.matches.models import Match


class MatchQuery(Paged):
    """The filters of the list of matches, as on its page."""

    status = fields.String(metadata={"description": "A status; open ones when left out; all for every one."})
    contact = fields.Boolean(metadata={"description": "Only where the ISU is asked to make the contact."})
    overdue = fields.Boolean(metadata={"description": "Only those whose next step is overdue."})


class FollowupQuery(Paged):
    """The filters of the queue, as on its page."""

    status = fields.String(metadata={"description": "snoozed, done, dropped or all; open ones when left out."})
    whose = fields.String(metadata={"description": "mine: those that the holder's State or organisation owns."})


@operation("get", "/matches", "Matches", requires("matches.view"), listing(told.MatchShape, "Matches"), query=MatchQuery,
           faults=(403,))
def matches(asked: dict[str, Any]) -> Response:
    """The matches of the holder's party (all, for the ISU), with why the platform suggested them."""
    form = form_of(MatchFilters, asked)
    query = matches_of.listed(current_actor(), status=form.status.data or "", overdue=form.overdue.data, contact=form.contact.data)
    return paging.page(listing(told.MatchShape, "Matches"), query, Match, asked, told.matches)


@operation("get", "/matches/<int:number>", "Matches", requires("matches.view"), told.MatchShape, faults=(403,))
def match(asked: dict[str, Any], number: int) -> Response:
    """One match."""
    return frame.answer(told.MatchShape(), told.matches([found(matches_of.by_id(current_actor(), number))])[0], asked)


@operation("get", "/conferences", "Conferences", public, listing(told.ConferenceShape, "Conferences"), query=Paged)
def conferences(asked: dict[str, Any]) -> Response:
    """Pledging conferences, past and planned."""
    actor = current_actor()
    return paging.page(listing(told.ConferenceShape, "Conferences"), scope(actor, "conferences.view", Conference), Conference,
                       asked, partial(told.conferences, actor))


@operation("get", "/conferences/<ref>", "Conferences", public, told.ConferenceShape)
def conference(asked: dict[str, Any], ref: str) -> Response:
    """One conference."""
    actor = current_actor()
    one = found(conferences_of.by_ref(actor, ref))
    return frame.answer(told.ConferenceShape(), told.conferences(actor, [one])[0], asked)


@operation("get", "/followups", "Follow-ups", requires("followups.view"), listing(told.FollowupShape, "Follow-ups"),
           query=FollowupQuery, faults=(403,))
def followups(asked: dict[str, Any]) -> Response:
    """The queue within the holder's sight."""
    actor = current_actor()
    status, mine = form_of(FollowupFilters, asked).chosen()
    query = followups_of.listed(actor, status=status, owner=actor.party_id if mine else None).options(*followups_of.WHOLE)
    return paging.page(listing(told.FollowupShape, "Follow-ups"), query, Followup, asked, partial(told.followups, actor))


@operation("get", "/followups/<int:number>", "Follow-ups", requires("followups.view"), told.FollowupShape, faults=(403,))
def followup(asked: dict[str, Any], number: int) -> Response:
    """One follow-up."""
    actor = current_actor()
    return frame.answer(told.FollowupShape(), told.followups(actor, [found(followups_of.by_id(actor, number))])[0], asked)
