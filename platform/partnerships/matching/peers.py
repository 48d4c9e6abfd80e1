"""State and State: whose experience, equipment or example could help an affected State (South-South cooperation).

The same additive form as for partners and needs. Nothing here is learned: no record says which States helped each other
with advice, so the points are judgements, written down below.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .records import Term


@dataclass(frozen=True, slots=True)
class State:
    """What the register knows of a State as a peer.

    `asks`: themes of its open needs; `supported`: themes of its needs that found support, with the need's reference;
    `offers`: (reference, themes) of its open standing offers; `completed`: the year in which it had cleared all
    known mined areas, where a source says so.
    """

    ref: str
    region: str = ""
    subregion: str = ""
    neighbours: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    supported: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    completed: int | None = None
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Peer:
    """A State that could help another. `score` is exactly `math.fsum` of the terms' points; at most 100."""

    state: str
    peer: str
    score: float
    terms: tuple[Term, ...]


Found = tuple[float, dict[str, Any], tuple[str, ...]] | None


def _offers(one: State, peer: State) -> Found:
    """It has a standing offer for what is asked, or one that leaves the theme open."""
    fits = [(1.0 if set(themes) & set(one.asks) else 0.5, ref) for ref, themes in peer.offers
            if not themes or set(themes) & set(one.asks)]
    if not fits or not one.asks:
        return None
    value, ref = min(fits, key=lambda fit: (-fit[0], fit[1]))
    return value, {"offer": ref}, (ref,)


def _completed(one: State, peer: State) -> Found:
    """It has finished the clearance that the other still has before it: experience, and perhaps equipment."""
    if peer.completed is None or one.completed is not None:
        return None
    return 1.0, {"year": peer.completed}, ()


def _found_support(one: State, peer: State) -> Found:
    """It found support for what the other asks: how it did is worth asking."""
    themes = tuple(sorted(set(one.asks) & set(peer.supported)))
    return (1.0, {"themes": themes}, tuple(peer.supported[theme] for theme in themes)) if themes else None


def _same_needs(one: State, peer: State) -> Found:
    """Both have open needs in the same themes: one training or study may serve both."""
    themes = tuple(sorted(set(one.asks) & set(peer.asks)))
    return (len(themes) / len(set(one.asks)), {"themes": themes}, ()) if themes else None


def _near(one: State, peer: State) -> Found:
    """A common border, or else the same part of the world."""
    if peer.ref in one.neighbours or one.ref in peer.neighbours:
        return 1.0, {"level": "border"}, ()
    if one.subregion and one.subregion == peer.subregion:
        return 0.6, {"level": "subregion", "place": one.subregion}, ()
    if one.region and one.region == peer.region:
        return 0.3, {"level": "region", "place": one.region}, ()
    return None


def _language(one: State, peer: State) -> Found:
    """An official language in common."""
    shared = tuple(sorted(set(one.languages) & set(peer.languages)))
    return (1.0, {"languages": shared}, ()) if shared else None


@dataclass(frozen=True, slots=True)
class _Weight:
    points: float
    read: Callable[[State, State], Found]
    is_ground: bool = True


TERMS: dict[str, _Weight] = {
    "peer-offers": _Weight(25, _offers),
    "peer-completed": _Weight(20, _completed),
    "peer-found-support": _Weight(20, _found_support),
    "peer-same-needs": _Weight(10, _same_needs),
    "peer-near": _Weight(15, _near, is_ground=False),  # alone, a border is no reason to write a letter
    "peer-language": _Weight(10, _language, is_ground=False),
}


def score(one: State, peer: State) -> Peer | None:
    """Return the explained score of a pair; None where neither may be suggested to the other, or nothing speaks."""
    if one.ref == peer.ref or peer.ref in one.excluded or one.ref in peer.excluded:
        return None
    terms = []
    grounded = False
    for key, weight in TERMS.items():
        if found := weight.read(one, peer):
            value, facts, evidence = found
            terms.append(Term(key, weight.points, round(value, 6), weight.points * round(value, 6), facts, evidence))
            grounded |= weight.is_ground
    if not grounded:
        return None
    ordered = tuple(sorted(terms, key=lambda term: (-term.points, term.key)))
    return Peer(one.ref, peer.ref, math.fsum(term.points for term in ordered), ordered)


def peers_for(one: State, states: Iterable[State], *, limit: int = 5) -> list[Peer]:
    """Return the States that could help one, best first, ties by reference."""
    found = (result for peer in states if (result := score(one, peer)))
    return heapq.nsmallest(limit, found, key=lambda peer: (-peer.score, peer.peer))
