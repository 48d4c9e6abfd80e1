"""The documents that share most with a text: exact, without reading every posting.

Rare words tell most and are in few documents, so they are read first. What the frequent words can still add is
bounded (by the lengths of both sides: Cauchy and Schwarz); as soon as no unseen document can reach the best by them
alone, only the documents whose bound reaches the best are finished, each from its own row. The idea is MaxScore:
H. Turtle and J. Flood, "Query evaluation: strategies and optimizations", Information Processing & Management 31(6),
1995.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .block import LEVELS, Block, Rows

SLACK = 1e-4  # more than rounded weights and sums in float32 can be off
READY = 0.3  # the first look at the best comes when what is left to read is no longer than this
FLOORS = (0.3, 0.15, 0.0)  # sums that may be high, most often enough so
LITTLE = 60_000  # so few postings are simply read
FEW = 1 / 50  # so small a share of the rows is finished one by one


class Words(NamedTuple):
    """The words of a query that a document may hold: columns, their weights, and the weights by column (columns,)."""

    columns: NDArray[np.int32]
    weights: NDArray[np.float64]
    dense: NDArray[np.float64]


class Stage(NamedTuple):
    """Words to read next, and then the length of the query's words left to read, and the level of those words."""

    columns: NDArray[np.int32]
    weights: NDArray[np.float32]
    rest: float
    level: int


def full_scan(block: Block, words: Words) -> NDArray[np.float64]:
    """Return the exact cosine of every row (rows,): all postings of all the query's words are read."""
    known = words.columns < block.width
    return block.sums(words.columns[known], words.weights[known])


def top(
    block: Block, words: Words, limit: int, allowed: NDArray[np.bool_] | None = None
) -> tuple[Rows, NDArray[np.float64]]:
    """Return the rows most alike and their exact cosines (positive ones only), best first, ties by row.

    Args: limit, at most so many; allowed, one flag a row (rows,), None for all.
    """
    if not len(block):
        return np.empty(0, np.int64), np.empty(0)
    if allowed is not None and np.count_nonzero(allowed) <= FEW * len(block):
        rows = np.flatnonzero(allowed)
        return _best(block.cosines(rows, words.dense), rows, limit)
    if block.holding[words.columns[words.columns < block.width]].sum() <= LITTLE:
        sums = full_scan(block, words)
        rows = np.flatnonzero(sums > 0 if allowed is None else (sums > 0) & allowed)
        return _best(sums[rows], rows, limit)
    return _pruned(block, words, limit, allowed)


def _pruned(
    block: Block, words: Words, limit: int, allowed: NDArray[np.bool_] | None
) -> tuple[Rows, NDArray[np.float64]]:
    sums: NDArray | None = None
    for stage in _stages(block, words):
        more = block.sums(stage.columns, stage.weights)
        sums = more if sums is None else sums + more
        if allowed is not None:
            sums *= allowed
        found = _worth_finishing(block, words, limit, sums, stage)
        if found is not None:
            return _best(block.cosines(found, words.dense), found, limit)
    return np.empty(0, np.int64), np.empty(0)


def _stages(block: Block, words: Words) -> Iterator[Stage]:
    """Give the query's words in a few steps, the rarest first."""
    known = words.columns < block.width
    columns, weights = words.columns[known], words.weights[known]
    holding = block.holding[columns]
    order = np.argsort(holding, kind="stable")
    columns, weights, holding = columns[order], weights[order], holding[order]
    left = np.sqrt(np.append(np.cumsum((weights * weights)[::-1])[::-1], 0.0))
    ends = np.searchsorted(holding, [len(block) / 2 ** (level + 1) for level in reversed(range(LEVELS))]).tolist()
    done = 0
    for level, end in zip([*reversed(range(LEVELS)), -1], [*ends, len(columns)], strict=True):
        rest = float(left[end])
        if end > done and rest <= READY:
            yield Stage(columns[done:end], weights[done:end].astype(np.float32), rest, level)
            done = end


def _worth_finishing(
    block: Block, words: Words, limit: int, sums: NDArray[np.float32], stage: Stage
) -> Rows | None:
    """Return every row that may be among the best, given its sum so far; None while too many may."""
    floor, high = _high(sums, limit)
    last = stage.rest == 0
    if len(high) < limit:
        return np.flatnonzero(sums) if last else None
    some = limit + limit // 2
    likely = high if len(high) <= some else high[np.argpartition(sums[high], -some)[-some:]]
    exact = block.cosines(likely, words.dense)
    reach = float(np.partition(exact, -limit)[-limit]) - SLACK  # the best have at least this
    rows = high if floor <= reach - stage.rest else np.flatnonzero(sums >= reach - stage.rest)
    rows = rows[sums[rows] + stage.rest * block.tails[stage.level, rows] >= reach]
    return rows if last or len(rows) <= 4 * limit + FEW * len(block) else None


def _high(sums: NDArray[np.float32], limit: int) -> tuple[float, Rows]:
    """Return the rows whose sum is above a floor, and this floor: at least `limit` where so many are positive."""
    for floor in FLOORS:
        rows = np.flatnonzero(sums > np.float32(floor))
        if len(rows) >= limit:
            break
    return floor, rows


def _best(sums: NDArray[np.float64], rows: Rows, limit: int) -> tuple[Rows, NDArray[np.float64]]:
    """Return the `limit` best positive of some rows' scores, best first, ties by row."""
    some = sums > 0
    rows, sums = rows[some], sums[some]
    if len(sums) > limit:
        reach = np.partition(sums, len(sums) - limit)[len(sums) - limit]
        some = sums >= reach  # all that tie for the last place
        rows, sums = rows[some], sums[some]
    order = np.lexsort((rows, -sums))[:limit]
    return rows[order], sums[order]
