"""Indicators that the register computes: each a rule in words, a value and the States behind it, within the reader's sight.

Which rule an indicator follows is data (`formula` of seed/indicators.csv), so that another action plan needs no code. A year of
which the register and the public record hold nothing has no value: that is not zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_pgettext as _p
from sqlalchemy import select

from partnerships.approach.models import Meeting
from partnerships.approach.states import MeetingStatus
from partnerships.conferences.states import PledgeObject
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import condition
from partnerships.insight import queries as insight
from partnerships.needs.models import Need
from partnerships.needs.states import ON_RECORD, Origin
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges
from partnerships.pledges.figures import Stages
from partnerships.pledges.models import Contribution, Pledge, RecipientTotal


@dataclass(frozen=True)
class Computed:
    """A value of a year: a number of States, or per cent of `of` States. `states` are those that count, by name."""

    value: Decimal
    states: list[Party]
    of: int | None = None


@dataclass
class Ground:
    """What the rules look at, read once for all indicators and years."""

    everyone: dict[int, Party]
    given: list[tuple[int, int, int, tuple[str, ...]]]
    totals: list[tuple[int, int, bool]]
    made: list[Pledge]
    asked: list[tuple[int, int, bool]]
    met: list[tuple[int, int]]
    bound: dict[int, set[int]] = field(default_factory=dict)
    stages: dict[int, dict[int, Stages]] = field(default_factory=dict)

    def years(self, pledge: Pledge) -> dict[int, Stages]:
        """A pledge's stages by year, worked out once."""
        if pledge.id not in self.stages:
            self.stages[pledge.id] = figures.by_year(pledge)
        return self.stages[pledge.id]

    def states_parties(self, year: int) -> set[int]:
        """The States Parties on the last day of a year."""
        if year not in self.bound:
            self.bound[year] = parties.states_parties(date(year, 12, 31))
        return self.bound[year]


def ground(actor: Actor) -> Ground:
    """Read what the rules look at, within the actor's sight: a fixed number of queries."""
    given = [(year, donor, recipient, themes) for year, donor, recipient, themes in db.session.execute(select(
        Contribution.year, Contribution.donor_id, Contribution.recipient_id, Contribution.themes))]
    totals = [(year, party, bool(amount)) for year, party, amount in db.session.execute(select(
        RecipientTotal.year, RecipientTotal.party_id, RecipientTotal.national_usd))]
    asked = [(moment.year, party, bool(share)) for moment, party, share in db.session.execute(select(
        Need.published_at, Need.party_id, Need.national_share).where(
        condition(actor, "needs.view-amounts", Need), Need.status.in_(ON_RECORD), Need.origin == Origin.POSTED,
        Need.published_at.is_not(None))) if moment]
    met = [(day.year, state) for day, state in db.session.execute(select(Meeting.held_on, Meeting.state_id).where(
        condition(actor, "approach.view", Meeting), Meeting.status.in_((MeetingStatus.HELD, MeetingStatus.CLOSED))))]
    return Ground(insight.parties_by_id(), given, totals, pledges.whole(actor), asked, met)


Rule = Callable[[Ground, int], Computed | None]


def _counted(here: Ground, year: int, ids: Iterable[int], known: bool) -> Computed | None:
    """How many States Parties are among these; nothing when the year is not on record."""
    if not known:
        return None
    states = [here.everyone[number] for number in set(ids) & here.states_parties(year)]
    return Computed(Decimal(len(states)), sorted(states, key=lambda party: party.ref))


def _moved(here: Ground, pledge: Pledge, year: int) -> bool:
    """Whether a pledge was signed or paid for a year."""
    own = here.years(pledge).get(year)
    return own is not None and bool(own.agreed or own.paid)


def _supporters(theme: str) -> Rule:
    def rule(here: Ground, year: int) -> Computed | None:
        given = [row for row in here.given if row[0] == year]
        made = [one for one in here.made if one.recipient_id is not None and _moved(here, one, year)]
        ids = {donor for _year, donor, _to, themes in given if not theme or theme in themes}
        ids |= {one.donor_id for one in made if not theme or (one.need is not None and one.need.theme == theme)}
        return _counted(here, year, ids, bool(given or made))
    return rule


def _multi_year(here: Ground, year: int) -> Computed | None:
    running = [one for one in here.made if year in here.years(one)]
    several = {one.donor_id for one in running if one.recipient_id is not None and len(here.years(one)) > 1}
    return _counted(here, year, several, bool(running))


def _isu(here: Ground, year: int) -> Computed | None:
    paid = [one for one in here.made if (own := here.years(one).get(year)) is not None and own.paid]
    return _counted(here, year, {one.donor_id for one in paid if one.object is PledgeObject.ISU_WORK_PLAN}, bool(paid))


def _national(here: Ground, year: int) -> Computed | None:
    """Share of the States with a need or a total of the year that cover a part themselves."""
    known = {party for own, party, _share in (*here.totals, *here.asked) if own == year} & here.states_parties(year)
    covering = {party for own, party, share in (*here.totals, *here.asked) if own == year and share} & known
    if not known:
        return None
    states = sorted((here.everyone[number] for number in covering), key=lambda party: party.ref)
    return Computed(round(Decimal(100 * len(states)) / len(known), 1), states, len(known))


def _approach(here: Ground, year: int) -> Computed | None:
    """States with a country meeting up to a year for which something was signed or paid in it, after the meeting."""
    first: dict[int, int] = {}
    for own, state in here.met:
        first[state] = min(own, first.get(state, own))
    held = {state for state, own in first.items() if own <= year}
    found = {one.recipient_id for one in here.made if one.recipient_id in held and _moved(here, one, year)
             and one.announced_on is not None and one.announced_on.year >= first[one.recipient_id]}
    return _counted(here, year, {state for state in found if state is not None}, bool(held))


RULES: Mapping[str, tuple[Any, Rule]] = {
    "supporters": (_p("formula", "States Parties with a contribution on public record, or a pledge of this register signed or "
                      "paid, to an affected State in the year."), _supporters("")),
    "supporters:victim-assistance": (_p(
        "formula", "As above, for victim assistance: contributions whose sector names it, and pledges for needs of that "
        "thematic area."), _supporters("victim-assistance")),
    "supporters:survey-clearance": (_p(
        "formula", "As above, for survey and clearance: contributions whose sector names it, and pledges for needs of that "
        "thematic area."), _supporters("survey-clearance")),
    "multi-year": (_p("formula", "States Parties with a pledge for an affected State that covers this year and at least one "
                      "other."), _multi_year),
    "isu-funds": (_p("formula", "States Parties that paid in the year on a pledge for the work of the Implementation Support "
                     "Unit."), _isu),
    "national-funds": (_p("formula", "Of the States Parties that published a need in the year, or whose total for it is on "
                          "public record: those that cover a part themselves, in per cent."), _national),
    "approach": (_p("formula", "States Parties with a country meeting in or before the year, for which a pledge announced "
                    "since was signed or paid in it."), _approach),
}


def compute(here: Ground, formula: str, year: int) -> Computed | None:
    """A value by its rule; None for an indicator without one, or a year of which nothing is on record."""
    rule = RULES.get(formula)
    return rule[1](here, year) if rule is not None else None


def in_words(formula: str) -> str:
    """The rule, for whoever checks the value."""
    return str(RULES[formula][0]) if formula in RULES else _("Entered by the Implementation Support Unit.")
