"""The filters of the pages that compare: flows, side by side, what changed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms import Form as PlainForm

from partnerships.core.forms import ChoiceField
from partnerships.insight.flows import MEASURES
from partnerships.parties import choices


class FlowForm(PlainForm):
    """Which flows the matrix shows; the years are those on record."""

    measure = ChoiceField(_l("What is measured"), lambda: list(MEASURES.items()), needed=True)
    theme = ChoiceField(_l("Thematic area"), choices.themes, needed=False, blank=_l("All"))


class CompareForm(PlainForm):
    """Whom to put beside those already chosen."""

    add = ChoiceField(_l("State or organisation"), choices.partners, needed=False, blank=_l("Choose"))


class ChangesForm(PlainForm):
    """Since when, and of whom."""

    since = DateField(_l("Since"))
    party = ChoiceField(_l("State"), choices.states, needed=False, blank=_l("The whole register"))
