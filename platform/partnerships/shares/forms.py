"""The form that shares a need with a partner, and the one that says until when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from partnerships.core.forms import ChoiceField, DayField, Form, ProseField, options
from partnerships.needs.models import Need
from partnerships.parties import choices
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.shares import queries, service

LONGEST = timedelta(days=366)
USUAL = timedelta(days=30)
ITSELF = "ISU"  # the ISU sees what is handed in to it


def within_a_year(_form: Any, field: Any) -> None:
    """Words when the last day has passed, or is more than a year ahead."""
    if field.data is None:
        return
    if field.data < date.today():
        raise ValidationError(_("This day has passed: choose today or a day to come."))
    if field.data > date.today() + LONGEST:
        raise ValidationError(_("A need can be shared for a year at most: choose a nearer day. It can be prolonged later."))


class UntilForm(Form):
    """The last day on which the partner sees the need."""

    until = DayField(_l("Until"), _l("Say until when the partner may see it."), validators=[within_a_year])


class ShareForm(UntilForm):
    """With whom a need is shared, until when, and a word to them."""

    partner = ChoiceField(_l("Partner"), lambda: [], _l("Choose with whom to share it."), blank=_l("Choose a partner"))
    note = ProseField(_l("A word to the partner"), needed=False, most=1000)

    def __init__(self, *args: Any, need: Need, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.need = need
        self.party: Party | None = None
        own = need.party.ref
        self.partner.choices = options([("", _("Choose a partner")), *(
            (ref, title) for ref, title in choices.partners() if ref not in (own, ITSELF))])

    def validate_partner(self, field: Any) -> None:
        """Words for a partner who sees all of it already, or with whom it is shared already."""
        known = {str(value) for value, *_rest in field.iter_choices()}
        self.party = parties.by_ref(field.data) if field.data in known and field.data else None
        if self.party is None or field.data in (self.need.party.ref, ITSELF):
            raise ValidationError(_("Choose one of the list."))
        share = queries.of_pair(self.need, self.party.id)
        if share is not None and share.lasts(date.today()):
            raise ValidationError(_("It is shared with this partner already. Change until when on the page of the need."))
        if service.sees_all(self.need, self.party, date.today()):
            raise ValidationError(_("This partner sees the whole need already: there is nothing to share."))
