"""The form of an offer, the filters of the list, and the note that goes with a withdrawal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form as PlainForm
from wtforms.validators import Email

from partnerships.core.forms import ChoiceField, ChoicesField, DayField, Form, LineField, ProseField
from partnerships.parties import choices
from partnerships.parties.fields import Wanted
from partnerships.parties.words import LANGUAGE_LABELS

LONGEST = timedelta(days=3 * 366)


class OfferForm(Wanted, Form):
    """What a partner can give, to whom, until when, and how to ask for it."""

    title = LineField(_l("Title"), _l("Give the offer a title that says what is offered and to whom."), most=160)
    summary = ProseField(_l("Summary"), _l("Say in a few sentences what you can give and what it is good for."),
                        most=3000)
    kinds = ChoicesField(_l("Kind of assistance"), choices.kinds, _l("Choose at least one kind of assistance."))
    languages = ChoicesField(_l("Languages you can work in"), lambda: list(LANGUAGE_LABELS.items()), needed=False)
    conditions = ProseField(_l("Conditions"), needed=False, most=2000)
    how_to_ask = ProseField(
        _l("How to ask for it"), _l("Say how a State asks for it: to whom to write, and with what."), most=2000)
    contact_name = LineField(_l("Contact"), _l("Name the office or person whom States can ask."), most=160)
    contact_email = LineField(_l("Contact's e-mail address"), _l("Give an e-mail address that States can write to."),
                              most=254, validators=[Email(_l("This does not look like an e-mail address."))])
    valid_until = DayField(_l("Valid until"), _l("Say until when this offer stands."))

    def check(self) -> bool:
        """Validate everything: fields, the range of amounts, and the date."""
        return all([self.validate(), self.range_is_right(), self._date()])

    def _date(self) -> bool:
        until, today = self.valid_until.data, date.today()
        if until is None or self.valid_until.errors:
            return False
        if until <= today:
            self.valid_until.errors = [_("This date has passed: choose one in the future.")]
        elif until > today + LONGEST:
            self.valid_until.errors = [_("An offer stands for three years at most; it can be renewed.")]
        return not self.valid_until.errors

    def columns(self) -> dict[str, Any]:
        """The data as columns of Offer."""
        texts = ("title", "summary", "conditions", "how_to_ask", "contact_name", "contact_email")
        return {**self.wanted(), **{name: self[name].data or "" for name in texts},
                "languages": tuple(sorted(set(self.languages.data or ()))), "valid_until": self.valid_until.data}


class NoteForm(Form):
    """Words that go with a move."""

    note = ProseField(_l("Reason"), needed=False, most=2000)


class FilterForm(PlainForm):
    """The filters of the list of offers, read from the address."""

    q = LineField(_l("Words"), needed=False, most=100)
    theme = ChoiceField(_l("Thematic area"), lambda: [*choices.themes(), ("any", _l("Those that name none"))],
                        needed=False, blank=_l("All areas"))
    kind = ChoiceField(_l("Kind of assistance"), choices.kinds, needed=False, blank=_l("All kinds"))
    region = ChoiceField(_l("Reaches"), lambda: [*choices.regions(), ("any", _l("Those that name no place"))],
                         needed=False, blank=_l("All regions"))
    party = ChoiceField(_l("Partner"), choices.partners, needed=False, blank=_l("All partners"))
    state = ChoiceField(_l("Status"), lambda: [("open", _l("Standing")), ("all", _l("All, past ones included"))],
                        needed=False, default="open")

    def chosen(self) -> dict[str, Any]:
        """The filters for `queries.listed`; one that cannot be read is left out (and said so beside it)."""
        self.validate()
        data = {name: "" if field.errors else field.data or "" for name, field in self._fields.items()}
        return {"words": data["q"], "theme": data["theme"], "kind": data["kind"], "region": data["region"],
                "party": data["party"], "state": data["state"] or "open"}
