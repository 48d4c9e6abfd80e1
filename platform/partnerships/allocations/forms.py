"""The form of a what-if plan: which needs, whose budgets with their earmarks, the floor, the smallest grant."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import FormField, IntegerField
from wtforms.validators import NumberRange, Optional, ValidationError

from partnerships.allocations import queries
from partnerships.allocations.models import FLOOR_MOST
from partnerships.conferences.fields import PartyField, QuickAmountField, understand
from partnerships.core.forms import ChoiceField, ChoicesField, Form, LineField, ProseField, RowsField, options
from partnerships.parties import choices
from partnerships.parties.models import Party
from partnerships.parties.words import name

SPARE = 3
MOST = 60


class StatesField(LineField):
    """States typed one after the other: names or codes, with commas between. `refs` is what was understood."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, needed=False, most=400, validators=[self._understood], **kwargs)
        self.refs: list[str] = []

    @staticmethod
    def _understood(_form: Any, field: Any) -> None:
        states = dict(choices.states())
        found = [understand(typed) for typed in re.split(r"[,;،；、]", field.data or "") if typed.strip()]
        for ref in found:
            if ref not in states:
                raise ValidationError(_("“%(name)s” is no State.", name=choices.label(choices.partners(), ref)))
        field.refs = sorted(set(found))


class WholeDollarsField(QuickAmountField):
    """An amount in US dollars, as people say it ("2.1m"), without cents."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, needed=False, validators=[self._whole], **kwargs)

    @staticmethod
    def _whole(_form: Any, field: Any) -> None:
        if field.data is not None and field.data != field.data.to_integral_value():
            raise ValidationError(_("Give whole US dollars: a plan is not made of cents."))


class BudgetForm(PlainForm):
    """One donor: what it could give, and what it would be tied to."""

    donor = PartyField(_l("Donor"), needed=False)
    amount = WholeDollarsField(_l("Budget, USD"))
    themes = ChoicesField(_l("Only for these thematic areas"), choices.themes, needed=False)
    countries = StatesField(_l("Only for these States"))

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed or ticked in this row."""
        typed = (self.donor.data, self.amount.typed, self.countries.data)
        return not any((one or "").strip() for one in typed) and self.amount.data is None and not self.themes.data

    @property
    def is_earmarked(self) -> bool:
        """Whether the earmarks of this row hold something to show."""
        return bool(self.themes.data or self.countries.data or self.themes.errors or self.countries.errors)


class AllocationForm(Form):
    """A plan. `states` offers the States that ask for something now, and those a kept plan already names."""

    title = LineField(_l("Title"), _l("Give the plan a title."), most=160)
    conference = ChoiceField(_l("For a pledging conference"), lambda: [], needed=False, blank=_l("No conference"))
    themes = ChoicesField(_l("Thematic areas"), choices.themes, needed=False)
    region = ChoiceField(_l("Region"), choices.regions, needed=False, blank=_l("All regions"))
    states = ChoicesField(_l("States"), lambda: [], needed=False)
    needs = LineField(_l("Only these needs"), needed=False, most=1000)
    budgets = RowsField(FormField(BudgetForm), max_entries=MOST)
    floor = IntegerField(_l("Floor for each State, percent"), [
        Optional(), NumberRange(0, FLOOR_MOST, _l("Give a whole number from 0 to 50."))])
    minimum = WholeDollarsField(_l("Smallest grant, USD"))
    note = ProseField(_l("Note"), needed=False, most=2000)

    def __init__(self, *args: Any, conferences: list[tuple[str, str]], kept: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conference.choices = options([("", _("No conference")), *conferences])
        asking = {party.ref: name(party) for party in queries.states_asking()}
        asking |= {ref: choices.label(choices.states(), ref) for ref in kept}
        self.states.choices = options(sorted(asking.items(), key=lambda pair: pair[1]))
        self.wanted: list[str] = []

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate the fields, then the budgets as a list and the needs that were named."""
        return all([super().validate(extra_validators), self._budgets_right(), self._needs_right()])

    def filled(self) -> list[BudgetForm]:
        """The rows of budgets that hold something."""
        return [entry.form for entry in self.budgets if not entry.form.is_blank]

    def _budgets_right(self) -> bool:
        seen: set[int] = set()
        right = True
        for row in self.filled():
            if row.donor.party is None and not row.donor.errors:
                row.donor.errors = [_("Name the donor of this budget.")]
            elif row.donor.party is not None and row.donor.party.id in seen:
                row.donor.errors = [_("This donor is already given above: one budget each.")]
            if not row.amount.errors and not row.amount.data:
                row.amount.errors = [_("Give what this donor could fund: more than nothing.")]
            seen |= {row.donor.party.id} if row.donor.party else set()
            right = right and not row.donor.errors and not row.amount.errors
        if not self.filled():
            first = self.budgets[0].form.donor if len(self.budgets) else self.title
            first.errors = [_("Give at least one donor with a budget.")]
            return False
        return right

    def _needs_right(self) -> bool:
        if self.needs.errors:
            return False
        self.wanted = sorted({typed.upper() for typed in re.split(r"[\s,;،；、]+", self.needs.data or "") if typed})
        unknown = set(self.wanted) - {need.ref for need in queries.open_needs()} if self.wanted else set()
        if unknown:
            self.needs.errors = [_("No open public need is called %(refs)s.", refs=", ".join(sorted(unknown)[:3]))]
        return not unknown

    def columns(self) -> dict[str, Any]:
        """The data as columns of Allocation."""
        return {
            "title": self.title.data, "floor": self.floor.data or 0, "minimum": self.minimum.data or Decimal(0),
            "note": self.note.data or "",
            "scope": {"themes": sorted(self.themes.data or ()), "region": self.region.data or "",
                      "states": sorted(self.states.data or ()), "needs": self.wanted},
            "budgets": [{"donor": _party(row).ref, "amount": str(int(row.amount.data)),
                         "themes": sorted(row.themes.data or ()), "countries": row.countries.refs} for row in self.filled()]}


def _party(row: BudgetForm) -> Party:
    assert row.donor.party is not None  # validated
    return row.donor.party


class CompareForm(PlainForm):
    """Which two plans to set side by side."""

    a = ChoiceField(_l("First plan"), lambda: [], needed=False, blank=_l("Choose a plan"))
    b = ChoiceField(_l("Second plan"), lambda: [], needed=False, blank=_l("Choose a plan"))

    def __init__(self, *args: Any, plans: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.a, self.b):
            field.choices = options([("", _("Choose a plan")), *plans])
