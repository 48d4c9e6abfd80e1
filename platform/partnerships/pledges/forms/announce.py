"""The form of an announcement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField
from wtforms.validators import ValidationError

from partnerships.conferences.models import Conference
from partnerships.core.actor import Actor
from partnerships.core.forms import (
    AmountField,
    ChoiceField,
    DayField,
    Needed,
    ProseField,
    RadioField,
    check_minor_unit,
    currency_choices,
)
from partnerships.core.lists import member
from partnerships.core.visibility import Visibility
from partnerships.matches.models import Match
from partnerships.needs.models import Need
from partnerships.parties import choices
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.parties.words import VISIBILITY_LABELS
from partnerships.pledges import rules
from partnerships.pledges.forms.rows import YEAR, NeedsField
from partnerships.pledges.forms.said import SaidForm
from partnerships.pledges.states import KIND_LABELS, OBJECT_LABELS, PledgeKind, PledgeObject

KINDS = (PledgeKind.FINANCIAL, PledgeKind.IN_KIND, PledgeKind.POLITICAL)  # the fourth is for facts a source leaves open
LEVELS = (Visibility.PUBLIC, Visibility.STATES_PARTIES, Visibility.PARTIES)


@dataclass(frozen=True)
class About:
    """What a new pledge comes from, read from the address and within the reader's sight."""

    need: Need | None = None
    match: Match | None = None
    conference: Conference | None = None


class NewForm(SaidForm):
    """The announcement. What `About` or the reader's own party settles is not asked again."""

    donor = ChoiceField(_l("Donor"), choices.partners, _l("Choose the donor."), blank=_l("Choose a donor"))
    object = RadioField(_l("What is it for?"), [Needed(_l("Say what the pledge is for."))],
                        choices=[(one.value, words) for one, words in OBJECT_LABELS.items()])
    need = NeedsField(_l("Need, or several of one State"))
    recipient = ChoiceField(_l("State"), choices.states, needed=False, blank=_l("Choose a State"))
    kind = RadioField(_l("Kind of pledge"), [Needed(_l("Say what kind of pledge it is."))],
                      choices=[(one.value, KIND_LABELS[one]) for one in KINDS], default=PledgeKind.FINANCIAL.value)
    currency = ChoiceField(_l("Currency"), currency_choices, default="USD")
    amount = AmountField(_l("Amount"), needed=False)
    approximate = BooleanField(_l("The amount is approximate"))
    first_year = IntegerField(_l("First year"), YEAR)
    last_year = IntegerField(_l("Last year"), YEAR)
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
        kind = member(PledgeKind, self.kind.data or "")
        return all([right, self._object_right(), self._amount_right(), self._years_right(), self._days_right(),
                    self._sight_right(), self._parts_right(),
                    bool(self.amount.errors) or self.said_right(kind, self.amount.data, self.currency.data, self._donor())])

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

    def _donor(self) -> Party | None:
        if self.about.match is not None:
            return self.about.match.party
        unread = "donor" in self and self.donor.errors
        return parties.by_ref(self._donor_ref()) if self._donor_ref() and not unread else None

    def columns(self) -> dict[str, Any]:
        """The rest, as arguments of `service.announce`."""
        kind = PledgeKind(self.kind.data)
        return {
            "object": self.chosen_object(), "kind": kind, "need": self.found_need, "recipient": self.found_recipient,
            "currency": self.currency.data if self.amount.data is not None else "", "amount": self.amount.data,
            "match": self.about.match, "conference": self.about.conference,
            "approximate": self.approximate.data, "first_year": self.first_year.data, "last_year": self.last_year.data,
            "details": self.details(() if "need" not in self or self.found_need is None else self.need.parts()),
            "condition": self.condition.data or "", "statement": self.statement.data or "",
            "from_floor": bool("from_floor" in self and self.from_floor.data),
            "announced_on": self.announced_on.data, "expected_on": self.expected_on.data,
            "visibility": Visibility(self.visibility.data)}

    def _object_right(self) -> bool:
        if "object" not in self or not self.object.data or self.object.errors:
            return True
        wanted = self.chosen_object()
        if wanted is PledgeObject.NEED:
            return self._need_right()
        if self.recipient.data and not self.recipient.errors:
            self.found_recipient = parties.by_ref(self.recipient.data)
        if wanted is PledgeObject.PROGRAMME and not self.recipient.data:
            return self.fault("recipient", _("Choose the State whose programme it supports."))
        if self._donor_ref() and self._donor_ref() == self.recipient.data:
            return self.fault("recipient", _("A State cannot pledge to itself."))
        return True

    def _donor_ref(self) -> str:
        return (self.donor.data if "donor" in self else self.actor.party_ref) or ""

    def _need_right(self) -> bool:
        if self.need.errors:
            return False
        try:
            self.need.look_up(self.actor)
        except ValidationError as error:
            return self.fault("need", str(error))
        found = self.need.found[0][0]
        if found.party.ref == self._donor_ref():
            return self.fault("need", _("A State cannot pledge to itself."))
        self.found_need = found
        return True

    def _parts_right(self) -> bool:
        """The parts of several needs, against the amount of the pledge."""
        parts = self.need.parts() if "need" in self and self.found_need is not None and not self.need.errors else ()
        words = self.need.parts_fault(self.amount.data, self.currency.data) if parts else ""
        return self.fault("need", words) if words else True

    def _amount_right(self) -> bool:
        kind, amount = self.kind.data, self.amount
        if amount.errors or self.kind.errors:
            return True
        if kind == PledgeKind.POLITICAL.value and amount.data is not None:
            return self.fault("amount", _("A political pledge has no amount: leave it empty, or choose "
                                         "another kind."))
        if kind == PledgeKind.IN_KIND.value and amount.data is not None:
            return self.fault("amount", _("A pledge in kind has no amount of money: give its worth as a valuation, below, or "
                                          "choose another kind."))
        if kind == PledgeKind.FINANCIAL.value and amount.data is None:
            return self.fault("amount", _("Give the amount. When only its order is known, say that it is "
                                         "approximate."))
        if amount.data is not None and amount.data <= 0:
            return self.fault("amount", _("The amount must be more than zero."))
        try:
            check_minor_unit(amount, self.currency.data)
        except ValidationError as error:
            return self.fault("amount", str(error))
        return True

    def _years_right(self) -> bool:
        first, last = self.first_year.data, self.last_year.data
        if first and last and first > last:
            return self.fault("last_year", _("The last year is before the first."))
        return True

    def _days_right(self) -> bool:
        announced, expected = self.announced_on.data, self.expected_on.data
        if announced and announced > date.today():
            return self.fault("announced_on", _("This day is in the future: record the pledge once it is announced."))
        if announced and expected and expected < announced:
            return self.fault("expected_on", _("The next step cannot be expected before the announcement."))
        return True

    def _sight_right(self) -> bool:
        if self.found_need is None or self.visibility.errors or self.chosen_object() is not PledgeObject.NEED:
            return True
        needs = [one for one, _part in self.need.found] if "need" in self else [self.found_need]
        need = max(needs, key=lambda one: rules.SIGHT.index(one.visibility))
        if not rules.no_wider(Visibility(self.visibility.data), need):
            return self.fault("visibility", _("The need is shown to “%(level)s” only: its pledge cannot be seen more "
                                               "widely.", level=VISIBILITY_LABELS[need.visibility]))
        return True
