"""The filters of the list of pledges."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm

from partnerships.core.forms import ChoiceField, enum_choices
from partnerships.parties import choices
from partnerships.pledges.states import LABELS


class FilterForm(PlainForm):
    """The filters of the list, read from the address."""

    donor = ChoiceField(_l("Donor"), choices.partners, needed=False, blank=_l("All donors"))
    recipient = ChoiceField(_l("For"), choices.states, needed=False, blank=_l("All States"))
    status = ChoiceField(_l("Stage"), enum_choices(LABELS), needed=False, blank=_l("All stages"))
    due = ChoiceField(_l("Waiting for word"), lambda: [
        ("overdue", _l("Its next step is overdue")), ("silent-6", _l("Nothing heard for 6 months")),
        ("silent-12", _l("Nothing heard for 12 months"))], needed=False, blank=_l("All pledges"))
