"""What the pages of parties are made of: the sections of one State's or organisation's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import get_locale
from sqlalchemy import or_
from sqlalchemy.orm import joinedload
from werkzeug.datastructures import MultiDict

from partnerships.approach.models import Meeting, Participant
from partnerships.cases import queries as cases
from partnerships.core import money
from partnerships.core.actor import Actor, Role
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.insight import charts, support
from partnerships.insight import queries as insight
from partnerships.matches import queries as matches
from partnerships.matches.states import OPEN
from partnerships.needs import queries as needs
from partnerships.needs import view as needs_view
from partnerships.needs.models import Need
from partnerships.needs.states import ON_RECORD, Origin
from partnerships.offers import queries as offers
from partnerships.parties import profile, queries, words
from partnerships.parties.axis import Axis, axis
from partnerships.parties.calendar import next_words
from partnerships.parties.forms import FilterForm
from partnerships.parties.models import Obligation, Party, PartyKind
from partnerships.parties.standing import standing
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges
from partnerships.suggestions.view import peers

SHOWN = 12
FITTING = 5
PEERS = 4


@dataclass(frozen=True)
class Row:
    """A party in the list, with what the register and the record hold about it."""

    party: Party
    standing: Any
    needs: int
    donors: int
    supported: int


def filters_of(address: MultiDict[str, str]) -> dict[str, Any]:
    """The list's filters as an address states them, for `queries.listed`; those that cannot be read are left out."""
    return FilterForm(address).chosen()


def rows(actor: Actor, found: Sequence[Party], today: date) -> list[Row]:
    """The rows of the list: three counts, one query each."""
    ids = [party.id for party in found]
    asked = insight.open_needs(actor, ids, today)
    donors, supported = insight.donors_on_record(ids), insight.supported_on_record(ids)
    return [Row(party, standing(party.treaty_acts, today) if party.is_state else None, asked.get(party.id, 0),
                donors.get(party.id, 0), supported.get(party.id, 0)) for party in found]


def kind_words(party: Party) -> str:
    """State, area, or the kind of organisation, in words."""
    if party.kind is PartyKind.ORGANISATION:
        return words.said(words.ORGANISATION_LABELS, party.organisation_type)
    return str(words.KIND_LABELS[party.kind])


def languages(party: Party) -> list[str]:
    """A party's languages in the reader's language."""
    locale = get_locale()
    known = locale.languages if locale else {}
    return [str(words.LANGUAGE_LABELS.get(code) or known.get(code, code)) for code in party.languages.split()]


def page(actor: Actor, party: Party, today: date, *, rtl: bool) -> dict[str, Any]:
    """All sections of a party's page; a section without anything in it is empty."""
    acts = queries.acts(party) if party.is_state else []
    duties = queries.obligations(party.id)
    own_needs = _needs(actor, party, today)
    gave = pledges.given(party)
    stated, standing_offers = queries.priorities_of(actor, party), offers.of_party(actor, party)
    made_for, met = pledges.of_party(actor, party), _meetings(actor, party)
    gives = bool(gave or stated or any(offer.valid_until >= today for offer in standing_offers))
    totals = pledges.stated_totals(party)
    made_by = [one for one in made_for if party.id in (one.donor_id, *(other.party_id for other in one.partners))]
    return {
        "acts": acts, "standing": standing(acts, today) if party.is_state else None,
        "kind": kind_words(party), "spoken": languages(party),
        "obligations": duties, "axis": _axis(duties, today, rtl), "moved": moved(duties),
        "next_deadline": _next(duties, own_needs, today),
        "received": support.received(party, pledges.received(party)), "totals": totals,
        "national": charts.national(party, totals), "rate_day": money.rate_day(today),
        "by_theme": profile.by_theme(own_needs.open, today),
        "neighbours": profile.neighbours(actor, party, today) if party.is_state else [],
        "documents": profile.documents(actor, party, SHOWN), "contacts": profile.contacts(actor, own_needs.open),
        "talks": [one for one in matches.of_party(actor, party) if one.status in OPEN],
        "giving": profile.giving(party, gave, pledges.whole(actor, donor=party) if made_by else [], today),
        "given": support.given(party, gave), "donor_totals": insight.donor_totals(party),
        "needs": own_needs, "meetings": met, "said": cases.said_of(actor, met),
        "pledged_to": [one for one in made_for if one.recipient_id == party.id],
        "pledged_by": made_by,
        "shown": SHOWN,
        "priorities": stated, "next_decision": next_words(stated.decision_months, today) if stated else "",
        "offers": standing_offers, "south": _is_affected(party, duties, own_needs),
        "is_own": actor.party_id == party.id,
        "gives": gives, "fitting": needs_view.fitting_party(actor, party, FITTING) if gives else [],
        "peers": peers(actor, party, PEERS) if own_needs.open else [],
        "posts_needs": actor.role is Role.FOCAL_POINT and actor.party_id == party.id,
        "facts": queries.facts(party), "words": words,
    }


def _is_affected(party: Party, duties: Sequence[Obligation], own: Needs) -> bool:
    """The rule of `offers.queries.affected`, asked of what the page has read already."""
    return party.is_state and bool(own.open or own.past or any(duty.article == "5" for duty in duties))


@dataclass(frozen=True)
class Needs:
    """A State's needs in three groups, each a list of (need, figures)."""

    open: list[tuple[Need, Any]]
    own: list[tuple[Need, Any]]
    past: list[tuple[Need, Any]]


def _needs(actor: Actor, party: Party, today: date) -> Needs:
    found = needs.of_party(actor, party) if party.is_state else []
    pledged = pledges.of_needs(actor, [need.id for need in found])
    groups = Needs([], [], [])
    for need in found:
        pair = (need, figures.of_need(actor, need, pledged[need.id]))
        if need.status not in ON_RECORD:
            groups.own.append(pair)
        elif need.is_current(today) and need.origin is Origin.POSTED:
            groups.open.append(pair)
        else:
            groups.past.append(pair)
    return groups


def _axis(duties: Sequence[Obligation], today: date, rtl: bool) -> Axis | None:
    return axis([(number, duty.deadline) for number, duty in enumerate(duties, start=1) if duty.deadline], today, rtl,
                moved(duties))


def moved(duties: Sequence[Obligation]) -> dict[int, int]:
    """The number of each extended deadline, in the order of the table, to that of the deadline of its article that it moved."""
    found: dict[int, int] = {}
    last: dict[tuple[str, str], int] = {}
    for number, duty in enumerate(duties, start=1):
        if duty.deadline:
            key = (duty.article, duty.kind)
            if key in last:
                found[number] = last[key]
            last[key] = number
    return found


def _next(duties: Sequence[Obligation], own: Needs, today: date) -> date | None:
    days = [duty.deadline for duty in duties] + [need.deadline for need, _figures in own.open]
    return min((day for day in days if day and day >= today), default=None)


def _meetings(actor: Actor, party: Party) -> list[Meeting]:
    """The country meetings of a State, and those that a party took part in, within the actor's sight."""
    query = scope(actor, "approach.view", Meeting).options(joinedload(Meeting.state)).where(
        or_(Meeting.state_id == party.id, Meeting.participants.any(Participant.party_id == party.id)))
    return list(db.session.scalars(query.order_by(Meeting.held_on.desc(), Meeting.id)).unique())
