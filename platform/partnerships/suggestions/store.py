"""The open needs as the engine reads them, held once per process and shared by all readers.

Whatever a person may not see is marked dead in their own view of it, before anything is ranked. A change is found by
comparing version numbers, so nothing is missed whatever the order of commits; only what changed is read again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from partnerships import matching
from partnerships.core.db import db
from partnerships.needs.models import Need
from partnerships.needs.service import in_usd
from partnerships.needs.states import NeedStatus
from partnerships.pledges import figures
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import PledgeStatus
from partnerships.suggestions import kept

if TYPE_CHECKING:
    from partnerships.matching.likeness import Language
    from partnerships.matching.register import Part

AT_ONCE = 500
DELTA_SHARE = 0.05


@dataclass(frozen=True)
class Shared:
    """All open needs at one moment: the base table, the needs that are not in it, and the base's that are no more."""

    base: Part
    others: dict[str, matching.Need]
    gone: frozenset[str]
    language: Language
    refs: dict[int, str]


@dataclass
class Store:
    """The needs of one database, as one process knows them."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    as_of: tuple[object, ...] = ()
    versions: dict[int, int] = field(default_factory=dict)
    needs: dict[int, matching.Need] = field(default_factory=dict)
    in_base: dict[int, int] = field(default_factory=dict)
    shared: Shared | None = None

    def current(self, today: date, mark: tuple[int, ...]) -> Shared:
        """The open needs as of this transaction; `mark` changes with anything that the engine reads."""
        number = mark[-1]
        as_of = (mark, today, number)
        with self.lock:
            if self.shared is None or as_of != self.as_of:
                if self.as_of[1:] != as_of[1:]:
                    self._begin_anew()
                self._read_changes(today)
                self.shared = self._lay_out(today, number)
                self.as_of = as_of
            return self.shared

    def _begin_anew(self) -> None:
        self.versions, self.needs, self.in_base, self.shared = {}, {}, {}, None

    def _read_changes(self, today: date) -> None:
        now = dict(db.session.execute(select(Need.id, Need.version).where(
            Need.status == NeedStatus.PUBLISHED, or_(Need.valid_until.is_(None), Need.valid_until >= today))).all())
        for number in self.versions.keys() - now.keys():
            self.needs.pop(number)
        self.needs |= {need.id: plain(need) for need in _read(
            number for number, version in now.items() if self.versions.get(number) != version)}
        self.versions = now

    def _lay_out(self, today: date, number: int) -> Shared:
        from partnerships.matching.register import Part

        if self.shared is not None:
            changed = [one for one, version in self.versions.items() if self.in_base.get(one) != version]
            lost = self.in_base.keys() - self.versions.keys()
            if len(changed) + len(lost) <= max(10, DELTA_SHARE * len(self.versions)):
                gone = {self.shared.base.table.needs[row].ref for row in self._rows(self.shared, [*changed, *lost])}
                return Shared(self.shared.base, {self.needs[one].ref: self.needs[one] for one in changed},
                              frozenset(gone), self.shared.language, self._refs())
        language = self.shared.language if self.shared is not None else kept.language(number)
        self.in_base = dict(self.versions)
        self._base_refs = self._refs()
        return Shared(Part.of(self.needs.values(), today, language), {}, frozenset(), language, self._refs())

    _base_refs: dict[int, str] = field(default_factory=dict)

    def _rows(self, shared: Shared, numbers: Iterable[int]) -> Iterable[int]:
        refs = (self._base_refs[number] for number in numbers if number in self._base_refs)
        return [shared.base.table.row_of[ref] for ref in refs]

    def _refs(self) -> dict[int, str]:
        return {number: need.ref for number, need in self.needs.items()}


def _read(numbers: Iterable[int]) -> Iterable[Need]:
    wanted = sorted(numbers)
    for at in range(0, len(wanted), AT_ONCE):
        query = select(Need).where(Need.id.in_(wanted[at:at + AT_ONCE])).options(
            joinedload(Need.party), selectinload(Need.amounts))
        yield from db.session.scalars(query).unique()


def plain(need: Need, own: Iterable[Pledge] = (), kept_away: tuple[str, ...] = ()) -> matching.Need:
    """A need as the engine reads it.

    Arguments: own, the pledges to it within somebody's sight; kept_away, partners that said no.
    """
    own = list(own)
    party = need.party
    worth = figures.of_need(need, own)
    gap = None if worth is None else in_usd(worth.gap, need.currency)
    return matching.Need(
        ref=need.ref, state=party.ref, title=need.title, text=need.summary, theme=need.theme or "", kinds=need.kinds,
        language=need.language, state_languages=tuple(party.languages.split()), region=party.region,
        subregion=party.subregion, neighbours=tuple(party.neighbours.split()),
        gap_usd=None if gap is None else float(gap), years=max(1, len(need.amounts)), deadline=need.deadline,
        valid_until=need.valid_until, excluded_partners=need.excluded_partners, declined=kept_away,
        donors=tuple(sorted({pledge.donor.ref for pledge in own if pledge.status not in (
            PledgeStatus.WITHDRAWN, PledgeStatus.LAPSED)})))
