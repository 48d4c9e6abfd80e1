"""What the pages of conferences are made of: the tally, attendance by category, the state of the live log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from partnerships.conferences import tally as boards
from partnerships.conferences.forms import ConferenceForm, LogForm
from partnerships.conferences.models import Attendance, Conference
from partnerships.conferences.states import CATEGORY_LABELS, MODE_LABELS, Category, ConferenceStatus, Presence
from partnerships.core.actor import Actor
from partnerships.core.audit import plain
from partnerships.core.filters import day
from partnerships.parties.models import Party
from partnerships.parties.words import name
from partnerships.pledges import figures
from partnerships.pledges import queries as pledging
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import (
    EARMARKING_LABELS,
    IN_KIND_LABELS,
    KIND_LABELS,
    LABELS,
    OBJECT_LABELS,
    PledgeKind,
    PledgeObject,
    PledgeStatus,
)

GONE = (PledgeStatus.WITHDRAWN, PledgeStatus.LAPSED)


@dataclass
class Tally:
    """The state of the pledges of a conference. Stages exclude each other; currencies are never added together."""

    stages: dict[str, figures.Stages]
    pledges: int = 0
    donors: int = 0
    without_amount: int = 0
    in_kind: int = 0
    political: int = 0
    gone: int = 0


def tally(pledges: Sequence[Pledge]) -> Tally:
    """The tally of pledges; those withdrawn or lapsed are counted apart."""
    live = [pledge for pledge in pledges if pledge.status not in GONE]
    return Tally(
        stages=figures.by_currency(pledge for pledge in pledges if pledge.status not in GONE or pledge.paid_amount),
        pledges=len(live), donors=len({pledge.donor_id for pledge in live}),
        without_amount=sum(pledge.kind in (PledgeKind.FINANCIAL, PledgeKind.UNSTATED) and pledge.amount is None
                           for pledge in live),
        in_kind=sum(pledge.kind is PledgeKind.IN_KIND for pledge in live),
        political=sum(pledge.kind is PledgeKind.POLITICAL for pledge in live),
        gone=len(pledges) - len(live))


def by_object(pledges: Iterable[Pledge]) -> list[tuple[PledgeObject, list[Pledge]]]:
    """Pledges by what they are for, in the order of the labels; the logged order within."""
    pledges = list(pledges)
    groups = [(one, [pledge for pledge in pledges if pledge.object is one]) for one in OBJECT_LABELS]
    return [(one, found) for one, found in groups if found]


@dataclass
class Group:
    """A category of attendance: what a source counts, and the delegations known by name."""

    category: Category
    label: Any
    stated: int | None
    rows: list[Attendance] = field(default_factory=list)


def attendance(conference: Conference) -> list[Group]:
    """The attendance by category; categories of which nothing is known are left out."""
    stated = {Category.STATE_PARTY: conference.stated_states_parties,
              Category.STATE_NOT_PARTY: conference.stated_states_not_party,
              Category.INTERNATIONAL_ORGANISATION: conference.stated_international_organisations,
              Category.NGO: conference.stated_ngos}
    groups = [Group(category, label, stated[category],
                    sorted((row for row in conference.attendance
                            if row.category is category and row.presence is Presence.PRESENT),
                           key=lambda row: row.party.name_en))
              for category, label in CATEGORY_LABELS.items()]
    return [group for group in groups if group.stated is not None or group.rows]


def unlisted(conference: Conference, pledges: Iterable[Pledge]) -> list[Party]:
    """Donors of logged pledges that the attendance does not name yet."""
    named = {row.party_id for row in conference.attendance}
    missing = {pledge.donor_id: pledge.donor for pledge in pledges
               if pledge.from_floor and pledge.status not in GONE and pledge.donor_id not in named}
    return sorted(missing.values(), key=lambda party: party.name_en)


@dataclass
class Compared:
    """A conference beside others. Amounts are in one currency, each pledge at the rate of its announcement."""

    conference: Conference
    named: int
    pledges: int
    reference: Any


COMPARE_IN = "USD"


def compared(actor: Actor, conferences: Iterable[Conference], today: date) -> list[Compared]:
    """Conferences side by side, as far as the reader may see their pledges."""
    rows = []
    for conference in conferences:
        board = boards.board(conference, pledging.of_conference(actor, conference.id), today, COMPARE_IN)
        rows.append(Compared(conference, board.present, board.whole.pledges, board.whole.reference))
    return rows


def outcome_words() -> dict[str, Any]:
    """The words of the codes that an outcome keeps: {what it is of: {code: words}}."""
    tables: dict[str, Mapping[Any, Any]] = {
        "object": OBJECT_LABELS, "category": CATEGORY_LABELS, "kind": KIND_LABELS, "stage": LABELS, "in_kind": IN_KIND_LABELS,
        "earmarking": EARMARKING_LABELS, "mode": MODE_LABELS}
    return {"day": lambda text: day(date.fromisoformat(text)), "plain": plain,
            **{name: {member.value: words for member, words in table.items()} for name, table in tables.items()}}


def expected(conference: Conference) -> list[Attendance]:
    """Delegations that are expected and not there yet, by name."""
    return sorted((row for row in conference.attendance if row.presence is Presence.EXPECTED),
                  key=lambda row: row.party.name_en)


def speakers(conference: Conference) -> list[Attendance]:
    """The list of speakers, in their order."""
    return sorted((row for row in conference.attendance if row.speaking), key=lambda row: row.speaking or 0)


def speakers_text(conference: Conference) -> str:
    """The list of speakers as it is typed: one a line."""
    return "\n".join(name(row.party) for row in speakers(conference))


def log_form(actor: Actor, pledges: Sequence[Pledge]) -> LogForm:
    """A fresh row of the log, with the object and currency of the last one: announcements come in runs."""
    last = next((pledge for pledge in reversed(pledges) if pledge.from_floor), None)
    simple = last is not None and last.object not in (PledgeObject.NEED, PledgeObject.PROGRAMME)
    return LogForm(
        actor=actor, formdata=None, object=last.object.value if last and simple else PledgeObject.ISU_WORK_PLAN.value,
        currency=(last.currency if last else "") or "CHF", kind=PledgeKind.FINANCIAL.value)


def outcome_shown(conference: Conference, runs: bool) -> bool:
    """Whether the outcome's text is shown: to everybody once published, before that to those who write it."""
    return bool(conference.outcome) and (runs or conference.status is ConferenceStatus.PUBLISHED)


def filled_form(conference: Conference) -> ConferenceForm:
    """The form of a kept conference."""
    return ConferenceForm(obj=conference, mode=conference.mode.value if conference.mode else "",
                          version=str(conference.version))


def both(form: ConferenceForm, conference: Conference) -> list[tuple[str, str, str]]:
    """(label, mine, theirs) of the fields in which the form and the record differ."""
    rows = []
    for key, value in form.columns().items():
        theirs = getattr(conference, key)
        if plain(value) != plain(theirs):
            rows.append((str(form[key].label.text), _written(value), _written(theirs)))
    return rows


def _written(value: Any) -> str:
    return _("not stated") if value in (None, "") else str(plain(value))
