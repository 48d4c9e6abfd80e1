"""An IATI activity as plain data: what we write, whatever it was made from. Elements and codes are those of version 2.03."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

VERSION = "2.03"


@dataclass(frozen=True)
class Text:
    """A narrative in one language (ISO 639-1)."""

    text: str
    language: str = "en"


@dataclass(frozen=True)
class Organisation:
    """A party by name. The register holds no identifiers of organisations, so none is given; `type` where it is recorded."""

    name: str
    type: str = ""


@dataclass(frozen=True)
class Value:
    """An amount with its currency (ISO 4217) and the day by whose rate it would be converted."""

    amount: Decimal
    currency: str
    on: date


@dataclass(frozen=True)
class Transaction:
    """Money that moved, or was promised or signed for, on a day that is not to come."""

    type: str
    value: Value
    provider: Organisation | None = None
    receiver: Organisation | None = None
    words: str = ""

    @property
    def on(self) -> date:
        """Its day."""
        return self.value.on


@dataclass(frozen=True)
class Period:
    """What is planned for a time. `status` of a budget: 1 indicative, 2 committed."""

    first: date
    last: date | None
    value: Value
    status: str = ""


@dataclass(frozen=True)
class Sector:
    """A sector; several of one vocabulary have percentages that sum to 100."""

    code: str
    vocabulary: str
    percentage: Decimal | None = None
    words: str = ""


@dataclass(frozen=True)
class Activity:
    """One iati-activity. Fields stand in the order of the schema's elements."""

    identifier: str
    title: tuple[Text, ...]
    descriptions: tuple[tuple[Text, ...], ...]
    participating: tuple[tuple[str, Organisation], ...]  # (role, who)
    status: str
    dates: tuple[tuple[str, date], ...]  # (type, day)
    country: tuple[str, str]  # (ISO 3166-1 alpha-2, or "" where no country is recorded; name)
    sectors: tuple[Sector, ...]
    tags: tuple[tuple[str, str], ...] = ()  # (code of our own, words)
    markers: tuple[tuple[str, str], ...] = ()  # (policy marker, significance)
    flow: str = ""
    finance: str = ""
    aid: tuple[tuple[str, str], ...] = ()  # (vocabulary, code)
    tied: str = ""
    budgets: tuple[Period, ...] = ()
    planned: tuple[Period, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    related: tuple[tuple[str, str], ...] = ()  # (type, identifier)
    hierarchy: int = 1
    currency: str = "USD"
    updated: datetime | None = None
