"""The one click of a reminder: still on course, confirmed in writing, or the rest is paid."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from partnerships.core.forms import DayField, Form
from partnerships.pledges import reminders, rules
from partnerships.pledges.models import Pledge


class UpdateForm(Form):
    """What all three share: the word of the letter that the person came with."""

    act = ""
    token = HiddenField()

    def check(self, pledge: Pledge) -> bool:
        """Validate, with what the pledge allows; words stand beside the field."""
        return self.validate() and self.said(self.fault(pledge))

    def said(self, fault: tuple[str, str] | None) -> bool:
        """Put a fault's words beside its field. Returns: whether there is none."""
        if fault is not None:
            self[fault[0]].errors = [fault[1]]
        return fault is None

    def fault(self, pledge: Pledge) -> tuple[str, str] | None:
        """What is wrong: (field, words)."""
        return None


class OnCourseForm(UpdateForm):
    """Still on course, perhaps with another day for the next step."""

    act = "on-course"
    expected_on = DayField(_l("Next step expected by"), needed=False)

    def fault(self, pledge: Pledge) -> tuple[str, str] | None:
        words = reminders.objection(self.expected_on.data, date.today())
        return ("expected_on", words) if words else None


class ConfirmForm(UpdateForm):
    """Confirmed in writing, today."""

    act = "confirmed"


class RestForm(UpdateForm):
    """All that is left was paid, on a day."""

    act = "paid"
    paid_on = DayField(_l("Paid on"), _l("Say on which day it was paid."))

    def fault(self, pledge: Pledge) -> tuple[str, str] | None:
        found = rules.payment_fault(pledge, rules.left(pledge), self.paid_on.data)
        return ("paid_on", found[1]) if found else None


FORMS: dict[str, Any] = {form.act: form for form in (OnCourseForm, ConfirmForm, RestForm)}
