"""The filters of the whole desk, read from the address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form

from partnerships.core.forms import ChoiceField, options
from partnerships.desk.whole import AGES, KINDS, Line
from partnerships.parties.models import Party
from partnerships.parties.words import name


class WholeForm(Form):
    """Kind, owner, age and State; owners and States are those that have lines."""

    kind = ChoiceField(_l("Kind"), lambda: list(KINDS.items()), needed=False, blank=_l("All"))
    owner = ChoiceField(_l("Owner"), lambda: (), needed=False, blank=_l("Everybody"))
    age = ChoiceField(_l("Age"), lambda: list(AGES.items()), needed=False, blank=_l("All"))
    about = ChoiceField(_l("State or organisation"), lambda: (), needed=False, blank=_l("All"))

    def __init__(self, *args: Any, lines: list[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner.choices = options([("", _l("Everybody")), *_parties(line.owner for line in lines)])
        self.about.choices = options([("", _l("All")), *_parties(line.about for line in lines)])

    def chosen(self) -> dict[str, str]:
        """The filters; what cannot be read is left out."""
        self.validate()
        return {key: "" if field.errors else field.data or "" for key, field in self._fields.items()}


def _parties(found: Iterable[Party | None]) -> list[tuple[str, str]]:
    return sorted({(party.ref, name(party)) for party in found if party is not None}, key=lambda pair: (pair[1], pair[0]))
