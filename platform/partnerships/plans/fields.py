"""Fields of the second part: whole numbers as people write them, and areas with their unit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, IntegerField
from wtforms.validators import NumberRange, Optional, ValidationError

from partnerships.core import text
from partnerships.core.forms import AmountField, parse_amount

# Square metres in a unit, by the ways people write it. Without a unit a figure is in square metres.
UNITS = {"": 1, "m2": 1, "m²": 1, "sqm": 1, "ha": 10_000, "km2": 1_000_000, "km²": 1_000_000, "sqkm": 1_000_000}
LARGEST_AREA = 10**12  # a million square kilometres: more than any State's mined areas
LARGEST_NUMBER = 10**9
SMALLEST_GROUP = 5


class YearField(IntegerField):
    """A year within a programme's reach; may stay empty."""

    def __init__(self, label: Any, first: int = 2000, last: int = 2060, **kwargs: Any) -> None:
        words = _l("Use a year between %(first)s and %(last)s.", first=first, last=last)
        super().__init__(label, [Optional(), NumberRange(first, last, words)], **kwargs)

    def _value(self) -> str:
        return (text.clean(super()._value()) or "")[:60]

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([typed.strip() for typed in valuelist])
        except ValueError:
            raise ValueError(_("Give the year in four figures, for example 2027.")) from None


class WholeField(AmountField):
    """A whole number, typed as an amount is: "4 200", "4,200", "٤٢٠٠". Empty is None."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, needed=False, **kwargs)

    def _value(self) -> str:
        return self.typed or ("" if self.data is None else f"{self.data:,}".replace(",", " "))

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = (text.clean(valuelist[0] if valuelist else "") or "")[:60]
        self.data = self.read(self.typed) if self.typed else None

    def read(self, typed: str) -> int:
        """The number that was typed. Raises ValueError with words."""
        return whole(typed, _("Write a whole number in figures, for example 4 200."))

    @staticmethod
    def _sane(form: Any, field: Field) -> None:
        if field.data is not None and not 0 <= field.data <= LARGEST_NUMBER:
            raise ValidationError(_("This is more people than can be meant: check the number of zeros.") if field.data > 0
                                  else _("A number cannot be negative."))


class AreaField(WholeField):
    """An area, kept in whole square metres. Takes "1200000", "120 ha", "1.2 km2"."""

    def read(self, typed: str) -> int:
        found = re.fullmatch(r"(.*?)\s*(km2|km²|sq\s?km|ha|m2|m²|sq\s?m)?", typed.lower().replace("hectares", "ha"))
        figures, unit = (found[1], found[2] or "") if found else (typed, "")
        return whole(figures, _("Write the area in square metres, or with its unit: 120 ha, 1.2 km2."),
                     UNITS[re.sub(r"\s", "", unit)])

    @staticmethod
    def _sane(form: Any, field: Field) -> None:
        if field.data is not None and not 0 <= field.data <= LARGEST_AREA:
            raise ValidationError(_("This is more than any State's mined areas: check the unit and the number of zeros.")
                                  if field.data > 0 else _("An area cannot be negative."))


def whole(typed: str, words: str, times: int = 1) -> int:
    """Read a number that is whole once multiplied by its unit. Raises ValueError with the words given."""
    try:
        value = parse_amount(typed) * times
    except ValueError:
        raise ValueError(words) from None
    if value != value.to_integral_value():
        raise ValueError(words)
    return int(Decimal(value))
