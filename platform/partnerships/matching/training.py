"""Training as data: what was learned, from what, and how good it is, in one file that people can read and compare.

The shipped one is weights.json beside this module, made from the reference seed by `flask matching train`; its model
card is docs/model-card.md (see `card`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .feedback import Answer, enough, moved
from .history import Place, complete_lists
from .learning import examples, learn
from .records import Gift
from .weights import Weights, checked, prior_weights

FORMAT = 1
MEASURED_YEARS = 6  # the newest years on record are ranked, each from what came before it; the others only teach
MEASURES = ("map", "p5", "cold_map", "cold_r5")


@dataclass(frozen=True, slots=True)
class Trained:
    """Weights with their provenance.

    `weights` and `priors` hold points by term; `data` counts and the digest of the training set; `metrics`
    the forward-chained measures of every ranking, empty where nothing could be measured.
    """

    weights: Mapping[str, float]
    priors: Mapping[str, float]
    trained_on: date
    data: Mapping[str, Any]
    metrics: Mapping[str, Any]

    @property
    def version(self) -> str:
        """The version of the weights, as suggestions carry it."""
        return Weights.of(self.weights).version


def train(
    gifts: Iterable[Gift], places: Mapping[str, Place], *, today: date, answers: Iterable[Answer] = ()
) -> Trained:
    """Learn the weights from the gifts, let the answers move them a little, and measure.

    Args: gifts, of those donors that are to be ranked; places, where the recipients are; today, the date that
    the result carries (gifts of later years are left out); answers, to earlier suggestions.
    The measures are those of the history terms, before any answer: no past answer says who would have given.
    """
    known = sorted((gift for gift in gifts if gift.year <= today.year), key=lambda gift: gift.ref)
    said = list(answers)
    return Trained(
        weights=moved(learn(known, places), said),
        priors=prior_weights(),
        trained_on=today,
        data=_described(known, places, said),
        metrics=_measured(known, places),
    )


def _described(gifts: list[Gift], places: Mapping[str, Place], answers: list[Answer]) -> dict[str, Any]:
    years = sorted({gift.year for gift in gifts})
    digest = hashlib.sha256(repr((gifts, sorted(places.items()))).encode()).hexdigest()
    return {
        "gifts": len(gifts),
        "donors": len({gift.donor for gift in gifts}),
        "recipients": len({gift.recipient for gift in gifts}),
        "years": years,
        "complete_lists": len(complete_lists(gifts)),
        "examples": len(examples(gifts, places)[1]),
        "digest": digest[:16],
        "answers": len(answers),
        "answers_counted": enough(answers),
    }


def _measured(gifts: list[Gift], places: Mapping[str, Place]) -> dict[str, Any]:
    from .evaluation import RANKINGS, backtest  # numpy, only when asked for

    years = sorted({gift.year for gift in gifts})[-MEASURED_YEARS:]
    try:
        report = backtest(gifts, gifts, places, years=years)
    except ValueError:  # too little on record
        return {}
    rankings = {**{name: report[name] for name in RANKINGS}, **report["also"]}
    return {
        "years": report["settings"]["years"],
        "n": report["engine"]["n"],
        "n_cold": report["engine"]["n_cold"],
        "rankings": {name: {key: row[key] for key in MEASURES} for name, row in rankings.items()},
        "difference": report["engine"]["difference"],
    }


def to_json(trained: Trained) -> str:
    """Return the file's text: the same bytes for the same training."""
    terms = {key: {"prior": trained.priors[key], "points": points} for key, points in trained.weights.items()}
    whole = {
        "format": FORMAT,
        "trained_on": trained.trained_on.isoformat(),
        "version": trained.version,
        "terms": terms,
        "data": trained.data,
        "metrics": trained.metrics,
    }
    return json.dumps(whole, indent=1) + "\n"


def from_json(text: str) -> Trained:
    """Return what `to_json` wrote.

    Raises ValueError, in words, for what is no such file: other JSON, a term unknown or missing, a weight that is
    no number of zero or more, every weight zero, or a version that does not belong to the weights.
    """
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"The weights are no JSON: {error}.") from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise ValueError(f"The weights are not in format {FORMAT}.")
    try:
        found = Trained(
            weights=checked({key: row["points"] for key, row in whole["terms"].items()}),
            priors=checked({key: row["prior"] for key, row in whole["terms"].items()}),
            trained_on=date.fromisoformat(whole["trained_on"]),
            data=dict(whole["data"]),
            metrics=dict(whole["metrics"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"The weights' file is damaged: {error!r}.") from error
    if whole.get("version") != found.version:
        raise ValueError("The weights' file was changed: its version does not belong to its weights.")
    return found
