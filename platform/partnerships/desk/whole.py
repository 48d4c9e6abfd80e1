"""The whole desk of the ISU: what is open across follow-ups, matches and pledges, each with its owner, day and State."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_pgettext as _p

from partnerships.core.actor import Actor
from partnerships.core.lists import Page, page_number, page_size
from partnerships.followups import queries as followups
from partnerships.followups.models import Followup
from partnerships.matches import queries as matches
from partnerships.matches.models import Match
from partnerships.parties.models import Party
from partnerships.parties.words import name
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Pledge

KINDS = {"follow-up": _p("desk", "Follow-up"), "match": _p("desk", "Next step of a match"),
         "pledge": _p("desk", "Pledge past its date")}
AGES = {"long-overdue": _p("desk", "Overdue by more than 30 days"), "overdue": _p("desk", "Overdue"),
        "soon": _p("desk", "Due within 14 days"), "later": _p("desk", "Later")}
LONG, SOON = timedelta(days=30), timedelta(days=14)


@dataclass(frozen=True)
class Line:
    """One thing that is open: whose it is (party and person), by when, about which State, and where its record is."""

    kind: str
    what: str
    href: str
    owner: Party
    person: str
    on: date | None
    age: str
    about: Party | None
    put_off: date | None
    record: Any

    @property
    def owned_by(self) -> str:
        return f"{name(self.owner)}, {self.person}" if self.person else name(self.owner)


def age(on: date | None, today: date) -> str:
    """Which of AGES a day is in; without a day: later."""
    if on is None or on > today + SOON:
        return "later"
    if on >= today:
        return "soon"
    return "overdue" if on >= today - LONG else "long-overdue"


def lines(actor: Actor, today: date) -> list[Line]:
    """Everything open within the actor's sight, the longest overdue first, by three queries."""
    found = [*(_followup(one, today) for one in followups.all_open(actor)),
             *(_match(one, today) for one in matches.all_open(actor)),
             *(_pledge(one, today) for one in pledges.past_their_date(actor, today))]
    return sorted(found, key=lambda line: (line.on or date.max, line.kind, line.what, line.href))


def _followup(one: Followup, today: date) -> Line:
    asleep = one.snoozed_until is not None and one.snoozed_until > today
    return Line("follow-up", one.what, url_for("followups.detail", number=one.id), one.owner_party,
                one.owner.name if one.owner else "", one.due_on, age(one.due_on, today), one.party,
                one.snoozed_until if asleep else None, one)


def _match(one: Match, today: date) -> Line:
    words = _("%(partner)s, need %(ref)s: %(step)s", partner=name(one.party), ref=one.need.ref, step=one.next_step)
    owner = one.owner.party if one.owner else one.state
    return Line("match", words, url_for("matches.detail", number=one.id), owner, one.owner.name if one.owner else "",
                one.next_step_on, age(one.next_step_on, today), one.state, None, one)


def _pledge(one: Pledge, today: date) -> Line:
    words = _("Pledge %(ref)s of %(donor)s: say where it stands", ref=one.ref, donor=name(one.donor))
    return Line("pledge", words, url_for("pledges.detail", ref=one.ref), one.donor, "", one.expected_on,
                age(one.expected_on, today), one.recipient, None, one)


def fits(line: Line, wanted: Mapping[str, str]) -> bool:
    """Whether a line is within the filters: kind, owner, age and about, each empty for all."""
    about = line.about.ref if line.about else ""
    held = {"kind": line.kind, "owner": line.owner.ref, "age": line.age, "about": about}
    return all(not word or held[key] == word for key, word in wanted.items())


def by_owner(found: Iterable[Line]) -> list[tuple[Party, dict[str, int], int]]:
    """(owner, lines by age, lines in all), most lines first."""
    counts: dict[str, tuple[Party, dict[str, int]]] = {}
    for line in found:
        own = counts.setdefault(line.owner.ref, (line.owner, dict.fromkeys(AGES, 0)))[1]
        own[line.age] += 1
    rows = [(party, own, sum(own.values())) for party, own in counts.values()]
    return sorted(rows, key=lambda row: (-row[2], row[0].ref))


def page(found: Sequence[Line]) -> Page:
    """The page of the lines that the address asks for."""
    size = page_size()
    number = min(page_number(), max(1, -(-len(found) // size)))
    return Page(found[(number - 1) * size:number * size], number, len(found), size)
