"""Forms of follow-ups: a new one, its day and owner, its result, and the filters of the queue."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from partnerships.core.actor import Actor
from partnerships.core.forms import ChoiceField, DayField, Form, LineField, ProseField
from partnerships.core.text import one_line
from partnerships.followups import queries
from partnerships.followups.states import LABELS, FollowupStatus
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
    """Why a follow-up is dropped, or a suggestion is not needed."""

    note = ProseField(_l("Reason"), _l("Say why, in a sentence: it is kept on the record."), most=2000,
                      id="reason")


class FilterForm(PlainForm):
    """The filters of the queue, read from the address."""

    status = ChoiceField(_l("Status"), lambda: [
        (FollowupStatus.DONE.value, LABELS[FollowupStatus.DONE]),
        (FollowupStatus.DROPPED.value, LABELS[FollowupStatus.DROPPED]), ("all", _l("All"))],
        needed=False, blank=LABELS[FollowupStatus.OPEN])
    whose = ChoiceField(_l("Owner"), lambda: [("mine", _l("My State or organisation"))], needed=False,
                        blank=_l("Everybody"))

    def chosen(self) -> tuple[str, bool]:
        """(status, mine): the status as `queries.listed` takes it; what cannot be read is left out."""
        self.validate()
        status = "open" if self.status.errors or not self.status.data else self.status.data
        return status, self.whose.data == "mine"
