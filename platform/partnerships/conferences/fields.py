"""Fields that read what is typed in a meeting: a party by name or code, an amount with k or m."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.validators import ValidationError

from partnerships.core.forms import AmountField, LineField, parse_amount
from partnerships.parties import choices
from partnerships.parties import queries as parties

SUFFIXES = {"k": 1000, "m": 10**6, "million": 10**6, "mio": 10**6}


def understand(typed: str) -> str:
    """The reference of the party meant by a name, a code or the one name that begins so.

    Returns: the reference. Raises: ValidationError with words when no party, or more than one, is meant.
    """
    wanted = " ".join(typed.split()).casefold()
    begun = []
    for ref, name in choices.partners():
        if wanted in (ref.casefold(), name.casefold()):
            return ref
        if name.casefold().startswith(wanted):
            begun.append((ref, name))
    if len(begun) == 1:
        return begun[0][0]
    if begun:
        raise ValidationError(ngettext(
            "“%(typed)s” may mean %(names)s: type a little more.",
            "“%(typed)s” may mean %(names)s, among %(num)s: type a little more.", len(begun),
            typed=typed, names=", ".join(name for _ref, name in begun[:3])))
    raise ValidationError(_("No State or organisation is called “%(typed)s”: choose from the list.", typed=typed))


class PartyField(LineField):
    """A State or organisation, typed: its name, its code, or how its name begins. `party` is what was understood."""

    def __init__(self, label: Any, needed: Any = True, **kwargs: Any) -> None:
        super().__init__(label, needed, most=160, validators=[self._understood], **kwargs)
        self.party: Any = None  # the Party, once validated

    @staticmethod
    def _understood(_form: Any, field: Any) -> None:
        if field.data and field.data.strip():
            field.party = parties.by_ref(understand(field.data))


class QuickAmountField(AmountField):
    """An amount as people say it: "90 000", "80k", "2.1m"."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = (valuelist[0] if valuelist else "").strip()[:60]
        self.data = None
        found = re.fullmatch(r"(.*?\d)\s*(k|m|mio|million)\.?", self.typed, re.IGNORECASE)
        if found:
            self.data = parse_amount(found[1]) * Decimal(SUFFIXES[found[2].lower()])
        elif self.typed:
            self.data = parse_amount(self.typed)
