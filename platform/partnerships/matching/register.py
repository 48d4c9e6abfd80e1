"""The needs an engine knows: a large base table, and a small delta of what is new or changed since."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from operator import attrgetter
from typing import Any

import numpy as np

from .constraints import Candidate
from .index import Index
from .likeness import Language, LikeTexts, Reading
from .ranking import MARGIN, OUT, PartnerColumns, Selection, read_partner, scores, select
from .records import Need, Ranked, Suggestion
from .scoring import Scorer
from .table import NeedTable


@dataclass(slots=True)
class Part:
    """A table of needs with the index of their texts, as one scorer reads them.

    `dead` marks rows that the delta holds anew, that are gone, or that the reader may not see. `columns` and `steady`
    keep what was read of a partner and of the needs alone.
    """

    table: NeedTable
    texts: LikeTexts
    dead: np.ndarray
    columns: dict[tuple[str, tuple[str, ...]], PartnerColumns] = field(default_factory=dict)
    steady: dict[frozenset[str], np.ndarray] = field(default_factory=dict)

    @classmethod
    def of(cls, needs: Iterable[Need], today: date, language: Language, stored: Index | None = None) -> Part:
        """Lay out needs as columns and index their texts; `stored` may hold some of these already."""
        table = NeedTable(needs, today)
        return cls(table, LikeTexts.of(table.needs, language, stored), np.zeros(len(table), bool))

    def afresh(self) -> Part:
        """The same table and texts, with nothing read into it: for another scorer."""
        return Part(self.table, self.texts, self.dead)

    def without(self, refs: Collection[str]) -> Part:
        """The same part with some rows dead; the columns and what was read into them are shared."""
        rows = [self.table.row_of[ref] for ref in refs if ref in self.table.row_of]
        if not rows:
            return self
        dead = self.dead.copy()
        dead[rows] = True
        return Part(self.table, self.texts, dead, self.columns)

    def needs(self) -> list[Need]:
        """The needs that are alive."""
        return [need for need, dead in zip(self.table.needs, self.dead.tolist(), strict=True) if not dead]

    def quick(self, scorer: Scorer, candidate: Candidate, off: Collection[str]) -> np.ndarray:
        """Return the quick score (rows,) of every need for one partner; see `ranking`."""
        apart = self.table.apart.get(candidate.partner.ref)
        likeness = scorer.texts.likeness(self.texts, candidate.offers)
        columns, alone = self._columns(scorer, candidate), self._alone(scorer, frozenset(off))
        return scores(self.table, columns, alone, apart, likeness, scorer.weights)

    def _alone(self, scorer: Scorer, off: frozenset[str]) -> np.ndarray:
        if off not in self.steady:
            points = np.where(self.table.over | self.dead, OUT, np.float32(0))
            for key, values in self.table.alone.items():
                if key not in off:
                    points += values * np.float32(scorer.weights[key])
            self.steady[off] = points
        return self.steady[off]

    def _columns(self, scorer: Scorer, candidate: Candidate) -> PartnerColumns:
        ref = candidate.partner.ref
        key = (ref, tuple(offer.ref for offer in candidate.offers))
        if key not in self.columns:
            self.columns[key] = read_partner(
                self.table, candidate, scorer.today, scorer.usual_gift(ref),
                lambda need: scorer.history_values(ref, need), scorer.weights)
        return self.columns[key]


@dataclass(frozen=True, slots=True)
class Register:
    """Base and delta, for one scorer. Immutable: `updated` gives the next one."""

    base: Part
    delta: Part
    scorer: Scorer

    @classmethod
    def of(cls, needs: Iterable[Need], scorer: Scorer) -> Register:
        """A register whose delta is empty."""
        language = scorer.texts.language
        return cls(Part.of(needs, scorer.today, language), Part.of((), scorer.today, language), scorer)

    @classmethod
    def within(cls, base: Part, hidden: Collection[str], others: Iterable[Need], scorer: Scorer) -> Register:
        """A register over a base that several readers share.

        Args: hidden, references of the base that this reader may not see or sees otherwise; others, the needs that
        are not in the base, or are seen otherwise: they become the delta.
        """
        delta = Part.of(others, scorer.today, scorer.texts.language)
        return cls(base.without(hidden).afresh(), delta, scorer)

    def updated(self, changed: Iterable[Need], removed: Collection[str]) -> Register:
        """Put changed needs into the delta and mark their old rows, and removed ones, as dead."""
        changed = list(changed)
        gone = {need.ref for need in changed} | set(removed)
        fresh = [need for need in self.delta.needs() if need.ref not in gone] + changed
        return Register(self.base.without(gone), Part.of(fresh, self.scorer.today, self.scorer.texts.language), self.scorer)

    @property
    def delta_share(self) -> float:
        """The share of all living needs that the delta holds."""
        living = len(self.base.table) - int(self.base.dead.sum()) + len(self.delta.table)
        return len(self.delta.table) / living if living else 0.0

    def needs(self) -> list[Need]:
        """Every living need."""
        return self.base.needs() + self.delta.needs()

    def alike(self, text: str) -> Iterator[tuple[Need, float, float]]:
        """Yield every living need with the percents of words and of meaning that it shares with a text."""
        for part in (self.base, self.delta):
            words, meaning = part.texts.read(text)
            rows = zip(part.table.needs, part.dead.tolist(), words.tolist(), meaning.tolist(), strict=True)
            yield from ((need, of_words, of_meaning) for need, dead, of_words, of_meaning in rows if not dead)

    def read_offers(self) -> None:
        """Compare the needs with all open offers now, so that no reader waits for it."""
        for part in (self.base, self.delta):
            self.scorer.texts.read_all(part.texts)

    def best_for(self, candidate: Candidate, limit: int, variety: float, off: Collection[str] = ()) -> Ranked:
        """Return the best needs for a partner, explained; at most `variety` of them of one State if others fill the list."""
        parts = (self.base, self.delta)
        quick = [(part.table, part.quick(self.scorer, candidate, off)) for part in parts]
        states = {*self.base.table.states, *self.delta.table.states}
        most = max(math.ceil(limit * variety), math.ceil(limit / max(1, len(states))))
        chosen = select(quick, limit, most)
        pairs = []
        for need, number, row in self._unlike(chosen, most):
            text = self.scorer.texts.of_row(parts[number].texts, row)
            found = self.scorer.score(need, candidate, off, text, rules=())  # the quick pass has asked them all
            if isinstance(found, Suggestion):
                pairs.append(Scored(found, need, text))
        pairs.sort(key=lambda one: (-one.found.score, one.need.ref))
        shown = _varied(pairs, limit, most)
        explained = tuple(self.scorer.explained(one.found, one.need, one.text) for one in shown)
        return Ranked(explained, _held(chosen, shown, most))

    def strongest(self, candidates: Iterable[Candidate], refs: Collection[str], limit: int) -> dict[str, list[Suggestion]]:
        """Return the best partners of each of these needs, best first, ties by reference; facts are left out."""
        candidates = list(candidates)
        found: dict[str, list[Suggestion]] = {}
        for part in (self.base, self.delta):
            rows = np.array([part.table.row_of[ref] for ref in refs if ref in part.table.row_of], dtype=np.int64)
            rows = rows[~part.dead[rows]]
            if not len(rows) or not candidates:
                continue
            points = np.stack([part.quick(self.scorer, one, ())[rows] for one in candidates])
            at = max(0, len(candidates) - limit)
            bars = np.maximum(np.partition(points, at, axis=0)[at] - 2 * MARGIN, -MARGIN)
            for column, row in enumerate(rows.tolist()):
                need = part.table.needs[row]
                worth = np.flatnonzero(points[:, column] >= bars[column]).tolist()
                scored = (self.scorer.score(need, candidates[number]) for number in worth)
                best = [one for one in scored if isinstance(one, Suggestion)]
                found[need.ref] = sorted(best, key=lambda one: (-one.score, one.partner))[:limit]
        return found

    def _unlike(self, chosen: Selection, most: int) -> Iterator[tuple[Need, int, int]]:
        """Yield the chosen rows as (need, part, row); of pasted copies no more than may be shown."""
        tables = (self.base.table, self.delta.table)
        rows = sorted(((tables[number].needs[row], number, row) for number, row in chosen.rows), key=lambda one: one[0].ref)
        copies: Counter[Any] = Counter()
        for need, number, row in rows:
            same = _but_the_reference(need)
            copies[same] += 1
            if copies[same] <= most:
                yield need, number, row


@dataclass(frozen=True, slots=True)
class Scored:
    """A need with its score and how its text reads."""

    found: Suggestion
    need: Need
    text: Reading


_but_the_reference = attrgetter(*(one.name for one in fields(Need) if one.name != "ref"))


def _varied(pairs: list[Scored], limit: int, most: int) -> list[Scored]:
    shown: list[Scored] = []
    of_state: Counter[str] = Counter()
    for one in pairs:
        if len(shown) < limit and of_state[one.need.state] < most:
            of_state[one.need.state] += 1
            shown.append(one)
    return shown


def _held(chosen: Selection, shown: list[Scored], most: int) -> dict[str, int]:
    """How many more needs of a State scored as much as the last one shown, where variety held them back."""
    if not shown:
        return {}
    least = shown[-1].found.score - MARGIN
    of_state = Counter(one.need.state for one in shown)
    more = {state: sum(int((values >= least).sum()) for values in chosen.reached[state]) - count
            for state, count in of_state.items() if count >= most}
    return {state: count for state, count in sorted(more.items()) if count > 0}
