"""The part of a form that priorities and offers share: what, where, and how much a partner can give."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from partnerships.core.forms import (
    AmountField,
    ChoiceField,
    ChoicesField,
    RadioField,
    check_minor_unit,
    currency_choices,
)
from partnerships.core.visibility import Visibility
from partnerships.parties import choices
from partnerships.parties.words import VISIBILITY_LABELS, plain

LEVELS = (Visibility.PUBLIC, Visibility.STATES_PARTIES, Visibility.ISU)
SETS = ("themes", "kinds", "regions", "countries")


class Wanted:
    """Fields for thematic areas, kinds, places and an amount range; a mixin for forms."""

    themes = ChoicesField(_l("Thematic areas"), choices.themes, needed=False)
    kinds = ChoicesField(_l("Kind of assistance"), choices.kinds, needed=False)
    regions = ChoicesField(_l("Regions"), choices.regions, needed=False)
    countries = ChoicesField(_l("States"), choices.states, needed=False)
    currency = ChoiceField(_l("Currency"), currency_choices)
    amount_min = AmountField(_l("Smallest amount"), needed=False)
    amount_max = AmountField(_l("Largest amount"), needed=False)
    visibility = RadioField(_l("Who may see it"), choices=[(level.value, VISIBILITY_LABELS[level]) for level in LEVELS],
                            default=Visibility.PUBLIC.value)

    def range_is_right(self) -> bool:
        """Words beside an amount that its currency cannot hold, or that turns the range round."""
        right = True
        for amount in (self.amount_min, self.amount_max):
            try:
                check_minor_unit(amount, self.currency.data)
            except ValidationError as error:
                amount.errors = [*amount.errors, str(error)]
                right = False
        least, most = self.amount_min.data, self.amount_max.data
        if right and least is not None and most is not None and least > most and not self.amount_max.errors:
            self.amount_max.errors = [_("The largest amount is smaller than the smallest one.")]
            right = False
        return right

    def wanted(self) -> dict[str, Any]:
        """The data as columns: code sets sorted, amounts, currency and visibility."""
        return {
            **{name: tuple(sorted(set(getattr(self, name).data or ()))) for name in SETS},
            "currency": self.currency.data or "USD", "amount_min": self.amount_min.data,
            "amount_max": self.amount_max.data, "visibility": Visibility(self.visibility.data),
        }

    def both(self, theirs: Any) -> list[tuple[str, str, str]]:
        """(label, mine, theirs) of the columns in which this form and the record differ."""
        rows = []
        for key, mine in self.columns().items():  # type: ignore[attr-defined]
            other = getattr(theirs, key, None)
            if mine != other and (mine or other):
                rows.append((str(getattr(self, key).label.text), self.said(key, mine), self.said(key, other)))
        return rows

    def said(self, key: str, value: Any) -> str:
        """A column's value in words."""
        return plain(key, value)
