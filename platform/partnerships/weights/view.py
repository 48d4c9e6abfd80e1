"""What the pages of the weights show: terms with their points and why, what was measured, and what a version changes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from partnerships.core.actor import PUBLIC
from partnerships.matching.weights import BRAKES, PRIORS, Weights
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.parties.words import name
from partnerships.suggestions import engine
from partnerships.suggestions.models import EngineWeights, Origin
from partnerships.suggestions.words import TERMS
from partnerships.weights import service

FIRST = 5  # partners of a need that a page shows
SHOWN = 30  # needs that a preview lists
RANKINGS = ("engine", "dollars", "decayed", "previous", "popularity", "random")


@dataclass(frozen=True)
class Row:
    """One term. A brake's points are negative here, as they count. `before` is what serves, in a comparison."""

    key: str
    name: str
    points: float
    prior: float
    origin: str
    why: str
    is_brake: bool
    before: float = 0.0

    @property
    def change(self) -> float:
        """Points more or fewer than serve now."""
        return self.points - self.before


def terms(points: Mapping[str, float]) -> list[Row]:
    """Every term with its points, where they come from and why: the reasons, then the brakes."""
    return beside(points, points)


def beside(points: Mapping[str, float], serving: Mapping[str, float]) -> list[Row]:
    """Every term with its points in one version, and in the one that serves."""
    return [Row(prior.key, str(TERMS[prior.key]), sign * points[prior.key], sign * prior.points,
                _origin(prior, points[prior.key]), prior.why, sign < 0, sign * serving[prior.key])
            for group, sign in ((PRIORS, 1.0), (BRAKES, -1.0)) for prior in group]


def _origin(prior: Any, points: float) -> str:
    learned = service.shipped().weights[prior.key]
    if abs(points - learned) >= 0.0005:
        return _("adjusted by the ISU")
    if prior.taught:
        return _("learned from contributions")
    return _("moved by answers") if abs(learned - prior.points) >= 0.0005 else _("set as a judgement")


def digest(points: Mapping[str, float]) -> str:
    """The version of these weights, as suggestions carry it."""
    return Weights.of(points).version


def total(points: Mapping[str, float]) -> float:
    """The sum of the reasons' points."""
    return math.fsum(points[prior.key] for prior in PRIORS)


@dataclass(frozen=True)
class Training:
    """What a version was learned from, and how good it was. `is_own` is False for weights adjusted since."""

    data: Mapping[str, Any]
    metrics: Mapping[str, Any]
    is_own: bool
    rows: list[tuple[str, Mapping[str, float]]]


def training(active: EngineWeights | None) -> Training:
    """The training of a version; for one adjusted by hand, that of the weights that come with the platform."""
    own = active is None or (active.origin is Origin.TRAINED and "data" in active.training)
    kept = active.training if active is not None and own else {}
    data, metrics = kept.get("data", service.shipped().data), kept.get("metrics", service.shipped().metrics)
    names = {
        "engine": _("The engine's terms of past support"),
        "dollars": _("Faded amount to this State, then to all"),
        "decayed": _("Faded logarithm of the amount to this State, then to all"),
        "previous": _("Gave to this State before, then popularity"),
        "popularity": _("Popularity: faded number of gifts to anybody"), "random": _("Random order"),
    }
    found = metrics.get("rankings", {})
    return Training(data, metrics, own, [(names[key], found[key]) for key in RANKINGS if key in found])


@dataclass(frozen=True)
class Moved:
    """A need whose first partners change."""

    need: Need
    enters: list[str]
    leaves: list[str]


@dataclass(frozen=True)
class Spread:
    """How suggestions spread: the share of first places that go to the five most suggested, and all who are suggested."""

    share: float
    partners: int


@dataclass(frozen=True)
class Effect:
    """What a version would change: of `needs` open public needs, `changed` get other first partners; `moved` are some."""

    needs: int
    changed: int
    moved: list[Moved]
    before: Spread
    after: Spread


def effect(points: Mapping[str, float]) -> Effect:
    """Compare the first five partners of every open public need with those that serve now give."""
    here = engine.world(PUBLIC)
    before = _first(here.matcher, here.needs)
    after = _first(engine.with_weights(PUBLIC, points), here.needs)
    others = {ref: (set(after[ref]) - set(before[ref]), set(before[ref]) - set(after[ref])) for ref in before}
    changed = sorted((ref for ref, (enters, leaves) in others.items() if enters or leaves),
                     key=lambda ref: (-len(others[ref][0] | others[ref][1]), ref))
    records = needs.by_refs(PUBLIC, changed[:SHOWN])
    moved = [Moved(records[ref], _names(others[ref][0], here.parties), _names(others[ref][1], here.parties))
             for ref in changed[:SHOWN] if ref in records]
    return Effect(len(before), len(changed), moved, _spread(before), _spread(after))


def _first(matcher: Any, refs: Collection[str]) -> dict[str, list[str]]:
    found = matcher.strongest(refs, limit=FIRST)
    return {ref: [one.partner for one in found.get(ref, ())] for ref in refs}


def _spread(first: Mapping[str, list[str]]) -> Spread:
    places = Counter(partner for partners in first.values() for partner in partners)
    top = sum(count for _partner, count in places.most_common(FIRST))
    return Spread(top / places.total() if places else 0.0, len(places))


def _names(refs: Collection[str], parties: Mapping[str, Party]) -> list[str]:
    return sorted(name(parties[ref]) for ref in refs)
