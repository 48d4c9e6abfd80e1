"""What becomes of each row, given the register as it is now: created, updated, unchanged or rejected, with the words for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from partnerships.core import audit
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.filters import number
from partnerships.core.policy import scope
from partnerships.exchange.entries import Entry, iso
from partnerships.exchange.models import Fate
from partnerships.needs import content
from partnerships.needs.models import Need
from partnerships.needs.states import WITH_THE_STATE, NeedStatus, Origin
from partnerships.offers.models import Offer, OfferStatus
from partnerships.parties.words import name
from partnerships.suggestions.alike import Like

CHUNK = 400
RECORDED_ONLY = ("basis", "source")  # columns of a recorded need beside its content

OFFER_NEEDS = {"title": _l("a title"), "summary": _l("a summary"), "kinds": _l("a kind of assistance"),
               "valid_until": _l("a date until which it stands")}


@dataclass
class Verdict:
    """The fate of one row. `record` is what it changes; `new` what it says, as the record keeps it; `like`, what it is like."""

    entry: Entry
    fate: Fate
    words: str
    record: Any = None
    new: dict[str, Any] = field(default_factory=dict)
    like: Like | None = None


def rejected(entry: Entry, words: str) -> Verdict:
    """A row that is not taken."""
    return Verdict(entry, Fate.REJECTED, words)


def chunks(values: Iterable[Any]) -> Iterable[list[Any]]:
    """Distinct values in portions that fit a statement."""
    every = sorted({one for one in values if one})
    for start in range(0, len(every), CHUNK):
        yield every[start:start + CHUNK]


def doubles(entries: Sequence[Entry]) -> dict[int, Verdict]:
    """Rows that stand in the file twice: a repeat changes nothing; two that differ are both refused, each naming the other."""
    first: dict[tuple[str, str], Entry] = {}
    found: dict[int, Verdict] = {}
    for entry in entries:
        if entry.wrong or entry.example:
            continue
        ident = ("", entry.ref) if entry.ref else (entry.party.ref if entry.party else "", entry.key)
        other = first.setdefault(ident, entry)
        if other is entry:
            continue
        if entry.same_as(other):
            found[entry.number] = Verdict(entry, Fate.UNCHANGED, _("The same as row %(row)s.", row=other.number))
            continue
        words = _("Rows %(first)s and %(second)s say different things of the same record: keep one of them.",
                  first=other.number, second=entry.number)
        found[entry.number], found[other.number] = rejected(entry, words), rejected(other, words)
    return found


def refused_as_read(entry: Entry) -> Verdict | None:
    """The fate of a row that could not be read, or that is the template's example."""
    if entry.example:
        return Verdict(entry, Fate.UNCHANGED, _("The example of the template: not read."))
    return rejected(entry, " ".join(entry.wrong)) if entry.wrong else None


def of_needs(actor: Actor, entries: Sequence[Entry]) -> list[Verdict]:
    """The fates of rows about needs: recorded needs for the ISU, the State's own for its focal point."""
    repeated, known = doubles(entries), _Needs(actor, entries)
    return [refused_as_read(entry) or repeated.get(entry.number) or known.verdict(entry) for entry in entries]


def need_key(actor: Actor, entry: Entry) -> str:
    """The key under which a need knows its row. What the ISU records and what a State posts never meet under one key."""
    return ("rec-" if actor.is_isu else "own-") + entry.key


class _Needs:
    """The needs that the rows may be about, read in a constant number of portions."""

    def __init__(self, actor: Actor, entries: Sequence[Entry]) -> None:
        self.actor = actor
        self.origin = Origin.RECORDED if actor.is_isu else Origin.POSTED
        self.by_key: dict[tuple[int, str], Need] = {}
        self.by_ref: dict[str, Need] = {}
        self.stated: dict[tuple[int, str, int, int], list[Need]] = {}
        for keys in chunks(need_key(actor, entry) for entry in entries):
            for need in self._needs(Need.import_key.in_(keys)):
                self.by_key[need.party_id, need.import_key or ""] = need
        for refs in chunks(entry.ref for entry in entries):
            for need in self._needs(Need.ref.in_(refs) | Need.draft_ref.in_(refs)):
                self.by_ref[need.ref] = self.by_ref[need.draft_ref or need.ref] = need
        for sources in chunks(entry.source for entry in entries if actor.is_isu):
            for need in self._needs(Need.source.in_(sources), Need.import_key.is_(None), Need.origin == Origin.RECORDED):
                for row in need.amounts:
                    self.stated.setdefault((need.party_id, need.source, row.first_year, row.last_year), []).append(need)

    def _needs(self, *conditions: Any) -> list[Need]:
        # A State's people work on its drafts as well; the ISU on what is recorded.
        query = scope(self.actor, "needs.view", Need).where(*conditions).options(
            joinedload(Need.party), *(selectinload(getattr(Need, name)) for name in content.LINES))
        return list(db.session.scalars(query).unique())

    def verdict(self, entry: Entry) -> Verdict:
        """The fate of a row that could be read."""
        party = entry.party
        assert party is not None
        if entry.ref:
            need = self.by_ref.get(entry.ref)
            if need is None or need.party_id != party.id:
                return rejected(entry, _("“%(ref)s” is no need of %(state)s that you can see.", ref=entry.ref, state=name(party)))
            return self._change(entry, need)
        need = self.by_key.get((party.id, need_key(self.actor, entry)))
        if need is not None:
            return self._change(entry, need)
        if entry.span and self.actor.is_isu:
            stated = self.stated.get((party.id, entry.source, *entry.span), [])
            if len(stated) == 1:  # recorded by other hands, in other words: those stay, the figures are compared
                return self._change(entry, stated[0], figures_only=True)
        return self._create(entry)

    def _create(self, entry: Entry) -> Verdict:
        if self.actor.is_isu and not entry.source:
            return rejected(entry, _("Row %(row)s names no source: a recorded need says which public document states it.",
                                     row=entry.number))
        new = dict(entry.content)
        if "title" not in new and entry.span and self.actor.is_isu:
            new["title"] = _("Support needed, %(years)s", years=spanned(*entry.span))
        if "title" not in new:
            return rejected(entry, _("Row %(row)s has no title.", row=entry.number))
        if self.actor.is_isu and entry.span:
            new.setdefault("valid_until", f"{entry.span[1]}-12-31")
        if entry.amounts:
            new.setdefault("kinds", ["money"])
        new["amounts"] = lines(entry)
        return Verdict(entry, Fate.CREATED, said(entry), None, new)

    def _change(self, entry: Entry, need: Need, *, figures_only: bool = False) -> Verdict:
        why_not = self.refuses(need)
        if why_not:
            return rejected(entry, f"{need.ref}: {why_not}")
        before = self.content(need)
        new = with_amounts(entry, before)
        if not figures_only:
            new |= {key: value for key, value in entry.content.items() if key in content.COLUMNS}
            if self.actor.is_isu:
                new |= {"basis": entry.content.get("basis") or need.basis, "source": entry.source or need.source}
        differs = changed(before, new)
        if not differs:
            return Verdict(entry, Fate.UNCHANGED, " ".join([f"{need.ref}.", *entry.said]), need)
        as_change = "" if self.actor.is_isu or need.status in WITH_THE_STATE else _("It waits as a change until you submit it.")
        return Verdict(entry, Fate.UPDATED, " ".join(filter(None, [f"{need.ref}: {', '.join(differs)}.", as_change, *entry.said])),
                       need, {key: value for key, value in new.items() if key in differs})

    def content(self, need: Need) -> dict[str, Any]:
        """What a need says now; for a published need of the State, with the change that its people are working on."""
        if self.actor.is_isu or need.status in WITH_THE_STATE:
            return {**content.snapshot(need), "basis": need.basis, "source": need.source}
        from partnerships.amendments import service as amendments

        return amendments.working(self.actor, need).content

    def refuses(self, need: Need) -> str:
        if need.origin is not self.origin:
            return (_("the State posted this need itself: only it changes it.") if self.actor.is_isu else
                    _("the ISU recorded this need from a public document: only the ISU changes it."))
        if need.status is NeedStatus.PUBLISHED:
            from partnerships.amendments import queries as amendments

            waiting = None if self.actor.is_isu else amendments.open_of(self.actor, need)
            if waiting is not None and waiting.status.value == "submitted":
                return _("a change of it waits for verification: take it back first.")
            return ""
        if need.status in WITH_THE_STATE:
            return ""
        return _("it is %(status)s and cannot be changed.", status=need.status.value)


def with_amounts(entry: Entry, before: dict[str, Any]) -> dict[str, Any]:
    """A need's amounts with those of a row in their years, and the currency that the row names."""
    kept = {row["first_year"]: row for row in before["amounts"]}
    merged = {**kept, **{row["first_year"]: row for row in lines(entry)}}
    new: dict[str, Any] = {"amounts": [merged[year] for year in sorted(merged)]}
    return {**new, "currency": entry.content["currency"]} if entry.amounts else new


def standing(actor: Actor, need: Need) -> tuple[str, dict[str, Any]]:
    """Why this actor's import cannot change a need ("" when it can), and what the need says now."""
    known = _Needs(actor, [])
    why_not = known.refuses(need)
    return why_not, {**content.snapshot(need), "basis": need.basis, "source": need.source} if why_not else known.content(need)


def changed(before: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """The keys in which what a row says differs from what the record says."""
    return [key for key in new if (before.get(key) or None) != (new[key] or None)]


def lines(entry: Entry) -> list[dict[str, Any]]:
    """A row's amounts as contents keep them."""
    return [{"first_year": first, "last_year": last, "amount": audit.plain(amount), "national_share": audit.plain(share)}
            for first, last, amount, share in entry.amounts]


def spanned(first: int, last: int) -> str:
    """Years as people write them: 2022, or 2017–2025."""
    return str(first) if first == last else f"{first}–{last}"


def said(entry: Entry) -> str:
    """What a new need will say, in a sentence, with every remark about how the row was read."""
    total = sum((amount for _first, _last, amount, _share in entry.amounts), Decimal(0))
    years = spanned(*entry.span) if entry.span else ""
    money = f"{number(total)} {entry.content['currency']}" if entry.amounts else _("no amount stated")
    where = name(entry.party) if entry.party else ""
    return " ".join([f"{', '.join(filter(None, [where, years, money]))}.", *entry.said])


def of_offers(actor: Actor, entries: Sequence[Entry]) -> list[Verdict]:
    """The fates of rows about offers of the actor's own party."""
    repeated = doubles(entries)
    by_key: dict[str, Offer] = {}
    by_ref: dict[str, Offer] = {}
    own = select(Offer).where(Offer.party_id == actor.party_id)
    for keys in chunks(entry.key for entry in entries):
        by_key |= {offer.import_key or "": offer for offer in db.session.scalars(own.where(Offer.import_key.in_(keys)))}
    for refs in chunks(entry.ref for entry in entries):
        by_ref |= {offer.ref: offer for offer in db.session.scalars(own.where(Offer.ref.in_(refs)))}
    return [refused_as_read(entry) or repeated.get(entry.number)
            or _offer(entry, by_ref.get(entry.ref) if entry.ref else by_key.get(entry.key)) for entry in entries]


def _offer(entry: Entry, offer: Offer | None) -> Verdict:
    if offer is None:
        if entry.ref:
            return rejected(entry, _("“%(ref)s” is no offer of yours.", ref=entry.ref))
        missing = [str(words) for key, words in OFFER_NEEDS.items() if not entry.content.get(key)]
        if missing:
            return rejected(entry, _("Row %(row)s lacks: %(what)s.", row=entry.number, what=", ".join(missing)))
        return Verdict(entry, Fate.CREATED, " ".join([_("Valid until %(day)s.", day=iso(entry.content["valid_until"])),
                                                      *entry.said]), None, dict(entry.content))
    if offer.status is not OfferStatus.OPEN:
        return rejected(entry, _("%(ref)s is withdrawn and cannot be changed.", ref=offer.ref))
    differs = audit.differences(offer, entry.content)
    if not differs:
        return Verdict(entry, Fate.UNCHANGED, " ".join([f"{offer.ref}.", *entry.said]), offer)
    return Verdict(entry, Fate.UPDATED, " ".join([f"{offer.ref}: {', '.join(differs)}.", *entry.said]), offer,
                   {key: entry.content[key] for key in differs})
