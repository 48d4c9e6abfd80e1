"""What is known of words: how many texts of the register hold them, and so how much a shared one tells.

A vocabulary is fitted on texts that everybody may read and then frozen: the likeness of two texts depends on
these two texts and on the vocabulary, on nothing else.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .text import MAX_WORDS, words

PARALLEL = Path(__file__).with_name("parallel.json")
SHIPPED = Path(__file__).with_name("vocabulary.json")
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
UNIT = 2.0**-22
"""Weights are whole multiples of this. Sums of products of two of them are then exact in float64, so a cosine
is the same in every process, whatever the order of its sum and whichever block holds the text."""
COMMON_SHARE = 0.3  # a word that a larger share of the texts hold is no reason to show ...
COMMON_FROM = 20  # ... once there are so many texts
_TERM_FREQUENCY = np.concatenate(([0.0], 1 + np.log(np.arange(1, MAX_WORDS + 1))))


class Vectors(NamedTuple):
    """Weights of texts, text by text: those of text i are `starts[i]:starts[i + 1]`, in the text's own order."""

    starts: NDArray[np.int64]  # (texts + 1,)
    columns: NDArray[np.int32]  # (entries,); -1 for a word that has none
    weights: NDArray[np.float64]  # (entries,); multiples of UNIT, unit length text by text


class Columns:
    """The column of every word: the vocabulary's own, then new words in the order in which texts bring them.

    It only ever grows, so indexes that share one agree. Scores never depend on the number of a column.
    """

    def __init__(self, vocabulary: Vocabulary, more: Iterable[str] = ()) -> None:
        self._own: Mapping[str, int] = vocabulary.columns
        self._new: dict[str, int] = {}
        self._words = list(more)
        self._first = len(vocabulary.words)
        self._vocabulary = vocabulary
        for number, word in enumerate(self._words, self._first):
            self._new[word] = number

    def __len__(self) -> int:
        return self._first + len(self._words)

    def find(self, word: str) -> int:
        """Return the column of a word, -1 when it has none."""
        found = self._own.get(word)
        return self._new.get(word, -1) if found is None else found

    def take(self, word: str) -> int:
        """Return the column of a word and give it one when it has none. Not for two threads at a time."""
        found = self.find(word)
        if found < 0:
            found = self._new[word] = len(self)
            self._words.append(word)
        return found

    def word(self, column: int) -> str:
        """Return the word of a column."""
        return self._vocabulary.words[column] if column < self._first else self._words[column - self._first]

    def new(self, below: int) -> tuple[str, ...]:
        """Return the words that the vocabulary does not know, by column, of columns lower than `below`."""
        return tuple(self._words[: max(0, below - self._first)])


class Vocabulary:
    """Words with their inverse document frequencies, frozen.

    Args: words, sorted; idf, one a word, float64 (words,); count, the number of texts that were read.
    idf = ln((1 + texts) / (1 + texts with the word)) + 1, the smooth form of scikit-learn's TfidfVectorizer. A
    word that was in no text has the largest.
    """

    def __init__(self, words: Iterable[str], idf: NDArray[np.float64], count: int) -> None:
        self.words = tuple(words)
        self.count = count
        self.columns: Mapping[str, int] = {word: column for column, word in enumerate(self.words)}
        self.idf = np.append(np.asarray(idf, np.float64), math.log(1 + count) + 1)
        self.idf.setflags(write=False)
        self._rarity: list[float] = self.idf.tolist()
        digest = hashlib.sha256("\n".join(self.words).encode())
        digest.update(self.idf.tobytes())
        self.digest = digest.hexdigest()[:16]

    @classmethod
    def fit(cls, texts: Iterable[str]) -> Vocabulary:
        """Count the texts that hold each word, by scikit-learn. The order of the texts leaves no trace."""
        from sklearn.feature_extraction.text import CountVectorizer

        texts = list(texts)
        counter = CountVectorizer(analyzer=words, binary=True, dtype=np.int32)
        try:
            counts = counter.fit_transform(texts)
        except ValueError:  # scikit-learn refuses an empty vocabulary
            return cls((), np.empty(0), len(texts))
        holding = np.asarray(counts.sum(axis=0)).ravel()
        idf = np.log((1 + len(texts)) / (1 + holding)) + 1
        return cls(counter.get_feature_names_out().tolist(), idf, len(texts))

    @property
    def lowest_shown(self) -> float:
        """The idf below which a word is too common to be shown as a reason."""
        if self.count < COMMON_FROM:
            return 0.0
        return math.log((1 + self.count) / (1 + COMMON_SHARE * self.count)) + 1

    def rarity(self, column: int) -> float:
        """Return the idf of one column."""
        return self._rarity[column] if 0 <= column < len(self._rarity) - 1 else self._rarity[-1]

    def idf_of(self, columns: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return the idf of columns, of any shape; a word unknown here (or -1) has the largest."""
        known = (columns >= 0) & (columns < len(self.words))
        return self.idf[np.where(known, columns, len(self.words))]

    def vectors(self, texts: Iterable[str], columns: Columns, *, grow: bool = False) -> Vectors:
        """Weigh the words of texts: (1 + ln count) * idf, brought to unit length, rounded to UNIT.

        Args: columns, where the words stand; grow, whether new words are given columns, which only documents
        need. A text without words has no entries.
        """
        column_of = columns.take if grow else columns.find
        sizes: list[int] = [0]
        places: list[int] = []
        counts: list[int] = []
        for text in texts:
            found: dict[str, int] = {}
            for word in words(text):
                found[word] = found.get(word, 0) + 1
            sizes.append(len(found))
            places += map(column_of, found)
            counts += found.values()
        starts = np.cumsum(sizes, dtype=np.int64)
        at = np.array(places, np.int32)
        return Vectors(starts, at, self._weights(starts, at, np.array(counts, np.int32)))

    def _weights(
        self, starts: NDArray[np.int64], columns: NDArray[np.int32], counts: NDArray[np.int32]
    ) -> NDArray[np.float64]:
        raw = _TERM_FREQUENCY[counts] * self.idf_of(columns)
        text_of = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        # bincount adds one after the other: a text has the same length alone and among a million
        lengths = np.sqrt(np.bincount(text_of, weights=raw * raw, minlength=len(starts) - 1))
        return np.rint(raw / lengths[text_of] / UNIT) * UNIT


def parallel_texts() -> list[str]:
    """Return the texts that come with the platform: the same two dozen in six languages."""
    items = json.loads(PARALLEL.read_text(encoding="utf-8"))
    return [item[language] for item in items for language in LANGUAGES]


def to_json(vocabulary: Vocabulary) -> str:
    """Return a small vocabulary as text: how many texts were read, and how many hold each word."""
    holding = np.rint((1 + vocabulary.count) / np.exp(vocabulary.idf[:-1] - 1) - 1).astype(int)
    whole = {"texts": vocabulary.count, "holding": dict(zip(vocabulary.words, holding.tolist(), strict=True))}
    return json.dumps(whole, ensure_ascii=False, indent=0) + "\n"


@cache
def shipped() -> Vocabulary:
    """Return the vocabulary of the parallel texts, read from its file so that a web process needs no scikit-learn."""
    whole = json.loads(SHIPPED.read_text(encoding="utf-8"))
    holding = np.array(list(whole["holding"].values()))
    return Vocabulary(whole["holding"], np.log((1 + whole["texts"]) / (1 + holding)) + 1, whole["texts"])
