"""What differs between two texts, word by word, and between two tables, row by row. Plain data in and out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import Indel

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"
REWRITTEN = 0.4  # below this share of common words a text was written anew: both are shown whole


@dataclass(frozen=True)
class Piece:
    """A run of words, and what became of it: "same", "added" or "removed"."""

    mark: str
    text: str


@dataclass(frozen=True)
class Line:
    """One line of a table of a need. `key` says which line of the other content it is the same as."""

    key: Hashable
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One line of both tables side by side: "same", "changed", "added" or "removed", each cell in pieces."""

    mark: str
    cells: tuple[tuple[Piece, ...], ...]


def words(before: str, after: str) -> list[Piece]:
    """What becomes of a text: its words in order, the removed ones before those that replace them."""
    old, new = _split(before), _split(after)
    if old and new and Indel.normalized_similarity(old, new) < REWRITTEN:
        return whole(before, after)
    found: list[Piece] = []
    for step in Indel.opcodes(old, new):
        if step.tag == "equal":
            found.extend(Piece(SAME, word) for word in old[step.src_start:step.src_end])
        else:
            found.extend(Piece(REMOVED, word) for word in old[step.src_start:step.src_end])
            found.extend(Piece(ADDED, word) for word in new[step.dest_start:step.dest_end])
    return [Piece(mark, text) for replaced, run in groupby(found, key=lambda piece: piece.mark != SAME)
            for mark, text in _joined(list(run), (REMOVED, ADDED) if replaced else (SAME,))]


def _joined(run: list[Piece], marks: tuple[str, ...]) -> list[tuple[str, str]]:
    """The texts of a run by their mark, in the order of the marks; those without any words are left out."""
    texts = [(mark, "".join(piece.text for piece in run if piece.mark == mark)) for mark in marks]
    return [(mark, text) for mark, text in texts if text]


def whole(before: str, after: str) -> list[Piece]:
    """What becomes of a value that is read as one: an amount, a date, a choice."""
    if before == after:
        return [Piece(SAME, before)] if before else []
    return [*([Piece(REMOVED, before)] if before else []), *([Piece(ADDED, after)] if after else [])]


def side(pieces: Sequence[Piece], mark: str) -> list[Piece]:
    """One side of a comparison: what is the same, and what is only there ("removed" before, "added" after)."""
    return [piece for piece in pieces if piece.mark in (SAME, mark)]


def rows(before: Sequence[Line], after: Sequence[Line], prose: Sequence[bool]) -> list[Row]:
    """The lines of two tables, matched by their keys, in order.

    Arguments: prose, for each column whether its cells are compared word by word.
    """
    old, new = _numbered(before), _numbered(after)
    found: list[Row] = []
    for step in Indel.opcodes(list(old), list(new)):
        for key in list(old)[step.src_start:step.src_end]:
            found.append(_row(old[key], new[key], prose) if step.tag == "equal" else _alone(REMOVED, old[key]))
        if step.tag != "equal":
            found.extend(_alone(ADDED, new[key]) for key in list(new)[step.dest_start:step.dest_end])
    return found


def _split(text: str) -> list[str]:
    """Words with the white space after them, so that joining them gives the text again."""
    return re.findall(r"\s+|\S+\s*", text)


def _numbered(lines: Sequence[Line]) -> dict[Hashable, Line]:
    """Lines by key; lines with the same key are told apart by their order."""
    seen: Counter[Hashable] = Counter()
    found: dict[Hashable, Line] = {}
    for line in lines:
        found[line.key, seen[line.key]] = line
        seen[line.key] += 1
    return found


def _row(old: Line, new: Line, prose: Sequence[bool]) -> Row:
    cells = tuple(tuple(words(mine, theirs) if free else whole(mine, theirs))
                  for mine, theirs, free in zip(old.cells, new.cells, prose, strict=True))
    return Row(SAME if old.cells == new.cells else CHANGED, cells)


def _alone(mark: str, line: Line) -> Row:
    return Row(mark, tuple((Piece(mark, cell),) if cell else () for cell in line.cells))
