"""The forms of pledges: the announcement, the steps, a payment; and the filters of the list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms import Form as PlainForm
from wtforms.validators import NumberRange, Optional, ValidationError

from partnerships.conferences.models import Conference
from partnerships.core.actor import Actor
from partnerships.core.forms import (
    AmountField,
    ChoiceField,
    DayField,
    Form,
    LineField,
    Needed,
    ProseField,
    RadioField,
    check_minor_unit,
    currency_choices,
    enum_choices,
)
from partnerships.core.visibility import Visibility
from partnerships.matches.models import Match
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.parties import choices
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.parties.words import VISIBILITY_LABELS
from partnerships.pledges import rules
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import KIND_LABELS, LABELS, OBJECT_LABELS, PledgeKind, PledgeObject

KINDS = (PledgeKind.FINANCIAL, PledgeKind.IN_KIND, PledgeKind.POLITICAL)  # the fourth is for facts a source leaves open
YEARS = (1999, 2060)  # the Convention entered into force in 1999
LEVELS = (Visibility.PUBLIC, Visibility.STATES_PARTIES, Visibility.PARTIES)


@dataclass(frozen=True)
class About:
    """What a new pledge comes from, read from the address and within the reader's sight."""

    need: Need | None = None
    match: Match | None = None
    conference: Conference | None = None


class NewForm(Form):
    """The announcement. What `About` or the reader's own party settles is not asked again."""

    donor = ChoiceField(_l("Donor"), choices.partners, _l("Choose the donor."), blank=_l("Choose a donor"))
    object = RadioField(_l("What is it for?"), [Needed(_l("Say what the pledge is for."))],
                        choices=[(one.value, words) for one, words in OBJECT_LABELS.items()])
    need = LineField(_l("Need"), needed=False, most=32)
    recipient = ChoiceField(_l("State"), choices.states, needed=False, blank=_l("Choose a State"))
    kind = RadioField(_l("Kind of pledge"), [Needed(_l("Say what kind of pledge it is."))],
                      choices=[(one.value, KIND_LABELS[one]) for one in KINDS], default=PledgeKind.FINANCIAL.value)
    currency = ChoiceField(_l("Currency"), currency_choices, default="USD")
    amount = AmountField(_l("Amount"), needed=False)
    approximate = BooleanField(_l("The amount is approximate"))
    first_year = IntegerField(_l("First year"), [Optional(), NumberRange(*YEARS, _l("Use a year from 1999 to 2060."))])
    last_year = IntegerField(_l("Last year"), [Optional(), NumberRange(*YEARS, _l("Use a year from 1999 to 2060."))])
    condition = LineField(_l("Condition"), needed=False, most=400)
    statement = ProseField(_l("Statement"), needed=False, most=4000)
    from_floor = BooleanField(_l("Recorded from the floor: the ISU wrote down what was said"))
    announced_on = DayField(_l("Announced on"), _l("Say on which day it was announced."))
    expected_on = DayField(_l("Next step expected by"), needed=False)
    visibility = RadioField(_l("Who may see it"), [Needed(_l("Say who may see it."))],
                            choices=[(level.value, VISIBILITY_LABELS[level]) for level in LEVELS])

    def __init__(self, actor: Actor, about: About, **kwargs: Any) -> None:
        need = about.need
        kwargs.setdefault("announced_on", date.today())
        kwargs.setdefault("visibility", (need.visibility if need else Visibility.PUBLIC).value)
        if need is not None:
            kwargs.update(need=need.ref, object=PledgeObject.NEED.value, currency=need.currency)
        super().__init__(**kwargs)
        self.actor, self.about = actor, about
        self.found_need: Need | None = need
        self.found_recipient: Party | None = None
        if not actor.is_isu or about.match is not None:
            del self.donor
        if not actor.is_isu:
            del self.from_floor
        if need is not None:
            del self.object, self.need, self.recipient

    def check(self) -> bool:
        """Validate the fields, then what they say together; words stand beside the field."""
        right = self.validate()
        return all([right, self._object_right(), self._amount_right(), self._years_right(), self._days_right(),
                    self._sight_right()])

    def chosen_donor(self) -> Party:
        """The party that pledges."""
        if self.about.match is not None:
            return self.about.match.party
        ref = self.donor.data if "donor" in self else self.actor.party_ref
        found = parties.by_ref(ref)
        assert found is not None  # the field has checked it, or it is the actor's own
        return found

    def chosen_object(self) -> PledgeObject:
        """What the pledge is for."""
        return PledgeObject(self.object.data) if "object" in self else PledgeObject.NEED

    def columns(self) -> dict[str, Any]:
        """The rest, as arguments of `service.announce`."""
        kind = PledgeKind(self.kind.data)
        return {
            "object": self.chosen_object(), "kind": kind, "need": self.found_need, "recipient": self.found_recipient,
            "currency": self.currency.data if self.amount.data is not None else "", "amount": self.amount.data,
            "match": self.about.match, "conference": self.about.conference,
            "approximate": self.approximate.data, "first_year": self.first_year.data, "last_year": self.last_year.data,
            "condition": self.condition.data or "", "statement": self.statement.data or "",
            "from_floor": bool("from_floor" in self and self.from_floor.data),
            "announced_on": self.announced_on.data, "expected_on": self.expected_on.data,
            "visibility": Visibility(self.visibility.data)}

    def _fault(self, name: str, words: str) -> bool:
        """Put words beside a field that has none yet. Returns False, for `return self._fault(...)`."""
        if not self[name].errors:
            self[name].errors = [words]
        return False

    def _object_right(self) -> bool:
        if "object" not in self or not self.object.data or self.object.errors:
            return True
        wanted = self.chosen_object()
        if wanted is PledgeObject.NEED:
            return self._need_right()
        if self.recipient.data and not self.recipient.errors:
            self.found_recipient = parties.by_ref(self.recipient.data)
        if wanted is PledgeObject.PROGRAMME and not self.recipient.data:
            return self._fault("recipient", _("Choose the State whose programme it supports."))
        if self._donor_ref() and self._donor_ref() == self.recipient.data:
            return self._fault("recipient", _("A State cannot pledge to itself."))
        return True

    def _donor_ref(self) -> str:
        return (self.donor.data if "donor" in self else self.actor.party_ref) or ""

    def _need_right(self) -> bool:
        ref = (self.need.data or "").upper()
        if not ref:
            return self._fault("need", _("Give the need's reference, for example KHM-2026-014."))
        found = needs.by_ref(self.actor, ref)
        if found is None:
            return self._fault("need", _("No need within your sight has this reference."))
        if found.status is not NeedStatus.PUBLISHED:
            return self._fault("need", _("This need is closed, or not published yet."))
        if found.party.ref == self._donor_ref():
            return self._fault("need", _("A State cannot pledge to itself."))
        self.found_need = found
        return True

    def _amount_right(self) -> bool:
        kind, amount = self.kind.data, self.amount
        if amount.errors or self.kind.errors:
            return True
        if kind == PledgeKind.POLITICAL.value and amount.data is not None:
            return self._fault("amount", _("A political pledge has no amount: leave it empty, or choose "
                                         "another kind."))
        if kind == PledgeKind.FINANCIAL.value and amount.data is None:
            return self._fault("amount", _("Give the amount. When only its order is known, say that it is "
                                         "approximate."))
        if amount.data is not None and amount.data <= 0:
            return self._fault("amount", _("The amount must be more than zero."))
        try:
            check_minor_unit(amount, self.currency.data)
        except ValidationError as error:
            return self._fault("amount", str(error))
        return True

    def _years_right(self) -> bool:
        first, last = self.first_year.data, self.last_year.data
        if first and last and first > last:
            return self._fault("last_year", _("The last year is before the first."))
        return True

    def _days_right(self) -> bool:
        announced, expected = self.announced_on.data, self.expected_on.data
        if announced and announced > date.today():
            return self._fault("announced_on", _("This day is in the future: record the pledge once it is announced."))
        if announced and expected and expected < announced:
            return self._fault("expected_on", _("The next step cannot be expected before the announcement."))
        return True

    def _sight_right(self) -> bool:
        need = self.found_need
        if need is None or self.visibility.errors or self.chosen_object() is not PledgeObject.NEED:
            return True
        if not rules.no_wider(Visibility(self.visibility.data), need):
            return self._fault("visibility", _("The need is shown to “%(level)s” only: its pledge cannot be seen more "
                                               "widely.", level=VISIBILITY_LABELS[need.visibility]))
        return True


class NoteForm(Form):
    """Why a pledge ends."""

    note = ProseField(_l("Reason"), _l("Say why, in a sentence: it is kept on the record."), most=2000)


class StepForm(Form):
    """The day of a confirmation or signature, and by when the next step is expected."""

    on = DayField(_l("On"), _l("Say on which day."))
    expected_on = DayField(_l("Next step expected by"), needed=False)
    note = ProseField(_l("Note"), needed=False, most=2000)

    def check(self, pledge: Pledge) -> bool:
        """Validate, with the days that the pledge already has."""
        if not self.validate():
            return False
        fault = rules.step_fault(pledge, self.on.data, self.expected_on.data)
        if fault is not None:
            self[fault[0]].errors = [fault[1]]
        return fault is None


class PayForm(Form):
    """One instalment, in the pledge's currency."""

    amount = AmountField(_l("Amount paid"), _l("Give the amount that was paid."))
    paid_on = DayField(_l("Paid on"), _l("Say on which day it was paid."))
    note = LineField(_l("Note"), needed=False, most=400)

    def check(self, pledge: Pledge) -> bool:
        """Validate, with what the pledge still owes."""
        if not self.validate():
            return False
        fault = rules.payment_fault(pledge, self.amount.data, self.paid_on.data)
        if fault is not None:
            self[fault[0]].errors = [fault[1]]
        return fault is None


class FilterForm(PlainForm):
    """The filters of the list, read from the address."""

    donor = ChoiceField(_l("Donor"), choices.partners, needed=False, blank=_l("All donors"))
    recipient = ChoiceField(_l("For"), choices.states, needed=False, blank=_l("All States"))
    status = ChoiceField(_l("Stage"), enum_choices(LABELS), needed=False, blank=_l("All stages"))
