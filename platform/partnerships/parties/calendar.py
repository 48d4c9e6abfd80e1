"""A partner's budget calendar: when it decides next, so that a State asks in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import format_date


def next_decision(months: Sequence[str], today: date) -> date | None:
    """The first day of the next month in which a partner decides on support.

    Arguments: months, "01" to "12", as the partner stated them. Returns: None when it stated none; the first of the
    running month when that is one of them, since what is decided in a month may still be open.
    """
    found = [date(today.year + (int(month) < today.month), int(month), 1) for month in months]
    return min(found, default=None)


def next_words(months: Sequence[str], today: date) -> str:
    """The same as a month in words, such as "March 2027"; empty when the partner stated none."""
    first = next_decision(months, today)
    return "" if first is None else format_date(first, "LLLL y")
