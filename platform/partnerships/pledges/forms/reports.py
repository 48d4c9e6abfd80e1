"""The forms of reconciliation: what one side reports, and how the ISU settles a difference."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from partnerships.core.forms import AmountField, DayField, Form, Needed, ProseField, RadioField, enum_choices
from partnerships.pledges import rules
from partnerships.pledges.forms.steps import AddressField
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import SETTLEMENT_LABELS


class ReportForm(Form):
    """The total paid or received by a day, as one side sees it."""

    paid_amount = AmountField(_l("Paid in all"), _l("Give the total; zero when nothing was paid."))
    as_of = DayField(_l("As of"), _l("Say of which day this is true."))
    note = ProseField(_l("Note"), needed=False, most=2000)
    evidence = AddressField(_l("Evidence: its address"))

    def check(self, pledge: Pledge) -> bool:
        """Validate, with what the pledge says."""
        if not self.validate():
            return False
        fault = rules.report_fault(pledge, self.paid_amount.data, self.as_of.data)
        if fault is not None:
            self[fault[0]].errors = [fault[1]]
        return fault is None


class SettleForm(Form):
    """Whether the record or the report is right, and why."""

    outcome = RadioField(_l("What is right"), [Needed(_l("Say whether the record or the report is right."))],
                         choices=enum_choices(SETTLEMENT_LABELS)())
    note = ProseField(_l("Why"), _l("Say why, in a sentence: both sides read it, and it is kept on the record."), most=2000)
    paid_on = DayField(_l("Paid on"), needed=False)
