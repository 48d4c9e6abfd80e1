"""How alike texts read: by words (exact, explainable, one language) and by meaning (across languages), fused by weight.

Both are whole percents, so that a value is the same however it was computed. What is compared is always the text of a
need with the text of an open offer, or of two needs.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np

from .index import Index, Query
from .meaning import HIGH, LOW, Encoder, load, text_digest
from .records import Need, Offer
from .table import row_key
from .vocabulary import Vocabulary

FULL_WORDS = 0.5  # cosine of words: two texts on one subject seldom reach more, so this counts as the whole
QUERIES_KEPT = 512
SLICE = 1 << 14


def text_of(record: Need | Offer) -> str:
    """Return what is compared of a need or an offer: its title and its text."""
    return f"{record.title}\n{record.text}"


def document_key(need: Need) -> str:
    """Return the key of a need's text in an index: another text, another key."""
    return f"{row_key(need)} {text_digest(text_of(need))}"


def word_percents(cosines: np.ndarray) -> np.ndarray:
    """Turn cosines of words into whole percents of likeness, same shape, uint8."""
    return np.rint(np.minimum(cosines / FULL_WORDS, 1.0) * 100).astype(np.uint8)


def meaning_percents(cosines: np.ndarray) -> np.ndarray:
    """Turn cosines of meaning into whole percents of likeness, same shape, uint8."""
    return np.rint(np.clip((cosines - LOW) / (HIGH - LOW), 0.0, 1.0) * 100).astype(np.uint8)


class Reading(Protocol):
    """How like a need each of some offers reads, and in which words."""

    def percents(self, offers: Sequence[Offer]) -> tuple[dict[str, int], dict[str, int]]:
        """Return the percents of words and of meaning by offer, zeros left out."""
        ...

    def shared_words(self, offer_ref: str) -> tuple[tuple[str, float], ...]:
        """Return the words that the need shares with an offer, strongest first, each with its share in (0, 1]."""
        ...


def _by_offer(offers: Sequence[Offer], words: Iterable[int], meaning: Iterable[int]) -> tuple[dict[str, int], dict[str, int]]:
    refs = [offer.ref for offer in offers]
    return ({ref: value for ref, value in zip(refs, words, strict=True) if value},
            {ref: value for ref, value in zip(refs, meaning, strict=True) if value})


class Language:
    """A frozen vocabulary and the encoder of meaning: what makes the likeness of two texts, and nothing else does.

    It remembers the vectors of texts by their digest, because making one takes some ten milliseconds.
    """

    def __init__(
        self, vocabulary: Vocabulary, encoder: Encoder | None, vectors: Mapping[str, np.ndarray] | None = None
    ) -> None:
        self.vocabulary, self.encoder = vocabulary, encoder
        self.vectors: dict[str, np.ndarray] = dict(vectors or {})
        self.version = f"{vocabulary.digest[:8]}-{'meaning' if encoder else 'words'}"

    @classmethod
    def of(cls, records: Iterable[Need | Offer]) -> Language:
        """Fit the vocabulary on these records, with the encoder this machine has."""
        return cls(Vocabulary.fit(text_of(record) for record in records), load())

    def index(self, documents: Mapping[str, str]) -> Index:
        """Index texts by key; vectors that are remembered are not made again."""
        self.remember(documents.values())
        return Index.build(documents, self.vocabulary, self.encoder, self.vectors)

    def remember(self, texts: Iterable[str]) -> None:
        """Make the vectors of texts that are new."""
        if self.encoder is None:
            return
        missing = {name: text for text in texts if (name := text_digest(text)) not in self.vectors}
        made = self.encoder.encode(list(missing.values()))
        for name, vector in zip(missing, made, strict=True):
            self.vectors[name] = vector.astype(np.float16)


class Texts:
    """The open offers' texts, and how like them a need's text is."""

    def __init__(self, language: Language, offers: Iterable[Offer]) -> None:
        self.language = language
        self._text = {offer.ref: text_of(offer) for offer in offers}
        self._index = language.index(self._text)
        self._queries: OrderedDict[str, Query] = OrderedDict()
        self._lock = threading.Lock()

    def text(self, offer_ref: str) -> str:
        """Return the text of an open offer."""
        return self._text[offer_ref]

    def reading(self, need: Need) -> Reading:
        """Read any need's text, a draft's too."""
        return _AnyText(self._index, self._query(text_of(need)))

    def of_row(self, texts: LikeTexts, row: int) -> Reading:
        """Read the text of a table's row, which was compared with the offers before."""
        return _Row(self, texts, row)

    def read_all(self, texts: LikeTexts) -> None:
        """Compare a table with every open offer at once, which is quicker than one by one."""
        texts.read_many(self._text)

    def likeness(self, texts: LikeTexts, offers: Sequence[Offer]) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return for each offer the percents (rows,) of words and of meaning of every row of a table."""
        return [texts.percents(offer.ref, self._text[offer.ref]) for offer in offers]

    def _query(self, text: str) -> Query:
        with self._lock:
            if text in self._queries:
                self._queries.move_to_end(text)
                return self._queries[text]
        self.language.remember([text])
        made = self._index.query(text, self.language.vectors.get(text_digest(text)))
        with self._lock:
            self._queries[text] = made
            while len(self._queries) > QUERIES_KEPT:
                self._queries.popitem(last=False)
        return made


class _AnyText:
    """A need's text against the index of offers."""

    def __init__(self, index: Index, query: Query) -> None:
        self._index, self._query = index, query

    def percents(self, offers: Sequence[Offer]) -> tuple[dict[str, int], dict[str, int]]:
        if not offers:
            return {}, {}
        rows = self._index.rows(offer.ref for offer in offers)
        words = word_percents(self._index.word_likeness(self._query, rows))
        return _by_offer(offers, words.tolist(), meaning_percents(self._index.meaning(self._query, rows)).tolist())

    def shared_words(self, offer_ref: str) -> tuple[tuple[str, float], ...]:
        return self._index.shared_words(self._query, offer_ref)


class _Row:
    """A row of a table against offers: what was compared is looked up."""

    def __init__(self, texts: Texts, like: LikeTexts, row: int) -> None:
        self._texts, self._like, self._row = texts, like, row

    def percents(self, offers: Sequence[Offer]) -> tuple[dict[str, int], dict[str, int]]:
        if not offers:
            return {}, {}
        read = self._texts.likeness(self._like, offers)
        return _by_offer(offers, [int(words[self._row]) for words, _ in read], [int(mean[self._row]) for _, mean in read])

    def shared_words(self, offer_ref: str) -> tuple[tuple[str, float], ...]:
        return self._like.shared_words(self._row, self._texts.text(offer_ref))


class LikeTexts:
    """The texts of a table's rows; keeps the percents of each offer that was compared with all of them.

    `rows` (rows,) are the table's rows in the index, where they are not the same.
    """

    def __init__(self, index: Index, language: Language, rows: np.ndarray | None = None) -> None:
        self.index, self._language, self._rows = index, language, rows
        self.is_new = True  # not yet on disk
        self._kept: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = {}
        self._asked: dict[str, Query] = {}

    @classmethod
    def of(cls, needs: Sequence[Need], language: Language, stored: Index | None = None) -> LikeTexts:
        """Index the texts of needs, in their order; `stored`, of the same vocabulary, spares what it holds already."""
        documents = {document_key(need): text_of(need) for need in needs}
        if stored is None or stored.vocabulary.digest != language.vocabulary.digest:
            index = language.index(documents)
            return cls(index, language, index.rows(documents))
        fresh = {key: text for key, text in documents.items() if key not in stored}
        left = [key for block in (stored.base, stored.delta) for key in block.keys if key not in documents]
        language.remember(fresh.values())
        index = stored.updated(fresh, left, language.vectors) if fresh or left else stored
        found = cls(index, language, index.rows(documents))
        found.is_new = index is not stored
        return found

    def vectors(self) -> dict[str, np.ndarray]:
        """The vectors of meaning by text digest, for a language that follows this one."""
        blocks = (self.index.base, self.index.delta)
        return {key.rsplit(" ", 1)[1]: vector for block in blocks if block.meanings.shape[1]
                for key, vector in zip(block.keys, block.meanings, strict=True)}

    def percents(self, name: str, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the percents (rows,) of words and of meaning of every row with a text, kept by name and text."""
        if (name, text) not in self._kept:
            self.read_many({name: text})
        return self._kept[name, text]

    def read_many(self, texts: Mapping[str, str]) -> None:
        """Compare every row with each of these texts, by name, and keep the percents."""
        missing = [key for key in texts.items() if key not in self._kept]
        if not missing:
            return
        queries = self._queries_of([text for _name, text in missing])
        meaning = self._meaning(np.concatenate([query.meaning for query in queries]))
        for number, (key, query) in enumerate(zip(missing, queries, strict=True)):
            self._kept[key] = self._own(word_percents(self._words(query))), self._own(meaning[number])

    def read(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the percents (rows,) of words and of meaning of every row with a text; nothing is kept."""
        (query,) = self._queries_of([text])
        return self._own(word_percents(self._words(query))), self._own(self._meaning(query.meaning)[0])

    def shared_words(self, row: int, text: str) -> tuple[tuple[str, float], ...]:
        """Return the words that a row shares with a text, strongest first."""
        if text not in self._asked:
            (self._asked[text],) = self._queries_of([text])
        at = row if self._rows is None else int(self._rows[row])
        return self.index.shared_words(self._asked[text], self.index.key(at))

    def _queries_of(self, texts: Sequence[str]) -> list[Query]:
        self._language.remember(texts)
        return [self.index.query(text, self._language.vectors.get(text_digest(text))) for text in texts]

    def _words(self, query: Query) -> np.ndarray:
        words = np.zeros(self.index.size)
        rows, cosines = self.index.cosines(query)
        words[rows] = cosines
        return words

    def _meaning(self, vectors: np.ndarray) -> np.ndarray:
        """Return the percents (texts, rows) of meaning, slice by slice: as float32 at once a million rows take 2 GB."""
        parts = [meaning_percents(vectors @ block.meanings[at:at + SLICE].astype(np.float32).T)
                 for block in (self.index.base, self.index.delta) for at in range(0, len(block.meanings), SLICE)]
        return np.concatenate(parts, axis=1) if parts else np.zeros((len(vectors), 0), np.uint8)

    def _own(self, percents: np.ndarray) -> np.ndarray:
        return percents if self._rows is None else percents[self._rows]
