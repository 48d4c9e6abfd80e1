"""The engine's way into the register: what it may look at for a reader, and how its answers come back as records.

The engine itself (partnerships.matching) is pure. It sees records within the reader's sight only, so that nothing a
person may not see can influence what they are shown. A view of it is kept until something is recorded.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import g, has_request_context, request
from sqlalchemy import func, not_, select

from partnerships import matching
from partnerships.core import audit
from partnerships.core.actor import PUBLIC, Actor
from partnerships.core.db import current_engine, db
from partnerships.core.policy import can, condition, scope
from partnerships.matches import queries as matches
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.offers import queries as offers
from partnerships.offers.models import Offer
from partnerships.parties.models import Party, PartyKind, Priorities
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Contribution, Pledge, PledgeNeed
from partnerships.suggestions import gifts, kept, queries, store, upkeep

if TYPE_CHECKING:
    from partnerships.matching import Blocked, Matcher, Suggestion
    from partnerships.matching.feedback import Answer
    from partnerships.matching.history import Place

KEPT = 24
PRECEDENTS = 20  # closed needs of an area that are compared with a draft: the newest


@dataclass(frozen=True)
class Stated:
    """What a partner states of its ways, within the reader's sight: shown beside a suggestion, never ranked by."""

    decision_months: tuple[str, ...]
    channels: tuple[str, ...]


@dataclass
class World:
    """A fitted engine with the parties and offers it knows, for one reader; `needs` names those it may suggest."""

    matcher: Matcher
    parties: dict[str, Party]
    offers: dict[str, Offer]
    needs: frozenset[str]
    stated: dict[str, Stated]


@dataclass(frozen=True)
class Fitting:
    """Needs that fit a partner, best first, and how many more of a State variety held back."""

    found: list[tuple[Suggestion, Need]]
    held_back: dict[str, int]


_worlds: OrderedDict[tuple[Any, ...], World] = OrderedDict()
_stores: dict[str, store.Store] = {}
_lock = threading.Lock()


def forget() -> None:
    """Forget every view and every store of this process: tests lay the database anew beneath it."""
    with _lock:
        _worlds.clear()
        _stores.clear()
    gifts.forget()


def _once(key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
    """Make something once in a request that only reads: nothing can change within it. Elsewhere make it anew."""
    if not has_request_context() or request.method not in ("GET", "HEAD"):
        return make()
    kept_here = g.setdefault("engine", {})
    if key not in kept_here:
        kept_here[key] = make()
    return kept_here[key]


def world(actor: Actor) -> World:
    """The engine for what this reader may see, made anew when anything was recorded since."""
    found: World = _once(("world", actor), lambda: _world(actor))
    return found


def _world(actor: Actor) -> World:
    sight = (actor.is_isu, actor.of_state_party, actor.role.value if not actor.is_isu else "", actor.party_id)
    url, today, mark = str(current_engine().url), date.today(), _mark()
    key = (url, mark, today, *sight)
    with _lock:
        if key in _worlds:
            _worlds.move_to_end(key)
            return _worlds[key]
        shelf = _stores.setdefault(url, store.Store())
    made = _build(actor, shelf.current(today, mark, mark[-1]), today)
    upkeep.soon(shelf, today, mark[-1])
    with _lock:
        _worlds[key] = made
        while len(_worlds) > KEPT:
            _worlds.popitem(last=False)
    return made


def with_weights(actor: Actor, points: Mapping[str, float]) -> Matcher:
    """The engine for what this reader may see, under other weights: to compare, so nothing of it is kept."""
    today, mark = date.today(), _mark()
    with _lock:
        shelf = _stores.setdefault(str(current_engine().url), store.Store())
    return _build(actor, shelf.current(today, mark, mark[-1]), today, points).matcher


def partners_for(actor: Actor, need: Need, limit: int = 5) -> list[Suggestion]:
    """The partners most likely to help with a need (published or still a draft), best first."""
    return world(actor).matcher.partners_for(seen(actor, need), limit=limit)


def others_for(actor: Actor, need: Need, shown: Collection[str], limit: int = 3) -> list[Suggestion]:
    """Partners with ties of their own to a need that the size of those already shown hides."""
    return world(actor).matcher.others_for(seen(actor, need), shown, limit=limit)


def strongest(actor: Actor, records: Iterable[Need], limit: int = 3) -> dict[str, list[Suggestion]]:
    """The best partners of many open needs at once, by reference; needs that the engine does not know are left out."""
    return world(actor).matcher.strongest({need.ref for need in records}, limit=limit)


def best_partners(actor: Actor, records: Iterable[Need], limit: int = 3) -> dict[str, list[Suggestion]]:
    """As `strongest`, with the facts that sentences need: for the few needs that a page shows."""
    plain = {need.ref: need for need in seen_all(actor, records)}
    matcher = world(actor).matcher
    return {ref: [told for one in found if isinstance(told := matcher.score(plain[ref], one.partner), matching.Suggestion)]
            for ref, found in matcher.strongest(plain.keys(), limit=limit).items()}


def offers_for(actor: Actor, need: Need, limit: int = 3) -> list[Suggestion]:
    """The standing offers that suit a need best."""
    return world(actor).matcher.offers_for(seen(actor, need), limit=limit)


def needs_for(actor: Actor, party: Party, limit: int = 5, off: Collection[str] = ()) -> Fitting:
    """The open needs that fit a partner, best first, varied by State; `off` switches terms of need alone off."""
    here = world(actor)
    if party.ref not in here.parties:
        return Fitting([], {})
    return _records(actor, here.matcher.needs_for(party.ref, limit=limit, off=off))


def needs_for_offer(actor: Actor, offer: Offer, limit: int = 5) -> Fitting:
    """The open needs that suit a standing offer; none once it is past its date."""
    here = world(actor)
    if offer.ref not in here.offers:
        return Fitting([], {})
    return _records(actor, here.matcher.needs_for_offer(offer.ref, limit=limit))


def answer(actor: Actor, need: Need, party: Party) -> Suggestion | Blocked:
    """What speaks for one pair, or the hard rules that stand between them."""
    here = world(actor)
    if party.ref not in here.parties:
        return matching.Blocked(need.ref, party.ref, ("nothing-known",))
    return here.matcher.score(seen(actor, need), party.ref)


def similar(actor: Actor, need: Need, limit: int = 3) -> list[tuple[Need, float]]:
    """Open needs of others that read like this one."""
    found = world(actor).matcher.similar_needs(seen(actor, need), limit=limit + 1)
    records = needs.by_refs(actor, [ref for ref, _likeness in found])
    return [(records[ref], score) for ref, score in found if ref != need.ref and ref in records][:limit]


def precedents(actor: Actor, need: Need, limit: int = 3) -> list[Need]:
    """Needs on record of the same thematic area that read like this one, likest first: open ones, and met or partly met ones.

    Each with everything it says, to be compared. `need` may be one that is not kept (yet).
    """
    closed = [replace(one, valid_until=None) for one in seen_all(actor, needs.helped(actor, need.theme or "", PRECEDENTS))]
    matcher = world(actor).matcher
    if closed:
        matcher = matcher.updated(closed)
    found = [ref for ref, _likeness in matcher.similar_needs(seen_all(actor, [need])[0], limit=4 * limit)]
    records = needs.whole(actor, found, need.theme or "")
    return [records[ref] for ref in found if ref in records][:limit]


def seen(actor: Actor, need: Need) -> matching.Need:
    """A need as this reader's engine knows it: with the pledges and answers within the reader's sight."""
    found: matching.Need = _once(("need", actor, need.id or id(need)), lambda: seen_all(actor, [need])[0])
    return found


def lessons() -> tuple[list[matching.Gift], dict[str, Place], list[Answer]]:
    """What training reads: public contributions of States and the European Union, and what was answered.

    Answers about needs that are not public are left out, so that weights, which everybody's suggestions follow, never
    carry anything that somebody may not see.
    """
    from partnerships.matching.feedback import Answer

    here, said = world(PUBLIC), queries.answered()
    public = {need.id: need for need in needs.by_numbers(PUBLIC, {number for number, *_rest in said})}
    plain = dict(zip(public, seen_all(PUBLIC, public.values()), strict=True))
    answers = [Answer(here.matcher.values(plain[number], ref), verdict, ref, account)
               for number, ref, verdict, account in said if number in plain and ref in here.parties]
    givers = {party.ref for party in here.parties.values() if party.is_state or party.ref == "EU"}
    return [gift for gift in gifts.of(PUBLIC) if gift.donor in givers], _places(here.parties.values()), answers


def _records(actor: Actor, ranked: matching.Ranked) -> Fitting:
    records = needs.by_refs(actor, [one.need for one in ranked.shown])
    return Fitting([(one, records[one.need]) for one in ranked.shown if one.need in records], dict(ranked.held_back))


def _mark() -> tuple[int, ...]:
    """Numbers that change with anything the engine reads, in one query: events, contributions, weights, vocabulary."""
    return tuple(value or 0 for value in db.session.execute(select(
        audit.WATERMARK, select(func.max(Contribution.id)).scalar_subquery(),
        queries.ACTIVE_WEIGHTS, kept.NEWEST)).one())


def _build(actor: Actor, shared: store.Shared, today: date, points: Mapping[str, float] | None = None) -> World:
    from partnerships.matching.engine import Matcher, Model
    from partnerships.matching.register import Register

    parties = {party.ref: party for party in db.session.scalars(
        select(Party).where(Party.kind.in_((PartyKind.STATE, PartyKind.ORGANISATION))).order_by(Party.ref))}
    stated = {row.party_id: row for row in db.session.scalars(scope(actor, "priorities.view", Priorities))}
    standing = offers.current(actor, today)
    model = Model.of(
        gifts.of(actor), [_partner(party, stated.get(party.id)) for party in parties.values()],
        [_offer(offer) for offer in standing], today=today, language=shared.language,
        weights=points or queries.weights(), places=_places(parties.values()))
    visible = set(db.session.scalars(select(Need.id).where(condition(actor, "needs.view", Need)))) & shared.refs.keys()
    refs = {shared.refs[number] for number in visible}
    special = {one.ref: one for one in seen_all(actor, needs.by_numbers(actor, visible & _touched(actor)))}
    in_base = {need.ref for need in shared.base.table.needs}
    others = {ref: need for ref, need in shared.others.items() if ref in refs} | special
    hidden = {*shared.gone, *(in_base - refs), *others}
    register = Register.within(shared.base, hidden, others.values(), model.scorer)
    return World(Matcher(model, register), parties, {offer.ref: offer for offer in standing}, frozenset(refs),
                 {party.ref: Stated(row.decision_months, row.channels) for party in parties.values()
                  if (row := stated.get(party.id)) is not None})


def _touched(actor: Actor) -> set[int]:
    """The needs that this reader's engine must see otherwise: with pledges, without amounts, or after a partner's no."""
    seen_ones = condition(actor, "pledges.view", Pledge)
    pledged = select(Pledge.need_id).where(seen_ones, Pledge.need_id.is_not(None)).union(
        select(PledgeNeed.need_id).join(Pledge, Pledge.id == PledgeNeed.pledge_id).where(seen_ones))
    found = {number for number in db.session.scalars(pledged) if number is not None}
    found |= set(db.session.scalars(select(Need.id).where(
        condition(actor, "needs.view", Need), not_(condition(actor, "needs.view-amounts", Need)))))
    return found | matches.declined(actor).keys() | queries.set_aside(actor).keys()


def seen_all(actor: Actor, records: Iterable[Need]) -> list[matching.Need]:
    """Several needs as `seen` gives one, in the same order, by the same few queries."""
    records = list(records)
    own = pledges.of_needs(actor, [need.id for need in records if need.id is not None])
    kept_away = _kept_away(actor, records)
    return [store.plain(need, own.get(need.id, ()), kept_away.get(need.id, ()), can(actor, "needs.view-amounts", need))
            for need in records]


def _kept_away(actor: Actor, records: Iterable[Need]) -> dict[int, tuple[str, ...]]:
    """Partners that declined a need or set it aside, as long as neither the need nor their priorities changed since."""
    said_no: dict[int, set[str]] = defaultdict(set)
    by_id = {need.id: need for need in records}
    for found in (matches.declined(actor), queries.set_aside(actor)):
        for number, rows in found.items():
            if number in by_id:
                said_no[number] |= {ref for ref, on, changed in rows
                                    if by_id[number].updated_at <= on and (changed is None or changed <= on)}
    return {number: tuple(sorted(refs)) for number, refs in said_no.items()}


def _places(parties: Iterable[Party]) -> dict[str, Place]:
    from partnerships.matching.history import Place

    return {party.ref: Place(party.region, party.subregion, tuple(party.neighbours.split()))
            for party in parties if party.is_state}


def _partner(party: Party, stated: Priorities | None) -> matching.Partner:
    return matching.Partner(
        ref=party.ref, name=party.name_en, is_state=party.is_state, region=party.region, subregion=party.subregion,
        languages=tuple(party.languages.split()), themes=stated.themes if stated else (),
        kinds=stated.kinds if stated else (), regions=stated.regions if stated else (),
        countries=stated.countries if stated else (),
        excluded_countries=stated.excluded_countries if stated else (),
        amount_min=gifts.usd(stated.amount_min, stated.currency) if stated else None,
        amount_max=gifts.usd(stated.amount_max, stated.currency) if stated else None,
        amount_typical=gifts.usd(stated.amount_typical, stated.currency) if stated else None,
        multi_year=stated.multi_year if stated else None)


def _offer(offer: Offer) -> matching.Offer:
    return matching.Offer(
        ref=offer.ref, partner=offer.party.ref, title=offer.title, text=offer.summary, themes=offer.themes,
        kinds=offer.kinds, regions=offer.regions, countries=offer.countries, languages=offer.languages,
        amount_min=gifts.usd(offer.amount_min, offer.currency), amount_max=gifts.usd(offer.amount_max, offer.currency),
        valid_until=offer.valid_until)
