"""The form of a calendar: what it holds."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm

from partnerships.core.actor import Actor
from partnerships.core.forms import ChoiceField, Form, options
from partnerships.feeds.policy import THROUGH_A_PARTY
from partnerships.feeds.states import LABELS, What
from partnerships.parties import choices


class StateForm(PlainForm):
    """Which State: its calendar is for everybody."""

    state = ChoiceField(_l("State"), choices.states, needed=False, blank=_l("Choose"))


class MakeForm(Form):
    """A new calendar."""

    what = ChoiceField(_l("What it holds"), lambda: [], _l("Choose what it holds."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.what.choices = options(
            (one.value, label) for one, label in LABELS.items() if one is What.OWN or actor.role in THROUGH_A_PARTY)
