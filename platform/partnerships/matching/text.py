"""The words of a text, in the six languages of the United Nations.

A word sees no meaning and no other language; that is honest for a reason named "similar words". Meaning is
`meaning`'s business, statistics of words `vocabulary`'s.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .stopwords import STOP_WORDS

TOKENISER = 2  # raise it when `words` cuts otherwise: indexes on disk then build themselves anew
MAX_CHARACTERS = 100_000  # the rest of a longer text is not read; 50,000 words of prose stay cheap
MAX_WORDS = 5_000
MAX_LETTERS = 40  # a longer "word" is a paste accident
_SLICE = re.compile(r"(?s).{1,1000}(?:\s|\Z)|.{1,1000}")
_TAG = re.compile(r"</?[a-z][^<>]{0,200}>", re.IGNORECASE)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_INVISIBLE = re.compile("[\xad\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")  # and Arabic vowels
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu)['’]")  # French: l'enquête is the word enquête


def cleaned(text: str) -> str:
    """Return a text in Unicode's NFKC form without tags, invisible characters and lone surrogates.

    Only the first `MAX_CHARACTERS` are read. The form is made slice by slice: at once it takes time with the
    square of a run of combining marks.
    """
    text = _UNPRINTABLE.sub(" ", _TAG.sub(" ", text[:MAX_CHARACTERS]))
    if text.isascii():
        return text
    return _INVISIBLE.sub("", "".join(unicodedata.normalize("NFKC", part) for part in _SLICE.findall(text)))


def words(text: str) -> list[str]:
    """Cut a text into lower-case words worth comparing, stop words of six languages left out.

    Chinese writes no spaces, so a run of its characters gives every pair of neighbours. Numbers are no words.
    Any string is welcome; the first `MAX_WORDS` words are returned.
    """
    found: list[str] = []
    for token in _WORD.findall(cleaned(text).lower()):
        found += _remembered(token) if len(token) <= MAX_LETTERS else _kept(token)
        if len(found) >= MAX_WORDS:
            return found[:MAX_WORDS]
    return found


def _kept(token: str) -> tuple[str, ...]:
    """Return what of one token is worth comparing."""
    if _HAN.search(token):
        pairs = (pair for run in _HAN.findall(token) for pair in _pairs(run))
        return tuple(pair for pair in pairs if STOP_WORDS.isdisjoint((pair, *pair)))
    word = _ELISION.sub("", token)
    return (word,) if 1 < len(word) <= MAX_LETTERS and word not in STOP_WORDS else ()


_remembered = lru_cache(maxsize=1 << 16)(_kept)  # most tokens come again and again


def _pairs(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]
