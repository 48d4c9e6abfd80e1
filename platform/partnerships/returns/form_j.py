"""The draft of a State's Form J (Article 7, other relevant matters), from what the register knows: nothing guessed, nothing judged.

A part holds lines, each with its value, source and day, and instructions in brackets wherever the register knows nothing
or the State alone can say it. Victims' figures are only those that the State itself published with its needs, as totals.
Sources: Convention, Articles 6 and 7.2; Oslo Action Plan, Actions 8 and 43.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from partnerships.approach import queries as approach
from partnerships.approach.models import Meeting
from partnerships.approach.states import MeetingStatus
from partnerships.core.actor import Actor
from partnerships.core.filters import day, money, number
from partnerships.core.policy import can
from partnerships.core.visibility import Visibility
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.needs.states import ON_RECORD, REACHED_LABELS
from partnerships.parties import queries as parties
from partnerships.parties.models import Obligation, Party
from partnerships.parties.words import OBLIGATION_LABELS, name, said, title
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges
from partnerships.pledges.account import shares
from partnerships.pledges.figures import Stages
from partnerships.pledges.models import Contribution, Pledge

VICTIMS = "victim-assistance"


@dataclass(frozen=True)
class Line:
    """One thing that the register knows: its words, its value in words, where it comes from; `language` of the words."""

    words: str
    value: str
    source: str
    language: str = ""


@dataclass(frozen=True)
class Part:
    """A part of the draft: its heading, the article or action it answers to, its lines, what is left to the State."""

    heading: str
    basis: str
    lines: list[Line] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Draft:
    """A State's draft for one calendar year, within the actor's sight."""

    party: Party
    year: int
    today: date
    parts: list[Part]

    @property
    def lines(self) -> int:
        return sum(len(part.lines) for part in self.parts)


class _Ground:
    """What the parts look at, read once."""

    def __init__(self, actor: Actor, party: Party, year: int, today: date) -> None:
        self.actor, self.party, self.year, self.today = actor, party, year, today
        self.needs = [need for need in needs.of_party(actor, party) if need.status in ON_RECORD]
        self.open = {need.id for need in needs.open_of_party(actor, party, today)}
        self.priced = needs.with_amounts_seen(actor, [need.id for need in self.needs])
        self.received = pledges.whole(actor, recipient=party)
        self.made = pledges.whole(actor, donor=party)

    @property
    def here(self) -> str:
        return _("This register on %(day)s", day=day(self.today))

    def of(self, record: Need | Pledge) -> str:
        """Where a record's figures come from, its last day, and what keeps them out of a report as they stand."""
        source = record.source or _("%(ref)s, last changed on %(day)s", ref=record.ref, day=day(record.updated_at))
        return _warned(source, record)


def _warned(source: str, record: Need | Pledge | Meeting) -> str:
    if record.is_demo:
        source = _("%(source)s; invented, of the demonstration", source=source)
    return source if record.visibility is Visibility.PUBLIC else _("%(source)s; not public here", source=source)


def draft(actor: Actor, party: Party, year: int, today: date) -> Draft:
    """The draft of a State's Form J for a calendar year. The caller has made sure that the actor may draw it."""
    ground = _Ground(actor, party, year, today)
    return Draft(party, year, today, [_obligations(ground), _needs(ground), _received(ground), _promised(ground), _own(ground),
                                      _victims(ground), _cooperation(ground), _given(ground), _other()])


def _obligations(of: _Ground) -> Part:
    lines = [Line(f"{_('Article %(number)s', number=duty.article)}: {title(duty)}", _duty(duty), _dated(duty))
             for duty in parties.obligations(of.party.id)]
    return Part(_("Obligations and deadlines"), _("Convention, Articles 4 and 5"), lines, [
        *([] if lines else [_("No obligation of the State is on record here. Name its obligations and deadlines.")]),
        _("State progress towards each deadline in the year: areas released, areas that remain, and by which method.")])


def _duty(duty: Obligation) -> str:
    status = said(OBLIGATION_LABELS, duty.status)
    return f"{day(duty.deadline)} ({status})" if duty.deadline else f"{_('no date in the source')} ({status})"


def _dated(duty: Obligation) -> str:
    return _("%(source)s, as of %(day)s", source=duty.source, day=day(duty.as_of)) if duty.as_of else duty.source


def _needs(of: _Ground) -> Part:
    lines = []
    for need in of.needs:
        if need.id not in of.open:
            continue
        words = f"{need.ref}: {need.title}"
        if need.id not in of.priced or need.asked is None:
            lines.append(Line(words, _("not stated"), of.of(need), need.language))
            continue
        lines.append(Line(words, _("%(amount)s asked, of which the State covers %(national)s", amount=_sum(
            need.asked, need.currency), national=_sum(need.national_share, need.currency)), of.of(need), need.language))
    return Part(_("Needs for assistance"), _("Convention, Article 6.1; Oslo Action Plan, Action 43"), lines, [
        *([] if lines else [_("No open need of the State is on record here. Say what it seeks, or that it seeks none.")]),
        _("Name the national strategy or work plan that these needs come from, and its years.")])


def _received(of: _Ground) -> Part:
    """What was paid in the year, and what public sources record for it; sums by currency, the two kinds apart."""
    lines, sums = [], {}  # type: ignore[var-annotated]
    for pledge in of.received:
        paid = figures.by_year(pledge).get(of.year, Stages()).paid
        if paid:
            lines.append(Line(_("%(donor)s, %(ref)s: paid in %(year)s", donor=_donors(pledge), ref=pledge.ref, year=of.year),
                              _sum(paid, pledge.currency), of.of(pledge)))
            sums[pledge.currency] = sums.get(pledge.currency, Decimal(0)) + paid
    lines += [Line(_("Paid in %(year)s under pledges on record, all donors", year=of.year), _sum(amount, currency), of.here)
              for currency, amount in sorted(sums.items())]
    lines += _recorded((row for row in pledges.received(of.party) if row.year == of.year), "donor")
    return Part(_("Assistance received in %(year)s", year=of.year), _("Convention, Article 6"), lines, [
        *([] if lines else [_("Nothing that was received in the year is on record here. State what was received, from whom.")]),
        _("Compare these payments with the State's own accounts; add equipment, advice and training received.")])


def _recorded(rows: Iterable[Contribution], side: str) -> list[Line]:
    return [Line(_("%(party)s, as a public source records it for %(year)s", party=name(getattr(row, side)), year=row.year),
                 _sum(row.amount_usd, "USD") if row.amount_usd is not None else _sum(row.amount_national, row.currency), row.source)
            for row in rows]


def _promised(of: _Ground) -> Part:
    """What stands before payment today, a line a stage and currency: the stages exclude each other."""
    lines = []
    for currency, own in figures.by_currency(of.received).items():
        lines += [Line(words, _sum(amount, currency), of.here) for words, amount in (
            (_("Pledges announced"), own.announced), (_("Pledges confirmed in writing"), own.confirmed),
            (_("Pledges under signed agreements"), own.agreed)) if amount]
    kind = [Line(f"{_donors(pledge)}, {pledge.ref}", pledge.statement or _("in kind, or without an amount"), of.of(pledge))
            for pledge in of.received if not figures.counts(pledge)]
    return Part(_("Pledged and not yet paid"), _("Convention, Article 6"), lines + kind, [
        *([] if lines or kind else [_("No pledge for the State waits for payment here. Leave this out, or add it.")])])


def _own(of: _Ground) -> Part:
    lines = [Line(_("National contribution, %(year)s", year=row.year), _sum(row.national_usd, "USD"), row.source)
             for row in pledges.stated_totals(of.party) if row.year == of.year and row.national_usd is not None]
    return Part(_("The State's own contribution"), _("Oslo Action Plan, Action 42"), lines, [
        *([] if lines else [_("No national contribution of the year is on record here. State it, with its currency.")])])


def _victims(of: _Ground) -> Part:
    lines = []
    for need in of.needs:
        if need.theme != VICTIMS or not can(of.actor, "needs.view-details", need):
            continue
        totals: dict[Any, int] = {}
        for line in need.people:
            totals[line.reached] = totals.get(line.reached, 0) + line.number
        lines += [Line(f"{need.ref}: {REACHED_LABELS[reached]}", number(people), of.of(need)) for reached, people in totals.items()]
    return Part(_("Victim assistance"), _("Convention, Article 6.3"), lines, [
        *([] if lines else [_("The State published no figures of victims with its needs here.")]),
        _("Give casualties and survivors of the year by sex, age and disability from the national system: totals, never a person."),
        _("Say what was done in health, rehabilitation, psychosocial support, inclusion and data, and what is still missing.")])


def _cooperation(of: _Ground) -> Part:
    held = [meeting for meeting in approach.of_party(of.actor, of.party)
            if meeting.status is not MeetingStatus.PLANNED and meeting.held_on.year == of.year]
    lines = [Line(_("Country meeting"), f"{day(meeting.held_on)}, {meeting.title}",
                  _warned(meeting.ref, meeting)) for meeting in held]
    closed = [need for need in of.needs if need.id not in of.open and need.outcome
              and need.status_on is not None and need.status_on.year == of.year]
    lines += [Line(f"{need.ref}: {need.title}", need.outcome, of.of(need), need.language) for need in closed]
    return Part(_("Cooperation and the individualised approach"), _("Oslo Action Plan, Actions 43, 44 and 47"), lines, [
        *([] if held else [_("No country meeting of the State in the year is on record here.")]),
        _("Say what came of meetings, regional cooperation and exchange of experience in the year.")])


def _given(of: _Ground) -> Part:
    lines = []
    for pledge in of.made:
        for party, year, stage, amount in shares(pledge):
            if party.id == of.party.id and year == of.year and stage == "paid":
                whom = name(pledge.recipient) or pledge.ref
                lines.append(Line(_("To %(whom)s, %(ref)s: paid in %(year)s", whom=whom, ref=pledge.ref, year=of.year),
                                  _sum(amount, pledge.currency), of.of(pledge)))
    lines += _recorded((row for row in pledges.given(of.party) if row.year == of.year), "recipient")
    return Part(_("Assistance given to others"), _("Convention, Article 6; Oslo Action Plan, Action 45"), lines, [
        *([] if lines else [_("No assistance that the State gave in the year is on record here. Leave this out, or add it.")])])


def _other() -> Part:
    return Part(_("Other relevant matters"), _("Convention, Article 7"), [], [
        _("Add whatever else the State wishes to report; this register does not know it.")])


def _donors(pledge: Pledge) -> str:
    return ", ".join([name(pledge.donor), *(name(one.party) for one in pledge.partners)])


def _sum(amount: Decimal | None, currency: str) -> str:
    """An amount in full as plain text."""
    shown = money(amount, currency)
    return str(shown.striptags()) if hasattr(shown, "striptags") else str(shown)


def in_words(of: Draft) -> str:
    """How much of the draft is filled, for its page."""
    return ngettext("%(num)s line from the register", "%(num)s lines from the register", of.lines)
