"""Fields that read what is typed in a meeting: a party by name or code, an amount with k or m."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.validators import ValidationError

from partnerships.core import amounts
from partnerships.core.forms import AmountField, LineField
from partnerships.parties import choices
from partnerships.parties import queries as parties


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
    """An amount as people say it: "90 000", "80k", "2.1m", "5 lakh". What has two readings is asked about."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = (valuelist[0] if valuelist else "").strip()[:60]
        self.data = amounts.read(self.typed) if self.typed else None
