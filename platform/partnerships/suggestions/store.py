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
from partnerships.needs.content import in_usd
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.pledges import figures
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import ENDED
from partnerships.suggestions import kept

if TYPE_CHECKING:
    from partnerships.matching.likeness import Language
    from partnerships.matching.register import Part

AT_ONCE = 500
DELTA_SHARE = 0.05
AT_HAND = 2_000  # needs that are laid out anew while a reader waits (under a second); more of them in the background


@dataclass(frozen=True)
class Shared:
    """All open needs at one moment: the base table, the needs that are not in it, and the base's that are no more."""

    base: Part
    others: dict[str, matching.Need]
    gone: frozenset[str]
    language: Language
    refs: dict[int, str]


@dataclass(frozen=True)
class Base:
    """A base table, the vocabulary's number and the day it was laid out for, and the versions it holds."""

    part: Part
    language: Language
    number: int
    today: date
    versions: dict[int, int]
    refs: dict[int, str]


@dataclass
class Store:
    """The needs of one database, as one process knows them."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    mark: tuple[int, ...] = ()
    versions: dict[int, int] = field(default_factory=dict)
    needs: dict[int, matching.Need] = field(default_factory=dict)
    base: Base | None = None
    shared: Shared | None = None

    def current(self, today: date, mark: tuple[int, ...], newest: int) -> Shared:
        """The open needs as of this transaction.

        Arguments: mark, which changes with anything recorded; newest, the number of the vocabulary to use.
        """
        with self.lock:
            if self.shared is None or mark != self.mark or self.base is None or self.base.today != today:
                self._read_changes(today)
                self.shared = None
            if self._must_lay_out(today, newest):
                self.base = self.lay_out(today, newest)
                self.shared = None
            if self.shared is None:
                self.shared = self._share()
            self.mark = mark
            return self.shared

    def waits_for(self, newest: int) -> bool:
        """Whether a newer vocabulary waits for the needs to be laid out anew in the background."""
        return self.base is not None and self.base.number != newest

    def lay_out(self, today: date, newest: int) -> Base:
        """Lay out all needs as a new base; what an older one, or a file, knows of their texts is used again."""
        from partnerships.matching.register import Part

        before = self.base.part.texts if self.base else None
        language = self.base.language if self.base and self.base.number == newest else kept.language(
            newest, before.vectors() if before else {})
        stored = before.index if before else kept.stored(language)
        versions, found = dict(self.versions), dict(self.needs)
        part = Part.of(found.values(), today, language, stored)
        return Base(part, language, newest, today, versions, {number: need.ref for number, need in found.items()})

    def _must_lay_out(self, today: date, newest: int) -> bool:
        if self.base is None or self.base.today != today:
            return True
        if self.base.number != newest and len(self.needs) <= AT_HAND:
            return True
        changed, lost = self._since_base(self.base)
        return len(changed) + len(lost) > max(10, DELTA_SHARE * len(self.versions))

    def _since_base(self, base: Base) -> tuple[list[int], set[int]]:
        changed = [number for number, version in self.versions.items() if base.versions.get(number) != version]
        return changed, base.versions.keys() - self.versions.keys()

    def _read_changes(self, today: date) -> None:
        now = dict(db.session.execute(select(Need.id, Need.version).where(
            Need.status == NeedStatus.PUBLISHED, or_(Need.valid_until.is_(None), Need.valid_until >= today))).all())
        for number in self.versions.keys() - now.keys():
            self.needs.pop(number)
        self.needs |= {need.id: plain(need) for need in _read(
            number for number, version in now.items() if self.versions.get(number) != version)}
        self.versions = now

    def _share(self) -> Shared:
        assert self.base is not None
        changed, lost = self._since_base(self.base)
        gone = frozenset(self.base.refs[number] for number in (*changed, *lost) if number in self.base.refs)
        others = {self.needs[number].ref: self.needs[number] for number in changed}
        refs = {number: need.ref for number, need in self.needs.items()}
        return Shared(self.base.part, others, gone, self.base.language, refs)


def _read(numbers: Iterable[int]) -> Iterable[Need]:
    wanted = sorted(numbers)
    for at in range(0, len(wanted), AT_ONCE):
        query = select(Need).where(Need.id.in_(wanted[at:at + AT_ONCE])).options(
            joinedload(Need.party), selectinload(Need.amounts))
        yield from db.session.scalars(query).unique()


def plain(need: Need, own: Iterable[Pledge] = (), kept_away: tuple[str, ...] = (), amounts: bool = True) -> matching.Need:
    """A need as the engine reads it.

    Arguments: own, the pledges to it within somebody's sight; kept_away, partners that said no; amounts, whether the
    reader may know what it asks for.
    """
    own = list(own)
    party = need.party
    worth = figures.worth(need, own) if amounts else None
    gap = None if worth is None else in_usd(worth.gap, need.currency)
    return matching.Need(
        ref=need.ref, state=party.ref, title=need.title, text=need.summary, theme=need.theme or "", kinds=need.kinds,
        language=need.language, state_languages=tuple(party.languages.split()), region=party.region,
        subregion=party.subregion, neighbours=tuple(party.neighbours.split()),
        gap_usd=None if gap is None else float(gap), years=max(1, len(need.amounts)) if amounts else 1, deadline=need.deadline,
        valid_until=need.valid_until, excluded_partners=need.excluded_partners, declined=kept_away,
        donors=tuple(sorted({party.ref for pledge in own if pledge.status not in ENDED
                             for party in (pledge.donor, *(one.party for one in pledge.partners))})))
