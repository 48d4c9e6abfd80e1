"""The words of every record: folded alike in every script, kept in one table, looked up by their beginning."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Index, String, and_, false, select
from sqlalchemy.orm import Mapped, mapped_column

from partnerships.core.db import Base

LONGEST = 40  # characters of a word, as long as the column that holds it
MOST = 8  # words of a question; more are not looked at
LAST = "\U0010ffff"  # sorts after every mark that a word may hold

_WORD = re.compile(r"[^\W_]+")
# Chinese is written without spaces: each two neighbouring signs are one word.
_CHINESE = re.compile("([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+)")
# The Arabic article at the beginning of a longer word; an alef with hamza is part of the word itself.
_ARTICLE = re.compile(r"\b\u0627\u0644(?=\w{3})")
# Accents go; so does the Arabic tatweel, which only stretches a word. Four letters Unicode does not take apart.
_PLAIN = {number: None for number in range(0x20000) if unicodedata.combining(chr(number))} | str.maketrans(
    {"\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u0131": "i", "\u0640": None})


class SearchWord(Base):
    """One word of one record, folded (no case, no accents). Looked up by its beginning; `weight` 3 title, 2 name, 1 text."""

    __tablename__ = "search_word"
    __table_args__ = (Index("ix_search_word_record", "kind", "record_id"),)

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    # "C": byte order on PostgreSQL too, so that a range of words is a range of the index.
    word: Mapped[str] = mapped_column(String(40).with_variant(String(40, collation="C"), "postgresql"), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    weight: Mapped[int] = mapped_column(default=1)


def folded(text: str) -> list[str]:
    """The words of a text in their order: no case, no accents, Chinese by pairs of signs, each at most 40 characters.

    >>> folded("Déminage humanitaire, 2026")
    ['deminage', 'humanitaire', '2026']
    """
    if text.isascii():
        return [word[:LONGEST] for word in _WORD.findall(text.casefold())]
    bare = _ARTICLE.sub("", unicodedata.normalize("NFC", text))
    plain = unicodedata.normalize("NFKD", bare).casefold().translate(_PLAIN)
    return [part for word in _WORD.findall(plain) for part in _parts(word)]


def _parts(word: str) -> Iterator[str]:
    for piece in _CHINESE.split(word):
        if _CHINESE.match(piece):
            yield from (piece[at:at + 2] for at in range(max(1, len(piece) - 1)))
        elif piece:
            yield piece[:LONGEST]


def begins(word: str) -> ColumnElement[bool]:
    """SQL: a word of the table begins with this one (a range of its key, never a pattern)."""
    return and_(SearchWord.word >= word, SearchWord.word < word + LAST)


def holding(kind: str, identifier: Any, typed: str) -> list[ColumnElement[bool]]:
    """SQL conditions: a record holds every word typed, by its beginning.

    Arguments: kind, as in the table; identifier, the record's column; typed, free text. Returns: one condition a word,
    none for an empty text, and one that nothing meets for a text without a single letter or figure.
    """
    if not typed.strip():
        return []
    return each(kind, identifier, folded(typed)[:MOST]) or [false()]


def each(kind: str, identifier: Any, words: Sequence[str]) -> list[ColumnElement[bool]]:
    """SQL conditions: a record holds each of these folded words, by its beginning."""
    return [identifier.in_(select(SearchWord.record_id).where(SearchWord.kind == kind, begins(word)))
            for word in dict.fromkeys(words)]
