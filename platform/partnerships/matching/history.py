"""What was known of past contributions before one year, and the values the engine reads from it.

Leakage is impossible by construction: a `History` holds nothing of its own year or later.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from .records import STAGES, Gift

# Chosen by forward validation on the contributions of 2009-2019; the ranking moves little around these values
# (docs/model-card.md).
HALF_LIFE_YEARS = 2.0  # how fast a past gift fades
# What a gift counts by how far it has come. A signed agreement is a promise with a date; a confirmation in writing is one
# that a parliament or a budget may still undo; of announcements alone, registers of pledges saw about one in five come back
# with any news within eight months (Global Refugee Forum), hence least. What is paid alone teaches the weights.
STAGE_SHARE = {"paid": 1.0, "agreed": 0.5, "confirmed": 0.25, "announced": 0.1}
USUAL = ("paid", "agreed")  # of these a donor's usual size is told: words alone say little of it
UNKNOWN_USD = 150_000.0  # a gift without an amount counts as a small project
UNIT_USD = 10_000.0  # amounts are read as log(1 + amount / unit): that a partner gives tells more than how much
FULL_STATE_USD = 50e6  # the faded amounts at which a term reaches 1
FULL_NEARBY_USD = 100e6
FULL_BUDGET_USD = 500e6
GAP_YEARS = 2  # 2013 is missing from the records, and recent years may be
DOUBT_YEARS = 0.7  # added to the years on record: one gift in one known year is not yet a habit
DOUBT_LISTS = 2.0  # likewise for the lists of donors that a partner could be on
HALF_THEME = 20.0  # the faded number of gifts at which the theme's term reaches one half
BUDGET_YEARS = 3  # of these, the newest on record, a donor's budget is told
EVIDENCE_LIMIT = 12  # newest gifts named as evidence; the facts count them all


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


def size(usd: float, full: float) -> float:
    """Map dollars of zero or more to [0, 1] on a logarithmic scale: 1 from `full` dollars on."""
    return min(1.0, math.log1p(usd / UNIT_USD) / math.log1p(full / UNIT_USD))


def complete_lists(gifts: Iterable[Gift]) -> dict[tuple[int, str], frozenset[str]]:
    """Return {(year, recipient): donors that paid} where every record says that the donor list is complete."""
    donors: dict[tuple[int, str], set[str]] = defaultdict(set)
    incomplete = set()
    for gift in gifts:
        if gift.paid:
            donors[gift.year, gift.recipient].add(gift.donor)
        if not gift.list_complete:
            incomplete.add((gift.year, gift.recipient))
    return {key: frozenset(donors[key]) for key in sorted(donors) if key not in incomplete}


class History:
    """Past gifts of every donor, as known at the start of `as_of`.

    Args: gifts in any order (those of `as_of` or later are left out); as_of, a year; places, where the
    recipients are.
    """

    def __init__(self, gifts: Iterable[Gift], as_of: int, places: Mapping[str, Place]) -> None:
        self.as_of = as_of
        self._places = places
        self._gifts: dict[str, dict[str, list[Gift]]] = defaultdict(lambda: defaultdict(list))
        self._usd: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self._theme: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        past = sorted((gift for gift in gifts if gift.year < as_of), key=lambda g: (g.year, g.ref))
        self._ages = _ages({gift.year for gift in past}, as_of)
        for gift in past:
            self._add(gift)
        self._budget = {donor: sum(usd.values()) for donor, usd in self._usd.items()}
        self._lists: dict[str, set[int]] = defaultdict(set)
        self._named: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for (year, state), donors in complete_lists(past).items():
            self._lists[state].add(year)
            for donor in donors:
                self._named[donor][state].add(year)
        self._listed = {state: self._weight(years) for state, years in self._lists.items()}
        self._named_in = {
            donor: {state: self._weight(years) for state, years in states.items()}
            for donor, states in self._named.items()
        }
        self._all_listed = math.fsum(self._listed.values())
        self._all_named = {donor: math.fsum(states.values()) for donor, states in self._named_in.items()}

    def _fade(self, year: int) -> float:
        return 0.5 ** (self._ages[year] / HALF_LIFE_YEARS)

    def _weight(self, years: Iterable[int]) -> float:
        return math.fsum(self._fade(year) for year in sorted(years))

    def _add(self, gift: Gift) -> None:
        weight = self._fade(gift.year) * _share(gift)
        amount = UNKNOWN_USD if gift.amount_usd is None else gift.amount_usd
        self._gifts[gift.donor][gift.recipient].append(gift)
        self._usd[gift.donor][gift.recipient] += weight * amount
        for theme in gift.themes:
            self._theme[gift.donor][theme] += weight

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
        """Return the median of a donor's known amounts paid or agreed, in dollars; None where none is known."""
        amounts = [gift.amount_usd for gift in self.gifts(donor) if gift.amount_usd and gift.stage in USUAL]
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
        usd = self._usd[donor]
        return sum(usd[state] for state in states)

    def values(self, donor: str, ask: Ask) -> dict[str, float]:
        """Return the value in [0, 1] of each history term, by term key."""
        given = self._of(donor)
        if not given:
            return dict.fromkeys(FACTS, 0.0)
        return {
            "gave-to-state": size(self._sum(donor, (ask.state,) if ask.state in given else ()), FULL_STATE_USD),
            "gave-regularly": self._regularity(donor, ask.state) if ask.state in given else 0.0,
            "gave-to-neighbours": size(self._sum(donor, self._bordering(donor, ask)), FULL_NEARBY_USD),
            "active-in-region": size(self._sum(donor, self._nearby(donor, ask)), FULL_NEARBY_USD),
            "gave-for-theme": saturate(self._theme[donor].get(ask.theme, 0.0), HALF_THEME),
            "donor-breadth": self._reach(donor, ask.state),
            "donor-budget": size(self._budget[donor], FULL_BUDGET_USD),
        }

    def _years_given(self, donor: str, state: str) -> dict[int, float]:
        """The years in which a donor gave to a State, with the `STAGE_SHARE` of the surest gift in each."""
        years: dict[int, float] = {}
        for gift in self._of(donor)[state]:
            years[gift.year] = max(years.get(gift.year, 0.0), _share(gift))
        return years

    def _regularity(self, donor: str, state: str) -> float:
        """The faded share of years that the donor gave in, of the State's years in which that is known."""
        given = self._years_given(donor, state)
        known = given.keys() - self._lists.get(state, ())
        known_weight = self._listed.get(state, 0.0) + self._weight(known)
        return math.fsum(self._fade(year) * share for year, share in given.items()) / (known_weight + DOUBT_YEARS)

    def _reach(self, donor: str, state: str) -> float:
        """The faded share of other States' complete donor lists that name the donor."""
        named = self._all_named.get(donor, 0.0) - self._named_in.get(donor, {}).get(state, 0.0)
        lists = self._all_listed - self._listed.get(state, 0.0)
        return max(0.0, named) / (lists + DOUBT_LISTS)

    def facts(self, key: str, donor: str, ask: Ask) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Return the facts a person needs to check a history term, and the gifts behind it, newest first.

        Only for a term that speaks, that is, whose value is above zero. Raises KeyError for a key that is not a history term.
        """
        return FACTS[key](self, donor, ask)

    def _to_state(self, donor: str, ask: Ask) -> tuple[dict[str, Any], tuple[str, ...]]:
        gifts, stage = _told(self._of(donor)[ask.state])
        themes = Counter(theme for g in gifts for theme in g.themes)
        top = min(themes, key=lambda t: (-themes[t], t)) if themes else None
        return {
            "state": ask.state,
            "count": len(gifts),
            "first_year": gifts[0].year,
            "last_year": gifts[-1].year,
            "amount_usd": _known_sum(gifts),
            "top_theme": top,
            "stage": stage,
        }, _newest(gifts)

    def _regularly(self, donor: str, ask: Ask) -> tuple[dict[str, Any], tuple[str, ...]]:
        gifts, stage = _told(self._of(donor)[ask.state])
        given = {gift.year for gift in gifts}
        known = given | self._lists.get(ask.state, set())
        return {
            "state": ask.state,
            "given": len(given),
            "years": len(known),
            "first_year": min(known),
            "last_year": max(known),
            "amount_usd": _known_sum(gifts),
            "stage": stage,
        }, _newest(gifts)

    def _to_neighbours(self, donor: str, ask: Ask) -> tuple[dict[str, Any], tuple[str, ...]]:
        return self._about(donor, self._bordering(donor, ask))

    def _in_region(self, donor: str, ask: Ask) -> tuple[dict[str, Any], tuple[str, ...]]:
        facts, refs = self._about(donor, self._nearby(donor, ask))
        return {"region": ask.place.area(), **facts}, refs

    def _about(self, donor: str, states: list[str]) -> tuple[dict[str, Any], tuple[str, ...]]:
        gifts, stage = _told([gift for state in states for gift in self._of(donor)[state]])
        return {
            "states": tuple(state for state in states if any(gift.recipient == state for gift in gifts)),
            "count": len(gifts),
            "last_year": max(g.year for g in gifts),
            "stage": stage,
        }, _newest(gifts)

    def _for_theme(self, donor: str, ask: Ask) -> tuple[dict[str, Any], tuple[str, ...]]:
        gifts, stage = _told([gift for gift in self.gifts(donor) if ask.theme in gift.themes])
        facts = {"theme": ask.theme, "count": len(gifts), "last_year": gifts[-1].year, "stage": stage}
        return facts, _newest(gifts)

    def _breadth(self, donor: str, ask: Ask) -> tuple[dict[str, Any], tuple[str, ...]]:
        told, _stage = _told([gift for state, gifts in self._of(donor).items() if state != ask.state for gift in gifts])
        named = sum(len(years) for state, years in self._named[donor].items() if state != ask.state)
        lists = sum(len(years) for state, years in self._lists.items() if state != ask.state)
        states, last_year = {gift.recipient for gift in told}, max(gift.year for gift in told)
        return {"states": len(states), "last_year": last_year, "named": named, "lists": lists}, ()

    def _newest_budget(self, donor: str, ask: Ask) -> tuple[dict[str, Any], tuple[str, ...]]:
        gifts, stage = _told(self.gifts(donor))
        years = sorted({gift.year for gift in gifts})[-BUDGET_YEARS:]
        newest = [gift for gift in gifts if gift.year in years]
        facts = {
            "years": len(years),
            "first_year": years[0],
            "last_year": years[-1],
            "states": len({gift.recipient for gift in newest}),
            "amount_usd": _known_sum(newest),
            "stage": stage,
        }
        return facts, _newest(newest)


def _told(gifts: Sequence[Gift]) -> tuple[list[Gift], str]:
    """Return the gifts to tell of and their stage, the surest there is: what is paid is never mixed with what is not."""
    stage = min((gift.stage for gift in gifts), key=STAGES.index)
    return [gift for gift in gifts if gift.stage == stage], stage


def _ages(years: Iterable[int], as_of: int) -> dict[int, int]:
    """Return how many years ago each year on record was, a gap in the records counting as `GAP_YEARS` at most.

    That nothing is on record for some years does not say that nothing was given.
    """
    ages: dict[int, int] = {}
    age, next_year = 0, as_of - 1
    for year in sorted(years, reverse=True):
        age += min(next_year - year, GAP_YEARS)
        ages[year], next_year = age, year
    return ages


def _share(gift: Gift) -> float:
    return STAGE_SHARE[gift.stage]


def _known_sum(gifts: Iterable[Gift]) -> float | None:
    amounts = [gift.amount_usd for gift in gifts if gift.amount_usd is not None]
    return math.fsum(amounts) if amounts else None


def _newest(gifts: Iterable[Gift]) -> tuple[str, ...]:
    ordered = sorted(gifts, key=lambda g: (-g.year, g.ref))
    return tuple(gift.ref for gift in ordered[:EVIDENCE_LIMIT])


FACTS = {
    "gave-to-state": History._to_state,
    "gave-regularly": History._regularly,
    "gave-to-neighbours": History._to_neighbours,
    "active-in-region": History._in_region,
    "gave-for-theme": History._for_theme,
    "donor-breadth": History._breadth,
    "donor-budget": History._newest_budget,
}
