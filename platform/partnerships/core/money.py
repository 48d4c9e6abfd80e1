"""Money: exact decimals with their currency; stages never summed; conversion at the European Central Bank's rate of a date."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import Any

from babel.core import get_global
from babel.numbers import get_currency_precision

LARGEST = Decimal("100000000000")  # a hundred thousand million: beyond any mine action budget, below the column's limit


@cache
def currencies() -> tuple[str, ...]:
    """ISO 4217 codes that are legal tender today somewhere, by CLDR."""
    tender = get_global("territory_currencies")
    found = {code for entries in tender.values() for code, _start, end, is_tender in entries if is_tender and end is None}
    return tuple(sorted(found))


def fits(amount: Decimal, currency: str) -> bool:
    """Whether the amount has no more decimals than the currency's minor unit."""
    exponent = amount.normalize().as_tuple().exponent
    return isinstance(exponent, int) and -exponent <= get_currency_precision(currency)


# The rates come with the library, so they always end some time ago. For a date after their end, the last rate serves
# for this long, and is shown with its own date; after that the register says that it has no rate.
LAG = timedelta(days=120)


@dataclass(frozen=True)
class Converted:
    """An amount in another currency, with the rate's date."""

    amount: Decimal
    currency: str
    rate: Decimal
    on: date


@cache
def _rates() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from currency_converter import CurrencyConverter

        return CurrencyConverter(decimal=True, fallback_on_missing_rate=False)


@cache
def _bank_day(currency: str, on: date) -> date | None:
    """The last day on or before `on`, at most ten days back, on which the bank published a rate for the currency.

    For a day after the last rate that we ship, see LAG.
    """
    table = _rates()._rates.get(currency, {})
    last = latest_day()
    if last < on <= last + LAG:
        on = last
    for back in range(11):
        day = date.fromordinal(on.toordinal() - back)
        if table.get(day) is not None:
            return day
    return None


def convert(amount: Decimal, source: str, target: str, on: date) -> Converted | None:
    """Convert at the European Central Bank's reference rate of a date (or the last one before it, ten days at most).

    Returns: the converted amount rounded to the target's minor unit, or None where there is no such rate. Never guesses.
    """
    if source == target:
        return Converted(amount, target, Decimal(1), on)
    days = [_bank_day(code, on) for code in (source, target) if code != "EUR"]
    if any(day is None for day in days):
        return None
    day = min(day for day in days if day is not None)
    table = _rates()
    try:
        rate = Decimal(table.convert(Decimal(1), source, target, date=day))
    except Exception:  # the library raises several kinds for "no rate"; every one of them means: say so
        return None
    return Converted(rounded(amount * rate, target), target, rate, day)


def rate_day(on: date) -> date | None:
    """The day of the dollar's rate that serves for a day: earlier than it on holidays, or when the rates end before it."""
    return _bank_day("USD", on)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """The amount to the currency's minor unit, half to even."""
    return amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)), ROUND_HALF_EVEN)


@cache
def latest_day() -> date:
    """The last day for which the library that we ship carries rates."""
    return max(_rates()._rates["USD"])
