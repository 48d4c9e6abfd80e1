"""The forms of a match: beginning a conversation, carrying it on, ending it; and the filters of the list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from partnerships.core.forms import ChoiceField, DayField, Form, LineField, ProseField, enum_choices, options
from partnerships.documents.fields import FileField, FileForm
from partnerships.matches.models import Match
from partnerships.matches.states import DECLINE_LABELS, LABELS, Decline
from partnerships.parties.models import Party
from partnerships.parties.words import name

FORTNIGHT = timedelta(days=14)
BOTH = "both"
FARTHEST = timedelta(days=2 * 366)


def ahead(_form: Any, field: Any) -> None:
    """Words when the day of a next step has passed, or is too far away to be a step."""
    if field.data is None:
        return
    if field.data < date.today():
        raise ValidationError(_("This day has passed: choose today or a day to come."))
    if field.data > date.today() + FARTHEST:
        raise ValidationError(_("A next step lies within two years: choose a nearer day."))


class StepForm(Form):
    """What is to happen next, and by when."""

    next_step = LineField(_l("Next step"), _l("Say what is to happen next."), most=300)
    next_step_on = DayField(_l("By"), _l("Say by when."), validators=[ahead])


class BeginForm(StepForm):
    """The first words of a conversation."""

    message = ProseField(_l("Message"), _l("Say in a sentence or two why you write."), most=2000)

    @classmethod
    def fresh(cls) -> BeginForm:
        """The form with a usual first step, two weeks from today."""
        return cls(next_step=_("Call with the focal point"), next_step_on=date.today() + FORTNIGHT)


class RequestForm(StepForm):
    """Asking for a standing offer with one of the State's own needs."""

    need = ChoiceField(_l("Your need"), lambda: [], _l("Choose the need that you ask for."), blank=_l("Choose a need"))
    message = ProseField(_l("Message"), _l("Say in a sentence or two what you ask for, and why."), most=2000)

    def __init__(self, *args: Any, needs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.need.choices = options([("", _("Choose a need")), *needs])

    @classmethod
    def fresh(cls, needs: list[tuple[str, str]], chosen: str) -> RequestForm:
        """The form with a usual first step, two weeks from today, and the need of the address (or the only one)."""
        known = [ref for ref, _title in needs]
        return cls(needs=needs, need=chosen if chosen in known else known[0] if len(known) == 1 else "",
                   next_step=_("Call with the partner"), next_step_on=date.today() + FORTNIGHT)


class CarryForm(StepForm):
    """The next step with its owner."""

    owner = ChoiceField(_l("Owner"), lambda: [], _l("Choose who sees to it."))

    def __init__(self, *args: Any, owners: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner.choices = options((str(one.id), f"{one.name}, {one.party.name_en}") for one in owners)

    @classmethod
    def of(cls, match: Match, owners: list[Any]) -> CarryForm:
        """The form as the match stands; never bound to what another form of the page sent."""
        return cls(None, owners=owners, next_step=match.next_step, next_step_on=match.next_step_on,
                   owner=str(match.owner_id or ""), version=str(match.version))


class NoteForm(Form):
    """Words that go with a move."""

    note = ProseField(_l("Reason"), needed=False, most=2000)


class DeclineForm(Form):
    """Why a match is declined: one of a short list, with words where none of it fits."""

    declined_for = ChoiceField(_l("Reason"), enum_choices(DECLINE_LABELS), _l("Choose the reason that comes nearest."),
                               blank=_l("Choose a reason"))
    note = ProseField(_l("In your words"), needed=False, most=2000)

    def validate(self, extra_validators: Any = None) -> bool:
        """The list's own rules, and words for a reason that is none of it."""
        right = bool(super().validate(extra_validators))
        if self.declined_for.data == Decline.OTHER.value and not (self.note.data or "").strip() and not self.note.errors:
            self.note.errors = [_("Say in a sentence what the reason is.")]
            return False
        return right


class MessageForm(FileForm):
    """A message within a match: for whom, the words, perhaps a file."""

    audience = ChoiceField(_l("Who reads it"), lambda: [], _l("Choose who reads it."))
    body = ProseField(_l("Message"), _l("Write something."), most=6000)
    file = FileField(_l("File"), needed=False)

    def __init__(self, *args: Any, sides: list[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audience.choices = options([(BOTH, _("Both sides and the ISU")), *(
            (side.ref, _("Only %(party)s and the ISU", party=name(side))) for side in sides)])


class FilterForm(PlainForm):
    """The filters of the list, read from the address."""

    status = ChoiceField(_l("Status"), lambda: [*enum_choices(LABELS)(), ("all", _l("All, open or not"))],
                         needed=False, blank=_l("All that are open"))
    contact = BooleanField(_l("Only those where the ISU is asked to make the contact"))
    overdue = BooleanField(_l("Only those whose next step is overdue"))
