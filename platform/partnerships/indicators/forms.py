"""The form of an indicator's value of a year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from partnerships.core.forms import AmountField, Form, LineField, ProseField


class ValueForm(Form):
    """A number of States, or per cent, with where it was counted."""

    value = AmountField(_l("Value"), _l("Give the value."))
    source = LineField(_l("Source"), _l("Say where this was counted."), most=400)
    note = ProseField(_l("Note"), needed=False, most=2000)

    def check(self, is_share: bool) -> bool:
        """Validate; a share is at most 100 per cent."""
        right = self.validate()
        value = self.value.data
        if right and value is not None and is_share and value > Decimal(100):
            self.value.errors = [_("A share is at most 100 per cent.")]
            return False
        if right and value is not None and value < 0:
            self.value.errors = [_("The value cannot be negative.")]
            return False
        return right

    def columns(self) -> dict[str, Any]:
        """The data as columns of IndicatorValue."""
        return {"value": self.value.data, "source": self.source.data or "", "note": self.note.data or ""}
