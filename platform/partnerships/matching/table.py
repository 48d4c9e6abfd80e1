"""Many needs as columns: what the ranking of a whole register reads, each side of a need held once per distinct value.

Needs of one State with the same theme, kinds and languages are alike for every term but size, urgency and text; so a
partner is read once against each distinct value of a side, and the points are then spread over the rows.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from .constraints import Candidate, is_over, kept_apart
from .records import Need, Partner
from .terms import SIDES, Pair, reading

NOBODY = Candidate(Partner("", "", False), (), False)  # readers of side "need" look at no partner


def row_key(need: Need) -> str:
    """Return a key by which needs of one State stand together."""
    return f"{need.state} {need.ref}"


def _beside_its_like(need: Need) -> tuple[Any, ...]:
    """Needs of one State stand together, and those that read alike follow each other: memory is read in order."""
    return need.state, need.theme, need.kinds, need.language, need.years, need.ref


@dataclass(frozen=True, slots=True)
class Side:
    """Codes (rows,) into `faces`, one need for each distinct value of a side."""

    codes: np.ndarray
    faces: tuple[Need, ...]

    @classmethod
    def of(cls, needs: Sequence[Need], value: Callable[[Need], Any]) -> Side:
        """Number the distinct values of a side, in the order of the rows."""
        numbers: dict[Any, int] = {}
        faces: list[Need] = []
        codes = np.empty(len(needs), dtype=np.intp)
        for row, need in enumerate(needs):
            found = value(need)
            if found not in numbers:
                numbers[found] = len(faces)
                faces.append(need)
            codes[row] = numbers[found]
        return cls(codes, tuple(faces))


class NeedTable:
    """The columns of some needs, those of a State together and like ones side by side. Immutable once made.

    `fit` joins ground and kinds; `yearly` and `gap` are powers of ten of dollars, NaN where there is no gap;
    `urgent` and `few` the values of the two terms that read the need alone; `over` marks rows that have expired;
    `apart` gives the rows that each partner is kept from.
    """

    def __init__(self, needs: Iterable[Need], today: date) -> None:
        self.needs = tuple(sorted(needs, key=_beside_its_like))
        self.row_of = {need.ref: row for row, need in enumerate(self.needs)}
        self.ground, self.kinds = Side.of(self.needs, SIDES["ground"]), Side.of(self.needs, SIDES["kinds"])
        self.speech = Side.of(self.needs, SIDES["speech"])
        self._join()
        self.yearly = _log10(need.gap_usd / need.years if need.gap_usd else None for need in self.needs)
        self.gap = _log10(need.gap_usd for need in self.needs)
        self.over = np.fromiter((is_over(need, today) for need in self.needs), bool, len(self.needs))
        self.all_sized = bool(len(self.needs)) and not np.isnan(self.gap).any()
        self.alone = {key: self._values(read, today) for key, read in reading("need").items()}
        self.apart = self._kept_apart()
        states = np.fromiter((need.state != before for need, before in _with_previous(self.needs)), bool, len(self.needs))
        self.state_starts = np.flatnonzero(states)
        self.states = tuple(self.needs[row].state for row in self.state_starts)
        self.state_codes = (np.cumsum(states) - 1).astype(np.int32)

    def __len__(self) -> int:
        return len(self.needs)

    def _join(self) -> None:
        both = self.ground.codes * max(1, len(self.kinds.faces)) + self.kinds.codes
        found, codes = np.unique(both, return_inverse=True)
        self.fit = codes.astype(np.intp)
        self.fit_ground, self.fit_kinds = np.divmod(found, max(1, len(self.kinds.faces)))

    def _values(self, read: Callable[[Pair], Any], today: date) -> np.ndarray:
        found = (read(Pair(need, NOBODY, today)) for need in self.needs)
        return np.fromiter((one.value if one else 0.0 for one in found), np.float32, len(self.needs))

    def _kept_apart(self) -> dict[str, np.ndarray]:
        rows: dict[str, list[int]] = defaultdict(list)
        for row, need in enumerate(self.needs):
            for partner in sorted(kept_apart(need)):
                rows[partner].append(row)
        return {partner: np.array(found, dtype=np.int64) for partner, found in rows.items()}


def _with_previous(needs: Sequence[Need]) -> Iterable[tuple[Need, str | None]]:
    return zip(needs, [None, *(need.state for need in needs[:-1])], strict=False)


def _log10(amounts: Iterable[float | None]) -> np.ndarray:
    return np.array([math.log10(amount) if amount else math.nan for amount in amounts], dtype=np.float32)
