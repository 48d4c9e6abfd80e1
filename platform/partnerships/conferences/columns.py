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
    """(heading, function of a conference) for each column."""
    pledged, named = queries.pledge_counts(actor, rows), queries.named_counts(rows)
    return [
        (_("Conference"), lambda one: one.ref), (_("Title"), lambda one: one.title),
        (_("Status"), lambda one: LABELS[one.status]), (_("First day"), lambda one: one.first_day),
        (_("Last day"), lambda one: one.last_day), (_("Place"), lambda one: one.place),
        (_("Mode"), lambda one: one.mode and MODE_LABELS[one.mode]), (_("Chair"), lambda one: one.chair),
        (_("Delegations, by the source"), lambda one: one.stated_delegations),
        (_("States Parties, by the source"), lambda one: one.stated_states_parties),
        (_("States not party, by the source"), lambda one: one.stated_states_not_party),
        (_("International organisations, by the source"), lambda one: one.stated_international_organisations),
        (_("Non-governmental organisations, by the source"), lambda one: one.stated_ngos),
        (_("Delegations known by name"), lambda one: named.get(one.id, 0)),
        (_("Pledges on record"), lambda one: pledged.get(one.id, 0)), (_("Source"), lambda one: one.source),
        (_("Demonstration, invented"), lambda one: one.is_demo or None),
    ]


def compared() -> list[Column]:
    """(heading, function of a row of the comparison) for each column: stages apart, in one currency."""
    stages = ((_("Announced, USD"), "announced"), (_("Confirmed in writing, USD"), "confirmed"),
              (_("Agreement signed, not yet paid, USD"), "agreed"), (_("Paid, USD"), "paid"))
    return [
        (_("Conference"), lambda row: row.conference.ref), (_("Title"), lambda row: row.conference.title),
        (_("First day"), lambda row: row.conference.first_day),
        (_("Delegations, by the source"), lambda row: row.conference.stated_delegations),
        (_("Delegations known by name"), lambda row: row.named),
        (_("States Parties, by the source"), lambda row: row.conference.stated_states_parties),
        (_("Delegations that pledged, by the source"), lambda row: row.conference.stated_pledging),
        (_("Pledges on record"), lambda row: row.pledges),
        *((head, lambda row, name=name: getattr(row.reference.stages, name)) for head, name in stages),
        (_("Left out: no rate"), lambda row: ", ".join(sorted(row.reference.left_out))),
        (_("Demonstration, invented"), lambda row: row.conference.is_demo or None),
    ]


def delegations() -> list[Column]:
    """(heading, function of a delegation) for each column of a conference's attendance."""
    return [
        (_("Category"), lambda row: CATEGORY_LABELS[row.category]), (_("Code"), lambda row: row.party.ref),
        (_("Name"), lambda row: name(row.party)), (_("Head of delegation"), lambda row: row.head),
        (_("Note"), lambda row: row.note), (_("Source"), lambda row: row.source),
    ]
