"""The form of declared priorities, and the filters of the list of partners."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms import Form as PlainForm

from partnerships.core.forms import ChoiceField, ChoicesField, Form, LineField, ProseField
from partnerships.parties import choices
from partnerships.parties.fields import Wanted
from partnerships.parties.words import KIND_LABELS, STANDING_FILTERS


class PrioritiesForm(Wanted, Form):
    """What a partner looks for. Every part may stay empty: that means "not stated", never "nothing"."""

    statement = ProseField(_l("In your own words"), needed=False, most=2000)
    multi_year = BooleanField(_l("We plan support over several years"))
    excluded_countries = ChoicesField(_l("States you cannot support"), choices.states, needed=False)

    def check(self) -> bool:
        """Validate everything, the range of amounts and the two lists of States included."""
        return all([self.validate(), self.range_is_right(), self._states_are_apart()])

    def _states_are_apart(self) -> bool:
        both = sorted(set(self.countries.data or ()) & set(self.excluded_countries.data or ()))
        if both:
            named = ", ".join(choices.label(choices.states(), code) for code in both)
            self.excluded_countries.errors = [
                *self.excluded_countries.errors,
                _("Also named among the States you look to support: %(states)s. Keep each in one of the two lists.",
                  states=named)]
        return not both

    def columns(self) -> dict[str, Any]:
        """The data as columns of Priorities."""
        return {**self.wanted(), "statement": self.statement.data or "", "multi_year": bool(self.multi_year.data),
                "excluded_countries": tuple(sorted(set(self.excluded_countries.data or ())))}


class FilterForm(PlainForm):
    """The filters of the list of partners, read from the address."""

    q = LineField(_l("Name or reference"), needed=False, most=100)
    kind = ChoiceField(_l("Kind"), lambda: [(kind.value, label) for kind, label in KIND_LABELS.items()], needed=False,
                       blank=_l("All kinds"))
    region = ChoiceField(_l("Region"), choices.regions, needed=False, blank=_l("All regions"))
    standing = ChoiceField(_l("Treaty status today"), lambda: list(STANDING_FILTERS.items()), needed=False,
                           blank=_l("Any"))

    def chosen(self) -> dict[str, Any]:
        """The filters for `queries.listed`; one that cannot be read is left out (and said so beside it)."""
        self.validate()
        data = {name: "" if field.errors else field.data or "" for name, field in self._fields.items()}
        return {"words": data["q"], "kind": data["kind"], "region": data["region"], "standing": data["standing"]}
