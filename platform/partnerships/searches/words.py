"""The field's terms in six languages: what else to look for when a word is typed in one of them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from partnerships.core.search import folded

TERMS = Path(__file__).with_name("synonyms.csv")
# Words that bind others and say nothing by themselves: looked for only inside a term of the dictionary.
BINDING = frozenset(folded("the of in and for to with on at a an de la le les des du et en au aux un une el los las y del "
                           "al und и в на для по с في من على إلى و 的 和 在"))


@dataclass(frozen=True)
class Term:
    """Something looked for: as it was typed, and in which other words (each way holds all its words)."""

    typed: tuple[str, ...]
    others: tuple[tuple[str, ...], ...] = ()
    said: tuple[str, ...] = ()  # the other ways as a person writes them


@cache
def dictionary() -> dict[tuple[str, ...], tuple[str, ...]]:
    """The field's terms: from a term's folded words to all ways of saying it, in six languages.

    Source: searches/synonyms.csv; a row is one idea, a cell holds ways of one language separated by "|".
    """
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    with TERMS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ways = tuple(way.strip() for cell in row.values() for way in cell.split("|") if way.strip())
            for way in ways:
                key = tuple(folded(way))
                found[key] = tuple(dict.fromkeys((*found.get(key, ()), *ways)))
    return found


def understood(typed: list[str]) -> list[Term]:
    """A question's words as terms: the longest run that the dictionary knows is one term with its other ways.

    Arguments: typed, folded words. Returns: terms in the order of the question.
    """
    known, terms, at = dictionary(), [], 0
    longest = max(map(len, known))
    while at < len(typed):
        for size in range(min(longest, len(typed) - at), 0, -1):
            run = tuple(typed[at:at + size])
            if size == 1 or run in known:
                break
        terms.append(_term(run, known.get(run, ())))
        at += len(run)
    return [term for term in terms if not BINDING.issuperset(term.typed)] or terms


def _term(run: tuple[str, ...], ways: tuple[str, ...]) -> Term:
    others = {tuple(folded(way)): way for way in ways}
    others.pop(run, None)
    # A way that begins with what was typed is found with it anyway.
    told = {words: way for words, way in others.items() if not (len(run) == len(words) == 1 and words[0].startswith(run[0]))}
    return Term(run, tuple(told), tuple(told.values()))
