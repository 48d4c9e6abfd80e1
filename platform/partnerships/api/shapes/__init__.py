"""What answers tell of each kind of record: a schema (its description) and a function from records to plain values."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import url_for
from marshmallow import Schema, fields


class Amount(fields.String):
    """An amount: decimal text, exact, in the currency beside it."""


class Day(fields.String):
    """A day, as YYYY-MM-DD."""


def amount(value: Decimal | None) -> str | None:
    """An amount as text: no exponent, no trailing zeros."""
    return None if value is None else format(value.normalize() + 0, "f")


def day(value: date | datetime | None) -> str | None:
    """The day of a date or moment."""
    if isinstance(value, datetime):
        value = value.date()
    return None if value is None else value.isoformat()


def moment(value: datetime | None) -> str | None:
    """A moment in UTC, to the second."""
    return None if value is None else value.strftime("%Y-%m-%dT%H:%M:%SZ")


def address(endpoint: str, **values: Any) -> str:
    """The permanent address of a record's page, without a language."""
    return url_for(endpoint, **values, _external=True).partition("?")[0]


class Money(Schema):
    """The parts of what a need asks; they exclude each other. In the need's currency."""

    asked = Amount(allow_none=True)
    national = Amount(allow_none=True, metadata={"description": "Of which the State covers."})
    announced_or_confirmed = Amount(allow_none=True)
    agreed = Amount(allow_none=True, metadata={"description": "Agreement signed, not yet paid."})
    paid = Amount(allow_none=True)
    open = Amount(allow_none=True)
