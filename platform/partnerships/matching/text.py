"""Words that two texts share: TF-IDF over a kept vocabulary, so that every reason shown is a real word.

It sees no meaning and no other language; that is honest for a reason named "similar words".
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from .stopwords import STOP_WORDS

WORDS_SHOWN = 5
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu)['’]")  # French: l'enquête is the word enquête
_ARABIC_MARKS = re.compile("[\u064b-\u065f\u0670\u0640]")


def words(text: str) -> list[str]:
    """Cut a text into lower-case words worth comparing, stop words of six languages left out.

    Chinese writes no spaces, so a run of its characters gives every pair of neighbours.
    """
    plain = _ARABIC_MARKS.sub("", unicodedata.normalize("NFKC", text).lower())
    found: list[str] = []
    for match in _WORD.findall(plain):
        if _HAN.search(match):
            for run in _HAN.findall(match):
                found += [pair for pair in _pairs(run) if STOP_WORDS.isdisjoint((pair, *pair))]
            continue
        word = _ELISION.sub("", match)
        if len(word) > 1 and word not in STOP_WORDS:
            found.append(word)
    return found


def _pairs(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


class Texts:
    """The TF-IDF space of one fit and the rows of its documents, by scikit-learn.

    Args: documents, texts by key. The space is the same whatever their order.
    """

    def __init__(self, documents: Mapping[str, str]) -> None:
        self._keys = sorted(documents)
        self._row = {key: row for row, key in enumerate(self._keys)}
        texts = [documents[key] for key in self._keys]
        self._known = {text: row for row, text in enumerate(texts)}
        self._model: Any = None
        self.vocabulary: tuple[str, ...] = ()
        if any(words(text) for text in texts):  # scikit-learn refuses an empty vocabulary
            from sklearn.feature_extraction.text import TfidfVectorizer

            self._model = TfidfVectorizer(analyzer=words, sublinear_tf=True)
            self._matrix = self._model.fit_transform(texts)
            self.vocabulary = tuple(self._model.get_feature_names_out())

    def vector(self, text: str) -> Any:
        """Return the unit-length sparse row (1, words) of a text; None where no document had a word."""
        if self._model is None:
            return None
        if (
            text in self._known
        ):  # a text of the fit is not read again: that would cost most of a ranking's time
            return self._matrix[[self._known[text]]]
        return self._model.transform([text])

    def similarities(self, text: str) -> dict[str, float]:
        """Return the cosine, in (0, 1], of every document that shares a word with the text, by key."""
        vector = self.vector(text)
        if vector is None:
            return {}
        cosines = (self._matrix @ vector.T).tocoo()
        found = {
            self._keys[row]: min(1.0, round(float(value), 6))
            for row, value in zip(cosines.row, cosines.data, strict=True)
        }
        return {key: value for key, value in found.items() if value > 0}

    def shared_words(self, text: str, key: str) -> tuple[tuple[str, float], ...]:
        """Return the words that make a text similar to the document `key`, strongest first.

        Each comes with its share of the similarity, in (0, 1]: the product of its two weights over the sum
        of products.
        """
        vector = self.vector(text)
        if vector is None:
            return ()
        row = self._row[key]
        part = slice(self._matrix.indptr[row], self._matrix.indptr[row + 1])
        own = dict(zip(vector.indices.tolist(), vector.data.tolist(), strict=True))
        products = {
            column: weight * own[column]
            for column, weight in zip(
                self._matrix.indices[part].tolist(), self._matrix.data[part].tolist(), strict=True
            )
            if column in own
        }
        whole = math.fsum(products.values())
        shares = [
            (self.vocabulary[column], round(product / whole, 4)) for column, product in products.items()
        ]
        return tuple(sorted(shares, key=lambda share: (-share[1], share[0]))[:WORDS_SHOWN])
