"""Other ways to find the ten needs whose words are most like a text, on the same data, for `flask matching bench`.

Each is a function from an index and its texts to a search: a text in, the rows found out, best first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from partnerships.matching.index import Index
from partnerships.matching.text import words

LIMIT = 10


class Question(NamedTuple):
    """A query made ready for every peer beforehand: what is measured is the search alone."""

    ready: Any  # index.Query
    row: Any  # the same as a scipy csr_matrix (1, columns)
    words: list[str]


Search = Callable[[Question], Sequence[int]]


def questions(index: Index, texts: Sequence[str]) -> list[Question]:
    """Make texts ready."""
    from scipy.sparse import csr_matrix

    found = []
    for text in texts:
        ready = index.query(text)
        columns = ready.words.columns.copy()  # scipy sorts in place
        entries = (ready.words.weights.astype(np.float32), columns, np.array([0, len(columns)], np.int32))
        row = csr_matrix(entries, shape=(1, index.base.width))
        row.sort_indices()
        found.append(Question(ready, row, sorted(set(words(text)))))
    return found


def ours(index: Index, _texts: Sequence[str]) -> Search:
    """The engine's own search."""
    return lambda question: [index.base.row_of[key] for key, _ in index.top(question.ready, LIMIT)]


def scipy_inverted(index: Index, _texts: Sequence[str]) -> Search:
    """The plain reference: the query's columns of a CSC matrix, multiplied; the best among the non-zero."""
    matrix = index.base.by_word

    def search(question: Question) -> Sequence[int]:
        cosines = matrix[:, question.ready.words.columns] @ question.ready.words.weights
        rows = np.flatnonzero(cosines > 0)
        found = cosines[rows]
        if len(rows) > LIMIT:
            best = np.argpartition(found, len(found) - LIMIT)[-LIMIT:]
            rows, found = rows[best], found[best]
        return list(rows[np.lexsort((rows, -found))])

    return search


def nearest_neighbors(index: Index, _texts: Sequence[str]) -> Search:
    """scikit-learn's NearestNeighbors, cosine, brute force, on the same sparse matrix."""
    from scipy.sparse import csr_matrix
    from sklearn.neighbors import NearestNeighbors

    model = NearestNeighbors(n_neighbors=LIMIT, metric="cosine", algorithm="brute").fit(csr_matrix(index.base.by_row))
    return lambda question: list(model.kneighbors(question.row, return_distance=False)[0])


def bm25s(_index: Index, texts: Sequence[str]) -> Search:
    """The package bm25s, on the same words. It ranks by another formula."""
    import bm25s as package

    model = package.BM25()
    model.index([words(text) for text in texts], show_progress=False)

    def search(question: Question) -> Sequence[int]:
        found, _scores = model.retrieve([question.words], k=LIMIT, show_progress=False)
        return [int(row) for row in found[0]]

    return search


def fts5(_index: Index, texts: Sequence[str]) -> Search:
    """SQLite's full-text search with bm25, any word of the query. It ranks by another formula."""
    database = sqlite3.connect(":memory:")
    database.execute("create virtual table needs using fts5(text)")
    database.executemany(
        "insert into needs(rowid, text) values (?, ?)", ((row, " ".join(words(text))) for row, text in enumerate(texts))
    )

    def search(question: Question) -> Sequence[int]:
        wanted = " OR ".join(f'"{word}"' for word in question.words)
        found = database.execute("select rowid from needs where needs match ? order by bm25(needs) limit 10", (wanted,))
        return [row for (row,) in found]

    return search


PEERS: dict[str, Callable[[Index, Sequence[str]], Search]] = {
    "scipy_inverted": scipy_inverted,
    "nearest_neighbors": nearest_neighbors,
    "bm25s": bm25s,
    "fts5": fts5,
}
SLOW = ("nearest_neighbors", "fts5")  # asked fewer questions
