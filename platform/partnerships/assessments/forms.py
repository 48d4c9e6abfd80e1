"""The form of an assessed contribution, and the filters of the list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms import Form as PlainForm
from wtforms.validators import NumberRange, Regexp, ValidationError

from partnerships.assessments import queries
from partnerships.assessments.models import Assessment
from partnerships.core.forms import (
    AmountField,
    ChoiceField,
    DayField,
    Form,
    LineField,
    Needed,
    ProseField,
    check_minor_unit,
    currency_choices,
)
from partnerships.parties import choices
from partnerships.parties import queries as parties


class AssessmentForm(Form):
    """What a State is assessed, and how much of it has come in."""

    party = ChoiceField(_l("State"), choices.states, _l("Choose the State."), blank=_l("Choose a State"))
    year = IntegerField(_l("Year"), [Needed(_l("Give the year.")), NumberRange(1999, 2060, _l("Use a year from 1999 to 2060."))])
    purpose = LineField(_l("For"), _l("Say for which meeting or costs."), most=160)
    currency = ChoiceField(_l("Currency"), currency_choices, default="USD")
    amount = AmountField(_l("Assessed"), _l("Give the amount that is assessed."))
    due_on = DayField(_l("Due on"), needed=False)
    paid_amount = AmountField(_l("Received so far"), needed=False)
    paid_on = DayField(_l("Last received on"), needed=False)
    note = ProseField(_l("Note"), needed=False, most=2000)
    source = LineField(_l("Source"), needed=False, most=400, validators=[
        Regexp(r"https?://\S+", message=_l("Give a web address that begins with https://."))])

    def check(self, kept: Assessment | None = None) -> bool:
        """Validate the fields, then what they say together; words stand beside the field."""
        right = self.validate()
        return all([right, self._amounts(), self._day(), self._once(kept)])

    def _fault(self, name: str, words: str) -> bool:
        self[name].errors = self[name].errors or [words]
        return False

    def _amounts(self) -> bool:
        amount, paid = self.amount.data, self.paid_amount.data or Decimal(0)
        if amount is None or self.amount.errors or self.paid_amount.errors:
            return not (self.amount.errors or self.paid_amount.errors)
        if amount <= 0:
            return self._fault("amount", _("The amount must be more than zero."))
        if paid > amount:
            return self._fault("paid_amount", _("This is more than was assessed."))
        for field in (self.amount, self.paid_amount):
            try:
                check_minor_unit(field, self.currency.data)
            except ValidationError as error:
                return self._fault(field.name, str(error))
        return True

    def _day(self) -> bool:
        if self.paid_amount.data and self.paid_on.data is None and not self.paid_on.errors:
            return self._fault("paid_on", _("Say on which day it came in."))
        if self.paid_on.data and self.paid_on.data > date.today():
            return self._fault("paid_on", _("This day is in the future: record a payment once it was made."))
        return True

    def _once(self, kept: Assessment | None) -> bool:
        if self.party.errors or self.year.errors or self.purpose.errors:
            return True
        party = parties.by_ref(self.party.data or "")
        if party is None or not self.year.data or not self.purpose.data:
            return True
        if queries.same(party.id, self.year.data, self.purpose.data, kept.id if kept else None):
            return self._fault("purpose", _("This State's contribution for this year and purpose is already on record."))
        return True

    def columns(self) -> dict[str, Any]:
        """The data as columns of Assessment."""
        party = parties.by_ref(self.party.data)
        assert party is not None  # the field has checked it
        paid = self.paid_amount.data or Decimal(0)
        return {"party_id": party.id, "party": party, "year": self.year.data, "purpose": self.purpose.data,
                "currency": self.currency.data, "amount": self.amount.data, "due_on": self.due_on.data, "paid_amount": paid,
                "paid_on": self.paid_on.data if paid else None, "note": self.note.data or "", "source": self.source.data or ""}


class FilterForm(PlainForm):
    """The filters of the list, read from the address."""

    party = ChoiceField(_l("State"), choices.states, needed=False, blank=_l("All States"))
    year = LineField(_l("Year"), needed=False, most=4)
    open = BooleanField(_l("Only what is still to come in"))
