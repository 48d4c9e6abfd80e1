"""The form of a key."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from partnerships.core.actor import FOR_A_PARTY, Actor
from partnerships.core.forms import ChoicesField, Form, LineField, RadioField, enum_choices, options
from partnerships.tokens.states import KIND_LABELS, SCOPE_LABELS, Scope, TokenKind

DAYS = (("30", _l("30 days")), ("90", _l("90 days")), ("365", _l("A year")))


class MakeForm(Form):
    """A new key."""

    name = LineField(_l("What it is for"), _l("Say in a few words which program will use it."), most=80)
    kind = RadioField(_l("Whose it is"), choices=enum_choices(KIND_LABELS)(), default=TokenKind.PERSONAL.value)
    scopes = ChoicesField(_l("What it may write"), enum_choices({
        one: words for one, words in SCOPE_LABELS.items() if one is not Scope.READ}), needed=False)
    days = RadioField(_l("How long it opens"), choices=DAYS, default="90")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if actor.role not in FOR_A_PARTY:
            self.kind.choices = options([(TokenKind.PERSONAL.value, KIND_LABELS[TokenKind.PERSONAL])])
