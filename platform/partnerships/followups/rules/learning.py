"""What the ISU's answers teach: how often a rule's suggestions were of use."""

from __future__ import annotations

from collections.abc import Mapping

# As if each rule had been answered four times before, twice to its credit: a rule nobody answered stands at one half, and
# one answer moves it by a tenth, not to nothing. A judgement, written down so that it can be argued with.
PRIOR_GOOD = PRIOR_BAD = 2.0
# How much of a good suggestion an answer says it was. Already done: right, but late. Not now: neither.
CREDIT: Mapping[str, float] = {"taken": 1.0, "already-done": 0.5, "not-now": 0.5, "not-useful": 0.0, "wrong-partner": 0.0,
                               "other": 0.0}


def weight(answers: Mapping[str, int]) -> float:
    """The smoothed share of a rule's suggestions that were of use.

    Arguments: answers, by "taken" or a reason of dismissal, how often. Returns: (credit + a) / (answers + a + b), within
    (0, 1); one half without answers.
    """
    credit = sum(CREDIT[answer] * count for answer, count in answers.items())
    return (credit + PRIOR_GOOD) / (sum(answers.values()) + PRIOR_GOOD + PRIOR_BAD)


def rising(value: float, full: float) -> float:
    """Urgency from 0.1 to 1: in proportion to `value`, whole at `full`."""
    return min(1.0, max(0.1, value / full)) if full > 0 else 1.0
