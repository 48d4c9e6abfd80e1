"""The forms of country meetings: the State, the meeting, one action, and a note."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import FormField
from wtforms.validators import Regexp

from partnerships.conferences.fields import PartyField
from partnerships.conferences.states import MODE_LABELS, Mode
from partnerships.core.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    Form,
    LineField,
    ProseField,
    RadioField,
    RowsField,
    enum_choices,
    options,
)
from partnerships.core.visibility import Visibility
from partnerships.parties import choices
from partnerships.parties.models import Party
from partnerships.parties.words import VISIBILITY_LABELS

SPARE = 3


def time_zones() -> list[tuple[str, str]]:
    """The zones in which people live, by their IANA names: (name, name)."""
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones())
            if name == "UTC" or name.partition("/")[0] in CONTINENTS]


MOST = 60
TEXTS = ("title", "starts_at", "time_zone", "place", "link", "agenda", "chair", "summary", "interest", "outcome", "source")
CONTINENTS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


class ParticipantForm(PlainForm):
    """One State or organisation taking part, and in what capacity; no persons' names."""

    party = PartyField(_l("State or organisation"), needed=False)
    capacity = LineField(_l("Capacity"), needed=False)

    @property
    def is_blank(self) -> bool:
        return not ((self.party.data or "").strip() or (self.capacity.data or "").strip())


class MeetingForm(Form):
    """A country meeting. Its State is chosen before, since the needs offered are that State's."""

    title = LineField(_l("Title"), _l("Give the meeting a title."), most=160)
    held_on = DayField(_l("Date"), _l("Give the day of the meeting."))
    mode = ChoiceField(_l("Mode"), enum_choices(MODE_LABELS), _l("Choose how it is held."), blank=_l("Choose"))
    starts_at = LineField(_l("Begins at"), needed=False, most=5, validators=[
        Regexp(r"([01]\d|2[0-3]):[0-5]\d", message=_l("Write the time as hours and minutes, such as 14:30."))])
    time_zone = ChoiceField(_l("Time zone"), time_zones, needed=False, blank=_l("Not stated"))
    place = LineField(_l("Place"), needed=False)
    link = LineField(_l("Link for taking part online"), needed=False, most=400, validators=[
        Regexp(r"https://\S+", message=_l("Give a web address that begins with https://."))])
    agenda = ProseField(_l("Agenda"), needed=False, most=4000)
    chair = LineField(_l("Chair"), needed=False)
    participants = RowsField(FormField(ParticipantForm), max_entries=MOST)
    needs = ChoicesField(_l("Needs discussed"), lambda: [], needed=False)
    summary = ProseField(_l("Summary"), needed=False, most=6000)
    interest = ProseField(_l("Interest expressed"), needed=False, most=4000)
    outcome = ProseField(_l("Outcome"), needed=False, most=6000)
    source = LineField(_l("Source"), needed=False, most=400, validators=[
        Regexp(r"https?://\S+", message=_l("Give a web address that begins with https://."))])
    visibility = RadioField(_l("Who may see it"), choices=[
        (Visibility.PUBLIC.value, VISIBILITY_LABELS[Visibility.PUBLIC]),
        (Visibility.STATES_PARTIES.value, VISIBILITY_LABELS[Visibility.STATES_PARTIES]),
        (Visibility.PARTIES.value, _l("The State and those taking part"))], default=Visibility.PARTIES.value)

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs.choices = options(offered)

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate the fields, then the list of those taking part as a whole."""
        right = super().validate(extra_validators)
        seen: set[int] = set()
        if bool(self.starts_at.data) != bool(self.time_zone.data) and not self.starts_at.errors:
            self.time_zone.errors = [_("A time needs its zone, and a zone its time.")]
            right = False
        for row in self.filled():
            if row.party.party is None and not row.party.errors:
                row.party.errors = [_("Name the State or organisation that took part in this capacity.")]
                right = False
            elif row.party.party is not None and row.party.party.id in seen:
                row.party.errors = [_("This State or organisation is already given above.")]
                right = False
            elif row.party.party is not None:
                seen.add(row.party.party.id)
        return right

    def filled(self) -> list[ParticipantForm]:
        """The rows of participants that hold something."""
        return [entry.form for entry in self.participants if not entry.form.is_blank]

    def taking_part(self) -> list[tuple[Party, str]]:
        """The participants with their capacity, once valid."""
        return [(row.party.party, row.capacity.data or "") for row in self.filled() if row.party.party is not None]

    def columns(self) -> dict[str, Any]:
        """The data as columns of Meeting."""
        texts = self.values(*TEXTS)
        return {**{key: value or "" for key, value in texts.items()}, "held_on": self.held_on.data,
                "mode": Mode(self.mode.data), "visibility": Visibility(self.visibility.data)}


class ActionForm(Form):
    """An action agreed at the meeting: what, by whom, by when."""

    what = LineField(_l("What is to be done"), _l("Say what is to be done, in a sentence."), most=300)
    owner = PartyField(_l("Owner"), _l("Name the State or organisation that is to do it."))
    due_on = DayField(_l("Due"), _l("Say by when."))


class NoteForm(Form):
    """Words that go with a move."""

    note = ProseField(_l("Comments"), needed=False, most=2000)


class StateForm(PlainForm):
    """Which State: the filter of the list, and the first step of planning a meeting."""

    state = ChoiceField(_l("State"), choices.states, needed=False, blank=_l("All States"))


def in_six_months(day: date) -> date:
    """A due day half a year on, when support received since is first asked for."""
    month = (day.month + 5) % 12 + 1
    return date(day.year + (day.month > 6), month, min(day.day, 28))
