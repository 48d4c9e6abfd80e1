"""The weights: one row of data per term, in points; the positive ones sum to 100.

A prior is a judgement written down so that it can be argued with. `taught` says that past contributions can
correct it (see `learning`); the others describe things that no record of past contributions shows, so they
stay as written. What was learned last is shipped in weights.json (see `training`).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

SHIPPED = Path(__file__).with_name("weights.json")
ROUND_POINTS = 3  # weights are rounded, so that two machines' solvers give the same scores


@dataclass(frozen=True, slots=True)
class Prior:
    """One term's starting weight in points, why it is what it is, and where that comes from."""

    key: str
    points: float
    taught: bool
    why: str
    source: str


_CONTRIBUTIONS = "Back-test on contributions 2009-2019 compiled from the Landmine Monitor's country profiles"
_REGISTERS = "Comparison of earlier registers and of how donors choose (domain notes of this project)"

PRIORS: tuple[Prior, ...] = (
    Prior(
        "gave-to-state",
        10,
        True,
        "Donors go on where they are, the more so the more they gave and the later.",
        _CONTRIBUTIONS,
    ),
    Prior(
        "gave-regularly",
        10,
        True,
        "A partner that gave in most of the years on record is likelier to come back than one that gave much once.",
        _CONTRIBUTIONS,
    ),
    Prior(
        "donor-breadth",
        9,
        True,
        "A partner found on many States' donor lists is likelier to be found on one more.",
        _CONTRIBUTIONS,
    ),
    Prior(
        "donor-budget",
        8,
        True,
        "A large programme has room for one more State; the best single sign for a first gift.",
        _CONTRIBUTIONS,
    ),
    Prior(
        "gave-to-neighbours",
        3,
        True,
        "Across the border the same contamination and operators are often met.",
        _CONTRIBUTIONS,
    ),
    Prior(
        "active-in-region",
        2,
        True,
        "Partners with programmes nearby know the operators and the ground.",
        _CONTRIBUTIONS,
    ),
    Prior(
        "gave-for-theme",
        4,
        False,
        "A partner tends to stay with the work it has paid for. Past asks are not on record, so "
        "history cannot say how much: nearly all past gifts were for clearance.",
        _CONTRIBUTIONS,
    ),
    Prior(
        "offer-fits",
        11,
        False,
        "A standing offer is the partner's own word, and the most recent one.",
        _REGISTERS,
    ),
    Prior(
        "priority-place", 9, False, "Declared places decide first in most partners' procedures.", _REGISTERS
    ),
    Prior("priority-theme", 8, False, "Declared themes come next.", _REGISTERS),
    Prior(
        "similar-meaning",
        4,
        False,
        "An offer about the same thing fits finer than the theme tells, in whatever language either is written; "
        "weaker than a declaration.",
        _REGISTERS,
    ),
    Prior(
        "similar-words",
        2,
        False,
        "Shared rare words (a place, a technique) add precision, in one language only.",
        _REGISTERS,
    ),
    Prior("size-fits", 4, False, "A gift of the usual size needs no special decision.", _REGISTERS),
    Prior(
        "deadline-urgent",
        4,
        False,
        "Against concentration: a deadline under Article 5 is every State Party's concern.",
        "Convention, Articles 5 and 6",
    ),
    Prior(
        "few-donors", 4, False, "Against concentration: one donor or none leaves a State exposed.", _REGISTERS
    ),
    Prior(
        "priority-kind",
        3,
        False,
        "The kind is a hard condition already; an exact overlap adds a little.",
        _REGISTERS,
    ),
    Prior("language", 3, False, "A shared language lowers the cost of working together.", _REGISTERS),
    Prior(
        "multi-year",
        2,
        False,
        "Needs over several years are met best by partners that commit for several.",
        _REGISTERS,
    ),
)

BRAKES: tuple[Prior, ...] = (
    Prior(
        "outside-places",
        8,
        False,
        "The partner named other places: possible, but against its stated choice.",
        _REGISTERS,
    ),
    Prior(
        "outside-themes",
        6,
        False,
        "The partner named other themes: possible, but against its stated choice.",
        _REGISTERS,
    ),
    Prior(
        "size-differs", 4, False, "The need is smaller than the least the partner says it gives.", _REGISTERS
    ),
)

TAUGHT: tuple[str, ...] = tuple(prior.key for prior in PRIORS if prior.taught)


def prior_weights() -> dict[str, float]:
    """Return every term's weight in points before any history is read."""
    return {prior.key: float(prior.points) for prior in PRIORS + BRAKES}


@dataclass(frozen=True, slots=True)
class Weights:
    """Every term's weight in points, and a version that changes with any of them."""

    points: Mapping[str, float]
    version: str

    @classmethod
    def of(cls, points: Mapping[str, Any]) -> Weights:
        """Check the points and name their version. Raises ValueError as `checked` does."""
        sound = checked(points)
        digest = hashlib.sha256(json.dumps(sound, sort_keys=True).encode()).hexdigest()
        return cls(MappingProxyType(sound), digest[:8])


def checked(points: Mapping[str, Any]) -> dict[str, float]:
    """Return the points of every term, in the order of the priors.

    Raises ValueError, in words, for a term that is unknown or missing, for points that are not a number of zero or
    more (a brake's weight is positive too: its value is negative), and where every weight is zero.
    """
    known = prior_weights()
    if unknown := sorted(set(points) - set(known)):
        raise ValueError(f"The engine has no term called {unknown[0]}.")
    if missing := sorted(set(known) - set(points)):
        raise ValueError(f"The weight of the term {missing[0]} is missing.")
    for key, value in points.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not (math.isfinite(value) and value >= 0):
            raise ValueError(f"The weight of {key} must be a number of zero or more; it is {value!r}.")
    if not any(points.values()):
        raise ValueError("Every weight is zero: nothing could be ranked.")
    return {key: float(points[key]) for key in known}


@cache
def shipped() -> Weights:
    """Return the weights that came with this version of the platform. Raises ValueError for a damaged file."""
    from .training import from_json  # here, because training builds on this module

    return Weights.of(from_json(SHIPPED.read_text(encoding="utf-8")).weights)
