"""The forms of webhooks: a proposal, what it is told of, and why one is refused."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from wtforms import StringField
from wtforms.validators import ValidationError

from partnerships.core.actor import Actor
from partnerships.core.forms import ChoicesField, Form, LineField, Needed, Printable, ProseField
from partnerships.webhooks import addresses, queries
from partnerships.webhooks.states import TOLD, WHAT_LABELS


class EventsForm(Form):
    """What a webhook is told of."""

    events = ChoicesField(_p("field", "What it is told of"), lambda: [(one.value, WHAT_LABELS[one]) for one in TOLD])
    description = LineField(_l("What it is for"), needed=False, most=200)


class ProposeForm(EventsForm):
    """A new webhook. The address is read strictly; `target` is how it is kept."""

    address = StringField(_p("webhook", "Address"), [Needed(), Printable()])
    target = ""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def validate_address(self, field: Any) -> None:
        """Words for an address that no webhook may have, or that is there already."""
        try:
            self.target = addresses.read(field.data, current_app.config["SETTINGS"]).text
        except addresses.Unfit as unfit:
            raise ValidationError(str(unfit)) from None
        if queries.exists(self.actor, self.target):
            raise ValidationError(_("You have this address already."))


class RefuseForm(Form):
    """Why an administrator refuses a webhook."""

    note = ProseField(_l("Reason"), _l("Say why, in a sentence: it is shown to those concerned and kept on the record."), most=1000)
