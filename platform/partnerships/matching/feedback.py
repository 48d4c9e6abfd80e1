"""What people answered to suggestions, as weighted examples that move the weights a little.

With the weights w, the term values x of an answered pair and p = w . x its points, the log-odds of a positive answer
are modelled as

    b + p / 10 + sum of d_k * w_k * x_k / 10

where d is pulled hard to zero: with few answers the weights stay what they are. Each weight is multiplied by 1 + d_k,
kept between half and twice what it was, and the positive ones are brought back to the same sum. One loud user moves
little: what an account, and a party, can contribute in all is capped, and below a least number of parties and answers
nothing moves.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .weights import BRAKES, PRIORS, ROUND_POINTS, checked

# How far each answer speaks: (is it positive, its weight as an example). A deed counts more than a click.
VERDICTS: Mapping[str, tuple[bool, float]] = {
    "agreed": (True, 1.0),
    "interest": (True, 0.6),
    "relevant": (True, 0.4),
    "declined": (False, 1.0),
    "not-relevant": (False, 0.4),
}
ACCOUNT_CAP = 3.0  # example weight of all the answers of one account
PARTY_CAP = 6.0  # and of one party
LEAST_PARTIES = 3
LEAST_ANSWERS = 20
LEAST_FACTOR, MOST_FACTOR = 0.5, 2.0  # of a weight, by all answers together
HOLD = 40.0  # ridge penalty on d: one account alone changes a weight by about a twentieth at most
POINTS_PER_LOGIT = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to one suggestion: the pair's term values in [-1, 1], what was said, and by whom."""

    values: Mapping[str, float]
    verdict: str
    party: str
    account: str

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"An answer is one of {', '.join(VERDICTS)}, not {self.verdict}.")
        known = {prior.key for prior in PRIORS + BRAKES}
        for key, value in self.values.items():
            if key not in known:
                raise ValueError(f"The engine has no term called {key}.")
            if not (math.isfinite(value) and -1 <= value <= 1):
                raise ValueError(f"The value of {key} must lie between -1 and 1; it is {value}.")


def example_weights(answers: Sequence[Answer]) -> list[float]:
    """Return how much each answer counts, after the caps of its account and then of its party."""
    weights = [VERDICTS[answer.verdict][1] for answer in answers]
    weights = _capped(weights, [(answer.party, answer.account) for answer in answers], ACCOUNT_CAP)
    return _capped(weights, [answer.party for answer in answers], PARTY_CAP)


def _capped(weights: Sequence[float], owners: Sequence[Any], cap: float) -> list[float]:
    totals: dict[Any, float] = defaultdict(float)
    for weight, owner in zip(weights, owners, strict=True):
        totals[owner] += weight
    return [weight * min(1.0, cap / totals[owner]) for weight, owner in zip(weights, owners, strict=True)]


def enough(answers: Iterable[Answer]) -> bool:
    """Tell whether there are answers enough, from parties enough, to move anything."""
    answers = list(answers)
    return len(answers) >= LEAST_ANSWERS and len({answer.party for answer in answers}) >= LEAST_PARTIES


def moved(points: Mapping[str, float], answers: Iterable[Answer]) -> dict[str, float]:
    """Return the weights after the answers, by the rule above; their order does not matter.

    Args: points, the weight of every term. Raises ValueError as `weights.checked` does.
    """
    points = checked(points)
    ordered = sorted(answers, key=lambda a: (a.party, a.account, a.verdict, sorted(a.values.items())))
    if not enough(ordered):
        return points
    wanted = _factors(points, ordered)
    reasons = {key: value for key, value in points.items() if key not in {brake.key for brake in BRAKES}}
    scale = _scale(reasons, wanted)
    return {
        key: round(value * _held(wanted[key] * (scale if key in reasons else 1.0)), ROUND_POINTS)
        for key, value in points.items()
    }


def _held(factor: float) -> float:
    return min(max(factor, LEAST_FACTOR), MOST_FACTOR)


def _factors(points: Mapping[str, float], answers: Sequence[Answer]) -> dict[str, float]:
    """The factor 1 + d_k of each term: a ridge-penalised logistic regression with an offset."""
    import numpy as np
    from scipy.optimize import minimize

    x = np.array([[a.values.get(key, 0.0) * points[key] for key in points] for a in answers]) / POINTS_PER_LOGIT
    sign = np.array([1.0 if VERDICTS[answer.verdict][0] else -1.0 for answer in answers])
    counts, offset = np.array(example_weights(answers)), x.sum(axis=1)
    hold = np.array([1.0, *[HOLD] * len(points)])  # the first is b: held lightly, so that it stays finite

    def loss(params: Any) -> tuple[float, Any]:
        margin = sign * (params[0] + offset + x @ params[1:])
        slope = -counts * sign * 0.5 * (1 - np.tanh(margin / 2))  # the derivative of log(1 + e^-margin)
        gradient = np.concatenate([[slope.sum()], x.T @ slope]) + hold * params
        return float(counts @ np.logaddexp(0, -margin) + 0.5 * hold @ params**2), gradient

    found = minimize(loss, np.zeros(len(points) + 1), jac=True, method="L-BFGS-B", options={"ftol": 1e-14, "gtol": 1e-9})
    return {key: 1.0 + float(d) for key, d in zip(points, found.x[1:], strict=True)}


def _scale(reasons: Mapping[str, float], wanted: Mapping[str, float]) -> float:
    """The common factor that keeps the sum of the reasons' points when each is held within its limits."""
    total = math.fsum(reasons.values())

    def surplus(scale: float) -> float:
        return math.fsum(value * _held(max(wanted[key], 0.0) * scale) for key, value in reasons.items()) - total

    return _bisected(surplus)


def _bisected(surplus: Callable[[float], float]) -> float:
    low, high = 0.0, 1e6
    for _ in range(100):
        middle = math.sqrt(low * high) if low else high / 2
        low, high = (middle, high) if surplus(middle) < 0 else (low, middle)
    return high
