"""The forms of this room: which part of the register a file of IATI holds, and how a donor classifies a pledge."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm

from partnerships.core.forms import ChoiceField, DayField, Form, enum_choices
from partnerships.parties import choices
from partnerships.standards.states import AID_TYPE_LABELS, FINANCE_TYPE_LABELS, SIGNIFICANCE_LABELS, TIED_LABELS


class FileForm(PlainForm):
    """Read from the address."""

    donor = ChoiceField(_l("Donor"), choices.partners, needed=False, blank=_l("All donors"))
    since = DayField(_l("Changed since"), needed=False)


def _unsaid(label: Any, labels: dict[Any, Any]) -> ChoiceField:
    return ChoiceField(label, enum_choices(labels), needed=False, blank=_l("Not said"))


class TermsForm(Form):
    """Each part is left empty as long as the donor has not said it."""

    aid_type = _unsaid(_l("Aid type"), AID_TYPE_LABELS)
    finance_type = _unsaid(_l("Finance type"), FINANCE_TYPE_LABELS)
    tied_status = _unsaid(_l("Tied status"), TIED_LABELS)
    gender = _unsaid(_l("Policy marker: gender equality"), SIGNIFICANCE_LABELS)
    disability = _unsaid(_l("Policy marker: disability"), SIGNIFICANCE_LABELS)
