"""The texts of the register, ready to be compared: which share words with a text, and which mean alike.

An index is a big base block, a small delta block of what changed since, and a note of which rows of the base are
dead. It is immutable: a change gives a new index that shares the base, so threads may go on with the old one.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import search
from .block import Block, Rows, joined
from .meaning import Encoder, text_digest
from .vocabulary import Columns, Vocabulary

WORDS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Query:
    """A text made ready: its words, and its meaning as a row (1, dimensions), zeros where there is none."""

    words: search.Words
    meaning: NDArray[np.float32]


class Index:
    """Documents by key, comparable with any text. Make one with `Index.build`, `Index.updated` or `storage.open_index`.

    Rows number the documents: those of the base, dead ones too, then those of the delta; `size` is their number.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        columns: Columns,
        encoder: Encoder | None,
        base: Block,
        delta: Block | None = None,
        dead: NDArray[np.int64] | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.encoder = encoder
        self.columns = columns
        self.base = base
        self.delta = _read({}, vocabulary, columns, encoder, {}) if delta is None else delta
        self.alive = np.ones(self.size, bool)
        self._dead = np.empty(0, np.int64) if dead is None else dead
        self.alive[self._dead] = False
        self.alive.setflags(write=False)

    @classmethod
    def build(
        cls,
        documents: Mapping[str, str],
        vocabulary: Vocabulary,
        encoder: Encoder | None = None,
        vectors: Mapping[str, NDArray] | None = None,
    ) -> Index:
        """Index documents, texts by key; their order leaves no trace.

        Args: vocabulary, with which scores are made; encoder, None to compare words only; vectors, meanings that
        are known already, (dimensions,) by `meaning.text_digest` of their text.
        """
        columns = Columns(vocabulary)
        return cls(vocabulary, columns, encoder, _read(documents, vocabulary, columns, encoder, vectors or {}))

    @property
    def size(self) -> int:
        """The number of rows, dead ones too."""
        return len(self.base) + len(self.delta)

    def __len__(self) -> int:
        return self.size - len(self._dead)

    def __contains__(self, key: str) -> bool:
        return self.find(key) is not None

    def find(self, key: str) -> int | None:
        """Return the row of a document, None when there is none of this key."""
        row = self.delta.row_of.get(key)
        if row is not None:
            return len(self.base) + row
        row = self.base.row_of.get(key)
        return row if row is not None and self.alive[row] else None

    def rows(self, keys: Iterable[str]) -> Rows:
        """Return the rows of documents, in the order given. Raises KeyError for an unknown key."""
        found = [self.find(key) for key in keys]
        if None in found:
            raise KeyError("There is no document of one of these keys.")
        return np.array(found, np.int64)

    def key(self, row: int) -> str:
        """Return the key of a row."""
        return self.base.keys[row] if row < len(self.base) else self.delta.keys[row - len(self.base)]

    def query(self, text: str, meaning: NDArray | None = None) -> Query:
        """Make a text ready, which costs more than comparing it: keep it to ask several things of one text.

        Args: meaning, its vector (dimensions,) where it is known already.
        """
        found = self.vocabulary.vectors([text], self.columns)
        known = found.columns >= 0
        row = np.zeros((1, self.base.meanings.shape[1]), np.float32)
        if self.encoder is not None:
            row[0] = self.encoder.encode([text])[0] if meaning is None else meaning
        return self._query(found.columns[known], found.weights[known], row)

    def query_of(self, key: str) -> Query:
        """Return a document's text made ready, at next to no cost. Raises KeyError for an unknown key."""
        (row,) = self.rows([key]).tolist()
        block, row = self._place(row)
        columns, weights = block.entries(row)
        return self._query(columns, weights.astype(np.float64), block.meanings[row : row + 1].astype(np.float32))

    def cosines(self, text: str | Query) -> tuple[Rows, NDArray[np.float64]]:
        """Return the rows that share a word with a text, ascending, and their word cosines, in (0, 1]."""
        words = self._ready(text).words
        sums = np.concatenate([search.full_scan(block, words) for block in (self.base, self.delta)])
        rows = np.flatnonzero((sums > 0) & self.alive)
        return rows, np.minimum(sums[rows], 1.0)

    def top(
        self, text: str | Query, limit: int = 10, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[str, float]]:
        """Return the documents that share most words with a text, with their cosines: best first, ties by key.

        Args: allowed, one flag a row (size,): only these may be found; None for all.
        """
        words = self._ready(text).words
        mine = len(self.base)
        may = self.alive if allowed is None else self.alive & allowed
        whole = allowed is None and not len(self._dead)
        rows, cosines = search.top(self.base, words, limit, None if whole else may[:mine])
        new_rows, new_cosines = search.top(self.delta, words, limit, may[mine:])
        found = [
            (self.key(row), min(1.0, cosine))
            for row, cosine in zip(
                [*rows.tolist(), *(new_rows + mine).tolist()], [*cosines.tolist(), *new_cosines.tolist()], strict=True
            )
        ]
        return sorted(found, key=lambda item: (-item[1], item[0]))[:limit]

    def word_likeness(self, text: str | Query, rows: Rows) -> NDArray[np.float64]:
        """Return the word cosines, in [0, 1], of a text with some rows, in their order. Quick for few rows."""
        words = self._ready(text).words
        found = np.empty(len(rows))
        old = rows < len(self.base)
        found[old] = self.base.cosines(rows[old], words.dense)
        found[~old] = self.delta.cosines(rows[~old] - len(self.base), words.dense)
        return np.minimum(found, 1.0)

    def meaning(self, text: str | Query, rows: Rows | None = None) -> NDArray[np.float32]:
        """Return the cosines of meaning, in [-1, 1], of a text with some rows, or with all; zeros without encoder."""
        vector = self._ready(text).meaning[0]
        if rows is None:
            return np.concatenate([_dots(block.meanings, vector) for block in (self.base, self.delta)])
        found = np.empty(len(rows), np.float32)
        old = rows < len(self.base)
        found[old] = _dots(self.base.meanings[rows[old]], vector)
        found[~old] = _dots(self.delta.meanings[rows[~old] - len(self.base)], vector)
        return found

    def shared_words(self, text: str | Query, key: str) -> tuple[tuple[str, float], ...]:
        """Return the words that make a text similar to a document, strongest first, at most WORDS_SHOWN.

        Each comes with its share of the similarity, in (0, 1]: the product of its two weights over the sum of all
        products. Words too common to be a reason (`Vocabulary.lowest_shown`) are left out, their share with them.
        Raises KeyError for an unknown key.
        """
        words = self._ready(text).words
        (row,) = self.rows([key]).tolist()
        block, row = self._place(row)
        own = dict(zip(words.columns.tolist(), words.weights.tolist(), strict=True))
        entries = zip(*(part.tolist() for part in block.entries(row)), strict=True)
        products = {column: weight * own[column] for column, weight in entries if column in own}
        whole, least = math.fsum(products.values()), self.vocabulary.lowest_shown
        found = [(self.columns.word(column), round(product / whole, 4)) for column, product in products.items()
                 if self.vocabulary.rarity(column) >= least]
        return tuple(sorted(found, key=lambda share: (-share[1], share[0]))[:WORDS_SHOWN])

    def updated(
        self,
        changed: Mapping[str, str],
        removed: Collection[str] = (),
        vectors: Mapping[str, NDArray] | None = None,
    ) -> Index:
        """Return an index with documents added, changed or removed; this one stays as it is.

        Args: changed, texts by key; removed, keys, unknown ones too; vectors, as for `build`.
        """
        fresh = _read(changed, self.vocabulary, self.columns, self.encoder, vectors or {})
        gone = {*changed, *removed}
        kept = np.array([row for row, key in enumerate(self.delta.keys) if key not in gone], np.int64)
        newly = [row for key in gone if (row := self.base.row_of.get(key)) is not None]
        dead = np.union1d(self._dead, np.array(newly, np.int64))
        delta = joined([(self.delta, kept), (fresh, np.arange(len(fresh)))])
        return Index(self.vocabulary, self.columns, self.encoder, self.base, delta, dead)

    def compacted(self) -> Index:
        """Return the same documents in one base block."""
        if not len(self.delta) and not len(self._dead):
            return self
        kept = np.flatnonzero(self.alive[: len(self.base)])
        base = joined([(self.base, kept), (self.delta, np.arange(len(self.delta)))])
        return Index(self.vocabulary, self.columns, self.encoder, base)

    @property
    def delta_share(self) -> float:
        """The share of rows that are in the delta or dead, in [0, 1]: at 0.05 or so it is time to build anew."""
        return (len(self.delta) + len(self._dead)) / max(1, self.size)

    def _place(self, row: int) -> tuple[Block, int]:
        return (self.base, row) if row < len(self.base) else (self.delta, row - len(self.base))

    def _ready(self, text: str | Query) -> Query:
        return self.query(text) if isinstance(text, str) else text

    def _query(self, columns: NDArray[np.int32], weights: NDArray[np.float64], meaning: NDArray[np.float32]) -> Query:
        dense = np.zeros(max(self.base.width, self.delta.width))
        inside = columns < len(dense)
        columns, weights = columns[inside], weights[inside]
        dense[columns] = weights
        for array in (columns, weights, dense):
            array.setflags(write=False)
        return Query(search.Words(columns, weights, dense), meaning)


_growing = threading.Lock()


def _read(
    documents: Mapping[str, str],
    vocabulary: Vocabulary,
    columns: Columns,
    encoder: Encoder | None,
    vectors: Mapping[str, NDArray],
) -> Block:
    """Make a block of texts; each different text without a known vector is encoded once."""
    from scipy.sparse import csr_array

    keys = sorted(documents)
    texts = [documents[key] for key in keys]
    with _growing:  # two threads may bring new words at once
        found = vocabulary.vectors(texts, columns, grow=True)
    width = int(found.columns.max(initial=-1)) + 1
    entries = (found.weights.astype(np.float32), found.columns, found.starts.astype(np.int32))
    return Block.of(keys, csr_array(entries, shape=(len(keys), width)), _meanings(texts, encoder, vectors))


def _meanings(texts: Sequence[str], encoder: Encoder | None, vectors: Mapping[str, NDArray]) -> NDArray[np.float16]:
    """Return the meaning of texts (texts, dimensions), known ones from `vectors`, others encoded once each."""
    if encoder is None:
        return np.zeros((len(texts), 0), np.float16)
    names = [text_digest(text) for text in texts]
    missing = {name: text for name, text in zip(names, texts, strict=True) if name not in vectors}
    made = dict(zip(missing, encoder.encode(list(missing.values())), strict=True))
    meanings = np.zeros((len(texts), encoder.dimensions), np.float16)
    for row, name in enumerate(names):
        meanings[row] = made[name] if name in made else vectors[name]
    return meanings


def _dots(meanings: NDArray[np.float16], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return dot products, slice by slice: turned to float32 at once, a million rows would take 2 GB."""
    step = 1 << 14
    parts = [meanings[at : at + step].astype(np.float32) @ vector for at in range(0, len(meanings), step)]
    return np.concatenate(parts) if parts else np.empty(0, np.float32)
