"""The button "it still stands", with its date; and the filters of the list."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms import HiddenField

from partnerships.core.forms import ChoiceField, DayField, Form
from partnerships.parties import choices
from partnerships.renewals import service
from partnerships.renewals.queries import Standing


class RenewalForm(Form):
    """Until when it stands; and the word of the letter that the person came with."""

    token = HiddenField()
    until = DayField(_l("It stands until"), _l("Say until when it stands."))

    def check(self, record: Standing) -> bool:
        """Validate the date against what the record allows; words stand beside it."""
        if not self.validate():
            return False
        words = service.objection(record, self.until.data, date.today())
        self.until.errors = [words] if words else []
        return not words


class FilterForm(PlainForm):
    """The filters of the list, read from the address."""

    kind = ChoiceField(_l("What"), lambda: [("need", _l("Needs")), ("offer", _l("Offers"))], needed=False,
                       blank=_l("Needs and offers"))
    state = ChoiceField(_l("Valid-until date"), lambda: [
        ("past", _l("Past")), ("soon", _l("Within 60 days")), ("later", _l("Later"))], needed=False, blank=_l("Any"))
    party = ChoiceField(_l("State or organisation"), choices.partners, needed=False, blank=_l("All"))

    def chosen(self) -> dict[str, Any]:
        """The filters for `queries.page`; one that cannot be read is left out (and said so beside it)."""
        self.validate()
        return {name: "" if field.errors else field.data or "" for name, field in self._fields.items()}
