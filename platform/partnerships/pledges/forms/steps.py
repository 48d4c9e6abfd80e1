"""The forms of a pledge's steps: each with its day, its evidence (an address or a file) and a note."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import Regexp

from partnerships.core.filters import day as written
from partnerships.core.filters import money_text as in_money
from partnerships.core.forms import AmountField, ChoiceField, DayField, Form, LineField, ProseField, options
from partnerships.documents.fields import FileField, FileForm
from partnerships.pledges import rules
from partnerships.pledges.models import Pledge


class AddressField(LineField):
    """A web address, if there is one."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, needed=False, most=400, validators=[
            Regexp(r"(?i:https?://)[^\s/]+\S*$", message=_l("Give a web address that begins with https://."))], **kwargs)


class NoteForm(Form):
    """Why a pledge ends."""

    note = ProseField(_l("Reason"), _l("Say why, in a sentence: it is kept on the record."), most=2000)


class EvidenceForm(FileForm):
    """What shows that a step happened."""

    evidence = AddressField(_l("Evidence: its address"))
    file = FileField(_l("Evidence: a file"), needed=False)

    def said(self, fault: tuple[str, str] | None) -> bool:
        """Put a fault's words beside its field. Returns: whether there is none."""
        if fault is not None:
            self[fault[0]].errors = [fault[1]]
        return fault is None


class StepForm(EvidenceForm):
    """The day of a confirmation or signature, and by when the next step is expected."""

    on = DayField(_l("On"), _l("Say on which day."))
    expected_on = DayField(_l("Next step expected by"), needed=False)
    note = ProseField(_l("Note"), needed=False, most=2000)

    def check(self, pledge: Pledge) -> bool:
        """Validate, with the days that the pledge already has."""
        return self.validate() and self.said(rules.step_fault(pledge, self.on.data, self.expected_on.data))


class PayForm(EvidenceForm):
    """One instalment, in the pledge's currency."""

    amount = AmountField(_l("Amount paid"), _l("Give the amount that was paid."))
    paid_on = DayField(_l("Paid on"), _l("Say on which day it was paid."))
    note = LineField(_l("Note"), needed=False, most=400)

    def check(self, pledge: Pledge) -> bool:
        """Validate, with what the pledge still owes."""
        return self.validate() and self.said(rules.payment_fault(pledge, self.amount.data, self.paid_on.data))


class AmendForm(EvidenceForm):
    """Another amount of the pledge, in its currency."""

    amount = AmountField(_l("New amount"), _l("Give the amount that the pledge has from now on."))
    day = DayField(_l("Agreed on"), _l("Say on which day it was agreed."))
    note = LineField(_l("Note"), needed=False, most=400)

    def check(self, pledge: Pledge) -> bool:
        """Validate, with what is paid and who shares it."""
        return self.validate() and self.said(rules.amendment_fault(pledge, self.amount.data, self.day.data))


class VoidForm(Form):
    """Which payment was not made as recorded, and why it is taken back."""

    payment = ChoiceField(_l("Payment"), lambda: [], _l("Choose the payment."), blank=_l("Choose a payment"))
    note = ProseField(_l("Reason"), _l("Say why, in a sentence: it is kept on the record."), most=2000)

    def __init__(self, *args: Any, pledge: Pledge, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payment.choices = options([("", _("Choose a payment")), *(
            (str(one.id), f"{written(one.day)}: {in_money(one.amount, pledge.currency)}")
            for one in pledge.payments)])


def today() -> dict[str, date]:
    """The day that a fresh form proposes."""
    return {name: date.today() for name in ("on", "paid_on", "day", "as_of")}
