"""What files of conferences hold: a row a conference, or a row a delegation of one of them."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from partnerships.conferences import queries
from partnerships.conferences.models import Conference
from partnerships.conferences.states import CATEGORY_LABELS, LABELS, MODE_LABELS
from partnerships.core.actor import Actor
from partnerships.core.export import Column
from partnerships.parties.words import name


def columns(actor: Actor, rows: Sequence[Conference]) -> list[Column]:
    """(key, heading, function of a conference) for each column."""
    pledged, named = queries.pledge_counts(actor, rows), queries.named_counts(rows)
    return [
        ("conference", _("Conference"), lambda one: one.ref), ("title", _("Title"), lambda one: one.title),
        ("status", _("Status"), lambda one: LABELS[one.status]), ("first_day", _("First day"), lambda one: one.first_day),
        ("last_day", _("Last day"), lambda one: one.last_day), ("place", _("Place"), lambda one: one.place),
        ("mode", _("Mode"), lambda one: one.mode and MODE_LABELS[one.mode]), ("chair", _("Chair"), lambda one: one.chair),
        ("stated_delegations", _("Delegations, by the source"), lambda one: one.stated_delegations),
        ("stated_states_parties", _("States Parties, by the source"), lambda one: one.stated_states_parties),
        ("stated_states_not_party", _("States not party, by the source"), lambda one: one.stated_states_not_party),
        ("stated_international_organisations", _("International organisations, by the source"),
         lambda one: one.stated_international_organisations),
        ("stated_ngos", _("Non-governmental organisations, by the source"), lambda one: one.stated_ngos),
        ("named_delegations", _("Delegations known by name"), lambda one: named.get(one.id, 0)),
        ("pledges", _("Pledges on record"), lambda one: pledged.get(one.id, 0)), ("source", _("Source"), lambda one: one.source),
        ("demonstration", _("Demonstration, invented"), lambda one: one.is_demo or None),
    ]


def compared() -> list[Column]:
    """(key, heading, function of a row of the comparison) for each column: stages apart, in one currency."""
    stages = (("announced", _("Announced, USD")), ("confirmed", _("Confirmed in writing, USD")),
              ("agreed", _("Agreement signed, not yet paid, USD")), ("paid", _("Paid, USD")))
    return [
        ("conference", _("Conference"), lambda row: row.conference.ref), ("title", _("Title"), lambda row: row.conference.title),
        ("first_day", _("First day"), lambda row: row.conference.first_day),
        ("stated_delegations", _("Delegations, by the source"), lambda row: row.conference.stated_delegations),
        ("named_delegations", _("Delegations known by name"), lambda row: row.named),
        ("stated_states_parties", _("States Parties, by the source"), lambda row: row.conference.stated_states_parties),
        ("stated_pledging", _("Delegations that pledged, by the source"), lambda row: row.conference.stated_pledging),
        ("pledges", _("Pledges on record"), lambda row: row.pledges),
        *((f"{stage}_usd", head, lambda row, stage=stage: getattr(row.reference.stages, stage)) for stage, head in stages),
        ("left_out", _("Left out: no rate"), lambda row: ", ".join(sorted(row.reference.left_out))),
        ("demonstration", _("Demonstration, invented"), lambda row: row.conference.is_demo or None),
    ]


def delegations() -> list[Column]:
    """(key, heading, function of a delegation) for each column of a conference's attendance."""
    return [
        ("category", _("Category"), lambda row: CATEGORY_LABELS[row.category]), ("code", _("Code"), lambda row: row.party.ref),
        ("name", _("Name"), lambda row: name(row.party)), ("head", _("Head of delegation"), lambda row: row.head),
        ("note", _("Note"), lambda row: row.note), ("source", _("Source"), lambda row: row.source),
    ]
