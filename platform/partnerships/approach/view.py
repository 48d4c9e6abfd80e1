"""What the pages of country meetings are made of: forms bound to a State, partners to invite, what is not shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from partnerships.approach import queries
from partnerships.approach.forms import SPARE, TEXTS, MeetingForm, StateForm
from partnerships.approach.models import Meeting
from partnerships.core.actor import Actor
from partnerships.core.audit import plain
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.needs.states import ON_RECORD
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.parties.words import name
from partnerships.suggestions import engine, words

INVITED = 8
LOOKED_AT = 12


def filter_of(actor: Actor, address: MultiDict[str, str]) -> tuple[StateForm, str]:
    """The list's filter as an address states it, and the State that it keeps ("" for all): one with meetings in sight."""
    form = StateForm(address)
    form.state.choices = [one for one in form.state.choices if one.value in {"", *(one.ref for one in queries.states_met(actor))}]
    form.validate()
    return form, "" if form.state.errors else form.state.data or ""


def discussable(actor: Actor, state: Party, meeting: Meeting | None = None) -> list[Need]:
    """The State's needs on record that a meeting can discuss, with those it already names."""
    named = {need.id for need in meeting.needs} if meeting else set()
    return [need for need in needs.of_party(actor, state) if need.status in ON_RECORD or need.id in named]


def _choices(found: list[Need]) -> list[tuple[str, str]]:
    return [(need.ref, f"{need.ref} {need.title}") for need in found]


def bound_form(actor: Actor, state: Party, meeting: Meeting | None = None, **values: Any) -> MeetingForm:
    """The form for this State, bound to what was sent or to the values given, with spare rows for participants."""
    form = MeetingForm(offered=_choices(discussable(actor, state, meeting)), **values)
    blank = sum(entry.form.is_blank for entry in form.participants)
    if not form.is_submitted():
        add_rows(form, SPARE - blank)
    return form


def add_rows(form: MeetingForm, count: int = SPARE) -> None:
    """More rows for participants, as far as there is room."""
    for _number in range(count):
        if len(form.participants) < (form.participants.max_entries or 0):
            form.participants.append_entry()


def fresh_form(actor: Actor, state: Party, invite: str, expected: Iterable[tuple[Party, str]] = ()) -> MeetingForm:
    """A fresh form: the State itself takes part, with those expected; all its open needs are to be discussed."""
    today = date.today()
    rows = [{"party": name(party), "capacity": words} for party, words in expected] or [
        {"party": name(state), "capacity": _("Affected State")}]
    rows += _invited(invite)
    return bound_form(
        actor, state, title=_("Individualised approach meeting of %(state)s", state=name(state)), participants=rows,
        needs=[need.ref for need in discussable(actor, state) if need.is_current(today)])


def _invited(invite: str) -> list[dict[str, str]]:
    party = parties.by_ref(invite) if invite else None
    return [{"party": name(party), "capacity": _("Invited partner")}] if party else []


def filled_form(actor: Actor, meeting: Meeting, invite: str = "") -> MeetingForm:
    """The form of a kept meeting."""
    rows = [{"party": name(row.party), "capacity": row.capacity} for row in meeting.participants]
    if invite not in {row.party.ref for row in meeting.participants}:
        rows += _invited(invite)
    values = {key: getattr(meeting, key) for key in ("held_on", *TEXTS)}
    return bound_form(actor, meeting.state, meeting, **values, mode=meeting.mode.value, participants=rows,
                      visibility=meeting.visibility.value, needs=[need.ref for need in meeting.needs],
                      version=str(meeting.version))


def chosen_needs(actor: Actor, form: MeetingForm, state: Party, meeting: Meeting | None = None) -> list[Need]:
    """The needs ticked on the form."""
    wanted = set(form.needs.data or ())
    return [need for need in discussable(actor, state, meeting) if need.ref in wanted]


def both(form: MeetingForm, meeting: Meeting) -> list[tuple[str, str, str]]:
    """(label, mine, theirs) of the fields in which the form and the record differ."""
    rows = []
    for key, value in form.columns().items():
        theirs = getattr(meeting, key)
        if plain(value) != plain(theirs):
            rows.append((str(form[key].label.text), str(plain(value) or ""), str(plain(theirs) or "")))
    mine = sorted(name(party) for party, _capacity in form.taking_part())
    theirs_part = sorted(name(row.party) for row in meeting.participants)
    if mine != theirs_part:
        rows.append((_("Taking part"), ", ".join(mine), ", ".join(theirs_part)))
    return rows


def seen_needs(actor: Actor, meeting: Meeting) -> list[Need]:
    """The needs discussed that the reader may see."""
    seen = needs.by_ids(actor, {need.id for need in meeting.needs})
    return [need for need in meeting.needs if need.id in seen]


@dataclass(frozen=True)
class Invitation:
    """A partner to invite: the need it fits best, in words, and how many of the State's open needs it fits."""

    shown: Any
    fits: int


def to_invite(actor: Actor, state: Party, present: set[str]) -> list[Invitation]:
    """Partners that matching suggests for the State's open needs, each with its best need, strongest first.

    Arguments: present, the references of those who take part already. Returns: at most eight.
    """
    here = engine.world(actor)
    open_needs = needs.open_of_party(actor, state, date.today())[:LOOKED_AT]
    best: dict[str, Any] = {}
    fits: dict[str, int] = {}
    for need in open_needs:
        for found in engine.partners_for(actor, need, limit=INVITED):
            if found.partner in present or found.partner == state.ref:
                continue
            fits[found.partner] = fits.get(found.partner, 0) + 1
            if found.partner not in best or found.score > best[found.partner][0].score:
                best[found.partner] = (found, need)
    ranked = sorted(best.values(), key=lambda pair: (-pair[0].score, pair[0].partner))[:INVITED]
    return [Invitation(words.show(found, here, need), fits[found.partner]) for found, need in ranked]
