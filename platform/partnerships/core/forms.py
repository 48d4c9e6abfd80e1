"""Forms: the shape and the words that every form of the house shares."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Field, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms import RadioField as _RadioField
from wtforms.fields import FieldList, SelectChoice
from wtforms.validators import InputRequired, Length, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from partnerships.core import money, text
from partnerships.core.once import new_key

YEARS = (1997, 2100)


class Form(FlaskForm):
    """A form with CSRF protection, the version it was opened on, and a key against being sent twice."""

    class Meta(FlaskForm.Meta):
        """Forms hold texts: a file or a piece of JSON under a field's name is none, and no field would understand it."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Only what a form of a page can send; data that the code itself passes stays as it is."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return request.form or None

    version = HiddenField()
    once = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.once.data:
            self.once.data = new_key()

    def values(self, *names: str) -> dict[str, Any]:
        """The data of the named fields, or of all that hold something to keep."""
        return {name: self[name].data for name in names} if names else {
            name: field.data for name, field in self._fields.items() if not isinstance(field, HiddenField)}

    @property
    def opened_on(self) -> int | None:
        """The record's version when the form was opened."""
        data = self.version.data or ""
        return int(data) if data.isascii() and data.isdigit() and len(data) < 10 else None


class Printable:
    """Words when a text carries control or direction-override marks; they are taken out of what is shown again."""

    def __call__(self, form: Any, field: Field) -> None:
        if not isinstance(field.data, str):
            return
        cleaned = text.clean(field.data) or ""
        typed = unicodedata.normalize("NFC", field.data.replace("\r\n", "\n").replace("\r", "\n")).strip()
        field.data = cleaned
        if cleaned != typed:
            raise ValidationError(_("This held marks that cannot be shown (control or direction-override marks). "
                                    "They were taken out: check the text and send it again."))


class AtMost(Length):
    """Length in words, with how long the text is."""

    def __call__(self, form: Any, field: Field) -> None:
        if isinstance(field.data, str) and len(field.data) > self.max:
            raise ValidationError(_("Use at most %(most)s characters: this has %(length)s.",
                                    most=self.max, length=len(field.data)))

    def __init__(self, most: int) -> None:
        super().__init__(max=most)


class Needed(InputRequired):
    """A required field; `words` say what to give."""

    def __init__(self, words: Any = None) -> None:
        super().__init__(message=words or _l("This is needed."))

    def __call__(self, form: Any, field: Field) -> None:
        if isinstance(field.data, str) and not field.data.strip():
            field.errors = []
            raise StopValidation(str(self.message))
        try:
            super().__call__(form, field)
        except StopValidation as stopped:  # pages show plain text, not lazy
            raise StopValidation(str(stopped)) from None


class RowsField(FieldList):
    """Rows of fields. Only small plain numbers name a row: a forged "years-9999..." is no row of ours."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterable[int]:
        found = (re.match(re.escape(prefix) + r"-([0-9]{1,4})(?:-|$)", key) for key in formdata)
        return (int(one[1]) for one in found if one)


def rules(needed: Any, *more: Any) -> list[Any]:
    """Validators: required with words, or optional when `needed` is False; then the others."""
    first: Any = Optional() if needed is False else Needed(None if needed is True else needed)
    return [first, *more]


class LineField(StringField):
    """One line of text."""

    def __init__(self, label: Any, needed: Any = True, most: int = 200, **kwargs: Any) -> None:
        super().__init__(label, rules(needed, Printable(), AtMost(most), *kwargs.pop("validators", [])), **kwargs)

    data: Any

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if isinstance(self.data, str):
            self.data = " ".join(self.data.split())


class ProseField(TextAreaField):
    """A paragraph or several."""

    def __init__(self, label: Any, needed: Any = True, most: int = 4000, **kwargs: Any) -> None:
        super().__init__(label, rules(needed, Printable(), AtMost(most), *kwargs.pop("validators", [])), **kwargs)


class DayField(DateField):
    """A calendar day, with words for what cannot be read and for what is beyond sense."""

    def __init__(self, label: Any, needed: Any = True, **kwargs: Any) -> None:
        super().__init__(label, rules(needed, self._sane, *kwargs.pop("validators", [])), **kwargs)

    @staticmethod
    def _sane(form: Any, field: Field) -> None:
        if isinstance(field.data, date) and not YEARS[0] <= field.data.year <= YEARS[1]:
            raise ValidationError(_("Use a year between %(first)s and %(last)s.", first=YEARS[0], last=YEARS[1]))

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Give the date as year-month-day, for example 2027-04-30.")) from None


class AmountField(Field):
    """An amount of money. Takes spaces, thousands separators and the digits of any script."""

    widget = TextInput()
    data: Any  # the amount as Decimal, or None

    def __init__(self, label: Any, needed: Any = True, **kwargs: Any) -> None:
        super().__init__(label, rules(needed, self._sane, *kwargs.pop("validators", [])), **kwargs)
        self.typed = ""

    def _value(self) -> str:
        return self.typed or ("" if self.data is None else format(self.data, "f"))

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = (text.clean(valuelist[0] if valuelist else "") or "")[:60]
        self.data = None
        if self.typed:
            self.data = parse_amount(self.typed)

    @staticmethod
    def _sane(form: Any, field: Field) -> None:
        if field.data is None:
            return
        if field.data < 0:
            raise ValidationError(_("An amount cannot be negative."))
        if field.data > money.LARGEST:
            raise ValidationError(_("This is more than any mine action budget: check the number of zeros."))


def parse_amount(typed: str) -> Decimal:
    """Read an amount: "2,100,000", "2 100 000.50", "١٢٣". Raises ValueError with words when it is ambiguous."""
    digits = "".join(str(unicodedata.decimal(mark)) if mark.isdecimal() else mark for mark in typed)
    digits = re.sub(r"[\s\u202f'’٬]", "", digits).replace("٫", ".").replace("−", "-")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    if not re.fullmatch(r"-?\d+(\.\d{1,3})?", digits):
        raise ValueError(_("Write the amount in figures, for example 2 100 000 or 2100000.50."))
    try:
        return Decimal(digits)
    except InvalidOperation:  # pragma: no cover - the pattern above leaves nothing to fail
        raise ValueError(_("Write the amount in figures.")) from None


Pairs = Iterable[tuple[str, Any]]


def options(pairs: Pairs) -> list[SelectChoice]:
    """Pairs (value, label) as WTForms wants its choices."""
    return [SelectChoice(value, label) for value, label in pairs]


class RadioField(_RadioField):
    """One of a few, as radio buttons. Takes pairs (value, label)."""

    def __init__(self, label: Any, validators: Any = None, *, choices: Pairs, **kwargs: Any) -> None:
        super().__init__(label, validators, choices=options(choices), **kwargs)


class ChoiceField(SelectField):
    """One of a list that is made when the form is opened; words when the choice is not among them."""

    def __init__(self, label: Any, choices: Callable[[], Iterable[tuple[str, Any]]], needed: Any = True,
                 blank: Any = None, **kwargs: Any) -> None:
        def listed() -> list[SelectChoice]:
            head = [("", blank if blank is not None else _l("Choose"))] if needed is False or blank is not None else []
            return options([*head, *choices()])

        super().__init__(label, validators=rules(needed), choices=listed, validate_choice=False,
                         coerce=lambda value: "" if value is None else str(value), **kwargs)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if validation_stopped or not self.data:
            return
        if self.data not in {str(value) for value, *_rest in self.iter_choices()}:
            raise ValidationError(_("Choose one of the list."))


class ChoicesField(SelectMultipleField):
    """Several of a list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, choices: Callable[[], Iterable[tuple[str, Any]]], needed: Any = True, **kwargs: Any) -> None:
        super().__init__(label, validators=[], choices=lambda: options(choices()), validate_choice=False, **kwargs)
        self.needed = needed

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if not self.data and self.needed is not False:
            raise ValidationError(_("Choose at least one.") if self.needed is True else str(self.needed))
        known = {str(value) for value, *_rest in self.iter_choices()}
        if any(value not in known for value in self.data or ()):
            raise ValidationError(_("Choose from the list."))


def currency_choices() -> list[tuple[str, str]]:
    """Currencies in use, those of most donors first."""
    first = ["USD", "EUR", "CHF", "GBP", "JPY", "NOK", "SEK", "DKK", "CAD", "AUD", "NZD"]
    return [(code, code) for code in [*first, *(code for code in money.currencies() if code not in first)]]


def enum_choices(labels: dict[Any, Any]) -> Callable[[], list[tuple[str, Any]]]:
    """Choices from a table {enum member: label}."""
    return lambda: [(member.value, label) for member, label in labels.items()]


def check_minor_unit(amount: Field, currency: str) -> None:
    """Words beside the amount when it has more decimals than the currency knows."""
    if amount.data is not None and currency and not money.fits(amount.data, currency):
        raise ValidationError(_("%(currency)s has fewer decimals than this.", currency=currency))
