"""The forms of a subscription: where to write, how often, in which language; and the two that only have a button."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, ValidationError

from partnerships.core.forms import ChoiceField, Form, LineField, RadioField, enum_choices
from partnerships.core.languages import OWN_NAMES
from partnerships.subscriptions.states import LABELS, Rhythm


class AskForm(Form):
    """Where to write to, how often and in which language."""

    address = LineField(_l("E-mail address"), _l("Give the address to write to."), 254)
    rhythm = RadioField(_l("Write to me"), choices=enum_choices(LABELS)(), default=Rhythm.WEEKLY.value)
    language = ChoiceField(_l("Language of the letters"), lambda: list(OWN_NAMES.items()), needed=False, default="en")
    place = HiddenField()
    query = HiddenField()

    def validate_address(self, field: Any) -> None:
        """An address that letters can reach, written as everybody writes it."""
        try:
            field.data = validate_email(field.data or "", check_deliverability=False).normalized.lower()
        except EmailNotValidError:
            raise ValidationError(_("This is not an e-mail address. It looks like name@ministry.example.")) from None


class YesForm(Form):
    """A button."""
