"""The funding history that the engine reads: who gave, agreed, confirmed or announced what to which State, within sight."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select

from partnerships import matching
from partnerships.core import audit
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.needs import queries as needs
from partnerships.needs.content import in_usd
from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.pledges import figures, rules
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Contribution, Pledge
from partnerships.pledges.states import PledgeKind, PledgeStatus

# What a supporter that the State names has already been counted by: more than words.
SIGNED = (PledgeStatus.AGREED, PledgeStatus.PAID, PledgeStatus.DELIVERED)
# Kinds whose words alone are no support: a political statement, and what a source does not tell from one.
NO_GIFT_YET = (PledgeKind.POLITICAL, PledgeKind.UNSTATED)


def of(actor: Actor) -> Iterable[matching.Gift]:
    """All gifts within the reader's sight: public contributions, pledges by stage, and supporters that States name."""
    yield from _recorded(*db.session.execute(select(
        func.count(), func.max(Contribution.id), func.sum(Contribution.year), func.sum(Contribution.amount_usd),
        _LAST_IMPORT)).one())
    counted = set()
    for pledge in pledges.for_states(actor):
        if pledge.status in SIGNED:
            givers = {pledge.donor.ref, *(one.party.ref for one in pledge.partners)}
            counted |= {(number, ref) for number in rules.needs_of(pledge) for ref in givers}
        yield from _pledged(pledge)
    for need in needs.supported(actor):
        yield from _helped(need, {ref for ref in need.supporters if (need.id, ref) not in counted})


# An import that is confirmed or undone moves its own record: the newest such event.
_LAST_IMPORT = select(func.max(audit.Event.id)).where(audit.Event.subject_kind == "import").scalar_subquery()


def forget() -> None:
    """Forget the contributions that were read: tests lay the database anew beneath it."""
    _recorded.cache_clear()


@lru_cache(maxsize=2)
def _recorded(*_what: Any) -> tuple[matching.Gift, ...]:
    """The contributions that public sources record: the same for every reader, and read again only when they are others.

    Arguments: what tells one state of them from another (their number, last identifier, and sums; the last import, which
    may have changed a sector or an amount while the sums stay).
    """
    donor, recipient = Party.__table__.alias("giver"), Party.__table__.alias("taker")
    rows = db.session.execute(
        select(Contribution.id, donor.c.ref, recipient.c.ref, Contribution.year, Contribution.amount_usd,
               Contribution.themes, Contribution.list_complete)
        .join(donor, donor.c.id == Contribution.donor_id).join(recipient, recipient.c.id == Contribution.recipient_id)
        .where(recipient.c.kind == "state").order_by(Contribution.id))
    return tuple(
        matching.Gift(ref=f"C{number}", donor=giver, recipient=taker, year=year, themes=themes, list_complete=complete,
                      amount_usd=None if amount is None else float(amount))
        for number, giver, taker, year, amount, themes, complete in rows)


def _helped(need: Need, donors: Collection[str]) -> Iterable[matching.Gift]:
    """Who helped with a need that was met or partly met, as its State says it, unless a pledge says so already.

    Without an amount: what came is one sum of all who helped.
    """
    assert need.status_on is not None  # a closed need has the day it was closed
    for donor in sorted(donors):
        yield matching.Gift(ref=f"{need.ref} {donor}", donor=donor, recipient=need.party.ref, year=need.status_on.year,
                            amount_usd=None, themes=(need.theme,) if need.theme else (), list_complete=False)


def _pledged(pledge: Pledge) -> Iterable[matching.Gift]:
    """What a pledge tells of its donors: a gift a donor and stage, never one sum.

    Of one whose agreement is signed, what is paid and what is only agreed are two gifts; of one withdrawn or lapsed only
    what was paid of it remains. Each donor of a joint pledge gives its share (of one whose share is not known, only that
    it gives). The State is helped once, whether the pledge is for one of its needs or for several.
    """
    assert pledge.recipient is not None
    themes = pledge.themes or tuple(sorted({need.theme for need in (pledge.need, *(one.need for one in pledge.parts))
                                            if need is not None and need.theme}))
    for stage, year in _years_of(pledge).items():
        for donor, amount in _shares(pledge, stage):
            lead = donor == pledge.donor.ref
            yield matching.Gift(
                ref=f"{pledge.ref} {stage}" if lead else f"{pledge.ref} {stage} {donor}", donor=donor,
                recipient=pledge.recipient.ref, year=year, amount_usd=usd(amount, pledge.currency), themes=themes,
                list_complete=False, stage=stage)


def _years_of(pledge: Pledge) -> dict[str, int]:
    """The stages in which something of a pledge stands, each with the year of its step; none where no day is known."""
    days = {"announced": (pledge.announced_on,), "confirmed": (pledge.confirmed_on, pledge.announced_on)}
    signed = (pledge.agreed_on, pledge.confirmed_on, pledge.announced_on)
    found = {}
    for stage in matching.STAGES:
        year = next((day.year for day in days.get(stage, signed) if day is not None), pledge.first_year)
        if year is not None and _stands(pledge, stage):
            found[stage] = year
    return found


def _stands(pledge: Pledge, stage: str) -> bool:
    """Whether something of a pledge stands in a stage; one that is not money stands in one as a whole."""
    if pledge.kind is PledgeKind.FINANCIAL and pledge.amount is not None:
        return bool(getattr(figures.stages(pledge), stage))
    if pledge.status in (PledgeStatus.PAID, PledgeStatus.DELIVERED):
        return stage == "paid"
    words_only = pledge.kind in NO_GIFT_YET and pledge.status in (PledgeStatus.ANNOUNCED, PledgeStatus.CONFIRMED)
    return stage == pledge.status.value and not words_only


def _shares(pledge: Pledge, stage: str) -> Iterable[tuple[str, Decimal | None]]:
    """(donor, what it gives in a stage or None where it is not known) for each donor of a pledge, the lead first."""
    whole, own = pledge.amount, figures.stages(pledge)
    for party in (pledge.donor, *(one.party for one in pledge.partners)):
        share = figures.share_of(pledge, party.id)
        if whole is None or pledge.kind is not PledgeKind.FINANCIAL or not share:
            yield party.ref, None
        elif amount := getattr(figures.scaled(own, share, whole), stage):
            yield party.ref, amount


def usd(amount: Decimal | None, currency: str) -> float | None:
    """An amount in dollars as the engine reads it; None where it is not known or has no rate."""
    found = in_usd(amount, currency)
    return None if found is None else float(found)
