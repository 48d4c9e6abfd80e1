"""The reasons that history does not hold: declared priorities, offers, words, language, size, timing.

Each function looks at one visible idea and returns a `Reading`, or None where it has nothing to say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from .constraints import Candidate
from .history import Place
from .records import Need, Offer

URGENT_DAYS = 3 * 365  # a deadline further away than three years is not urgent yet
SIZE_DECADES = 1.5  # a need this many powers of ten away from the usual gift no longer fits
LEVELS = {"country": 1.0, "subregion": 0.8, "region": 0.5}
LEFT_OPEN = 0.4  # an offer that leaves a side open fits, but says less than one that names it


@dataclass(frozen=True, slots=True)
class Reading:
    """What one term reads: a value in [-1, 1], the facts behind it, and the references that prove them."""

    value: float
    facts: dict[str, Any]
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """One need and one partner, how like the need each of its offers reads, and its usual (median) gift in dollars.

    `words` and `meaning` hold whole percents by offer, zeros left out.
    """

    need: Need
    candidate: Candidate
    today: date
    words: Mapping[str, int] = field(default_factory=dict)
    meaning: Mapping[str, int] = field(default_factory=dict)
    usual_gift: float | None = None


def where(need: Need) -> Place:
    """Return the place of a need's State."""
    return Place(need.region, need.subregion, need.neighbours)


def match_place(need: Need, countries: tuple[str, ...], regions: tuple[str, ...]) -> tuple[str, str] | None:
    """Return (code, level) of the narrowest named place that holds the need's State; None when none does."""
    if need.state in countries:
        return need.state, "country"
    if need.subregion and need.subregion in regions:
        return need.subregion, "subregion"
    if need.region and need.region in regions:
        return need.region, "region"
    return None


def priority_theme(pair: Pair) -> Reading | None:
    """The need's theme is one that the partner named."""
    return (
        Reading(1.0, {"theme": pair.need.theme}) if pair.need.theme in pair.candidate.partner.themes else None
    )


def priority_place(pair: Pair) -> Reading | None:
    """The need's State, or its area, is one that the partner named."""
    place = match_place(pair.need, pair.candidate.partner.countries, pair.candidate.partner.regions)
    return Reading(LEVELS[place[1]], {"place": place[0], "level": place[1]}) if place else None


def priority_kind(pair: Pair) -> Reading | None:
    """The share of the kinds asked for that the partner named among its priorities."""
    asked = set(pair.need.kinds)
    shared = tuple(sorted(asked & set(pair.candidate.partner.kinds)))
    return Reading(len(shared) / len(asked), {"kinds": shared}) if shared else None


def theme_side(offer: Offer, need: Need) -> float | None:
    """How an offer's themes fit: 1 named, LEFT_OPEN where it names none, None where it names others."""
    if not offer.themes:
        return LEFT_OPEN
    return 1.0 if need.theme in offer.themes else None


def place_side(offer: Offer, need: Need) -> float | None:
    """How an offer's places fit: by the narrowest that holds the State, LEFT_OPEN, or None."""
    if not (offer.countries or offer.regions):
        return LEFT_OPEN
    place = match_place(need, offer.countries, offer.regions)
    return LEVELS[place[1]] if place else None


def kinds_side(offer: Offer, need: Need) -> float | None:
    """How an offer's kinds fit: 1 where one is asked for, LEFT_OPEN where either names none, or None."""
    if not (offer.kinds and need.kinds):
        return LEFT_OPEN
    return None if set(offer.kinds).isdisjoint(need.kinds) else 1.0


OFFER_SIDES: dict[str, tuple[float, Callable[[Offer, Need], float | None]]] = {
    "theme": (0.4, theme_side),
    "place": (0.35, place_side),
    "kinds": (0.25, kinds_side),
}


def _fit_of(offer: Offer, need: Need) -> Reading | None:
    """Weigh one offer against the need, side by side; one side that contradicts it rules the offer out."""
    parts = []
    for share, side in OFFER_SIDES.values():
        value = side(offer, need)
        if value is None:
            return None
        parts.append(share * value)
    place = match_place(need, offer.countries, offer.regions)
    facts = {
        "offer": offer.ref,
        "theme": need.theme if need.theme in offer.themes else None,
        "place": place[0] if place else None,
        "level": place[1] if place else None,
        "kinds": tuple(sorted(set(offer.kinds) & set(need.kinds))),
    }
    return Reading(math.fsum(parts), facts, (offer.ref,))


def offer_fits(pair: Pair) -> Reading | None:
    """The partner's best open offer that nothing in it contradicts."""
    fits = [fit for offer in pair.candidate.offers if (fit := _fit_of(offer, pair.need))]
    return min(fits, key=lambda fit: (-fit.value, fit.evidence), default=None)


def uncontradicted(offers: tuple[Offer, ...], need: Need) -> tuple[Offer, ...]:
    """Return the offers that no side of the need contradicts: the words of the others do not count."""
    return tuple(offer for offer in offers if all(side(offer, need) is not None for _share, side in OFFER_SIDES.values()))


def _likest(percents: Mapping[str, int]) -> Reading | None:
    offer = min(percents, key=lambda ref: (-percents[ref], ref), default=None)
    return Reading(percents[offer] / 100, {"offer": offer}, (offer,)) if offer else None


def similar_words(pair: Pair) -> Reading | None:
    """The open offer whose words are nearest; the engine names the words, only for what is shown."""
    return _likest(pair.words)


def similar_meaning(pair: Pair) -> Reading | None:
    """The open offer whose meaning is nearest, whatever the languages of the two texts."""
    return _likest(pair.meaning)


def language(pair: Pair) -> Reading | None:
    """An official language of the State in common.

    The language a need is written in says nothing of the State, and the same need in another language must find the
    same partners; it counts, by half, only where the State's languages are not known.
    """
    spoken = set(pair.candidate.partner.languages).union(
        *(offer.languages for offer in pair.candidate.offers)
    )
    official = tuple(sorted(spoken & set(pair.need.state_languages)))
    if official:
        return Reading(1.0, {"languages": official, "of_state": True})
    written = not pair.need.state_languages and pair.need.language in spoken
    return Reading(0.5, {"languages": (pair.need.language,), "of_state": False}) if written else None


def size_fits(pair: Pair) -> Reading | None:
    """How near the yearly amount is, in powers of ten, to the declared range, else the declared typical amount, else
    the usual gift.
    """
    need, partner = pair.need, pair.candidate.partner
    yearly = need.gap_usd / need.years if need.gap_usd else 0.0
    if not yearly:
        return None
    bounds = [bound for bound in (partner.amount_min, partner.amount_max) if bound]
    if bounds:
        low, high = partner.amount_min or 0.0, partner.amount_max or math.inf
        typical = min(max(yearly, low), high)
    elif partner.amount_typical:
        typical = partner.amount_typical
    elif pair.usual_gift:
        typical = pair.usual_gift
    else:
        return None
    value = 1 - abs(math.log10(yearly) - math.log10(typical)) / SIZE_DECADES
    facts = {"gap_usd": need.gap_usd, "yearly_usd": yearly, "typical_usd": typical,
             "declared": bool(bounds or partner.amount_typical)}
    return Reading(value, facts) if value > 0 else None


def multi_year(pair: Pair) -> Reading | None:
    """The need runs over several years and the partner commits for several."""
    fits = pair.need.years > 1 and pair.candidate.partner.multi_year
    return Reading(1.0, {"years": pair.need.years}) if fits else None


def deadline_urgent(pair: Pair) -> Reading | None:
    """How near the obligation's deadline is; one that has passed without being met counts whole."""
    if pair.need.deadline is None:
        return None
    days = (pair.need.deadline - pair.today).days
    value = min(1.0, 1 - days / URGENT_DAYS)
    return Reading(value, {"days": days, "date": pair.need.deadline}) if value > 0 else None


def few_donors(pair: Pair) -> Reading | None:
    """Nobody, or hardly anybody, has pledged to this need."""
    donors = len(set(pair.need.donors))
    return Reading(1 / (1 + donors), {"donors": donors}) if donors < 3 else None


def outside_places(pair: Pair) -> Reading | None:
    """Brake: the partner named places, and neither they nor an open offer hold this State."""
    partner, need = pair.candidate.partner, pair.need
    named = partner.countries or partner.regions
    if (
        not named
        or match_place(need, partner.countries, partner.regions)
        or any(match_place(need, offer.countries, offer.regions) for offer in pair.candidate.offers)
    ):
        return None
    return Reading(-1.0, {"countries": partner.countries, "regions": partner.regions})


def outside_themes(pair: Pair) -> Reading | None:
    """Brake: the partner named themes, and neither they nor an open offer hold this one."""
    themes = pair.candidate.partner.themes
    offered = {theme for offer in pair.candidate.offers for theme in offer.themes}
    if not themes or pair.need.theme in offered.union(themes):
        return None
    return Reading(-1.0, {"themes": themes})


def size_differs(pair: Pair) -> Reading | None:
    """Brake: the whole gap is smaller than the least the partner gives (a larger one can be met in part)."""
    gap, least = pair.need.gap_usd, pair.candidate.partner.amount_min
    if not gap or not least or gap >= least:
        return None
    return Reading(-min(1.0, math.log10(least) - math.log10(gap)), {"gap_usd": gap, "amount_min": least})


@dataclass(frozen=True, slots=True)
class Reader:
    """How one term is read, and the side of the need it looks at: with the same side comes the same reading.

    "ground": the State and the theme; "kinds"; "speech": the languages and the years; "fit": the State, the theme and
    the kinds; "size": the gap; "need": the need alone, whoever the partner is; "text".
    """

    side: str
    read: Callable[[Pair], Reading | None]


READERS: dict[str, Reader] = {
    "offer-fits": Reader("fit", offer_fits),
    "priority-place": Reader("ground", priority_place),
    "priority-theme": Reader("ground", priority_theme),
    "similar-words": Reader("text", similar_words),
    "similar-meaning": Reader("text", similar_meaning),
    "size-fits": Reader("size", size_fits),
    "deadline-urgent": Reader("need", deadline_urgent),
    "few-donors": Reader("need", few_donors),
    "priority-kind": Reader("kinds", priority_kind),
    "language": Reader("speech", language),
    "multi-year": Reader("speech", multi_year),
    "outside-places": Reader("ground", outside_places),
    "outside-themes": Reader("ground", outside_themes),
    "size-differs": Reader("size", size_differs),
}

# Reasons that would hold for any partner, or nearly: alone they are no ground to suggest one.
NOT_ENOUGH_ALONE = frozenset({"deadline-urgent", "few-donors", "language", "size-fits", "multi-year"})


def ground(need: Need) -> tuple[Any, ...]:
    """What terms of history and priorities read: the State, where it is, and the theme."""
    return need.state, need.region, need.subregion, need.neighbours, need.theme


def speech(need: Need) -> tuple[Any, ...]:
    """What the terms of language and duration read."""
    return need.state_languages, need.language, need.years


def fit(need: Need) -> tuple[Any, ...]:
    """What the term of standing offers reads."""
    return need.state, need.region, need.subregion, need.theme, need.kinds


# The sides of which many needs have the same value; a partner is read once against each.
SIDES: dict[str, Callable[[Need], Any]] = {
    "ground": ground, "kinds": lambda need: need.kinds, "speech": speech, "fit": fit}


@cache
def reading(side: str) -> dict[str, Callable[[Pair], Reading | None]]:
    """Return the readers of one side, by term key."""
    return {key: reader.read for key, reader in READERS.items() if reader.side == side}
