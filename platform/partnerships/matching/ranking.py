"""The quick pass: one partner against every row of a table, as sums of columns.

It gives the score of the slow, explained pass to within `MARGIN` points (a test proves it), so it only chooses the few
rows that the slow pass then scores exactly. Rows that a rule keeps out, and rows with no ground to suggest, are far
below zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from .constraints import Candidate, broken
from .constraints import reading as rules_of
from .records import Need, Offer
from .table import NeedTable
from .terms import NOT_ENOUGH_ALONE, OFFER_SIDES, SIZE_DECADES, Pair, reading

MARGIN = 2e-3  # points: float32 columns against exact sums
OUT = np.float32(-1e6)  # a rule keeps the row out
UNGROUNDED = np.float32(-1e3)  # nothing but reasons that hold for anybody; a likeness of texts is a ground

Likeness = Sequence[tuple[np.ndarray, np.ndarray]]
Values = Callable[[Need], Mapping[str, float]]  # the history terms of one partner for a need


@dataclass(frozen=True, slots=True)
class PartnerColumns:
    """Points of one partner per distinct fit (fits,) and speech (speeches,) of a table; `grounded` per fit.

    `suits` tells for each open offer which fits do not contradict it (fits,).
    `low` and `high` bound the sizes it gives, in powers of ten of dollars (NaN: not known); `least` is the smallest
    amount that it states.
    """

    fit: np.ndarray
    grounded: np.ndarray
    suits: tuple[np.ndarray, ...]
    speech: np.ndarray
    low: float
    high: float
    least: float

    @property
    def all_grounded(self) -> bool:
        """Whether every fit has a ground of its own."""
        return bool(self.grounded.all())


def read_partner(
    table: NeedTable, candidate: Candidate, today: date, usual_gift: float | None, history: Values,
    weights: Mapping[str, float],
) -> PartnerColumns:
    """Ask the terms and rules once for each distinct value of a side, and join them per fit."""
    ground, grounded = _points(table.ground.faces, candidate, today, "ground", "place", weights, history)
    kinds, named = _points(table.kinds.faces, candidate, today, "kinds", "kinds", weights)
    speech, _ = _points(table.speech.faces, candidate, today, "speech", "none", weights)
    offers = [_values_of(table, offer) for offer in candidate.offers]
    suits = tuple(~np.isnan(values) for values in offers)
    offered = np.fmax.reduce([np.zeros(len(table.fit_ground)), *offers])
    fit = ground[table.fit_ground] + kinds[table.fit_kinds] + weights["offer-fits"] * offered
    if len(table) and broken(table.needs[0], candidate, today, rules_of("partner")):
        fit[:] = OUT
    reason = grounded[table.fit_ground] | named[table.fit_kinds] | ((offered > 0) & (weights["offer-fits"] > 0))
    return PartnerColumns(fit.astype(np.float32), reason, suits, speech, *_sizes(candidate, usual_gift))


def _points(
    faces: tuple[Need, ...], candidate: Candidate, today: date, side: str, rules: str, weights: Mapping[str, float],
    history: Values = lambda _need: {},
) -> tuple[np.ndarray, np.ndarray]:
    """Return (points, has a ground) of each distinct value of a side."""
    points, grounded = np.zeros(len(faces), np.float32), np.zeros(len(faces), bool)
    readers, kept_out = reading(side), rules_of(rules)
    for number, need in enumerate(faces):
        if broken(need, candidate, today, kept_out):
            points[number] = OUT
            continue
        pair = Pair(need, candidate, today)
        read = {key: found.value for key, reader in readers.items() if (found := reader(pair))} | dict(history(need))
        parts = {key: weights[key] * value for key, value in read.items()}
        points[number] = math.fsum(parts.values())
        grounded[number] = any(part > 0 and key not in NOT_ENOUGH_ALONE for key, part in parts.items())
    return points, grounded


def _values_of(table: NeedTable, offer: Offer) -> np.ndarray:
    """Return the value of one offer per fit (fits,), NaN where a side contradicts it."""
    theme, place, kinds = (
        np.array([math.nan if (value := side(offer, need)) is None else share * value for need in faces])
        for (share, side), faces in zip(
            OFFER_SIDES.values(), (table.ground.faces, table.ground.faces, table.kinds.faces), strict=True)
    )
    return (theme + place)[table.fit_ground] + kinds[table.fit_kinds]


def _sizes(candidate: Candidate, usual_gift: float | None) -> tuple[float, float, float]:
    partner = candidate.partner
    least = math.log10(partner.amount_min) if partner.amount_min else math.nan
    if partner.amount_min or partner.amount_max:
        low = least if partner.amount_min else -math.inf
        high = math.log10(partner.amount_max) if partner.amount_max else math.inf
        return min(low, high), high, least
    usual = math.log10(usual_gift) if usual_gift else math.nan
    return usual, usual, least


def scores(
    table: NeedTable, partner: PartnerColumns, alone: np.ndarray, apart: np.ndarray | None,
    likeness: Likeness, weights: Mapping[str, float],
) -> np.ndarray:
    """Return the points of every row (rows,), float32.

    Args: alone, the points of the terms that read the need alone, OUT where the row is dead or expired; apart, rows
    kept from this partner; likeness, for each offer the whole percents (rows,) of words and of meaning.
    """
    points = partner.fit.take(table.fit, mode="clip")  # the codes are in range: no need to check them again
    points += partner.speech.take(table.speech.codes, mode="clip")
    points += alone
    _add_size(points, table, partner, weights)
    _add_text(points, table, partner, likeness, weights)
    if apart is not None:
        points[apart] = OUT
    return points


def _add_size(points: np.ndarray, table: NeedTable, partner: PartnerColumns, weights: Mapping[str, float]) -> None:
    if not math.isnan(partner.low):
        larger = np.maximum if table.all_sized else np.fmax  # fmax: no gap, no reading; it is slower
        away = table.yearly - np.float32(partner.high)
        if partner.low == partner.high:
            np.abs(away, out=away)
        else:
            np.maximum(away, np.float32(partner.low) - table.yearly, out=away)
            np.maximum(away, np.float32(0), out=away)
        away *= np.float32(-weights["size-fits"] / SIZE_DECADES)
        away += np.float32(weights["size-fits"])
        points += larger(away, np.float32(0), out=away)
    if not math.isnan(partner.least):
        short = np.clip(table.gap - np.float32(partner.least), np.float32(-1), np.float32(0))
        short *= np.float32(weights["size-differs"])
        points += np.fmin(short, np.float32(0), out=short)


def _add_text(
    points: np.ndarray, table: NeedTable, partner: PartnerColumns, likeness: Likeness, weights: Mapping[str, float]
) -> None:
    bare = None if partner.all_grounded else ~partner.grounded.take(table.fit, mode="clip")
    if likeness:
        suits = [None if fits.all() else fits.take(table.fit, mode="clip") for fits in partner.suits]
        text = _likest([words for words, _meaning in likeness], suits) * np.float32(weights["similar-words"] / 100)
        text += _likest([mean for _words, mean in likeness], suits) * np.float32(weights["similar-meaning"] / 100)
        points += text
        if bare is not None:
            bare &= text <= 0
    if bare is not None:
        points[bare] += UNGROUNDED


def _likest(percents: list[np.ndarray], suits: list[np.ndarray | None]) -> np.ndarray:
    """Return the largest percents (rows,) of the offers that nothing contradicts."""
    parts = [part if fits is None else part * fits for part, fits in zip(percents, suits, strict=True)]
    return parts[0] if len(parts) == 1 else np.maximum.reduce(parts)


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows [(table, row)] worth an exact score, and the quick scores by State of all rows that reach the bar."""

    rows: tuple[tuple[int, int], ...]
    reached: Mapping[str, tuple[np.ndarray, ...]]


def select(tables: Iterable[tuple[NeedTable, np.ndarray]], limit: int, most_of_one: int) -> Selection:
    """Choose the rows among which the best `limit` are when at most `most_of_one` may be of one State.

    Args: tables with their quick scores (rows,). A few rows more may be chosen than are needed, never fewer.
    """
    tables = list(tables)
    bar = _bar(tables, limit) - 2 * MARGIN
    reached: dict[str, list[tuple[int, np.ndarray, np.ndarray]]] = {}
    for number, (table, points) in enumerate(tables):
        rows = np.flatnonzero(points >= bar)
        if len(rows):
            codes = table.state_codes[rows]
            for own in np.split(rows, np.flatnonzero(codes[1:] != codes[:-1]) + 1):
                reached.setdefault(table.needs[own[0]].state, []).append((number, own, points[own]))
    best = {state: _best(parts, most_of_one) for state, parts in reached.items()}
    ordered = sorted((value for values in best.values() for value in values), reverse=True)
    least = ordered[limit - 1] - 2 * MARGIN if len(ordered) >= limit else bar
    chosen = [
        (number, row)
        for state, parts in reached.items()
        for number, own, values in parts
        for row in own[values >= max(least, best[state][-1] - 2 * MARGIN)].tolist()
    ]
    return Selection(tuple(chosen), {state: tuple(values for *_rest, values in parts) for state, parts in reached.items()})


def _best(parts: list[tuple[int, np.ndarray, np.ndarray]], most: int) -> list[float]:
    """The best scores of a State, at most `most`, best first."""
    values = parts[0][2] if len(parts) == 1 else np.concatenate([values for *_rest, values in parts])
    if len(values) > most:
        values = np.partition(values, -most)[-most:]
    return sorted(values.tolist(), reverse=True)


def _bar(tables: list[tuple[NeedTable, np.ndarray]], limit: int) -> float:
    """A score that the `limit`-th of a varied list surely reaches: that of the `limit`-th best State, if so many."""
    best: dict[str, float] = {}
    for table, points in tables:
        if len(table):
            tops = np.maximum.reduceat(points, table.state_starts)
            for state, top in zip(table.states, tops.tolist(), strict=True):
                best[state] = max(top, best.get(state, 0.0))
    ordered = sorted(best.values(), reverse=True)
    return max(ordered[limit - 1] if len(ordered) >= limit else 0.0, 0.0)
