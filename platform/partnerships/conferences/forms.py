"""The forms of a pledging conference: its facts, its attendance, and the row of the live log."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField
from wtforms.validators import NumberRange, Optional, Regexp, ValidationError

from partnerships.conferences.fields import PartyField, QuickAmountField, understand
from partnerships.conferences.line import LONGEST, YEARS
from partnerships.conferences.states import MODE_LABELS, Mode
from partnerships.core.actor import Actor
from partnerships.core.forms import (
    ChoiceField,
    DayField,
    Form,
    LineField,
    Needed,
    ProseField,
    check_minor_unit,
    currency_choices,
    enum_choices,
)
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.parties import choices
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.pledges.service import Details
from partnerships.pledges.states import KIND_LABELS, OBJECT_LABELS, PledgeKind, PledgeObject

WEB = r"https?://\S+"


class ConferenceForm(Form):
    """The facts of a conference, and its outcome once there is one."""

    number = IntegerField(_l("Number"), [Needed(_l("Give the conference its number.")),
                                         NumberRange(1, 999, _l("Use a number between 1 and 999."))])
    title = LineField(_l("Title"), _l("Give the conference a title."), most=160)
    chair = LineField(_l("Chair"), needed=False)
    place = LineField(_l("Place"), needed=False)
    mode = ChoiceField(_l("Mode"), enum_choices(MODE_LABELS), needed=False, blank=_l("Not stated"))
    reference_currency = ChoiceField(_l("Reference currency"), currency_choices, default="USD")
    first_day = DayField(_l("First day"), _l("Give the day on which it begins."))
    last_day = DayField(_l("Last day"), needed=False)
    note = ProseField(_l("Note"), needed=False, most=2000)
    outcome = ProseField(_l("Outcome"), needed=False, most=8000)
    source = LineField(_l("Source"), needed=False, most=400, validators=[
        Regexp(WEB, message=_l("Give a web address that begins with https://."))])

    def validate_last_day(self, field: Any) -> None:
        """The days are in order."""
        if field.data and self.first_day.data and field.data < self.first_day.data:
            raise ValidationError(_("The last day is before the first day."))

    def columns(self) -> dict[str, Any]:
        """The data as columns of Conference."""
        texts = self.values("title", "chair", "place", "note", "outcome", "source")
        return {**{key: value or "" for key, value in texts.items()}, "number": self.number.data,
                "reference_currency": self.reference_currency.data,
                "mode": Mode(self.mode.data) if self.mode.data else None, "first_day": self.first_day.data,
                "last_day": self.last_day.data or self.first_day.data}


class TargetForm(Form):
    """What a conference is asked to bring together for one object, in a year or in all."""

    object = ChoiceField(_l("For"), enum_choices(OBJECT_LABELS), default=PledgeObject.ISU_WORK_PLAN.value)
    year = IntegerField(_l("Year"), [Optional(), NumberRange(*YEARS, _l("Use a year from 1999 to 2060."))])
    amount = QuickAmountField(_l("Amount"), _l("Give the amount."))
    currency = ChoiceField(_l("Currency"), currency_choices, default="CHF")
    note = LineField(_l("Note"), needed=False, most=300)
    source = LineField(_l("Source"), needed=False, most=400, validators=[
        Regexp(WEB, message=_l("Give a web address that begins with https://."))])

    def check(self) -> bool:
        """Validate; an amount is more than nothing, and no finer than its currency."""
        if not self.validate():
            return False
        try:
            if self.amount.data <= 0:
                raise ValidationError(_("The amount must be more than zero."))
            check_minor_unit(self.amount, self.currency.data)
        except ValidationError as error:
            self.amount.errors = [str(error)]
        return not self.amount.errors

    def columns(self) -> dict[str, Any]:
        """The data as `service.aim` takes it."""
        return {"object": PledgeObject(self.object.data), "year": self.year.data or 0, "amount": self.amount.data,
                "currency": self.currency.data, "note": self.note.data or "", "source": self.source.data or ""}


class AttendanceForm(Form):
    """A delegation."""

    delegation = PartyField(_l("State or organisation"), _l("Name the State or organisation."))
    head = LineField(_l("Head of delegation"), needed=False)
    expected = BooleanField(_l("Expected, not here yet"))


class SpeakersForm(Form):
    """The list of speakers: one a line, by name or code."""

    speakers = ProseField(_l("Speakers, one a line"), needed=False, most=8000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found: list[Party] = []

    def validate_speakers(self, field: Any) -> None:
        """Every line names one party, and none twice."""
        for number, typed in enumerate(filter(None, map(str.strip, (field.data or "").splitlines())), start=1):
            try:
                party = parties.by_ref(understand(typed))
            except ValidationError as error:
                raise ValidationError(_("Line %(number)s: %(words)s", number=number, words=str(error))) from None
            if party is None or party in self.found:
                raise ValidationError(_("Line %(number)s: %(name)s stands on the list twice.", number=number, name=typed))
            self.found.append(party)


class NoteForm(Form):
    """Words that go with a move."""

    note = ProseField(_l("Comments"), needed=False, most=2000)


class LineForm(Form):
    """One line of the live log. `seen` is the line whose reading was shown before it was sent."""

    line = LineField(_l("Pledge, in one line"), _l("Type who pledges how much, and for what."), most=LONGEST)
    seen = HiddenField()


class LogForm(Form):
    """One row of the live log: a pledge announced from the floor."""

    donor = PartyField(_l("Donor"), _l("Name the donor."))
    object = ChoiceField(_l("For"), enum_choices(OBJECT_LABELS))
    target = LineField(_l("Which State or need"), needed=False, most=160)
    kind = ChoiceField(_l("Kind"), lambda: [(kind.value, KIND_LABELS[kind]) for kind in (
        PledgeKind.FINANCIAL, PledgeKind.IN_KIND, PledgeKind.POLITICAL)])
    currency = ChoiceField(_l("Currency"), currency_choices)
    amount = QuickAmountField(_l("Amount"), needed=False)
    approximate = BooleanField(_l("Approximate"))
    years = LineField(_l("Years"), needed=False, most=20)
    theme = ChoiceField(_l("Thematic area"), choices.themes, needed=False, blank=_l("Not stated"))
    condition = LineField(_l("Condition"), needed=False, most=400)
    statement = LineField(_l("Statement"), needed=False, most=2000)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        self.actor = actor
        self.need: Need | None = None
        self.recipient: Party | None = None
        self.span: tuple[int | None, int | None] = (None, None)
        super().__init__(*args, **kwargs)

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate, then understand what the pledge is for."""
        right = super().validate(extra_validators)
        return all((right, self._amount(), self._target(), self._years()))

    def said(self) -> dict[str, Any]:
        """What `pledges.service.announce` takes. The worth of a pledge in kind is kept apart from money (`details`)."""
        money = self.kind.data == PledgeKind.FINANCIAL.value
        return {"object": PledgeObject(self.object.data), "kind": PledgeKind(self.kind.data), "need": self.need,
                "recipient": self.recipient, "currency": self.currency.data if money else "",
                "amount": self.amount.data if money else None, "approximate": money and self.approximate.data,
                "first_year": self.span[0], "last_year": self.span[1], "condition": self.condition.data or "",
                "statement": self.statement.data or ""}

    def details(self) -> Details:
        """The rest."""
        in_kind = self.kind.data == PledgeKind.IN_KIND.value
        return Details(valuation=self.amount.data if in_kind else None,
                       valuation_currency=self.currency.data if in_kind else "",
                       themes=(self.theme.data,) if self.theme.data else ())

    def _years(self) -> bool:
        found = re.fullmatch(r"(\d{4})(?:\s*[-–—/]\s*(\d{4}|\d{2}))?", (self.years.data or "").strip())
        if not self.years.data or self.years.errors:
            return not self.years.errors
        if found is None:
            self.years.errors = [_("Write a year or two, for example 2027 or 2027-2029.")]
            return False
        last = found[2] or found[1]
        self.span = (int(found[1]), int(last if len(last) == 4 else found[1][:2] + last))
        if not YEARS[0] <= self.span[0] <= self.span[1] <= YEARS[1]:
            self.years.errors = [_("Use years between %(first)s and %(last)s, in order.", first=YEARS[0], last=YEARS[1])]
        return not self.years.errors

    def _amount(self) -> bool:
        if self.amount.errors:
            return False
        try:
            self._amount_fits()
        except ValidationError as error:
            self.amount.errors = [str(error)]
            return False
        return True

    def _amount_fits(self) -> None:
        if self.amount.data is None:
            if self.kind.data == PledgeKind.FINANCIAL.value:
                raise ValidationError(_("A financial pledge needs its amount: log it once the amount is known."))
            return
        if self.kind.data == PledgeKind.POLITICAL.value:
            raise ValidationError(_("A political pledge has no amount: put the words in the statement."))
        if self.amount.data == 0:
            raise ValidationError(_("The amount must be more than zero."))
        check_minor_unit(self.amount, self.currency.data)

    def _target(self) -> bool:
        typed = (self.target.data or "").strip()
        try:
            if self.object.data == PledgeObject.NEED.value:
                self.need = self._need(typed)
            elif self.object.data == PledgeObject.PROGRAMME.value:
                self.recipient = self._state(typed)
            elif typed:  # a State named for the work plan would be lost without a word
                raise ValidationError(_("Choose “A State's programme” or “A published need” to name one."))
            state = self.need.party if self.need else self.recipient
            if state is not None and self.donor.party is not None and state.id == self.donor.party.id:
                raise ValidationError(_("A State cannot pledge to itself; its own part is the national share."))
        except ValidationError as error:
            self.target.errors = [str(error)]
            return False
        return True

    def _need(self, typed: str) -> Need:
        need = needs.by_ref(self.actor, typed.upper()) if typed else None
        if need is None or need.status is not NeedStatus.PUBLISHED:
            raise ValidationError(_("Give the reference of a published need, for example KHM-2026-014."))
        return need

    @staticmethod
    def _state(typed: str) -> Party:
        found = parties.by_ref(understand(typed)) if typed else None
        if found is None or not found.is_state:
            raise ValidationError(_("Name the State whose programme it is for."))
        return found
