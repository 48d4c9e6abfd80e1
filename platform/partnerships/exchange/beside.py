"""What rows are compared with: for each kind of record, what it says beside a row, and what of the row could go into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from partnerships.core import audit
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.filters import number
from partnerships.core.policy import scope
from partnerships.exchange import fates, funding
from partnerships.exchange.fates import Verdict, changed, chunks
from partnerships.needs import queries as needs
from partnerships.needs import twins
from partnerships.needs.models import Need
from partnerships.offers import twins as offers
from partnerships.offers.models import Offer, OfferStatus
from partnerships.parties.words import name
from partnerships.pledges.models import Contribution
from partnerships.suggestions import alike
from partnerships.suggestions.alike import Told, texts

Content = dict[str, Any]


@dataclass(frozen=True)
class Merging:
    """What of a row differs from a record: {field: what the row says}, the record's own, and why it cannot be changed, if so."""

    new: Content
    before: Content
    why_not: str = ""


@dataclass(frozen=True)
class Beside:
    """How rows of a kind are compared.

    told: a verdict to what counts; known: (actor, verdicts) to what is on record beside them; records: (actor, numbers) to
    records within the actor's sight; named: a record in a few words; merging: what could go from a row into a record; said:
    what a row itself says, by field.
    """

    rule: alike.Rule
    told: Callable[[Verdict], Told]
    known: Callable[[Actor, Sequence[Verdict]], list[Told]]
    records: Callable[[Actor, Iterable[int]], dict[int, Any]]
    named: Callable[[Any], str]
    merging: Callable[[Actor, Verdict, Any], Merging]
    said: Callable[[Verdict], Content]


def _need_of_row(verdict: Verdict) -> Told:
    entry, new = verdict.entry, verdict.new
    assert entry.party is not None
    total = sum((amount for _first, _last, amount, _share in entry.amounts), Decimal(0))
    return Told((entry.party.id,), texts(new.get("title", ""), new.get("summary", "")), alike.code(new.get("theme")), entry.span,
                total or None, new.get("currency", ""), row=entry.number)


def _needs(actor: Actor, verdicts: Sequence[Verdict]) -> list[Told]:
    found = []
    for parties in chunks(one.entry.party.id for one in verdicts if one.entry.party):
        query = scope(actor, "needs.view", Need).where(Need.party_id.in_(parties), Need.status.in_(twins.OPEN)).options(
            selectinload(Need.amounts)).order_by(Need.id)
        every = list(db.session.scalars(query).unique())
        seen: set[int] = set()
        for ids in chunks(need.id for need in every):
            seen |= needs.with_amounts_seen(actor, ids)
        found += [twins.told(need, need.id in seen) for need in every]
    return found


def _need_records(actor: Actor, ids: Iterable[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for some in chunks(ids):
        query = scope(actor, "needs.view", Need).where(Need.id.in_(some)).options(
            joinedload(Need.party), *(selectinload(getattr(Need, line)) for line in fates.content.LINES))
        found |= {need.id: need for need in db.session.scalars(query).unique()}
    return found


def _into_need(actor: Actor, verdict: Verdict, need: Need) -> Merging:
    """What a row would add to a need. Amounts go in by years, and only in the need's own currency."""
    why_not, before = fates.standing(actor, need)
    said = _need_said(verdict)
    new = {key: value for key, value in said.items() if key not in ("amounts", "currency", *fates.RECORDED_ONLY) or
           (key in fates.RECORDED_ONLY and actor.is_isu)}
    lines = verdict.new.get("amounts") or []
    if lines and (not before["amounts"] or before["currency"] == verdict.new.get("currency")):
        new |= fates.with_amounts(verdict.entry, before)
    return Merging({key: new[key] for key in changed(before, new) if key != "currency" or not before["amounts"]}, before, why_not)


def _need_said(verdict: Verdict) -> Content:
    """What the row itself says, without what a new record would be given beside it."""
    entry = verdict.entry
    said = {key: value for key, value in entry.content.items() if key in (*fates.content.COLUMNS, "basis")}
    amounts = {"amounts": verdict.new["amounts"]} if verdict.new.get("amounts") else {}
    return {**said, **amounts, **({"source": entry.source} if entry.source else {})}


def _offer_of_row(verdict: Verdict) -> Told:
    entry, new = verdict.entry, verdict.new
    assert entry.party is not None
    return Told((entry.party.id,), texts(new.get("title", ""), new.get("summary", "")), frozenset(new.get("themes", ())), None,
                new.get("amount_max"), new.get("currency", ""), row=entry.number)


def _offers(actor: Actor, _verdicts: Sequence[Verdict]) -> list[Told]:
    return [offers.told(one) for one in offers.standing(actor.party_id or 0)]


def _offer_records(actor: Actor, ids: Iterable[int]) -> dict[int, Any]:
    return {one.id: one for some in chunks(ids) for one in db.session.scalars(
        scope(actor, "offers.view", Offer).where(Offer.id.in_(some), Offer.party_id == actor.party_id))}


def _into_offer(_actor: Actor, verdict: Verdict, offer: Offer) -> Merging:
    differs = audit.differences(offer, verdict.new)
    why_not = "" if offer.status is OfferStatus.OPEN else _("%(ref)s is withdrawn and cannot be changed.", ref=offer.ref)
    return Merging({key: verdict.new[key] for key in differs}, {key: getattr(offer, key) for key in verdict.new}, why_not)


def _contribution_of_row(verdict: Verdict) -> Told:
    entry, new = verdict.entry, verdict.new
    assert entry.party is not None and entry.recipient is not None
    return Told((entry.content["year"], entry.party.id, entry.recipient.id), texts(new.get("description", ""), ""),
                frozenset(new.get("themes", ())), None, *_worth(new.get("amount_usd"), new.get("amount_national"),
                                                               new.get("currency", "")), row=entry.number)


def _worth(usd: Decimal | None, own: Decimal | None, currency: str) -> tuple[Decimal | None, str]:
    return (usd, "USD") if usd is not None else (own, currency)


def _contributions(_actor: Actor, verdicts: Sequence[Verdict]) -> list[Told]:
    wanted = {told.group for told in map(_contribution_of_row, verdicts)}
    found = []
    for years in chunks(group[0] for group in wanted):
        for one in db.session.scalars(select(Contribution).where(Contribution.year.in_(years)).order_by(Contribution.id)):
            group = (one.year, one.donor_id, one.recipient_id)
            if group in wanted:
                found.append(Told(group, texts(one.description, ""), frozenset(one.themes), None,
                                  *_worth(one.amount_usd, one.amount_national, one.currency), record=one.id))
    return found


def _contribution_records(_actor: Actor, ids: Iterable[int]) -> dict[int, Any]:
    return {one.id: one for some in chunks(ids) for one in db.session.scalars(select(Contribution).where(
        Contribution.id.in_(some)).options(joinedload(Contribution.donor), joinedload(Contribution.recipient)))}


def _contribution_named(one: Contribution) -> str:
    worth = [f"{number(amount)} {code}" for amount, code in ((one.amount_usd, "USD"), (one.amount_national, one.currency))
             if amount is not None][:1]
    about = [f"“{one.description or one.sector}”"] if one.description or one.sector else []
    who = _("%(donor)s to %(recipient)s, %(year)s", donor=name(one.donor), recipient=name(one.recipient), year=str(one.year))
    return ", ".join([who, *worth, *about])


def _into_contribution(_actor: Actor, verdict: Verdict, one: Contribution) -> Merging:
    differs = {key: pair for key, pair in audit.differences(one, verdict.new).items() if key in (*funding.SAID, "source")}
    return Merging({key: verdict.new[key] for key in differs}, {key: getattr(one, key) for key in verdict.new})


def _by_ref(record: Any) -> str:
    return f"{record.ref} “{record.title}”" if record.title else str(record.ref)


NEEDS = Beside(alike.of_needs, _need_of_row, _needs, _need_records, _by_ref, _into_need, _need_said)
OFFERS = Beside(alike.of_needs, _offer_of_row, _offers, _offer_records, _by_ref, _into_offer, lambda verdict: dict(verdict.new))
CONTRIBUTIONS = Beside(alike.of_contributions, _contribution_of_row, _contributions, _contribution_records, _contribution_named,
                       _into_contribution, lambda verdict: dict(verdict.new))


def empty(merging: Merging) -> list[str]:
    """The fields that the row fills and the record leaves empty: what merging adds unless somebody ticks otherwise."""
    return [key for key in merging.new if _nothing(merging.before.get(key))]


def _nothing(value: Any) -> bool:
    return value in (None, "", [], (), {})


def picked(merging: Merging, fields: Iterable[str]) -> Mapping[str, Any]:
    """What goes into the record: the fields that were ticked; the currency goes with the amounts."""
    wanted = set(fields)
    return {key: value for key, value in merging.new.items()
            if key in wanted or (key == "currency" and wanted & {"amounts", "amount_min", "amount_max", "amount_national"})}
