"""What was known of past contributions before one year, and the five values the engine reads from it.

Leakage is impossible by construction: a `History` holds nothing of its own year or later.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from .records import Gift

# Chosen by a coarse grid on the contributions of 2009-2019; the ranking moves little around these values.
HALF_LIFE_YEARS = 2.0  # how fast a past gift fades
FADED_SHARE = 0.1  # what never fades: a partner that once gave is not a stranger
UNIT_USD = 1_000.0  # strength is log(1 + amount / unit): that a partner gives tells more than how much
UNKNOWN_SIZE = 5.0  # strength of a gift without an amount: that of about 150,000 dollars, a small project
EVIDENCE_LIMIT = 12  # newest gifts named as evidence; the facts count them all

# Half-way marks: the strength at which a term reaches half of its value (about one recent gift to a State;
# several nearby).
HALF_STATE = 5.0
HALF_NEARBY = 8.0
HALF_THEME = 20.0
HALF_BREADTH = 6.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a State is: M49 region and subregion codes, and the States it borders."""

    region: str = ""
    subregion: str = ""
    neighbours: tuple[str, ...] = ()

    def area(self) -> str:
        """Return the narrowest known area code, or an empty text."""
        return self.subregion or self.region


@dataclass(frozen=True, slots=True)
class Ask:
    """The side of a need that history is compared with: who asks, where it is, for what."""

    state: str
    theme: str
    place: Place


def saturate(strength: float, half: float) -> float:
    """Map a strength of zero or more to [0, 1): 0.5 where it equals `half` (same unit), never quite 1."""
    return strength / (strength + half)


class History:
    """Past gifts of every donor, as known at the start of `as_of`.

    Args: gifts in any order (those of `as_of` or later are left out); as_of, a year; places, where the
    recipients are.
    """

    def __init__(self, gifts: Iterable[Gift], as_of: int, places: Mapping[str, Place]) -> None:
        self.as_of = as_of
        self._places = places
        self._gifts: dict[str, dict[str, list[Gift]]] = defaultdict(lambda: defaultdict(list))
        self._strength: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self._presence: dict[str, dict[str, float]] = defaultdict(dict)
        self._theme: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for gift in sorted(gifts, key=lambda g: (g.year, g.ref)):
            if gift.year < as_of:
                self._add(gift)

    def _add(self, gift: Gift) -> None:
        fade = FADED_SHARE + (1 - FADED_SHARE) * 0.5 ** ((self.as_of - 1 - gift.year) / HALF_LIFE_YEARS)
        size = UNKNOWN_SIZE if gift.amount_usd is None else math.log1p(gift.amount_usd / UNIT_USD)
        self._gifts[gift.donor][gift.recipient].append(gift)
        self._strength[gift.donor][gift.recipient] += fade * size
        self._presence[gift.donor][gift.recipient] = fade  # gifts come in order of year: the latest stays
        for theme in gift.themes:
            self._theme[gift.donor][theme] += fade

    @property
    def donors(self) -> tuple[str, ...]:
        """Every donor known so far, in order of reference."""
        return tuple(sorted(self._gifts))

    def gifts(self, donor: str) -> tuple[Gift, ...]:
        """Return the gifts of a donor, oldest first."""
        return tuple(
            sorted((g for some in self._of(donor).values() for g in some), key=lambda g: (g.year, g.ref))
        )

    def usual_gift(self, donor: str) -> float | None:
        """Return the median of a donor's known amounts, in dollars; None where none is known."""
        amounts = [gift.amount_usd for gift in self.gifts(donor) if gift.amount_usd]
        return median(amounts) if amounts else None

    def _of(self, donor: str) -> Mapping[str, list[Gift]]:
        return self._gifts.get(donor) or {}

    def _bordering(self, donor: str, ask: Ask) -> list[str]:
        given = self._of(donor)
        return sorted(state for state in set(ask.place.neighbours) if state in given and state != ask.state)

    def _nearby(self, donor: str, ask: Ask) -> list[str]:
        """States of the same area the donor gave to, bordering ones left out: they have their own term."""
        by_sub, area = bool(ask.place.subregion), ask.place.area()
        if not area:
            return []
        out = {ask.state, *ask.place.neighbours}
        found = []
        for state in self._of(donor):
            place = self._places.get(state)
            if place and state not in out and (place.subregion if by_sub else place.region) == area:
                found.append(state)
        return sorted(found)

    def _sum(self, donor: str, states: Iterable[str]) -> float:
        strength = self._strength[donor]
        return sum(strength[state] for state in states)

    def values(self, donor: str, ask: Ask) -> dict[str, float]:
        """Return the value in [0, 1] of each history term, by term key."""
        given = self._of(donor)
        if not given:
            return dict.fromkeys(FACTS, 0.0)
        breadth = sum(weight for state, weight in self._presence[donor].items() if state != ask.state)
        return {
            "gave-to-state": saturate(
                self._sum(donor, (ask.state,)) if ask.state in given else 0.0, HALF_STATE
            ),
            "gave-to-neighbours": saturate(self._sum(donor, self._bordering(donor, ask)), HALF_NEARBY),
            "active-in-region": saturate(self._sum(donor, self._nearby(donor, ask)), HALF_NEARBY),
            "gave-for-theme": saturate(self._theme[donor].get(ask.theme, 0.0), HALF_THEME),
            "donor-breadth": saturate(breadth, HALF_BREADTH),
        }

    def facts(self, key: str, donor: str, ask: Ask) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Return the facts a person needs to check a history term, and the gifts behind it, newest first.

        Raises KeyError for a key that is not a history term.
        """
        return FACTS[key](self, donor, ask)

    def _to_state(self, donor: str, ask: Ask) -> tuple[dict[str, Any], tuple[str, ...]]:
        gifts = self._of(donor)[ask.state]
        amounts = [g.amount_usd for g in gifts if g.amount_usd is not None]
        themes = Counter(theme for g in gifts for theme in g.themes)
        top = min(themes, key=lambda t: (-themes[t], t)) if themes else None
        return {
            "state": ask.state,
            "count": len(gifts),
            "first_year": gifts[0].year,
            "last_year": gifts[-1].year,
            "amount_usd": math.fsum(amounts) if amounts else None,
            "top_theme": top,
        }, _newest(gifts)

    def _to_neighbours(self, donor: str, ask: Ask) -> tuple[dict[str, Any], tuple[str, ...]]:
        return self._about(donor, self._bordering(donor, ask))

    def _in_region(self, donor: str, ask: Ask) -> tuple[dict[str, Any], tuple[str, ...]]:
        facts, refs = self._about(donor, self._nearby(donor, ask))
        return {"region": ask.place.area(), **facts}, refs

    def _about(self, donor: str, states: list[str]) -> tuple[dict[str, Any], tuple[str, ...]]:
        gifts = [gift for state in states for gift in self._of(donor)[state]]
        return {
            "states": tuple(states),
            "count": len(gifts),
            "last_year": max(g.year for g in gifts),
        }, _newest(gifts)

    def _for_theme(self, donor: str, ask: Ask) -> tuple[dict[str, Any], tuple[str, ...]]:
        gifts = [gift for gift in self.gifts(donor) if ask.theme in gift.themes]
        return {"theme": ask.theme, "count": len(gifts), "last_year": gifts[-1].year}, _newest(gifts)

    def _breadth(self, donor: str, ask: Ask) -> tuple[dict[str, Any], tuple[str, ...]]:
        years = [gifts[-1].year for state, gifts in self._of(donor).items() if state != ask.state]
        return {"states": len(years), "last_year": max(years)}, ()


def _newest(gifts: Iterable[Gift]) -> tuple[str, ...]:
    ordered = sorted(gifts, key=lambda g: (-g.year, g.ref))
    return tuple(gift.ref for gift in ordered[:EVIDENCE_LIMIT])


FACTS = {
    "gave-to-state": History._to_state,
    "gave-to-neighbours": History._to_neighbours,
    "active-in-region": History._in_region,
    "gave-for-theme": History._for_theme,
    "donor-breadth": History._breadth,
}
