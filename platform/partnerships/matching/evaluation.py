"""The back-test: would the engine have named the donors that gave, knowing only what came before?

For each recipient and year whose donor list is complete, the donors known before that year (and the true ones) are
ranked from earlier gifts alone. Measures: average precision (Manning, Raghavan, Schütze: Introduction to Information
Retrieval, 8.4), and the share of what could be right among the top five. *Cold* measures look only at donors that
never gave to that recipient before.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .history import HALF_LIFE_YEARS, UNKNOWN_USD, Ask, History, Place, complete_lists
from .learning import NO_THEME, learn
from .records import Gift

COLUMNS = ("year", "donor", "donor_iso3", "recipient_iso3", "amount_usd", "donor_list_complete")
EUROPEAN_UNION = "European Union"  # the one donor without an ISO code that counts
BASELINES = ("random", "popularity", "previous", "decayed")
RANKINGS = ("engine", *BASELINES)
MEASURES = {"map": "ap", "p5": "p5", "cold_map": "cold_ap", "cold_r5": "cold_r5"}  # mean: value per recipient-year
TOP = 5
DRAWS, SEED = 2_000, 6  # of the bootstrap
FIRST_YEAR, LAST_YEAR = 1990, 2100

Score = Callable[[str], tuple[float, ...]]  # of a donor: larger is better, ties by reference
Ranker = Callable[[str], Score]  # of a recipient


def read_gifts(path: Path) -> tuple[Gift, ...]:
    """Return the gifts of States and of the European Union to recipients with an ISO code, from a CSV file.

    An empty amount means that it is not known. Raises ValueError, with file and row, for what cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from error
    if not rows:
        raise ValueError(f"{path.name} holds no rows.")
    if missing := [column for column in COLUMNS if column not in rows[0]]:
        raise ValueError(f"{path.name} has no column {', '.join(missing)}.")
    gifts = []
    for number, row in enumerate(rows, start=2):
        try:
            gift = _gift(f"{path.stem}:{number:06d}", row)
        except ValueError as error:
            raise ValueError(f"{path.name}, row {number}: {error}") from error
        if gift.donor and gift.recipient:
            gifts.append(gift)
    return tuple(gifts)


def _gift(ref: str, row: Mapping[str, str | None]) -> Gift:
    cell = {column: (row[column] or "").strip() for column in COLUMNS}
    if not cell["year"].isdecimal() or not FIRST_YEAR <= int(cell["year"]) <= LAST_YEAR:
        raise ValueError(f"the year must be between {FIRST_YEAR} and {LAST_YEAR}, not {cell['year'] or 'empty'}.")
    for column in ("donor_iso3", "recipient_iso3"):
        if cell[column] and not (len(cell[column]) == 3 and cell[column].isascii() and cell[column].isupper()):
            raise ValueError(f"{column} must be three capital letters or empty, not {cell[column]}.")
    if cell["donor_list_complete"] not in ("yes", "no"):
        raise ValueError(f"donor_list_complete must be yes or no, not {cell['donor_list_complete'] or 'empty'}.")
    donor = "EU" if cell["donor"] == EUROPEAN_UNION else cell["donor_iso3"]
    complete = cell["donor_list_complete"] == "yes"
    return Gift(ref, donor, cell["recipient_iso3"], int(cell["year"]), _amount(cell["amount_usd"]), (), complete)


def _amount(text: str) -> float | None:
    try:
        amount = float(text) if text else None
    except ValueError:
        amount = math.nan
    if amount is not None and not (math.isfinite(amount) and amount >= 0):
        raise ValueError(f"amount_usd must be a number of zero or more, or empty, not {text}.")
    return amount


def average_precision(hits: Sequence[bool]) -> float:
    """Return the mean of the precisions at each hit of a ranking, best first; 0 without any hit."""
    found = [place for place, hit in enumerate(hits, start=1) if hit]
    return math.fsum(rank / place for rank, place in enumerate(found, start=1)) / len(found) if found else 0.0


def top_five(hits: Sequence[bool]) -> float:
    """Return the hits among the first five of a ranking, over how many of them could have been hits."""
    return sum(hits[:TOP]) / min(TOP, sum(hits)) if any(hits) else 0.0


def random_precision(n: int, hits: int) -> float:
    """Return the expected average precision of `n` donors, `hits` of them true, in random order.

    Given a hit at place i, each of the i - 1 places before it holds another with chance (hits - 1) / (n - 1).
    """
    chance = (hits - 1) / (n - 1) if n > 1 else 0.0
    return math.fsum((1 + (place - 1) * chance) / place for place in range(1, n + 1)) / n


def random_top_five(n: int, hits: int) -> float:
    """Return the expected `top_five` of `n` donors, `hits` of them true, in random order."""
    return min(TOP, n) * hits / n / min(TOP, hits)


@dataclass(frozen=True, slots=True)
class _Case:
    """One recipient and year: who gave, and who might have."""

    recipient: str
    year: int
    true: frozenset[str]
    candidates: tuple[str, ...]
    before: frozenset[str]

    def measured(self, score: Score | None) -> dict[str, Any]:
        """The four values of a ranking; None = in random order, whose expectation is exact."""
        warm, cold = list(self.candidates), [donor for donor in self.candidates if donor not in self.before]
        ap, p5 = self._pair(warm, score)
        cold_ap, cold_r5 = self._pair(cold, score) if self.true - self.before else (None, None)
        return {"recipient": self.recipient, "year": self.year, "ap": ap, "p5": p5,
                "cold_ap": cold_ap, "cold_r5": cold_r5}

    def _pair(self, donors: list[str], score: Score | None) -> tuple[float, float]:
        if score is None:
            hits = len(self.true.intersection(donors))
            return round(random_precision(len(donors), hits), 6), round(random_top_five(len(donors), hits), 6)
        ranked = sorted(donors, key=lambda donor: (tuple(-value for value in score(donor)), donor))
        found = [donor in self.true for donor in ranked]
        return round(average_precision(found), 6), round(top_five(found), 6)


def _engine(past: Sequence[Gift], year: int, places: Mapping[str, Place]) -> Ranker:
    """The engine as it stood at the start of the year: weights and history from earlier gifts only."""
    weights, history = learn(past, places), History(past, year, places)

    def of(recipient: str) -> Score:
        ask = Ask(recipient, NO_THEME, places.get(recipient, Place()))

        def score(donor: str) -> tuple[float, ...]:
            return (round(math.fsum(weights[key] * v for key, v in history.values(donor, ask).items()), 6),)

        return score

    return of


def _baselines(past: Sequence[Gift], year: int) -> dict[str, Ranker]:
    """The simple rankings: popularity is the faded number of gifts; the others as their names say."""
    count: dict[str, float] = defaultdict(float)
    logs: dict[tuple[str, str], float] = defaultdict(float)  # by donor and recipient; "" = to all
    usd: dict[tuple[str, str], float] = defaultdict(float)
    for gift in past:
        fade = 0.5 ** ((year - gift.year) / HALF_LIFE_YEARS)
        amount = UNKNOWN_USD if gift.amount_usd is None else gift.amount_usd
        count[gift.donor] += fade
        for to in (gift.recipient, ""):
            logs[gift.donor, to] += fade * math.log1p(amount)
            usd[gift.donor, to] += fade * amount
    gave = {(gift.donor, gift.recipient) for gift in past}
    return {
        "popularity": lambda recipient: lambda donor: (count.get(donor, 0.0),),
        "previous": lambda recipient: lambda donor: (float((donor, recipient) in gave), count.get(donor, 0.0)),
        "decayed": lambda recipient: lambda donor: (logs.get((donor, recipient), 0.0), logs.get((donor, ""), 0.0)),
        "dollars": lambda recipient: lambda donor: (usd.get((donor, recipient), 0.0), usd.get((donor, ""), 0.0)),
    }


def _merged(history: Iterable[Gift], truth: Sequence[Gift]) -> list[Gift]:
    """Both files' gifts, those of one donor, recipient and year counted once: as the truth has them."""
    known = {(gift.donor, gift.recipient, gift.year) for gift in truth}
    return [g for g in history if (g.donor, g.recipient, g.year) not in known] + list(truth)


def _cases(gifts: Sequence[Gift], truth: Sequence[Gift], years: Collection[int] | None) -> list[_Case]:
    found = []
    for (year, recipient), true in complete_lists(truth).items():
        past = [gift for gift in gifts if gift.year < year]
        if not past or (years is not None and year not in years):
            continue
        before = frozenset(gift.donor for gift in past if gift.recipient == recipient)
        found.append(_Case(recipient, year, true, tuple(sorted(true.union(g.donor for g in past))), before))
    return found


def backtest(
    history: Iterable[Gift],
    truth: Iterable[Gift],
    places: Mapping[str, Place],
    *,
    years: Collection[int] | None = None,
) -> dict[str, Any]:
    """Return the measures of the engine and of each baseline, ready for JSON.

    Args: history and truth, gifts of those donors that count, which may overlap; places, where the recipients
    are; years, those to rank for, otherwise every year of the truth that has any year before it. Under each ranking:
    `map`, `p5`, `cold_map`, `cold_r5` (means; None without a cold pair), `n` and `n_cold` (recipient-years), the
    values per recipient-year, and the `difference` to the best baseline with its 95 % interval. `also` holds
    a ranking that is no part of the contract: faded dollars instead of faded log amounts.
    Raises ValueError where there is nothing to rank.
    """
    truth = list(truth)
    gifts = _merged(history, truth)
    cases = _cases(gifts, truth, years)
    if not cases:
        raise ValueError("No recipient and year can be ranked: none has a complete donor list and any year before it.")
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for year in sorted({case.year for case in cases}):
        past = [gift for gift in gifts if gift.year < year]
        rankers = {"engine": _engine(past, year, places), **_baselines(past, year)}
        for case in cases:
            if case.year == year:
                rows["random"].append(case.measured(None))
                for name, ranker in rankers.items():
                    rows[name].append(case.measured(ranker(case.recipient)))
    return _report(rows)


def _report(rows: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    found = {name: _summary(values) for name, values in rows.items()}
    best = {key: max(BASELINES, key=lambda name: found[name][key]) for key in ("map", "cold_map")
            if found["engine"][key] is not None}
    for name in found:
        found[name]["difference"] = {
            key: {"baseline": other, **difference(_values(rows[name], key), _values(rows[other], key))}
            for key, other in best.items()
        }
    settings = {"years": sorted({row["year"] for row in rows["engine"]}), "draws": DRAWS, "seed": SEED,
                "half_life_years": HALF_LIFE_YEARS}
    return {**{name: found[name] for name in RANKINGS}, "best_baseline": best,
            "also": {"dollars": found["dollars"]}, "settings": settings}


def _values(rows: Iterable[Mapping[str, Any]], measure: str) -> list[float]:
    return [row[MEASURES[measure]] for row in rows if row[MEASURES[measure]] is not None]


def _summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    values = {measure: _values(rows, measure) for measure in MEASURES}
    means = {measure: round(math.fsum(v) / len(v), 6) if v else None for measure, v in values.items()}
    return {**means, "n": len(rows), "n_cold": len(values["cold_map"]), "per_recipient_year": rows}


def difference(values: Sequence[float], others: Sequence[float]) -> dict[str, float]:
    """Return the mean difference of paired values, and its 95 % interval by the bootstrap (Efron, 1979; seeded)."""
    pairs = np.asarray(values) - np.asarray(others)
    draws = np.random.default_rng(SEED).integers(0, len(pairs), size=(DRAWS, len(pairs)))
    low, high = np.percentile(pairs[draws].mean(axis=1), (2.5, 97.5))
    return {"mean": round(float(pairs.mean()), 6), "low": round(float(low), 6), "high": round(float(high), 6)}
