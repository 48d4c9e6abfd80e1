"""What is published: records that everybody may see, read portion by portion, and how many are left out and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union
from sqlalchemy.orm import joinedload, selectinload

from partnerships.conferences.models import Conference
from partnerships.core.actor import PUBLIC, Actor
from partnerships.core.audit import READING, Event
from partnerships.core.db import db
from partnerships.core.policy import condition, scope
from partnerships.exchange import queries as imports
from partnerships.needs.models import Need
from partnerships.needs.states import ON_RECORD
from partnerships.parties.models import Party
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Contribution, Pledge, PledgeNeed
from partnerships.pledges.states import PledgeKind, PledgeStatus
from partnerships.standards.models import PledgeTerms

AGREED = (PledgeStatus.AGREED, PledgeStatus.PAID, PledgeStatus.DELIVERED)
PORTION = 200


@dataclass(frozen=True)
class Wanted:
    """Which part of the register is published: of one donor, changed since a day, with the invented records of a demonstration."""

    donor: str = ""
    since: date | None = None
    with_demo: bool = False

    def recent(self, changed: datetime | None) -> bool:
        """Whether a record that changed at a moment is asked for; one without a moment is of the first day."""
        return self.since is None or (changed is not None and changed >= datetime.combine(self.since, time(), UTC))


@dataclass
class LeftOut:
    """How many records are not published, each counted under the first reason that applies.

    Those that not everybody may see are counted over the whole register, whatever is asked for: by donor or by day the number
    itself would tell of them.
    """

    restricted_pledges: int = 0
    restricted_needs: int = 0
    demonstration: int = 0
    no_support: int = 0
    undated: int = 0
    of_others: int = 0

    def words(self) -> list[str]:
        """Sentences for the head of a file and for the command; of what there is none, nothing is said."""
        told = ((self.restricted_pledges, "pledges that not everybody may see (of the whole register)"),
                (self.restricted_needs, "needs with agreed support that not everybody may see (of the whole register)"),
                (self.demonstration, "records of the demonstration, invented"),
                (self.no_support, "political statements, and pledges that may be political: they are no support"),
                (self.undated, "records without a day and a year"),
                (self.of_others, "contributions that another publisher reports to IATI already"))
        return [f"Left out: {number} {words}." for number, words in told if number]


def left_out(wanted: Wanted) -> LeftOut:
    """The counts of what is not published, and why."""
    seen = condition(PUBLIC, "pledges.view", Pledge)
    real, stands = ~Pledge.is_demo, Pledge.status != PledgeStatus.STRUCK
    kinds = Pledge.kind.in_((PledgeKind.FINANCIAL, PledgeKind.IN_KIND))
    needed, public = _supported(true_pledges=True), _supported(true_pledges=False)
    found = LeftOut(
        restricted_pledges=_count(select(Pledge.id).where(real, stands, ~seen)),
        restricted_needs=_count(select(Need.id).where(~Need.is_demo, needed)) - _count(
            select(Need.id).where(~Need.is_demo, public, condition(PUBLIC, "needs.view", Need), Need.status.in_(ON_RECORD))),
        no_support=_count(_pledges(wanted).where(~kinds)), undated=_count(_pledges(wanted).where(kinds, _undated(date.today()))),
        of_others=_count(_contributions(wanted, own=False)))
    if not wanted.with_demo:
        demo = Wanted(wanted.donor, None, True)
        found.demonstration = (_count(_pledges(demo).where(Pledge.is_demo)) + _count(_needs(demo).where(Need.is_demo))
                               + _count(_contributions(demo)) - _count(_contributions(Wanted(wanted.donor))))
    return found


def published(wanted: Wanted) -> tuple[int, int, int]:
    """How many needs, pledges and contributions a file holds, whenever they changed."""
    kinds = Pledge.kind.in_((PledgeKind.FINANCIAL, PledgeKind.IN_KIND))
    return (_count(_needs(wanted)), _count(_pledges(wanted).where(kinds, ~_undated(date.today()))), _count(_contributions(wanted)))


def _undated(today: date) -> ColumnElement[bool]:
    """SQL: pledges of which neither a day nor a year is known that has come (`pledged.anchor` in Python)."""
    days = func.coalesce(Pledge.announced_on, Pledge.confirmed_on, Pledge.agreed_on)
    held = Pledge.conference.has(Conference.first_day <= today)
    return and_(days.is_(None), ~held, or_(Pledge.first_year.is_(None), Pledge.first_year > today.year))


def terms_of(pledge: Pledge) -> PledgeTerms | None:
    """How the donor classified a pledge; None as long as nobody said anything."""
    return db.session.scalars(select(PledgeTerms).where(PledgeTerms.pledge_id == pledge.id)).first()


def _count(query: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _supported(true_pledges: bool, actor: Actor = PUBLIC) -> ColumnElement[bool]:
    """SQL: needs with agreed support, by any pledge or by one that everybody may see."""
    agreed = [Pledge.status.in_(AGREED)] if true_pledges else [
        Pledge.status.in_(AGREED), condition(actor, "pledges.view", Pledge)]
    alone = select(Pledge.need_id.label("id")).where(*agreed, Pledge.need_id.is_not(None))
    parts = select(PledgeNeed.need_id.label("id")).join(Pledge, Pledge.id == PledgeNeed.pledge_id).where(*agreed)
    return Need.id.in_(select(union(alone, parts).subquery().c.id))


def _pledges(wanted: Wanted) -> Select[Any]:
    query = scope(PUBLIC, "pledges.view", Pledge)
    if not wanted.with_demo:
        query = query.where(~Pledge.is_demo)
    return query.where(pledges.made_by(wanted.donor)) if wanted.donor else query


def _needs(wanted: Wanted) -> Select[Any]:
    query = scope(PUBLIC, "needs.view", Need).where(Need.status.in_(ON_RECORD), _supported(true_pledges=False))
    if not wanted.with_demo:
        query = query.where(~Need.is_demo)
    if wanted.donor:
        made = select(Pledge.id).where(pledges.made_by(wanted.donor), Pledge.status.in_(AGREED),
                                       condition(PUBLIC, "pledges.view", Pledge))
        query = query.where(or_(
            Need.id.in_(select(Pledge.need_id).where(Pledge.id.in_(made), Pledge.need_id.is_not(None))),
            Need.id.in_(select(PledgeNeed.need_id).where(PledgeNeed.pledge_id.in_(made)))))
    return query


def _contributions(wanted: Wanted, own: bool = True) -> Select[Any]:
    """Contributions on record; those read from another publisher's activities are that publisher's to report."""
    query = select(Contribution)
    foreign = Contribution.source.startswith(imports.FROM_IATI, autoescape=True)
    query = query.where(~foreign if own else foreign)
    if wanted.donor:
        query = query.where(Contribution.donor.has(Party.ref == wanted.donor))
    return query if wanted.with_demo else query.where(Contribution.id.not_in(imports.invented_contributions()))


def _portions(query: Select[Any], model: Any, options: tuple[Any, ...]) -> Iterator[list[Any]]:
    """The records of a query in the order of their numbers, a portion at a time: the session forgets what nobody holds."""
    last = 0
    while True:
        found = list(db.session.scalars(query.where(model.id > last).order_by(model.id).limit(PORTION).options(*options)).unique())
        if not found:
            return
        last = found[-1].id
        yield found


def pledged(wanted: Wanted) -> Iterator[tuple[list[Pledge], dict[int, Need], dict[int, PledgeTerms]]]:
    """Pledges that everybody may see, with the needs that everybody may see by id, and their terms by pledge."""
    options = (joinedload(Pledge.donor), joinedload(Pledge.recipient), joinedload(Pledge.conference), *pledges.WITH_PARTS,
               selectinload(Pledge.steps), selectinload(Pledge.payments))
    kinds = Pledge.kind.in_((PledgeKind.FINANCIAL, PledgeKind.IN_KIND))
    for found in _portions(_pledges(wanted).where(kinds), Pledge, options):
        ids = {one.need_id for one in found} | {part.need_id for one in found for part in one.parts}
        query = scope(PUBLIC, "needs.view", Need).where(Need.id.in_(ids), Need.status.in_(ON_RECORD))
        seen = {need.id: need for need in db.session.scalars(query) if wanted.with_demo or not need.is_demo}
        terms = db.session.scalars(select(PledgeTerms).where(PledgeTerms.pledge_id.in_([one.id for one in found])))
        yield found, seen, {one.pledge_id: one for one in terms}


def supported(wanted: Wanted) -> Iterator[tuple[list[Need], set[int], dict[int, list[Pledge]]]]:
    """Needs with agreed support, the ids of those whose amounts everybody may see, and their agreed pledges by id."""
    for found in _portions(_needs(wanted), Need, (joinedload(Need.party), selectinload(Need.amounts))):
        ids = [need.id for need in found]
        amounts = set(db.session.scalars(select(Need.id).where(Need.id.in_(ids), condition(PUBLIC, "needs.view-amounts", Need))))
        by_need = {number: [one for one in given if one.status in AGREED and (wanted.with_demo or not one.is_demo)]
                   for number, given in pledges.of_needs(PUBLIC, ids).items()}
        yield found, amounts, by_need


def contributed(wanted: Wanted) -> Iterator[tuple[list[Contribution], dict[int, datetime]]]:
    """Contributions on record, and when each was imported; those of the first day have no moment."""
    options = (joinedload(Contribution.donor), joinedload(Contribution.recipient))
    for found in _portions(_contributions(wanted), Contribution, options):
        yield found, imports.contributed_at([one.id for one in found])


def stamp() -> tuple[Any, ...]:
    """What changes whenever something that is published may have changed: cheap, and on the safe side."""
    told = select(func.max(Event.id)).where(Event.tag.not_like(f"%{READING}"))
    newest = [db.session.scalar(told), *(db.session.scalar(select(func.max(column))) for column in (
        Pledge.updated_at, Need.updated_at, PledgeTerms.updated_at, Contribution.id))]
    counts = [db.session.scalar(select(func.count()).select_from(model)) for model in (Pledge, Need, Contribution)]
    money = db.session.execute(select(func.sum(Contribution.amount_usd), func.sum(Contribution.amount_national))).one()
    return (*newest, *counts, *money)


