"""The engine's way into the register: what it may look at for a reader, and how its answers come back as records.

The engine itself (partnerships.matching) is pure. It is fitted over records within the reader's sight only, so that
nothing a person may not see can influence what they are shown. A fitted engine is kept until the event table grows.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from partnerships import matching
from partnerships.core import audit
from partnerships.core.actor import Actor
from partnerships.core.db import current_engine, db
from partnerships.core.policy import scope
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.needs.service import in_usd
from partnerships.offers import queries as offers
from partnerships.offers.models import Offer
from partnerships.parties.models import Party, PartyKind, Priorities
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Contribution, Pledge
from partnerships.pledges.states import PledgeStatus

if TYPE_CHECKING:
    from partnerships.matching import Blocked, Matcher, Suggestion

KEPT = 24


@dataclass
class World:
    """A fitted engine with the records it was fitted on, for one reader."""

    matcher: Matcher
    parties: dict[str, Party]
    needs: dict[str, Need]
    offers: dict[str, Offer]


_worlds: OrderedDict[tuple[Any, ...], World] = OrderedDict()
_lock = threading.Lock()


def world(actor: Actor) -> World:
    """The fitted engine for what this reader may see, made anew when anything was recorded since."""
    sight = (actor.is_isu, actor.of_state_party, actor.role.value if not actor.is_isu else "", actor.party_id)
    newest = db.session.scalar(select(func.max(Contribution.id)))
    key = (str(current_engine().url), audit.watermark(), newest, date.today(), *sight)
    with _lock:
        if key in _worlds:
            _worlds.move_to_end(key)
            return _worlds[key]
    made = _build(actor, date.today())
    with _lock:
        _worlds[key] = made
        while len(_worlds) > KEPT:
            _worlds.popitem(last=False)
    return made


def partners_for(actor: Actor, need: Need, limit: int = 5) -> list[Suggestion]:
    """The partners most likely to help with a need (published or still a draft), best first."""
    here = world(actor)
    own = pledges.of_needs(actor, [need.id])[need.id]
    return here.matcher.partners_for(_need(need, own), limit=limit)


def needs_for(actor: Actor, party: Party, limit: int = 5) -> list[Suggestion]:
    """The open needs that fit a partner, best first."""
    here = world(actor)
    if party.ref not in here.parties:
        return []
    return here.matcher.needs_for(party.ref, limit=limit)


def answer(actor: Actor, need: Need, party: Party) -> Suggestion | Blocked:
    """What speaks for one pair, or the hard rules that stand between them."""
    here = world(actor)
    if party.ref not in here.parties:
        return matching.Blocked(need.ref, party.ref, ("nothing-known",))
    return here.matcher.score(_need(need, pledges.of_needs(actor, [need.id])[need.id]), party.ref)


def similar(actor: Actor, need: Need, limit: int = 3) -> list[tuple[Need, float]]:
    """Open needs of others that read like this one."""
    here = world(actor)
    found = here.matcher.similar_needs(_need(need, ()), limit=limit + 1)
    return [(here.needs[ref], score) for ref, score in found if ref != need.ref and ref in here.needs][:limit]


def _build(actor: Actor, today: date) -> World:
    parties = {party.ref: party for party in db.session.scalars(
        select(Party).where(Party.kind.in_((PartyKind.STATE, PartyKind.ORGANISATION))).order_by(Party.ref))}
    stated = {row.party_id: row for row in db.session.scalars(scope(actor, "priorities.view", Priorities))}
    open_needs = needs.current(actor, today)
    standing = offers.current(actor, today)
    pledged = pledges.of_needs(actor, [need.id for need in open_needs])
    matcher = matching.Matcher.fit(
        tuple(_gifts(actor)), tuple(_partner(party, stated.get(party.id)) for party in parties.values()),
        tuple(_offer(offer) for offer in standing), tuple(_need(need, pledged[need.id]) for need in open_needs),
        today=today)
    return World(matcher, parties, {need.ref: need for need in open_needs}, {offer.ref: offer for offer in standing})


def _gifts(actor: Actor) -> Iterable[matching.Gift]:
    donor, recipient = Party.__table__.alias("giver"), Party.__table__.alias("taker")
    rows = db.session.execute(
        select(Contribution.id, donor.c.ref, recipient.c.ref, Contribution.year, Contribution.amount_usd,
               Contribution.themes, Contribution.list_complete)
        .join(donor, donor.c.id == Contribution.donor_id).join(recipient, recipient.c.id == Contribution.recipient_id)
        .where(recipient.c.kind == "state").order_by(Contribution.id))
    for number, giver, taker, year, amount, themes, complete in rows:
        yield matching.Gift(ref=f"C{number}", donor=giver, recipient=taker, year=year,
                            amount_usd=None if amount is None else float(amount), themes=themes, list_complete=complete)
    signed = scope(actor, "pledges.view", Pledge).where(
        Pledge.status.in_((PledgeStatus.AGREED, PledgeStatus.PAID)), Pledge.recipient_id.is_not(None),
        Pledge.agreed_on.is_not(None)).options(*pledges.WITH_PARTIES).order_by(Pledge.id)
    for pledge in db.session.scalars(signed).unique():
        usd = in_usd(pledge.amount, pledge.currency)
        assert pledge.recipient is not None and pledge.agreed_on is not None
        yield matching.Gift(ref=pledge.ref, donor=pledge.donor.ref, recipient=pledge.recipient.ref,
                            year=pledge.agreed_on.year, amount_usd=None if usd is None else float(usd),
                            themes=(pledge.need.theme,) if pledge.need and pledge.need.theme else (),
                            list_complete=False)


def _usd(amount: Decimal | None, currency: str) -> float | None:
    found = in_usd(amount, currency)
    return None if found is None else float(found)


def _partner(party: Party, stated: Priorities | None) -> matching.Partner:
    return matching.Partner(
        ref=party.ref, name=party.name_en, is_state=party.is_state, region=party.region, subregion=party.subregion,
        languages=tuple(party.languages.split()), themes=stated.themes if stated else (),
        kinds=stated.kinds if stated else (), regions=stated.regions if stated else (),
        countries=stated.countries if stated else (),
        amount_min=_usd(stated.amount_min, stated.currency) if stated else None,
        amount_max=_usd(stated.amount_max, stated.currency) if stated else None,
        multi_year=stated.multi_year if stated else None)


def _offer(offer: Offer) -> matching.Offer:
    return matching.Offer(
        ref=offer.ref, partner=offer.party.ref, title=offer.title, text=offer.summary, themes=offer.themes,
        kinds=offer.kinds, regions=offer.regions, countries=offer.countries, languages=offer.languages,
        amount_min=_usd(offer.amount_min, offer.currency), amount_max=_usd(offer.amount_max, offer.currency),
        valid_until=offer.valid_until)


def _need(need: Need, own: Iterable[Pledge]) -> matching.Need:
    own = list(own)
    party = need.party
    worth = figures.of_need(need, own)
    gap = None if worth is None else in_usd(worth.gap, need.currency)
    return matching.Need(
        ref=need.ref, state=party.ref, title=need.title, text=need.summary, theme=need.theme or "", kinds=need.kinds,
        language=need.language, state_languages=tuple(party.languages.split()), region=party.region,
        subregion=party.subregion, neighbours=tuple(party.neighbours.split()),
        gap_usd=None if gap is None else float(gap), years=max(1, len(need.amounts)), deadline=need.deadline,
        valid_until=need.valid_until, donors=tuple(sorted({pledge.donor.ref for pledge in own if pledge.status not in (
            PledgeStatus.WITHDRAWN, PledgeStatus.LAPSED)})))
