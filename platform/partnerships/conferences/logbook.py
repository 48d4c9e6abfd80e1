"""The live log: from a line or a row to a pledge, and back to the line that would say it. Writes through pledges.service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from babel.core import get_global
from flask import g
from flask_babel import gettext as _
from sqlalchemy import func, select

from partnerships.conferences import line, speech
from partnerships.conferences.models import Conference, ConferenceTarget
from partnerships.conferences.reading import Lexicon, Question, Reading, folded
from partnerships.conferences.states import ConferenceStatus
from partnerships.core import money
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.core.policy import condition
from partnerships.core.visibility import Visibility
from partnerships.exchange.places import LANGUAGES, VARIANTS
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.parties import queries as parties
from partnerships.parties.models import Party, PartyKind
from partnerships.parties.words import name as name_of
from partnerships.pledges import service as pledging
from partnerships.pledges.models import Pledge
from partnerships.pledges.service import Details
from partnerships.pledges.states import PledgeKind, PledgeObject, PledgeStatus

SIMPLE = (PledgeObject.ISU_WORK_PLAN, PledgeObject.SPONSORSHIP, PledgeObject.MEETING_COSTS, PledgeObject.FUND)


def lexicon() -> Lexicon:
    """The names that lines are read with, made once a request."""
    if "lexicon" not in g:
        g.lexicon = _lexicon(parties.all_parties(PartyKind.STATE, PartyKind.ORGANISATION))
    return g.lexicon


def _lexicon(every: Iterable[Party]) -> Lexicon:
    names: dict[str, set[str]] = {}
    titles, states, own = {}, set(), {}
    tender = get_global("territory_currencies")
    for party in every:
        titles[party.ref] = name_of(party)
        if party.is_state:
            states.add(party.ref)
            own[party.ref] = next((code for code, _start, end, legal in tender.get(party.iso2 or "", ())
                                   if legal and end is None), "")
        said = {party.ref, *VARIANTS.get(party.ref, ()), *(getattr(party, f"name_{language}") for language in LANGUAGES)}
        said |= {one.partition(" (")[0] for one in said}
        for one in said:
            if one:
                names.setdefault(folded(one), set()).add(party.ref)
    for ref, codes in (("EU", "EUR"), ("CHE", "CHF"), ("USA", "USD")):  # several tenders, or none by territory
        own[ref] = codes
    return Lexicon({key: frozenset(refs) for key, refs in names.items()}, titles, frozenset(states),
                   {ref: code for ref, code in own.items() if code}, frozenset(money.currencies()))


@dataclass
class Entry:
    """A pledge as it would be logged: what was read, and the records that it names."""

    reading: Reading
    donor: Party | None = None
    recipient: Party | None = None
    need: Need | None = None
    partners: list[Party] = field(default_factory=list)

    @property
    def certain(self) -> bool:
        """Whether it can be logged as it is."""
        return self.reading.certain and self.donor is not None

    def values(self) -> dict[str, Any]:
        """What `pledges.service.announce` and `correct` take."""
        one, total = self.reading, self.reading.total
        financial = one.kind is PledgeKind.FINANCIAL
        return {"object": one.object, "kind": one.kind, "need": self.need, "recipient": self.recipient,
                "currency": one.currency if financial else "", "amount": total if financial else None,
                "approximate": one.approximate and financial, "first_year": one.first_year, "last_year": one.last_year,
                "condition": one.condition, "statement": one.statement}

    def details(self) -> Details:
        """The rest."""
        one = self.reading
        in_kind = one.kind is PledgeKind.IN_KIND
        return Details(in_kind=one.in_kind, valuation=one.total if in_kind else None,
                       valuation_currency=one.currency if in_kind else "", earmarking=one.earmarking,
                       themes=tuple(one.themes), channel=one.channel, oda=one.oda, portions=one.portions if not in_kind else (),
                       partners=tuple((party, None) for party in self.partners), as_typed=one.line)


def understand(actor: Actor, typed: str, default: PledgeObject) -> Entry:
    """Read a line and find the records it names.

    Arguments: default, what it is for when it does not say. Returns: the entry; `certain` when it can be logged.
    """
    reading = line.read(typed, lexicon(), default)
    found = {party.ref: party for party in parties.by_refs([reading.donor, reading.recipient, *reading.partners])}
    entry = Entry(reading, found.get(reading.donor), found.get(reading.recipient),
                  partners=[found[ref] for ref in reading.partners if ref in found])
    if reading.need:
        entry.need = needs.by_ref(actor, reading.need)
        if entry.need is None or entry.need.status is not NeedStatus.PUBLISHED:
            reading.questions.append(Question(_("No published need that is open has the reference %(ref)s.", ref=reading.need)))
        elif entry.need.party_id == (entry.donor and entry.donor.id):
            reading.questions.append(Question(_("A State cannot pledge to itself; its own part is the national share.")))
    return entry


def default_object(last: Pledge | None) -> PledgeObject:
    """What a line is for when it does not say: what the last one was for, as announcements come in runs."""
    return last.object if last is not None and last.object in SIMPLE else PledgeObject.ISU_WORK_PLAN


def last_logged(conference: Conference) -> Pledge | None:
    """The last entry of the log that stands."""
    return db.session.scalars(select(Pledge).where(
        Pledge.conference_id == conference.id, Pledge.from_floor, Pledge.status != PledgeStatus.STRUCK)
        .order_by(Pledge.id.desc()).limit(1)).first()


def must_be_open(conference: Conference) -> None:
    """Raises: Refused when nothing can be logged now."""
    if conference.status is not ConferenceStatus.OPEN:
        raise Refused(_("Pledges are logged while the conference is open: open or reopen it first."))


def log(actor: Actor, conference: Conference, donor: Party, values: Mapping[str, Any], details: Details) -> Pledge:
    """Log a pledge announced from the floor.

    Arguments: values and details as `pledges.service.announce` takes them. Returns: the pledge, flushed. Raises: Refused.
    """
    must_be_open(conference)
    need = values["need"]
    return pledging.announce(
        actor, donor, **values, details=details, conference=conference, from_floor=True,
        announced_on=announced_on(conference, date.today()), is_demo=conference.is_demo,
        # A pledge to a restricted need would give the need away if it were seen by more people.
        visibility=need.visibility if need is not None else Visibility.PUBLIC)


def announced_on(conference: Conference, today: date) -> date:
    """The day of an announcement: today during the conference, else its first day."""
    first = conference.first_day
    if first is None or first <= today <= (conference.last_day or first):
        return today
    return min(first, today)


def mark(actor: Actor, conference: Conference) -> str:
    """A text that changes with every entry of the log within the actor's sight, and with the conference itself."""
    row = db.session.execute(select(func.count(), func.max(Pledge.id), func.sum(Pledge.version)).where(
        Pledge.conference_id == conference.id, condition(actor, "pledges.view", Pledge))).one()
    aims = db.session.execute(select(func.count(), func.max(ConferenceTarget.id), func.sum(ConferenceTarget.amount)).where(
        ConferenceTarget.conference_id == conference.id)).one()
    return "-".join(str(part or 0) for part in (*row, *aims, conference.version, conference.status.value))


def line_of(pledge: Pledge) -> str:
    """The line that says what a pledge says: read again, it gives the same."""
    said = [" + ".join([pledge.donor.ref, *(one.party.ref for one in pledge.partners)])]
    amount, currency = pledge.amount, pledge.currency
    if amount is None:
        amount, currency = pledge.valuation, pledge.valuation_currency
    yearly = _yearly(pledge)
    if amount is not None:
        said.append(f"{'about ' if pledge.approximate else ''}{_plain(yearly or amount)} {currency}{' per year' if yearly else ''}")
    if pledge.first_year:
        said.append(str(pledge.first_year) if pledge.last_year in (None, pledge.first_year) else
                    f"{pledge.first_year}-{pledge.last_year}")
    for value, table in ((pledge.kind, speech.KINDS), (pledge.in_kind, speech.NATURES), (pledge.earmarking, speech.EARMARKING),
                         (pledge.oda, speech.ODA), (pledge.channel, speech.CHANNELS)):
        said += [table[value][0]] if value in table else []  # type: ignore[index]
    said += [speech.THEMES[theme][0] for theme in pledge.themes if theme in speech.THEMES]
    said.append(_for(pledge))
    written = " ".join(one for one in said if one)
    condition_ = pledge.condition and (pledge.condition if line.conditional(pledge.condition) else f"subject to {pledge.condition}")
    written += f", {condition_}" if condition_ else ""
    return written + (f"; {' '.join(pledge.statement.split())}" if pledge.statement else "")


def _for(pledge: Pledge) -> str:
    if pledge.need is not None:
        return pledge.need.ref
    if pledge.recipient is not None:
        return f"for {pledge.recipient.ref}"
    return speech.OBJECTS[pledge.object][0]


def _yearly(pledge: Pledge) -> Decimal | None:
    """The amount of each year, when the portions are all the same and follow each other."""
    years = [one.year for one in pledge.portions]
    same = {one.amount for one in pledge.portions}
    return next(iter(same)) if len(same) == 1 and years == list(range(years[0], years[0] + len(years))) else None


def _plain(amount: Decimal) -> str:
    return format(amount.normalize(), "f")
