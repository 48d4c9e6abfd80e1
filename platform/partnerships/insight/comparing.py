"""Two to five States or donors side by side: the same measures, read the same way, for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from partnerships.core.actor import Actor
from partnerships.core.charts import ColumnChart
from partnerships.core.export import Column
from partnerships.core.filters import day, in_words, number
from partnerships.insight import gaps, maps, support
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.parties.standing import standing
from partnerships.parties.words import name
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges

MOST = 5


@dataclass
class Side:
    """One State or donor, with what the measures read."""

    party: Party
    standing: Any
    next_deadline: date | None
    gap: gaps.Gap | None
    received: support.Support
    given: support.Support
    made: dict[str, figures.Stages]
    got: dict[str, figures.Stages]


Measure = tuple[str, Callable[[Side], str]]


def sides(actor: Actor, refs: Sequence[str], today: date) -> list[Side]:
    """The parties of the address, each once, at most five; unknown references are left out."""
    found = [party for ref in dict.fromkeys(refs) if (party := parties.by_ref(ref)) is not None][:MOST]
    by_state = {gap.party.id: gap for gap in gaps.by_state(actor, today)}
    return [_side(actor, party, by_state.get(party.id), today) for party in found]


def _side(actor: Actor, party: Party, gap: gaps.Gap | None, today: date) -> Side:
    ahead = [duty.deadline for duty in parties.obligations(party.id) if duty.deadline and duty.deadline >= today]
    made = pledges.of_party(actor, party)
    return Side(
        party, standing(parties.acts(party), today) if party.is_state else None, min(ahead, default=None), gap,
        support.received(party, pledges.received(party)), support.given(party, pledges.given(party)),
        figures.by_currency(one for one in made if one.donor_id == party.id),
        figures.by_currency(one for one in made if one.recipient_id == party.id))


def measures() -> list[tuple[str, list[Measure]]]:
    """(heading, measures) of the table: (words, function of a side)."""
    return [
        (_("Under the Convention"), [
            (_("Treaty status today"), lambda one: str(one.standing.words) if one.standing else _("not a State")),
            (_("Next deadline on record"),
             lambda one: f"{day(one.next_deadline)} ({in_words(one.next_deadline)})" if one.next_deadline
             else _("none on record"))]),
        (_("Asked"), [
            (_("Open needs"), lambda one: number(one.gap.needs if one.gap else 0)),
            (_("Asked by open needs"),
             lambda one: maps.amount_in_words(one.gap.asked, gaps.REFERENCE) if one.gap and one.gap.asked else "–"),
            (_("Of it without a commitment"), lambda one: maps.percent(one.gap.share) if one.gap else "–"),
            *(_stage("got", code, words) for code, words in _stages(_("Pledged to it")))]),
        (_("Support received, as public sources record it"), [
            (_("US dollars, all years on record"), lambda one: _sum(one.received)),
            (_("Donors on record"), lambda one: number(len({row.donor_id for row in one.received.rows}))),
            (_("Years with one donor alone"),
             lambda one: support.spans(year for year, _donor in one.received.single) or "–")]),
        (_("Support given"), [
            (_("US dollars, all years on record"), lambda one: _sum(one.given)),
            (_("Recipients on record"), lambda one: number(len({row.recipient_id for row in one.given.rows}))),
            *(_stage("made", code, words) for code, words in _stages(_("Its pledges")))]),
    ]


def _stages(whose: str) -> list[tuple[str, str]]:
    return [("announced", _("%(whose)s: announced", whose=whose)), ("confirmed", _("%(whose)s: confirmed in writing", whose=whose)),
            ("agreed", _("%(whose)s: agreement signed", whose=whose)), ("paid", _("%(whose)s: paid", whose=whose))]


def _stage(side: str, stage: str, words: str) -> Measure:
    def read(one: Side) -> str:
        sums = {currency: getattr(own, stage) for currency, own in getattr(one, side).items()}
        return "; ".join(maps.amount_in_words(amount, currency) for currency, amount in sums.items() if amount) or "–"

    return words, read


def _sum(of: support.Support) -> str:
    amounts = [row.amount_usd for row in of.rows if row.amount_usd is not None]
    return maps.amount_in_words(sum(amounts, Decimal(0)), "USD") if amounts else "–"


def small_multiples(found: Sequence[Side], side: str) -> list[ColumnChart]:
    """The columns of each side that has any, all on one scale so that heights compare."""
    drawn = [chart for one in found if (chart := getattr(one, side).chart) is not None]
    years = [int(year) for chart in drawn for year in chart.years]
    top = max((chart.max for chart in drawn), default=0.0)
    return [chart.stretched(min(years), max(years), top) for chart in drawn]


def rows() -> list[Measure]:
    """All measures, one below the other, for a file."""
    return [measure for _heading, some in measures() for measure in some]


def columns(found: Sequence[Side]) -> list[Column]:
    """(key, heading, function of a measure): the measure's words, then a column a party."""
    return [("measure", _("Measure"), lambda one: one[0]),
            *((side.party.ref, name(side.party), _reading(side)) for side in found)]


def _reading(side: Side) -> Callable[[Measure], str]:
    return lambda measure: measure[1](side)
