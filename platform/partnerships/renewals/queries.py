"""Reading what stands until when: needs and offers in one list, each as far as the actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from partnerships.accounts.models import Account
from partnerships.core.actor import SYSTEM, Actor, Role
from partnerships.core.db import db
from partnerships.core.lists import PER_PAGE, Page, page_number
from partnerships.core.policy import condition, scope
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus, Origin
from partnerships.offers import queries as offers
from partnerships.offers.models import Offer, OfferStatus
from partnerships.parties.models import Party
from partnerships.renewals.policy import OFFERING
from partnerships.renewals.states import PROMPT_FROM, SOON, TELLABLE, next_date

Standing = Need | Offer
# By the word in the address: what is renewed, and by which permissions it is seen and renewed.
KINDS: dict[str, tuple[Any, str, str]] = {"need": (Need, "needs.view", "needs.renew"),
                                          "offer": (Offer, "offers.view", "offers.renew")}


@dataclass(frozen=True)
class Row:
    """One line of the list: the record, and whether it is a need or an offer."""

    kind: str
    record: Any
    until: date  # the date on the button that says it still stands


def kind_of(record: Standing) -> str:
    """The word for what this is: "need" or "offer"."""
    return "need" if isinstance(record, Need) else "offer"


def by_ref(actor: Actor, kind: str, ref: str) -> Standing | None:
    """The need or offer with this reference, when the actor may see it."""
    return needs.by_ref(actor, ref) if kind == "need" else offers.by_ref(actor, ref)


def _stand(model: Any) -> ColumnElement[bool]:
    """SQL: published needs that their State posted, and offers not withdrawn, that have a date."""
    if model is Need:
        return and_(Need.status == NeedStatus.PUBLISHED, Need.origin == Origin.POSTED, Need.valid_until.is_not(None))
    return Offer.status == OfferStatus.OPEN


def _both(actor: Actor, filters: Mapping[str, str]) -> Subquery:
    parts = [
        select(literal(kind).label("kind"), model.id.label("id"), model.party_id.label("party_id"),
               model.valid_until.label("valid_until")).where(condition(actor, seeing, model), _stand(model))
        for kind, (model, seeing, _renewing) in KINDS.items() if filters.get("kind") in ("", None, kind)
    ]
    return union_all(*parts).subquery()


def page(actor: Actor, filters: Mapping[str, str], today: date) -> Page:
    """What stands until when, the oldest date first: a page of rows.

    Of the actor's own State or organisation; for the ISU of everybody, and only what is past its date or close to it.
    Arguments: filters may hold kind ("need", "offer"), state ("past", "soon", "later") and party (reference). One count,
    one page and one query a kind, however long the list.
    """
    every = _both(actor, filters)
    found = select(every.c.kind, every.c.id).order_by(every.c.valid_until, every.c.kind, every.c.id)
    found = _limited(found, every, actor, filters, today)
    total = db.session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
    number = min(page_number(), max(1, -(-total // PER_PAGE)))
    keys = [(row.kind, row.id) for row in db.session.execute(found.limit(PER_PAGE).offset((number - 1) * PER_PAGE))]
    records = {(kind, one.id): one for kind, (model, seeing, _renewing) in KINDS.items()
               for one in _loaded(actor, seeing, model, {number for of, number in keys if of == kind})}
    return Page([Row(key[0], records[key], next_date(records[key].valid_until, today)) for key in keys], number, total)


def _limited(found: Select[Any], every: Subquery, actor: Actor, filters: Mapping[str, str], today: date) -> Select[Any]:
    if not actor.is_isu:
        found = found.where(every.c.party_id == actor.party_id)
    elif filters.get("party"):
        found = found.where(every.c.party_id == select(Party.id).where(Party.ref == filters["party"]).scalar_subquery())
    state = filters.get("state") or ("near" if actor.is_isu else "")
    until = every.c.valid_until
    limits = {"past": until < today, "soon": until.between(today, today + SOON), "later": until > today + SOON,
              "near": until <= today + SOON}
    return found.where(limits[state]) if state in limits else found


def _loaded(actor: Actor, seeing: str, model: Any, ids: set[int]) -> list[Any]:
    if not ids:
        return []
    query = scope(actor, seeing, model).where(model.id.in_(ids)).options(joinedload(model.party))
    return list(db.session.scalars(query).unique())


def leaving(today: date) -> list[Standing]:
    """What a reminder may be due for, whoever asks: close to its date, or lately past it. For jobs."""
    found: list[Standing] = []
    for model, seeing, _renewing in KINDS.values():
        query = scope(SYSTEM, seeing, model).where(_stand(model), model.valid_until.between(today - TELLABLE, today + SOON))
        found += db.session.scalars(query.options(joinedload(model.party)).order_by(model.valid_until, model.id)).unique()
    return found


def to_look_through(today: date, party_id: int | None = None) -> list[Need]:
    """Open needs that their States posted and have not said to stand since the first of March of this year.

    Arguments: party_id, one State's alone. For jobs, and for the desk of that State's own people.
    """
    since = datetime(today.year, *PROMPT_FROM, tzinfo=UTC)
    query = scope(SYSTEM, "needs.view", Need).where(_stand(Need), Need.valid_until >= today, or_(
        Need.confirmed_at.is_(None), Need.confirmed_at < since))
    if party_id is not None:
        query = query.where(Need.party_id == party_id)
    return list(db.session.scalars(query.options(joinedload(Need.party)).order_by(Need.valid_until, Need.id)).unique())


def past(actor: Actor, today: date) -> tuple[int, date | None]:
    """How many needs and offers within the actor's sight are past their date, and the oldest of these dates."""
    every = _both(actor, {})
    row = db.session.execute(select(func.count(), func.min(every.c.valid_until)).where(every.c.valid_until < today)).one()
    return row[0], row[1]


def own_offers(actor: Actor, until: date) -> list[Offer]:
    """The offers of the actor's State or organisation that leave matching by a day, or have left it."""
    query = scope(actor, "offers.view", Offer).where(
        Offer.party_id == actor.party_id, _stand(Offer), Offer.valid_until <= until)
    return list(db.session.scalars(query.order_by(Offer.valid_until, Offer.id)))


def renewers(parties: set[int]) -> list[Account]:
    """The active people of these parties who may renew something, in order of identifier."""
    return list(db.session.scalars(select(Account).where(
        Account.active, Account.party_id.in_(parties), Account.role.in_(OFFERING)).order_by(Account.id)).unique())


def focal_points(parties: set[int]) -> list[Account]:
    """The active focal points of these States, in order of identifier."""
    return [one for one in renewers(parties) if one.role is Role.FOCAL_POINT]
