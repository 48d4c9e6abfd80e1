"""How past contributions correct the prior weights: an additive logistic regression, held to the priors.

The examples are the pairs (recipient and year whose donor list is complete, donor known before that year);
the answer is whether that donor gave in that year, and the values are read from a history that ends before
it.

The rule that blends prior and data. With prior weights m (points) and values x, the log-odds of a gift are
modelled as

    b + a * (m . x) + d . x

where `a` turns points into log-odds and is all but free, and `d` is pulled to zero by the ridge penalty of
the regression. With few examples d stays near zero and the weights stay m; with many, the data decide. A
reason never counts against a partner, so a negative weight becomes zero, and the whole is brought back to
the sum of the priors: history can move points between its own terms, but never take any from offers,
priorities or urgency. Where no taught reason speaks for a gift, or there is nothing to learn from, the
priors stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .history import Ask, History, Place, complete_lists
from .records import Gift
from .weights import ROUND_POINTS, TAUGHT, prior_weights

RIDGE = 1.0  # scikit-learn's C (inverse penalty), as it comes: from 0.3 to 10 the ranking hardly changes
ANCHOR = 30.0  # the prior's column is this many times larger than the others, so the penalty hardly feels it
NO_THEME = ""  # what was asked for in a past year is not on record


def examples(gifts: Iterable[Gift], places: Mapping[str, Place]) -> tuple[list[list[float]], list[int]]:
    """Return the values (rows in the order of `TAUGHT`, each in [0, 1]) and answers (1 gave, 0 did not)."""
    gifts = list(gifts)
    rows: list[list[float]] = []
    gave: list[int] = []
    before: dict[int, History] = {}
    for (year, recipient), donors in complete_lists(gifts).items():
        history = before.get(year) or before.setdefault(year, History(gifts, year, places))
        ask = Ask(recipient, NO_THEME, places.get(recipient, Place()))
        for donor in history.donors:
            values = history.values(donor, ask)
            rows.append([values[key] for key in TAUGHT])
            gave.append(int(donor in donors))
    return rows, gave


def learn(gifts: Iterable[Gift], places: Mapping[str, Place]) -> dict[str, float]:
    """Return every term's weight in points, the taught ones corrected by the gifts by the rule above."""
    weights = prior_weights()
    rows, gave = examples(gifts, places)
    if len(set(gave)) < 2:
        return weights
    taught = _correct([weights[key] for key in TAUGHT], rows, gave)
    return {**weights, **dict(zip(TAUGHT, taught, strict=True))}


def _correct(prior: list[float], rows: list[list[float]], gave: list[int]) -> list[float]:
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    x, m = np.asarray(rows), np.asarray(prior)
    unit = m / m.sum()
    anchored = np.column_stack([ANCHOR * (x @ unit), x])
    model = LogisticRegression(C=RIDGE, solver="newton-cholesky").fit(anchored, np.asarray(gave))
    anchor, differences = model.coef_[0][0], model.coef_[0][1:]
    learned = np.clip(ANCHOR * anchor * unit + differences, 0.0, None)
    if not learned.any():
        return prior
    return [round(float(points), ROUND_POINTS) for points in learned * m.sum() / learned.sum()]
