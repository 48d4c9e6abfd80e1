"""Whether two records could be one: gates that must hold (the same party, years, area, an amount near by), then their texts. Pure.

Where the numbers come from: docs/decisions/0031-duplicates.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

NEAR = 0.8  # the smaller amount as a share of the larger, where it counts as near
SAME = 0.98  # and where the amount alone says that a contribution may be the same
TEXT = 0.6  # likeness of texts beside an amount that is near
TEXT_ALONE = 0.75  # and where no amounts can be compared
TEXT_BESIDE_SAME = 0.5
BESIDE = 300  # at most so many are looked at for a row: the newest
STEP = math.log(1 / NEAR)

Rule = Callable[[float | None, float | None], bool]  # (share of amounts, likeness of texts; None: not to be compared)


@dataclass(frozen=True)
class Told:
    """What a row or a record says, as far as likeness goes. group: what must be the same; texts: the first is its title."""

    group: tuple[Any, ...]
    texts: tuple[str, ...]
    themes: frozenset[str] = frozenset()
    span: tuple[int, int] | None = None
    amount: Decimal | None = None
    currency: str = ""
    record: int | None = None
    row: int | None = None


@dataclass(frozen=True)
class Like:
    """What a row is like: a record by its number, or an earlier row of the file; how alike the texts are, if compared."""

    record: int | None
    row: int | None
    share: float = 1.0


@dataclass
class _Pair:
    asked: Told
    other: Told
    near: float | None
    texts: list[int] = field(default_factory=list)  # places among the pairs of texts


def texts(title: str, summary: str) -> tuple[str, ...]:
    """What is compared of a record: its title, and the title with the text where there is one."""
    return (title, f"{title}\n{summary}") if summary and summary != title else (title,)


def code(theme: str | None) -> frozenset[str]:
    """A thematic area as a set: none when it is left open."""
    return frozenset([theme] if theme else [])


def of_needs(near: float | None, text: float | None) -> bool:
    """Whether two needs, or offers, could be one."""
    return text is not None and (text >= TEXT_ALONE if near is None else near >= NEAR and text >= TEXT)


def of_contributions(near: float | None, text: float | None) -> bool:
    """Whether two contributions of a donor to a State in a year could be one. Figures of a year have no text."""
    if near is None:
        return text is not None and text >= TEXT_ALONE
    if near >= SAME:
        return text is None or text >= TEXT_BESIDE_SAME
    return text is not None and near >= NEAR and text >= TEXT_ALONE


def share(one: Told, other: Told) -> float | None:
    """The smaller amount as a share of the larger; None where there is none to compare."""
    if not one.amount or not other.amount or one.currency != other.currency:
        return None
    return float(min(one.amount, other.amount) / max(one.amount, other.amount))


def _may(one: Told, other: Told) -> bool:
    """Whether everything but the texts speaks for one record."""
    if one.group != other.group or (one.themes and other.themes and not one.themes & other.themes):
        return False
    if one.span and other.span and (one.span[1] < other.span[0] or other.span[1] < one.span[0]):
        return False
    near = share(one, other)
    return near is None or near >= NEAR


class _Drawers:
    """What is known, by group and by the size of its amount, so that few are looked at beside a row."""

    def __init__(self) -> None:
        self._held: dict[tuple[Any, ...], dict[tuple[str, int] | None, list[Told]]] = {}

    def lay(self, told: Told) -> None:
        self._held.setdefault(told.group, {}).setdefault(self._key(told), []).append(told)

    def beside(self, told: Told) -> list[Told]:
        """Those that may be the same: with an amount near by, without one, or with one in another currency."""
        held, own = self._held.get(told.group, {}), self._key(told)
        found: list[Told] = []
        for key, some in held.items():
            if own is None or key is None or key[0] != own[0] or abs(key[1] - own[1]) <= 1:
                found += [other for other in some[-BESIDE:] if _may(told, other)]
        return found[-BESIDE:]

    @staticmethod
    def _key(told: Told) -> tuple[str, int] | None:
        return (told.currency, math.floor(math.log(float(told.amount)) / STEP)) if told.amount and told.amount > 0 else None


def find(asked: Sequence[Told], known: Sequence[Told], rule: Rule,
         read: Callable[[Sequence[tuple[str, str]]], list[float]]) -> dict[int, Like]:
    """What each asked row is most like: a record, or a row before it.

    Arguments: asked, rows in the file's order; known, records; rule, when two could be one; read, the likeness of pairs of
    texts. Returns: {row: like}, rows like nothing left out.
    """
    drawers = _Drawers()
    for told in known:
        drawers.lay(told)
    pairs: list[_Pair] = []
    for told in asked:
        pairs += [_Pair(told, other, share(told, other)) for other in drawers.beside(told)]
        drawers.lay(told)
    places: dict[tuple[str, str], int] = {}
    for pair in pairs:
        pair.texts = [places.setdefault((left, right), len(places))
                      for left, right in zip(pair.asked.texts, pair.other.texts, strict=False) if left and right]
    shares = read(list(places))
    return _best(pairs, shares, rule)


def _best(pairs: Sequence[_Pair], shares: Sequence[float], rule: Rule) -> dict[int, Like]:
    found: dict[int, tuple[tuple[float, float, bool], Like]] = {}
    for pair in pairs:
        text = max((shares[place] for place in pair.texts), default=None)
        if pair.asked.row is None or not rule(pair.near, text):
            continue
        rank = (text or 0.0, pair.near or 0.0, pair.other.record is not None)
        if pair.asked.row not in found or rank > found[pair.asked.row][0]:
            found[pair.asked.row] = rank, Like(pair.other.record, pair.other.row, text if text is not None else 1.0)
    return {row: like for row, (_rank, like) in found.items()}
