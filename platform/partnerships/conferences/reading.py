"""What a line of the live log may say, and the names it is read with. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from partnerships.core.search import folded as words_of
from partnerships.pledges.states import Earmarking, InKind, Oda, PledgeKind, PledgeObject


def folded(text: str) -> str:
    """Words for comparison: no accents, capitals or marks, one space between."""
    return " ".join(words_of(text))


@dataclass(frozen=True)
class Lexicon:
    """The names that the register knows.

    names: folded name or code -> references; titles: reference -> name; own: reference -> its own currency.
    """

    names: Mapping[str, frozenset[str]]
    titles: Mapping[str, str]
    states: frozenset[str]
    own: Mapping[str, str]
    currencies: frozenset[str]

    @cached_property
    def longest(self) -> int:
        """Words of the longest name."""
        return max((len(name.split()) for name in self.names), default=1)

    def begins(self, start: str) -> frozenset[str]:
        """The parties one of whose names begins so."""
        found = (refs for name, refs in self.names.items() if name.startswith(start))
        return frozenset().union(*found)


@dataclass(frozen=True)
class Question:
    """What cannot be read in one way; `choices`: (what it may be, the line as it would be then)."""

    words: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass
class Reading:
    """What a line says. Parties and needs by reference; years inclusive; `per_year`: the amount is said for each of them."""

    line: str
    donor: str = ""
    partners: list[str] = field(default_factory=list)
    recipient: str = ""
    need: str = ""
    object: PledgeObject | None = None
    kind: PledgeKind = PledgeKind.FINANCIAL
    in_kind: InKind | None = None
    amount: Decimal | None = None
    currency: str = ""
    approximate: bool = False
    first_year: int | None = None
    last_year: int | None = None
    per_year: bool = False
    themes: list[str] = field(default_factory=list)
    earmarking: Earmarking | None = None
    channel: str = ""
    oda: Oda = Oda.UNKNOWN
    condition: str = ""
    statement: str = ""
    guesses: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def certain(self) -> bool:
        """Whether it can be logged as it is."""
        return not self.questions

    @property
    def total(self) -> Decimal | None:
        """The whole amount: what is said for each year, over all of them."""
        if self.amount is None or not self.per_year or not self.first_year:
            return self.amount
        return self.amount * ((self.last_year or self.first_year) - self.first_year + 1)

    @property
    def portions(self) -> tuple[tuple[int, Decimal], ...]:
        """(year, amount), when the amount is said for each year."""
        if self.amount is None or not self.per_year or not self.first_year:
            return ()
        return tuple((year, self.amount) for year in range(self.first_year, (self.last_year or self.first_year) + 1))
