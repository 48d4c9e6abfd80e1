"""The form of declared priorities, and the filters of the list of partners."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from partnerships.core.forms import (
    AmountField,
    ChoiceField,
    ChoicesField,
    Form,
    LineField,
    ProseField,
    check_minor_unit,
)
from partnerships.parties import choices
from partnerships.parties.fields import Wanted
from partnerships.parties.words import KIND_LABELS, STANDING_FILTERS


class PrioritiesForm(Wanted, Form):
    """What a partner looks for. Every part may stay empty: that means "not stated", never "nothing"."""

    statement = ProseField(_l("In your own words"), needed=False, most=2000)
    multi_year = BooleanField(_l("We plan support over several years"))
    amount_typical = AmountField(_l("Typical amount"), needed=False)
    channels = ChoicesField(_l("Channels you give through"), choices.channels, needed=False)
    budget_month = ChoiceField(_l("Your budget year begins in"),
                               lambda: [(str(int(code)), name) for code, name in choices.months()], needed=False,
                               blank=_l("Not stated"))
    decision_months = ChoicesField(_l("Months in which you decide on support"), choices.months, needed=False)
    budget_note = ProseField(_l("About your budget"), needed=False, most=1000)
    excluded_countries = ChoicesField(_l("States you cannot support"), choices.states, needed=False)

    def check(self) -> bool:
        """Validate everything, the amounts and the two lists of States included."""
        return all([self.validate(), self.range_is_right() and self._typical_is_within(), self._states_are_apart()])

    def _typical_is_within(self) -> bool:
        """Words beside a typical amount that its currency cannot hold, or that lies outside the stated range."""
        typical, least, most = self.amount_typical, self.amount_min.data, self.amount_max.data
        try:
            check_minor_unit(typical, self.currency.data)
        except ValidationError as error:
            typical.errors = [*typical.errors, str(error)]
        outside = typical.data is not None and (
            (least is not None and typical.data < least) or (most is not None and typical.data > most))
        if outside and not typical.errors:
            typical.errors = [_("The typical amount lies between the smallest and the largest one.")]
        return not typical.errors

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
        month = self.budget_month.data or ""
        return {**self.wanted(), "amount_typical": self.amount_typical.data,
                "channels": tuple(sorted(set(self.channels.data or ()))), "budget_month": int(month) if month else None,
                "decision_months": tuple(sorted(set(self.decision_months.data or ()))),
                "budget_note": self.budget_note.data or "", "statement": self.statement.data or "",
                "multi_year": bool(self.multi_year.data),
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
