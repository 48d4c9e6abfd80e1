"""What the engine reads and answers: frozen records, tuples only, so that a fit can be repeated exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any


def _check(record: Any, amounts: tuple[str, ...] = ()) -> None:
    """Refuse what would spoil a fit silently: lists or text for tuples, amounts that are not numbers."""
    name = f"{type(record).__name__} {record.ref}"
    for item in fields(record):
        value = getattr(record, item.name)
        if str(item.type).startswith("tuple") and not isinstance(value, tuple):
            raise TypeError(f"{name}: {item.name} must be a tuple, not {type(value).__name__}.")
    for key in amounts:
        amount = getattr(record, key)
        if amount is None:
            continue
        if not isinstance(amount, int | float):
            raise TypeError(f"{name}: {key} must be a plain number of dollars, not {type(amount).__name__}.")
        if not (math.isfinite(amount) and amount >= 0):
            raise ValueError(f"{name}: {key} must be zero or more dollars, or absent; it is {amount}.")


# How far a gift has come, the surest first. How much each counts is `history.STAGE_SHARE`.
STAGES = ("paid", "agreed", "confirmed", "announced")


@dataclass(frozen=True, slots=True)
class Gift:
    """One contribution of `donor` to `recipient` in `year`, in US dollars (None = amount not known).

    `list_complete` says that the source names every donor of that recipient in that year, so that an absent
    donor did not give. `stage` is one of `STAGES`: what is not paid yet counts for less, words alone for least.
    """

    ref: str
    donor: str
    recipient: str
    year: int
    amount_usd: float | None
    themes: tuple[str, ...]
    list_complete: bool
    stage: str = "paid"

    def __post_init__(self) -> None:
        _check(self, ("amount_usd",))
        if self.stage not in STAGES:
            raise ValueError(f"Gift {self.ref}: stage must be one of {', '.join(STAGES)}; it is {self.stage!r}.")

    @property
    def paid(self) -> bool:
        """Whether it has arrived."""
        return self.stage == "paid"


@dataclass(frozen=True, slots=True)
class Partner:
    """A State or organisation and the priorities it declared: dollars, M49 and ISO 3166 codes.

    An empty tuple means "not declared", never "none".
    """

    ref: str
    name: str
    is_state: bool
    region: str = ""
    subregion: str = ""
    languages: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    excluded_countries: tuple[str, ...] = ()
    amount_min: float | None = None
    amount_max: float | None = None
    amount_typical: float | None = None
    multi_year: bool | None = None

    def __post_init__(self) -> None:
        _check(self, ("amount_min", "amount_max", "amount_typical"))

    @property
    def has_priorities(self) -> bool:
        """Whether the partner declared anything that says what it would like to support."""
        return bool(
            self.themes
            or self.kinds
            or self.regions
            or self.countries
            or self.amount_min is not None
            or self.amount_max is not None
            or self.amount_typical is not None
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """A standing offer of a partner. Empty themes, kinds or places leave that side open."""

    ref: str
    partner: str
    title: str
    text: str
    themes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    amount_min: float | None = None
    amount_max: float | None = None
    valid_until: date | None = None

    def __post_init__(self) -> None:
        _check(self, ("amount_min", "amount_max"))


@dataclass(frozen=True, slots=True)
class Need:
    """A need of an affected State.

    `gap_usd` is what is still to be covered, in dollars over all `years`; `donors` have already pledged to
    it; `excluded_partners` are those its State does not wish to be suggested; `declined` are those that said no,
    nothing having changed since.
    """

    ref: str
    state: str
    title: str
    text: str
    theme: str
    kinds: tuple[str, ...] = ()
    language: str = ""
    state_languages: tuple[str, ...] = ()
    region: str = ""
    subregion: str = ""
    neighbours: tuple[str, ...] = ()
    gap_usd: float | None = None
    years: int = 1
    deadline: date | None = None
    valid_until: date | None = None
    donors: tuple[str, ...] = ()
    excluded_partners: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check(self, ("gap_usd",))
        if self.years < 1:
            raise ValueError(f"Need {self.ref}: years must be one or more; it is {self.years}.")


@dataclass(frozen=True, slots=True)
class Term:
    """One reason for (or against) a suggestion: `points` is exactly `weight * value`.

    `value` is in [0, 1], or in [-1, 0] for a brake. `evidence` holds references of gifts and offers, newest
    first.
    """

    key: str
    weight: float
    value: float
    points: float
    facts: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A partner for a need, both by reference.

    `score` is exactly `math.fsum` of the terms' points; 100 is the best conceivable fit. `offer` is set where the
    question was about standing offers: the pair was then read with this offer alone.
    """

    need: str
    partner: str
    score: float
    terms: tuple[Term, ...]
    offer: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Suggestions, best first, and what variety held back: {State: needs that scored enough to be shown}."""

    shown: tuple[Suggestion, ...]
    held_back: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why a partner cannot be suggested for a need: reason codes of `constraints.REASONS`, in that order."""

    need: str
    partner: str
    reasons: tuple[str, ...]
