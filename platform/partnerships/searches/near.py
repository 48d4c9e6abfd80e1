"""Spelling: the nearest word that something within the reader's sight holds. Nothing hidden is ever proposed."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import func, select, union
from sqlalchemy.orm import aliased

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.search import SearchWord
from partnerships.searches.kinds import KINDS
from partnerships.searches.words import dictionary

SHORTEST = 3  # letters: anything is near a shorter word
LONG = 6  # from so many letters on, two slips are forgiven, else one


def near(actor: Actor, lacking: Iterable[str]) -> dict[str, str]:
    """For words that nothing holds: the nearest word that something within the actor's sight holds, or a term of the field.

    Nearness is the number of letters to change, leave out, add or swap (optimal string alignment).
    """
    asked = [word for word in dict.fromkeys(lacking) if len(word) >= SHORTEST and not word.isdigit()]
    if not asked:
        return {}
    words = {way for ways in dictionary() for way in ways}
    everything = words | _every_word()
    close = {word: _close(word, everything) for word in asked}
    held = _seen(actor, {other for found in close.values() for other, _slips in found})
    best = {word: min(((slips, other not in held, other[0] != word[0], abs(len(other) - len(word)), other)
                       for other, slips in found if other in held | words), default=None) for word, found in close.items()}
    return {word: found[-1] for word, found in best.items() if found is not None}


def _close(word: str, words: set[str]) -> list[tuple[str, int]]:
    most = 2 if len(word) >= LONG else 1
    found = process.extract(word, words, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(other, int(slips)) for other, slips, _key in found if other != word and len(other) >= SHORTEST]


def _every_word() -> set[str]:
    """The distinct words of the index, by one step of its key each: repeated words are leapt over, not read."""
    every = []
    for kind in KINDS:
        walk = select(func.min(SearchWord.word).label("word")).where(SearchWord.kind == kind).cte(f"{kind}_words", recursive=True)
        one = aliased(SearchWord)
        later = select(func.min(one.word)).where(one.kind == kind, one.word > walk.c.word).scalar_subquery()
        walk = walk.union_all(select(later).where(walk.c.word.is_not(None)))
        every.append(select(walk.c.word).where(walk.c.word.is_not(None)))
    return set(db.session.scalars(union(*every)))


def _seen(actor: Actor, words: set[str]) -> set[str]:
    """Of these words, those that a record within the actor's sight holds."""
    if not words:
        return set()
    asked = [select(SearchWord.word).join(kind.model, kind.model.id == SearchWord.record_id).where(
        SearchWord.kind == name, SearchWord.word.in_(words), kind.seen(actor)) for name, kind in KINDS.items()]
    return set(db.session.scalars(union(*asked)))
