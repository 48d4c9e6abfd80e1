"""A State's file for the Committee: its figures, each with its source, and a text drafted from them that a person edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from partnerships.approach.models import Meeting
from partnerships.approach.states import MeetingStatus
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.filters import day, number
from partnerships.core.policy import scope
from partnerships.insight import gaps, maps, support
from partnerships.insight.coverage import Coverage
from partnerships.parties import queries as parties
from partnerships.parties.models import Obligation, Party
from partnerships.parties.words import name, title
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges
from partnerships.pledges.figures import Stages

RECENT = 3


@dataclass(frozen=True)
class Figure:
    """One figure of a State's file: its words, its value in words, and where it comes from."""

    words: str
    value: str
    source: str


@dataclass(frozen=True)
class File:
    """What the Committee looks at for a State."""

    party: Party
    gap: gaps.Gap | None
    received: support.Support
    stages: dict[str, Stages]
    duties: Sequence[Obligation]
    meetings: Sequence[Meeting]
    unmet: int
    today: date

    @property
    def trend(self) -> list[tuple[int, Decimal, int]]:
        """(year, US dollars, donors) of the last years with support on record, the latest last."""
        years: dict[int, tuple[Decimal, set[int]]] = {}
        for row in self.received.rows:
            amount, donors = years.get(row.year, (Decimal(0), set()))
            years[row.year] = (amount + (row.amount_usd or 0), donors | {row.donor_id})
        return [(year, amount, len(donors)) for year, (amount, donors) in sorted(years.items())[-RECENT:]]


def file_of(actor: Actor, party: Party, today: date) -> File:
    """A State's file within the actor's sight."""
    made = [one for one in pledges.of_party(actor, party) if one.recipient_id == party.id]
    gap = next((one for one in gaps.by_state(actor, today) if one.party.id == party.id), None)
    met = scope(actor, "approach.view", Meeting).where(Meeting.state_id == party.id).order_by(Meeting.held_on.desc(), Meeting.id)
    coverage = Coverage(actor, today)
    unmet = sum(group.count for group in coverage.groups if group.party_id == party.id and group not in coverage.met)
    return File(party, gap, support.received(party, pledges.received(party)), figures.by_currency(made),
                parties.obligations(party.id), list(db.session.scalars(met)), unmet, today)


def sheet(of: File) -> list[Figure]:
    """The figures, in the order in which the text speaks of them."""
    here = _("This register on %(day)s", day=day(of.today))
    rows = [Figure(_("Obligation: %(title)s", title=title(duty)),
                   day(duty.deadline) if duty.deadline else _("no date in the source"),
                   _("%(source)s, as of %(day)s", source=duty.source, day=day(duty.as_of)))
            for duty in of.duties if duty.status == "open"]
    if of.gap is not None:
        rows += [Figure(_("Open needs"), number(of.gap.needs), here),
                 Figure(_("Open needs that no standing offer fits"), number(of.unmet), here)]
        if of.gap.asked:
            rows += [Figure(_("Asked by open needs"), maps.amount_in_words(of.gap.asked, gaps.REFERENCE), here),
                     Figure(_("Of it without a commitment"), maps.percent(of.gap.share), here)]
    for currency, own in of.stages.items():
        rows += [Figure(words, maps.amount_in_words(amount, currency), here) for words, amount in (
            (_("Pledges announced"), own.announced), (_("Pledges confirmed in writing"), own.confirmed),
            (_("Pledges under signed agreements"), own.agreed), (_("Pledges paid"), own.paid)) if amount]
    rows += [Figure(_("Support on record, %(year)s", year=year),
                    ngettext("%(amount)s from one donor", "%(amount)s from %(num)s donors", donors,
                             amount=maps.amount_in_words(amount, "USD")), _("Landmine Monitor, country profiles"))
             for year, amount, donors in of.trend]
    rows += [Figure(_("Country meeting"), f"{day(meeting.held_on)}, {meeting.title}", meeting.ref)
             for meeting in of.meetings[:RECENT] if meeting.status is not MeetingStatus.PLANNED]
    return rows


def draft(of: File) -> str:
    """Sentences from the figures, for a person to correct, complete or throw away. It judges nothing."""
    parts = [_obligations(of), _asked(of), _stages(of), _support(of), _meetings(of)]
    return "\n\n".join(part for part in parts if part)


def _obligations(of: File) -> str:
    due = sorted((duty.deadline, duty) for duty in of.duties if duty.deadline and duty.deadline >= of.today)
    if not due:
        return _("No deadline of %(state)s that is still ahead is on record here.", state=name(of.party))
    return _("%(state)s has %(title)s: %(day)s.", state=name(of.party), title=title(due[0][1]), day=day(due[0][0]))


def _asked(of: File) -> str:
    if of.gap is None:
        return _("On %(day)s %(state)s has no open need in this register.", day=day(of.today), state=name(of.party))
    text = ngettext("On %(day)s %(state)s has one open need in this register.",
                    "On %(day)s %(state)s has %(num)s open needs in this register.", of.gap.needs, day=day(of.today),
                    state=name(of.party))
    if of.gap.asked:
        text += " " + _("They ask for %(asked)s, of which %(share)s is without a signed agreement or payment.",
                        asked=maps.amount_in_words(of.gap.asked, gaps.REFERENCE), share=maps.percent(of.gap.share))
    if of.unmet:
        text += " " + ngettext("One of them is matched by no standing offer.", "%(num)s of them are matched by no standing offer.",
                               of.unmet)
    return text


def _stages(of: File) -> str:
    said = []
    for currency, own in of.stages.items():
        stages = [(_("announced"), own.announced), (_("confirmed in writing"), own.confirmed),
                  (_("under signed agreements"), own.agreed), (_("paid"), own.paid)]
        said += [f"{words} {maps.amount_in_words(amount, currency)}" for words, amount in stages if amount]
    return _("Pledges for it stand as follows, each in one stage only: %(list)s.", list="; ".join(said)) if said else ""


def _support(of: File) -> str:
    trend = of.trend
    if not trend:
        return ""
    said = [ngettext("%(year)s: %(amount)s from one donor", "%(year)s: %(amount)s from %(num)s donors", donors, year=year,
                     amount=maps.amount_in_words(amount, "USD")) for year, amount, donors in trend]
    text = _("The public record shows, for the last years it covers: %(list)s.", list="; ".join(said))
    if of.received.single:
        year, donor = of.received.single[-1]
        text += " " + _("In %(year)s one donor alone (%(donor)s) stood behind it.", year=year, donor=name(donor))
    return text


def _meetings(of: File) -> str:
    held = [meeting for meeting in of.meetings if meeting.status is not MeetingStatus.PLANNED]
    if not held:
        return _("No country meeting of the individualised approach is on record.")
    return _("The last country meeting was held on %(day)s.", day=day(held[0].held_on))


def paragraphs(text: str) -> list[str]:
    """A text's paragraphs."""
    return [part.strip() for part in text.split("\n\n") if part.strip()]

