"""The forms of the search: what is looked for, and a search to keep."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import HiddenField

from partnerships.core.forms import Form, LineField, RadioField, enum_choices
from partnerships.parties import choices
from partnerships.searches.kinds import KINDS, OPEN, PAST
from partnerships.searches.models import CADENCE_LABELS, Cadence
from partnerships.searches.queries import Question


class SearchForm(PlainForm):
    """What is looked for, read from the address. The facets are links, so they stand here as plain values."""

    q = LineField(_l("Words or a reference"), needed=False, most=200)
    kind = HiddenField()
    theme = HiddenField()
    region = HiddenField()
    state = HiddenField()

    def question(self) -> Question:
        """The question; a value that no facet offers is left out."""
        self.validate()
        known: dict[str, Any] = {"kind": KINDS, "theme": dict(choices.themes()), "region": dict(choices.regions()),
                                 "state": (OPEN, PAST)}
        chosen = {name: self[name].data if self[name].data in table else "" for name, table in known.items()}
        return Question(words="" if self.q.errors else self.q.data or "", kind=chosen["kind"], theme=chosen["theme"],
                        region=chosen["region"], state=chosen["state"])


class KeptForm(Form):
    """A search to keep: its name, and how often it writes."""

    name = LineField(_l("Name"), most=120)
    cadence = RadioField(_l("Write to me"), choices=enum_choices(CADENCE_LABELS)(), default=Cadence.NEVER.value)
    place = HiddenField()
    query = HiddenField()
