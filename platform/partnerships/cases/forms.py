"""The forms of a case: asking for a round, inviting, answering, interest stated, the summary, and the support that came."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from partnerships.cases.states import ITEM_LABELS, SUPPORT_LABELS
from partnerships.conferences.fields import PartyField
from partnerships.core.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    Form,
    LineField,
    ProseField,
    RadioField,
    enum_choices,
)
from partnerships.parties import choices


class AskForm(Form):
    """Asking for a round, or proposing one to a State."""

    state = ChoiceField(_l("State"), choices.states, _l("Choose the State."), blank=_l("Choose"))
    reason = ProseField(_l("What it is to achieve"), _l("Say in a few sentences what the meeting is to achieve."), most=3000)


class ReadyForm(Form):
    """What is ready for the meeting."""

    ready = ChoicesField(_l("Ready"), enum_choices(ITEM_LABELS), needed=False)


class InviteForm(Form):
    """A State or organisation to invite, with a few words."""

    party = PartyField(_l("State or organisation"), _l("Name the State or organisation to invite."))
    message = ProseField(_l("Words that go with it"), needed=False, most=2000)


class AnswerForm(Form):
    """The answer to an invitation."""

    comes = RadioField(_l("Will you take part?"), choices=[("yes", _l("Yes, we take part")), ("no", _l("No, not this time"))])
    words = ProseField(_l("Words for the State and the ISU"), needed=False, most=2000)

    def validate_comes(self, field: Any) -> None:
        """One of the two."""
        if field.data not in ("yes", "no"):
            raise ValidationError(_("Say whether you take part."))


class InterestForm(Form):
    """Interest that somebody stated at the meeting, and the next step that keeps it alive."""

    party = ChoiceField(_l("Who stated it"), lambda: [], _l("Choose who stated it."), blank=_l("Choose"))
    need = ChoiceField(_l("In which need"), lambda: [], _l("Choose the need."), blank=_l("Choose"))
    words = ProseField(_l("What was said"), _l("Write down what was said."), most=2000)
    next_step = LineField(_l("Next step"), _l("Say what the next step is."), most=300)
    next_step_on = DayField(_l("By"), _l("Say by when."))

    def offer(self, partners: list[tuple[str, str]], needs: list[tuple[str, str]]) -> InterestForm:
        """Set what can be chosen: who took part, and the needs discussed."""
        for field, pairs in ((self.party, partners), (self.need, needs)):
            field.choices = [field.choices[0], *pairs]
        return self

    def validate_next_step_on(self, field: Any) -> None:
        """A step that is to come."""
        if field.data and field.data < date.today():
            raise ValidationError(_("This day has passed: give a day to come."))


class SharedForm(Form):
    """The summary without names."""

    shared = ProseField(_l("Summary for sharing"), _l("Write the summary, or take the draft."), most=6000)


class SupportForm(Form):
    """What support came since: two clicks and a sentence."""

    answer = RadioField(_l("Has the meeting led to more support?"), choices=enum_choices(SUPPORT_LABELS)())
    words = ProseField(_l("In a sentence"), _l("Say it in a sentence: it is what the Committee reads."), most=1000)
    pledges = ChoicesField(_l("Pledges that came of it"), lambda: [], needed=False)

    def validate_answer(self, field: Any) -> None:
        """One of the answers."""
        if field.data not in {member.value for member in SUPPORT_LABELS}:
            raise ValidationError(_("Choose the answer that comes nearest."))


class NoteForm(Form):
    """Words that go with a move."""

    note = ProseField(_l("Comments"), needed=False, most=2000)
