"""Documents as arrays: the weights of their words by document and by word, and what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]

LEVELS = 8  # see `_tails`
FEW = 100
ARRAYS = {
    "starts": np.int32,  # (rows + 1,): the entries of row i are starts[i]:starts[i + 1]
    "columns": np.int32,  # (entries,)
    "weights": np.float32,  # (entries,): multiples of vocabulary.UNIT, which float32 keeps exactly
    "word_starts": np.int32,  # (columns + 1,): the same entries by column
    "word_rows": np.int32,  # (entries,)
    "word_weights": np.float32,  # (entries,)
    "tails": np.float32,  # (LEVELS, rows): the length of a row's frequent words alone, see `_tails`
    "meanings": np.float16,  # (rows, dimensions): multiples of meaning.UNIT; no dimensions without an encoder
}


class Block:
    """Some documents, sorted by key. Immutable; its arrays may be memory-mapped files.

    Args: keys, sorted; arrays, by the names and of the types of `ARRAYS`.
    """

    def __init__(self, keys: Sequence[str], arrays: Mapping[str, NDArray]) -> None:
        self.keys = keys
        self.arrays = {name: arrays[name] for name in ARRAYS}
        self.tails: NDArray[np.float32] = arrays["tails"]
        self.meanings: NDArray[np.float16] = arrays["meanings"]
        self.width = len(arrays["word_starts"]) - 1  # words that were given a later column are in no document here

    @classmethod
    def of(cls, keys: Sequence[str], by_row: Any, meanings: NDArray[np.floating]) -> Block:
        """Make a block from its documents' entries, a scipy csr_array (rows, columns), and their meanings."""
        by_word = by_row.tocsc()
        arrays = {
            "starts": by_row.indptr,
            "columns": by_row.indices,
            "weights": by_row.data,
            "word_starts": by_word.indptr,
            "word_rows": by_word.indices,
            "word_weights": by_word.data,
            "tails": _tails(by_row, np.diff(by_word.indptr)),
            "meanings": meanings,
        }
        return cls(keys, {name: arrays[name].astype(kind, copy=False) for name, kind in ARRAYS.items()})

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The row of every key."""
        return {key: row for row, key in enumerate(self.keys)}

    @cached_property
    def holding(self) -> NDArray[np.int32]:
        """How many rows hold each word (width,)."""
        return np.diff(self.arrays["word_starts"])

    @cached_property
    def by_row(self) -> Any:
        """The weights as a scipy csr_array (rows, columns)."""
        from scipy.sparse import csr_array

        names = ("weights", "columns", "starts")
        return csr_array(tuple(self.arrays[name] for name in names), shape=(len(self), self.width))

    @cached_property
    def by_word(self) -> Any:
        """The same as a scipy csc_array."""
        from scipy.sparse import csc_array

        names = ("word_weights", "word_rows", "word_starts")
        return csc_array(tuple(self.arrays[name] for name in names), shape=(len(self), self.width))

    def entries(self, row: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Return the columns and weights of a row."""
        part = slice(self.arrays["starts"][row], self.arrays["starts"][row + 1])
        return self.arrays["columns"][part], self.arrays["weights"][part]

    def cosines(self, rows: Rows, dense: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the exact word cosines of a query with some rows: quick for few rows.

        Args: rows; dense, the query's weight by column, at least (width,).
        """
        if len(rows) > FEW:  # scipy begins slowly, and is quick then
            return np.asarray(self.by_row[rows] @ dense[: self.width])
        starts, columns, weights = (self.arrays[name] for name in ("starts", "columns", "weights"))
        first, last = starts[rows], starts[rows + 1]
        if not len(rows):
            return np.empty(0)
        parts = [slice(*ends) for ends in zip(first.tolist(), last.tolist(), strict=True)]
        products = np.concatenate([weights[part] for part in parts])
        products = products * dense[np.concatenate([columns[part] for part in parts])]
        row_of = np.repeat(np.arange(len(rows)), last - first)
        return np.bincount(row_of, weights=products, minlength=len(rows)).astype(np.float64, copy=False)

    def sums(self, columns: NDArray[np.int32], weights: NDArray) -> NDArray:
        """Return for every row (rows,) the sum over some words of the query's weight times the row's.

        Exact when the weights are float64; about half the time in float32.
        """
        return np.asarray(self.by_word[:, columns] @ weights)


def joined(blocks: Sequence[tuple[Block, Rows]]) -> Block:
    """Return one block of some rows of several blocks; no key may be in two of them."""
    from scipy.sparse import csr_array, vstack

    width = max(block.width for block, _ in blocks)
    keys = [block.keys[row] for block, rows in blocks for row in rows.tolist()]
    order = np.array(sorted(range(len(keys)), key=keys.__getitem__), np.int64)
    parts = []
    for block, rows in blocks:
        part = block.by_row[rows]
        parts.append(csr_array((part.data, part.indices, part.indptr), shape=(len(rows), width)))
    meanings = np.concatenate([block.meanings[rows] for block, rows in blocks])
    return Block.of([keys[at] for at in order.tolist()], vstack(parts, format="csr")[order], meanings[order])


def _tails(by_row: Any, holding: NDArray) -> NDArray[np.float32]:
    """Return (LEVELS, rows): the length of each row when only its frequent words are kept.

    At level i those are the words that at least one row in 2 ** (i + 1) holds. `search` bounds by it what frequent
    words may still add to a row.
    """
    rows = by_row.shape[0]
    row_of = np.repeat(np.arange(rows), np.diff(by_row.indptr))
    squares, shares = by_row.data.astype(np.float64) ** 2, holding[by_row.indices]
    tails = np.empty((LEVELS, rows), np.float32)
    for level in range(LEVELS):
        frequent = shares >= rows / 2 ** (level + 1)
        tails[level] = np.sqrt(np.bincount(row_of[frequent], weights=squares[frequent], minlength=rows))
    return tails
