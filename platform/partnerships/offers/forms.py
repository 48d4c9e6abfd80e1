"""The form of an offer, the filters of the list, and the note that goes with a withdrawal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms import Form as PlainForm
from wtforms.validators import Email

from partnerships.core.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    Form,
    LineField,
    ProseField,
    RadioField,
    enum_choices,
)
from partnerships.core.lists import member
from partnerships.offers.models import ALWAYS, LISTS, NATURE_LABELS, Nature
from partnerships.parties import choices
from partnerships.parties.fields import Wanted
from partnerships.parties.words import LANGUAGE_LABELS

LONGEST = timedelta(days=3 * 366)


class OfferForm(Wanted, Form):
    """What a partner can give, to whom, until when, and how to ask for it."""

    nature = RadioField(_l("What you post"), choices=enum_choices(NATURE_LABELS)(), default=Nature.HELP.value)
    title = LineField(_l("Title"), _l("Give the offer a title that says what is offered and to whom."), most=160)
    summary = ProseField(_l("Summary"), _l("Say in a few sentences what you can give and what it is good for."),
                        most=3000)
    quantities = LineField(_l("What there is, and how much"), needed=False, most=400)
    languages = ChoicesField(_l("Languages you can work in"), lambda: list(LANGUAGE_LABELS.items()), needed=False)
    conditions = ProseField(_l("Conditions"), needed=False, most=2000)
    how_to_ask = ProseField(_l("How to ask for it"), needed=False, most=2000)
    contact_name = LineField(_l("Contact"), _l("Name the office or person whom States can ask."), most=160)
    contact_email = LineField(_l("Contact's e-mail address"), _l("Give an e-mail address that States can write to."),
                              most=254, validators=[Email(_l("This does not look like an e-mail address."))])
    valid_until = DayField(_l("Valid until"), _l("Say until when this offer stands."))

    def check(self) -> bool:
        """Validate everything: fields, what the nature of the offer asks for, the range of amounts, and the date."""
        return all([self.validate(), self.range_is_right(), self._date(), self._by_nature()])

    def _by_nature(self) -> bool:
        """Equipment is counted; help has a kind; an entry of a list is asked for through its contact."""
        nature = member(Nature, self.nature.data or "")
        if nature is None:  # the field itself says so
            return False
        asked: list[tuple[Any, bool, str]] = [
            (self.quantities, nature is Nature.EQUIPMENT,
             _("Say what equipment there is, how many pieces, and how old: for example 3 demining machines of 2019.")),
            (self.kinds, nature is Nature.HELP, _("Choose at least one kind of assistance.")),
            (self.how_to_ask, nature not in LISTS, _("Say how a State asks for it: to whom to write, and with what.")),
        ]
        missing = [(field, words) for field, needed, words in asked if needed and not field.data and not field.errors]
        for field, words in missing:
            field.errors = [words]
        return not missing

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
        texts = ("title", "summary", "quantities", "conditions", "how_to_ask", "contact_name", "contact_email")
        nature, wanted = Nature(self.nature.data), self.wanted()
        if nature in ALWAYS:
            wanted["kinds"] = tuple(sorted({*wanted["kinds"], ALWAYS[nature]}))
        return {**wanted, "nature": nature, **{name: self[name].data or "" for name in texts},
                "languages": tuple(sorted(set(self.languages.data or ()))), "valid_until": self.valid_until.data}


    def said(self, key: str, value: Any) -> str:
        """A column's value in words, for the page that two editors see."""
        return str(NATURE_LABELS[value]) if isinstance(value, Nature) else super().said(key, value)


class NoteForm(Form):
    """Words that go with a move."""

    note = ProseField(_l("Reason"), needed=False, most=2000)


class FilterForm(PlainForm):
    """The filters of the list of offers, read from the address."""

    q = LineField(_l("Words"), needed=False, most=100)
    theme = ChoiceField(_l("Thematic area"), lambda: [*choices.themes(), ("any", _l("Those that name none"))],
                        needed=False, blank=_l("All areas"))
    kind = ChoiceField(_l("Kind of assistance"), choices.kinds, needed=False, blank=_l("All kinds"))
    nature = ChoiceField(_l("What is posted"), enum_choices(NATURE_LABELS), needed=False, blank=_l("Everything"))
    region = ChoiceField(_l("Reaches"), lambda: [*choices.regions(), ("any", _l("Those that name no place"))],
                         needed=False, blank=_l("All regions"))
    party = ChoiceField(_l("Partner"), choices.partners, needed=False, blank=_l("All partners"))
    state = ChoiceField(_l("Status"), lambda: [("open", _l("Standing")), ("all", _l("All, past ones included"))],
                        needed=False, default="open")
    south = BooleanField(_l("South-South only"))

    def chosen(self) -> dict[str, Any]:
        """The filters for `queries.listed`; one that cannot be read is left out (and said so beside it)."""
        self.validate()
        data = {name: "" if field.errors else field.data or "" for name, field in self._fields.items()}
        return {"words": data["q"], "theme": data["theme"], "kind": data["kind"], "region": data["region"],
                "party": data["party"], "nature": data["nature"], "south": bool(data["south"]),
                "state": data["state"] or "open"}
