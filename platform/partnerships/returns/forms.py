"""What a return covers: whose flows, which year, which State's draft."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms import Form as PlainForm

from partnerships.core.forms import ChoiceField
from partnerships.parties import choices

FIRST_YEAR = 2000  # reports under Article 7 began when the Convention had entered into force


def _years() -> list[tuple[str, str]]:
    return [(str(year), str(year)) for year in range(date.today().year, FIRST_YEAR - 1, -1)]


class FlowsForm(PlainForm):
    """Which flows a file holds."""

    donor = ChoiceField(_l("Donor"), choices.partners, needed=False, blank=_l("All"))
    year = ChoiceField(_l("Year of use"), _years, needed=False, blank=_l("All years on record"))
    demo = BooleanField(_l("With the invented pledges of the demonstration"))


class DraftForm(PlainForm):
    """For which calendar year a draft is."""

    year = ChoiceField(_l("Calendar year"), _years, needed=False)


class StateForm(PlainForm):
    """Whose draft the ISU opens."""

    state = ChoiceField(_l("State"), choices.states, needed=False, blank=_l("Choose"))
