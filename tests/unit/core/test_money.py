"""Money: exact, with its currency, converted at a dated rate or not at all."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, func, insert, select

from partnerships.core import money
from partnerships.core.db import Amount
from partnerships.core.filters import number


def test_currencies_are_those_in_use():
    known = money.currencies()
    assert {"USD", "EUR", "CHF", "JPY", "NOK", "KHR", "AOA", "COP"} <= set(known)
    assert not {"DEM", "FRF", "XXX", "ZWD"} & set(known)


@pytest.mark.parametrize(("amount", "currency", "right"), [
    ("10.25", "USD", True), ("10.255", "USD", False), ("10", "JPY", True), ("10.5", "JPY", False), ("1.125", "KWD", True),
    ("1E+3", "JPY", True),
])
def test_minor_units(amount, currency, right):
    assert money.fits(Decimal(amount), currency) is right


def test_converts_at_the_rate_of_the_date():
    found = money.convert(Decimal(100), "EUR", "USD", date(2016, 3, 2))
    assert found is not None and found.on == date(2016, 3, 2) and found.currency == "USD"
    assert found.amount == Decimal("108.56")


def test_a_weekend_takes_the_last_rate_before_it():
    found = money.convert(Decimal(100), "EUR", "USD", date(2016, 3, 6))
    assert found is not None and found.on == date(2016, 3, 4)


@pytest.mark.parametrize(("source", "on"), [("KHR", date(2016, 3, 2)), ("USD", date(1950, 1, 1)), ("USD", date(2090, 1, 1))])
def test_no_rate_is_said_not_guessed(source, on):
    assert money.convert(Decimal(100), source, "EUR", on) is None


def test_a_date_after_the_last_shipped_rate_takes_the_last_one_with_its_own_date():
    last = money.latest_day()
    found = money.convert(Decimal(100), "NOK", "USD", last + timedelta(days=40))
    assert found is not None and found.on == last
    assert money.convert(Decimal(100), "NOK", "USD", last + money.LAG + timedelta(days=1)) is None


def test_the_same_currency_is_itself():
    assert money.convert(Decimal("1.5"), "KHR", "KHR", date(1950, 1, 1)).amount == Decimal("1.5")


@given(st.lists(st.decimals(min_value=-10**12, max_value=10**12, places=3), max_size=20))
def test_the_database_keeps_and_sums_amounts_exactly(amounts):
    table = Table("t", MetaData(), Column("amount", Amount))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.create(connection)
        if amounts:
            connection.execute(insert(table), [{"amount": amount} for amount in amounts])
        assert sorted(row.amount for row in connection.execute(select(table))) == sorted(amounts)
        assert (connection.scalar(select(func.sum(table.c.amount))) or Decimal(0)) == sum(amounts, Decimal(0))
    engine.dispose()


def test_more_than_three_decimals_are_refused_by_the_column():
    with pytest.raises(ValueError, match="three decimals"):
        Amount().process_bind_param(Decimal("1.0001"), None)


@pytest.mark.parametrize(("value", "shown"), [
    (Decimal(2_100_000), "2\u202f100\u202f000"), (Decimal("-5.50"), "\u22125.5"), (0, "0"), (None, ""), (1234, "1\u202f234"),
])
def test_numbers_have_thin_spaces_and_a_true_minus(value, shown):
    assert number(value) == shown
