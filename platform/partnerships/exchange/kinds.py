"""What rows become: for each kind of record, how its rows are read, judged, written and taken back. One entry each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from partnerships.conferences.models import Conference
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.exchange import (
    activities,
    beside,
    fates,
    funding,
    given,
    keeping,
    needed,
    offered,
    pledged,
    prepared,
    queries,
)
from partnerships.exchange.beside import Beside
from partnerships.exchange.columns import Chosen
from partnerships.exchange.entries import Entry
from partnerships.exchange.fates import Verdict
from partnerships.exchange.models import Import, ImportOf, ImportRow
from partnerships.exchange.reading import Line
from partnerships.needs.models import Need
from partnerships.offers.models import Offer
from partnerships.parties.models import Party

TakeBack = Callable[[ImportRow], str]  # undoes one row; words when its record stays


@dataclass(frozen=True)
class Kind:
    """A kind of record that rows become.

    entries: rows under chosen columns to entries; fates: entries to verdicts, given the register as it is now; write: one
    verdict into the register; taking_back: (import, actor, the rows that wrote) to what undoes one of them; beside: see there.
    """

    entries: Callable[[Actor, Import, Chosen, list[Line]], list[Entry]]
    fates: Callable[[Actor, Import, Sequence[Entry]], list[Verdict]]
    write: keeping.Write
    taking_back: Callable[[Import, Actor, Sequence[ImportRow]], TakeBack]
    beside: Beside | None = None  # how new rows are compared with what is on record; None: they are not


def conference(one: Import) -> Conference:
    """The conference of a prepared sheet, as long as it takes pledges. Raises: Refused."""
    if one.conference is None:
        raise Refused(_("The conference of this sheet is no longer on record."))
    return one.conference


def _own(actor: Actor) -> Party | None:
    return db.session.get(Party, actor.party_id) if actor.party_id else None


def _needs(actor: Actor, one: Import, found: Chosen, lines: list[Line]) -> list[Entry]:
    return needed.read(lines, found, queries.known(), own=None if actor.is_isu else _own(actor), source=one.mapping["source"])


def _offers(actor: Actor, one: Import, found: Chosen, lines: list[Line]) -> list[Entry]:
    own = _own(actor)
    assert own is not None
    return offered.read(lines, found, queries.known(), own, date.today())


def _contributions(_actor: Actor, one: Import, found: Chosen, lines: list[Line]) -> list[Entry]:
    return given.read(lines, found, queries.known(), source=one.mapping["source"], today=date.today())


def _taking_back(model: type[Need] | type[Offer]) -> Callable[[Import, Actor, Sequence[ImportRow]], TakeBack]:
    def of(_one: Import, actor: Actor, written: Sequence[ImportRow]) -> TakeBack:
        held = keeping.referred(model, (row.record_id for row in written if row.record_id))
        return lambda row: keeping.take_back(row, actor, model, held)
    return of


KINDS: dict[ImportOf, Kind] = {
    ImportOf.NEEDS: Kind(_needs, lambda actor, _one, entries: fates.of_needs(actor, entries), keeping.need, _taking_back(Need),
                         beside.NEEDS),
    ImportOf.OFFERS: Kind(_offers, lambda actor, _one, entries: fates.of_offers(actor, entries), keeping.offer,
                          _taking_back(Offer), beside.OFFERS),
    ImportOf.CONTRIBUTIONS: Kind(_contributions, lambda _actor, _one, entries: funding.fates_of(entries), funding.keep,
                                 lambda _one, _actor, _written: funding.take_back, beside.CONTRIBUTIONS),
    ImportOf.ACTIVITIES: Kind(lambda _actor, _one, _found, lines: activities.entries(lines, queries.known()),
                              lambda _actor, _one, entries: activities.fates_of(entries), funding.keep,
                              lambda _one, _actor, _written: funding.take_back),
    ImportOf.PLEDGES: Kind(
        lambda _actor, _one, found, lines: pledged.read(lines, found, queries.known()),
        lambda actor, one, entries: prepared.fates_of(actor, entries, conference(one)), prepared.keep,
        lambda _one, actor, _written: lambda row: prepared.take_back(row, actor)),
}
GIVEN = (ImportOf.CONTRIBUTIONS, ImportOf.ACTIVITIES)  # both become contributions on record
