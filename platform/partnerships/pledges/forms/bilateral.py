"""The compact form of support agreed between two States outside any conference: a minute, one press."""

from __future__ import annotations

from datetime import date
from typing import Any

from babel.core import get_global
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import ValidationError

from partnerships.conferences.fields import QuickAmountField
from partnerships.core import money
from partnerships.core.actor import Actor
from partnerships.core.forms import ChoiceField, DayField, Form, RadioField, check_minor_unit, currency_choices
from partnerships.core.visibility import Visibility
from partnerships.parties import choices
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.parties.words import VISIBILITY_LABELS
from partnerships.pledges.forms.announce import LEVELS
from partnerships.pledges.forms.rows import YEAR
from partnerships.pledges.forms.steps import AddressField
from partnerships.pledges.states import LABELS, PledgeStatus

REACHED = (PledgeStatus.ANNOUNCED, PledgeStatus.CONFIRMED, PledgeStatus.AGREED, PledgeStatus.PAID)


def own_currency(party: Party) -> str:
    """The currency that is legal tender where a party is, by CLDR; empty for an organisation, or where there are several."""
    tender = [code for code, _start, end, legal in get_global("territory_currencies").get(party.iso2, ())
              if legal and end is None and code in money.currencies()]
    return tender[0] if len(tender) == 1 else ""


class BilateralForm(Form):
    """Who, to whom, how much, how far it has come. A donor is not asked who it is."""

    donor = ChoiceField(_l("Donor"), choices.partners, _l("Choose the donor."), blank=_l("Choose a donor"))
    recipient = ChoiceField(_l("State"), choices.states, _l("Choose the State that is supported."), blank=_l("Choose a State"))
    amount = QuickAmountField(_l("Amount"), _l("Give the amount."))
    currency = ChoiceField(_l("Currency"), currency_choices, needed=False, blank=_l("The donor's own"))
    stage = RadioField(_l("Stage reached"), choices=[(one.value, LABELS[one]) for one in REACHED],
                       default=PledgeStatus.AGREED.value)
    on = DayField(_l("On"), _l("Say on which day."))
    theme = ChoiceField(_l("Thematic area"), choices.themes, needed=False, blank=_l("Not said"))
    first_year = IntegerField(_l("First year"), YEAR)
    last_year = IntegerField(_l("Last year"), YEAR)
    evidence = AddressField(_l("Evidence: its address"))
    visibility = ChoiceField(_l("Who may see it"), lambda: [(level.value, VISIBILITY_LABELS[level]) for level in LEVELS],
                             _l("Say who may see it."), default=Visibility.PUBLIC.value)

    def __init__(self, actor: Actor, **kwargs: Any) -> None:
        kwargs.setdefault("on", date.today())
        super().__init__(**kwargs)
        self.giver: Party | None = None if actor.is_isu else parties.by_ref(actor.party_ref)
        if not actor.is_isu:
            del self.donor
            if not self.currency.data and self.currency.raw_data is None and self.giver is not None:
                self.currency.data = own_currency(self.giver)

    def check(self) -> bool:
        """Validate the fields, then what they say together; words stand beside the field."""
        right = self.validate()
        if "donor" in self and not self.donor.errors:
            self.giver = parties.by_ref(self.donor.data)
        return all([right, self._currency_right(), self._amount_right(), self._rest_right()])

    def _fault(self, name: str, words: str) -> bool:
        if not self[name].errors:
            self[name].errors = [words]
        return False

    def _currency_right(self) -> bool:
        if not self.currency.data and not self.currency.errors and self.giver is not None:
            self.currency.data = own_currency(self.giver)
            if not self.currency.data:
                return self._fault("currency", _("Choose the currency: this donor has none of its own, or several."))
        return True

    def _amount_right(self) -> bool:
        if self.amount.data is None or self.amount.errors:
            return True
        if self.amount.data == 0:
            return self._fault("amount", _("The amount must be more than zero."))
        try:
            check_minor_unit(self.amount, self.currency.data)
        except ValidationError as error:
            return self._fault("amount", str(error))
        return True

    def _rest_right(self) -> bool:
        first, last = self.first_year.data, self.last_year.data
        if self.on.data and self.on.data > date.today():
            return self._fault("on", _("This day is in the future: record the step once it has happened."))
        if first and last and first > last:
            return self._fault("last_year", _("The last year is before the first."))
        if self.giver is not None and self.recipient.data == self.giver.ref:
            return self._fault("recipient", _("A State cannot pledge to itself."))
        return True

    def columns(self) -> dict[str, Any]:
        """The data as arguments of `payments.bilateral`."""
        recipient = parties.by_ref(self.recipient.data)
        assert recipient is not None  # the field has checked it
        return {"recipient": recipient, "amount": self.amount.data, "currency": self.currency.data,
                "stage": PledgeStatus(self.stage.data), "day": self.on.data,
                "themes": (self.theme.data,) if self.theme.data else (),
                "first_year": self.first_year.data, "last_year": self.last_year.data, "evidence": self.evidence.data or "",
                "visibility": Visibility(self.visibility.data)}
