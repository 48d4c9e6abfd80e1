"""What a cell says: every usual way of writing an amount is read back as the amount that was written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from partnerships.exchange import values
from partnerships.exchange.reading import Cell
from partnerships.exchange.values import COMMA, POINT, Wrong

amounts = some.decimals(min_value=0, max_value=Decimal("99999999999"), places=2)
# (mark between thousands, mark before decimals, how the column writes)
STYLES = [(",", ".", POINT), (".", ",", COMMA), (" ", ",", COMMA), ("\u202f", ".", POINT), ("'", ".", POINT), ("", ".", POINT),
          ("", ",", COMMA), ("٬", "٫", POINT)]


def written(amount: Decimal, thousands: str, decimals: str, digits: str = "0123456789") -> str:
    text = f"{amount:,.2f}".replace(",", "T").replace(".", decimals).replace("T", thousands)
    return "".join(digits[int(mark)] if mark.isdigit() else mark for mark in text)


@given(amounts, some.sampled_from(STYLES), some.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"]))
def test_an_amount_is_read_as_it_was_written(amount, style, digits):
    thousands, decimals, name = style
    text = written(amount, thousands, decimals, digits)
    assert values.amount(Cell("text", text), None)[0] == amount
    assert values.amount(Cell("text", text), values.style_of([text]))[0] == amount
    assert values.proves(text) == name


@given(some.integers(min_value=1000, max_value=10**10), some.sampled_from([",", "."]))
def test_whole_amounts_with_thousands_are_never_taken_for_decimals(amount, mark):
    text = f"{amount:,}".replace(",", mark)
    assert values.amount(Cell("text", text), None)[0] == amount


def test_the_column_as_a_whole_says_what_one_mark_means():
    column = ["1.234", "12.500,50", ""]
    style = values.style_of(column)
    assert style == COMMA
    assert values.amount(Cell("text", "1.234"), style) == (Decimal(1234), "", "")
    assert values.amount(Cell("text", "1,234"), style)[0] == Decimal("1.234")
    assert values.amount(Cell("text", "1,234"), POINT)[0] == 1234
    value, _named, said = values.amount(Cell("text", "1.234"), None)
    assert value == 1234 and "was read as 1234" in said
    assert values.style_of(["1.5", "1,5"]) is None  # a column of both proves nothing


@pytest.mark.parametrize(("text", "amount", "currency"), [
    ("USD 1 200 000", 1_200_000, "USD"), ("€ 2,5", Decimal("2.5"), "EUR"), ("1.5 million", 1_500_000, ""),
    ("12,5 млн", 12_500_000, ""), ("3 m", 3_000_000, ""), ("250k", 250_000, ""), ("US$5,000.00", 5000, "USD"),
    ("0,125", Decimal("0.125"), ""), ("\u200f١٢٣\u200f", 123, "")])
def test_units_and_currencies_in_the_cell(text, amount, currency):
    assert values.amount(Cell("text", text), None)[:2] == (amount, currency)


@pytest.mark.parametrize("text", ["-5", "(500)", "−5", "1,23,456", "abc", "12 of 15", "1e9", "999999999999999", ".", ",", "5,5,5"])
def test_what_is_no_amount_is_refused_in_words(text):
    with pytest.raises(Wrong) as error:
        values.amount(Cell("text", text), None)
    assert len(str(error.value)) > 20


def test_years_and_spans():
    assert values.years(Cell("text", "2027")) == (2027, 2027)
    assert values.years(Cell("number", "2027")) == (2027, 2027)
    assert values.years(Cell("text", "٢٠٢٧")) == (2027, 2027)
    assert values.years(Cell("text", "2017–2025")) == (2017, 2025)
    assert values.years(Cell("date", "2022-01-01")) == (2022, 2022)
    assert values.years(Cell("text", "2022-01-01")) == (2022, 2022)
    for wrong in ("22", "soon", "1889", "3000"):
        with pytest.raises(Wrong):
            values.years(Cell("text", wrong))


def test_days_are_read_only_when_they_can_mean_one_day():
    assert str(values.day(Cell("text", "2027-04-30"))) == "2027-04-30"
    assert str(values.day(Cell("text", "30/04/2027"))) == "2027-04-30"
    assert str(values.day(Cell("text", "4/30/2027"))) == "2027-04-30"
    assert str(values.day(Cell("text", "05.04.2027"))) == "2027-04-05"
    assert str(values.day(Cell("number", "46507"))) == "2027-04-30"
    for wrong in ("05/04/2027", "31/02/2027", "April 2027", "12", "2027-13-01", "9" * 400):
        with pytest.raises(Wrong):
            values.day(Cell("text", wrong))


def test_a_currency_that_ceased_names_its_successor():
    assert values.currency(" usd ") == "USD"
    with pytest.raises(Wrong, match="HRK ceased in 2023: give the amount in EUR"):
        values.currency("HRK")
    with pytest.raises(Wrong, match=r"SUR ceased in .*a currency that is in use"):
        values.currency("SUR")
    with pytest.raises(Wrong, match="is no currency"):
        values.currency("XYZ")
