"""Forms of follow-ups: a new one, its day and owner, its result, answers to suggestions, rules, the filters of the queue."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms.fields import IntegerField
from wtforms.validators import StopValidation, ValidationError

from partnerships.core.actor import Actor
from partnerships.core.filters import number as number_words
from partnerships.core.forms import ChoiceField, DayField, Form, LineField, ProseField, enum_choices, options
from partnerships.core.text import one_line
from partnerships.followups import queries
from partnerships.followups.rules.table import Rule
from partnerships.followups.service import SNOOZE_MOST
from partnerships.followups.states import DISMISSALS, LABELS, Dismissal, FollowupStatus
from partnerships.needs import queries as needs
from partnerships.parties import choices


class DueForm(Form):
    """The day and the owner: what the ISU may change while a follow-up is open."""

    owner_party = ChoiceField(_l("Who is to do it"), choices.partners, _l("Choose who is to do it."),
                              blank=_l("Choose a State or organisation"))
    owner = ChoiceField(_l("Person"), lambda: queries.people(), needed=False, blank=_l("Nobody named yet"))
    due_on = DayField(_l("Due"), _l("Say by when it is to be done."))

    def __init__(self, *args: Any, kept: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept

    def validate_due_on(self, field: Any) -> None:
        """A day that has passed may stay, but may not be newly chosen."""
        if field.data is not None and field.data < date.today() and field.data != self.kept:
            raise ValidationError(_("This day has passed: choose today or a later day."))

    def validate_owner(self, field: Any) -> None:
        """The person is of the owner's State or organisation."""
        person = queries.person(field.data)
        if person is not None and self.owner_party.data and person.party.ref != self.owner_party.data:
            raise ValidationError(_("%(name)s does not belong to the State or organisation chosen above.",
                                    name=person.name))


class FollowupForm(DueForm):
    """A follow-up noted by a person."""

    what = LineField(_l("What is to be done"), _l("Say what is to be done, in a sentence."), most=300)
    party = ChoiceField(_l("About"), choices.partners, _l("Choose the State or organisation it is about."),
                        blank=_l("Choose a State or organisation"))
    need = LineField(_l("Need"), needed=False, most=32)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = one_line(self.need.data)
        self.found_need = needs.by_ref(actor, typed) if typed else None

    def validate_need(self, field: Any) -> None:
        """The reference leads to a need."""
        if field.data and self.found_need is None:
            raise ValidationError(_("No need has the reference %(ref)s. Copy it from the need's page.", ref=field.data))


class ResultForm(Form):
    """What came of a follow-up."""

    note = ProseField(_l("Result"), _l("Say what came of it, in a sentence."), most=2000,
                      id="result")


class ReasonForm(Form):
    """Why a follow-up is dropped."""

    note = ProseField(_l("Reason"), _l("Say why, in a sentence: it is kept on the record."), most=2000,
                      id="reason")


class DismissForm(Form):
    """Why a suggestion is not needed: one of a short list, with words for another reason."""

    why = ChoiceField(_l("Reason"), enum_choices(DISMISSALS), _l("Choose why it is not needed."), blank=_l("Choose a reason"))
    note = ProseField(_l("In your words"), needed=False, most=2000)

    def validate(self, extra_validators: Any = None) -> bool:
        """Another reason is said in words: asked here, as a field that may be empty is not looked at when it is."""
        valid: bool = super().validate(extra_validators)
        if self.why.data == Dismissal.OTHER and not (self.note.data or "").strip():
            self.note.errors = [*self.note.errors, _("Say why, in a sentence: it is kept on the record.")]
            return False
        return valid


class SnoozeForm(Form):
    """Until when a follow-up is put off, and why."""

    until = DayField(_l("Put off until"), _l("Say on which day it is to come back."), id="until")
    note = ProseField(_l("Reason"), _l("Say why, in a sentence: it is kept on the record."), most=2000, id="snooze-reason")

    def validate_until(self, field: Any) -> None:
        """A day to come, within a year."""
        if field.data is not None and not date.today() < field.data <= date.today() + SNOOZE_MOST:
            raise ValidationError(_("Choose a day after today, within a year."))


class DelegateForm(Form):
    """To whom a follow-up is given, and why.

    The ISU may give it to anybody; others to a person of their own State or organisation, or to the ISU, so that nobody
    learns here who signs in for another.
    """

    party = ChoiceField(_l("Give it to"), lambda: (), _l("Choose who is to do it."), id="give-to",
                        blank=_l("Choose a State or organisation"))
    person = ChoiceField(_l("Person"), lambda: (), needed=False, blank=_l("Nobody named yet"), id="give-to-person")
    note = ProseField(_l("Why"), _l("Say why, in a sentence: it is kept on the record."), most=2000, id="give-why")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if actor.is_isu:
            near, people = list(choices.partners()), queries.people()
        else:
            near = [(ref, label) for ref, label in choices.partners() if ref in (actor.party_ref, "ISU")]
            people = queries.people(actor.party_id)
        self.party.choices = options([("", _("Choose a State or organisation")), *near])
        self.person.choices = options([("", _("Nobody named yet")), *people])

    def validate_person(self, field: Any) -> None:
        """The person is of the State or organisation chosen."""
        person = queries.person(field.data)
        if person is not None and self.party.data and person.party.ref != self.party.data:
            raise ValidationError(_("%(name)s does not belong to the State or organisation chosen above.",
                                    name=person.name))


class RuleForm(Form):
    """A rule of suggestions: on or off, and its number."""

    enabled = ChoiceField(_l("This rule"), lambda: [("on", _l("On")), ("off", _l("Off"))])
    number = IntegerField(_l("Number"))

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.number.label.text = f"{rule.asks} ({rule.unit})"

    def validate_number(self, field: Any) -> None:
        """A whole number within the rule's bounds."""
        if field.data is None or not self.rule.least <= field.data <= self.rule.most:
            raise StopValidation(_("Give a whole number from %(least)s to %(most)s.", least=number_words(self.rule.least, 0),
                                   most=number_words(self.rule.most, 0)))


class FilterForm(PlainForm):
    """The filters of the queue, read from the address."""

    status = ChoiceField(_l("Status"), lambda: [
        (queries.SNOOZED, _l("Put off")), (FollowupStatus.DONE.value, LABELS[FollowupStatus.DONE]),
        (FollowupStatus.DROPPED.value, LABELS[FollowupStatus.DROPPED]), ("all", _l("All"))],
        needed=False, blank=LABELS[FollowupStatus.OPEN])
    whose = ChoiceField(_l("Owner"), lambda: [("mine", _l("My State or organisation"))], needed=False,
                        blank=_l("Everybody"))

    def chosen(self) -> tuple[str, bool]:
        """(status, mine): the status as `queries.listed` takes it; what cannot be read is left out."""
        self.validate()
        status = "open" if self.status.errors or not self.status.data else self.status.data
        return status, self.whose.data == "mine"
