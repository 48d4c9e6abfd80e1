"""The filters of the record, read from the address."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from wtforms import Form, StringField

from partnerships.audit.queries import KIND_LABELS
from partnerships.core.forms import ChoiceField, DayField
from partnerships.parties import choices

READS = {"too": _p("readings", "Shown too"), "only": _p("readings", "Only readings")}


class FilterForm(Form):
    """Reference, kind of record, person, State or organisation, days, and whether readings are shown."""

    ref = StringField(_l("Reference"), render_kw={"maxlength": "64"})
    kind = ChoiceField(_l("Kind of record"), lambda: list(KIND_LABELS.items()), needed=False, blank=_l("All"))
    person = StringField(_l("Person"), render_kw={"maxlength": "200"})
    party = ChoiceField(_l("State or organisation"), choices.partners, needed=False, blank=_l("All"))
    first = DayField(_l("From"), needed=False)
    last = DayField(_l("To"), needed=False)
    reads = ChoiceField(_l("Readings by the ISU"), lambda: list(READS.items()), needed=False,
                        blank=_p("readings", "Left out"))

    def chosen(self) -> dict[str, Any]:
        """The filters; what cannot be read is left out."""
        self.validate()
        return {key: None if field.errors else field.data or None for key, field in self._fields.items()}
