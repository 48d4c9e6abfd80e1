"""Reading pledges and contributions, each time as far as the actor may see."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from partnerships.core.actor import SYSTEM, Actor
from partnerships.core.db import db
from partnerships.core.lists import member
from partnerships.core.policy import condition, scope
from partnerships.parties.models import Party
from partnerships.pledges.models import Contribution, Pledge, PledgeNeed, PledgePartner, PledgeReport, RecipientTotal
from partnerships.pledges.states import LIVE, PledgeStatus

WITH_PARTIES = (joinedload(Pledge.donor), joinedload(Pledge.recipient), joinedload(Pledge.need),
                joinedload(Pledge.conference))

# What a row of the list and of its file tells of a pledge's parts: one query each for all rows.
WITH_PARTS = (selectinload(Pledge.portions), selectinload(Pledge.partners).joinedload(PledgePartner.party),
              selectinload(Pledge.parts).joinedload(PledgeNeed.need))

NEWEST = (Pledge.announced_on.is_(None), Pledge.announced_on.desc(), Pledge.id.desc())


def by_ref(actor: Actor, ref: str) -> Pledge | None:
    """The pledge with this reference, when the actor may see it."""
    query = scope(actor, "pledges.view", Pledge).where(Pledge.ref == ref)
    return db.session.scalars(query.options(*WHOLE)).unique().first()


# What a pledge's own page shows besides.
WHOLE = (*WITH_PARTIES, *WITH_PARTS, *(selectinload(part) for part in (Pledge.steps, Pledge.payments)),
         selectinload(Pledge.reports).joinedload(PledgeReport.party))


def listed(actor: Actor, *, donor: str = "", recipient: str = "", status: str = "", due: str = "",
           conference: int | None = None) -> Select[Any]:
    """The list of pledges under its filters, newest first."""
    query = filtered(actor, donor=donor, recipient=recipient, status=status, due=due, conference=conference)
    return query.options(*WITH_PARTIES, *WITH_PARTS).order_by(*NEWEST)


def filtered(actor: Actor, *, donor: str = "", recipient: str = "", status: str = "", due: str = "",
             conference: int | None = None) -> Select[Any]:
    """The same pledges without their parties and order: enough for the figures over all of them."""
    query = scope(actor, "pledges.view", Pledge)
    if donor:
        query = query.where(made_by(donor))
    if recipient:
        query = query.where(Pledge.recipient.has(Party.ref == recipient))
    if member(PledgeStatus, status):
        query = query.where(Pledge.status == PledgeStatus(status))
    late = waiting(date.today(), due)
    if late is not None:
        query = query.where(late)
    if conference is not None:
        query = query.where(Pledge.conference_id == conference)
    return query


def of_needs(actor: Actor, need_ids: Iterable[int]) -> dict[int, list[Pledge]]:
    """The pledges to each of several needs, in one query."""
    ids = list(need_ids)
    found: dict[int, list[Pledge]] = {number: [] for number in ids}
    query = scope(actor, "pledges.view", Pledge).where(
        or_(Pledge.need_id.in_(ids), Pledge.id.in_(select(PledgeNeed.pledge_id).where(PledgeNeed.need_id.in_(ids)))),
        Pledge.status != PledgeStatus.STRUCK).options(
            *WITH_PARTIES, selectinload(Pledge.parts), selectinload(Pledge.partners).joinedload(PledgePartner.party))
    for pledge in db.session.scalars(query.order_by(Pledge.announced_on, Pledge.id)).unique():
        for number in {pledge.need_id, *(one.need_id for one in pledge.parts)} & found.keys():
            found[number].append(pledge)
    return found


def for_states(actor: Actor) -> list[Pledge]:
    """All pledges for States within the actor's sight, with their donors and needs: what past support is read from."""
    query = scope(actor, "pledges.view", Pledge).where(
        Pledge.recipient_id.is_not(None), Pledge.status != PledgeStatus.STRUCK).options(
        *WITH_PARTIES, selectinload(Pledge.parts).joinedload(PledgeNeed.need),
        selectinload(Pledge.partners).joinedload(PledgePartner.party))
    return list(db.session.scalars(query.order_by(Pledge.id)).unique())


def of_match(actor: Actor, match_id: int) -> list[Pledge]:
    """The pledges that came of a match, newest first."""
    return list(db.session.scalars(listed(actor).where(Pledge.match_id == match_id)).unique())


def of_party(actor: Actor, party: Party) -> list[Pledge]:
    """Pledges that a party made, alone or with others, or that are for it, newest first."""
    query = scope(actor, "pledges.view", Pledge).where(or_(made_by(party.ref), Pledge.recipient_id == party.id)).options(
        *WITH_PARTIES, selectinload(Pledge.partners))
    return list(db.session.scalars(query.order_by(*NEWEST)).unique())


def made_by(ref: str) -> ColumnElement[bool]:
    """The condition that a party makes a pledge: alone, as lead of a joint one, or as a partner in it."""
    return or_(Pledge.donor.has(Party.ref == ref), Pledge.partners.any(PledgePartner.party.has(Party.ref == ref)))


def of_conference(actor: Actor, conference_id: int) -> list[Pledge]:
    """The pledges announced at a conference, in the order they were logged."""
    query = scope(actor, "pledges.view", Pledge).where(
        Pledge.conference_id == conference_id, Pledge.status != PledgeStatus.STRUCK).options(*WITH_PARTIES, *WITH_PARTS)
    return list(db.session.scalars(query.order_by(Pledge.id)).unique())


def struck_of(actor: Actor, conference_id: int) -> list[Pledge]:
    """The entries of a conference that were struck as logged in error, for those who may see them."""
    query = scope(actor, "pledges.view", Pledge).where(
        Pledge.conference_id == conference_id, Pledge.status == PledgeStatus.STRUCK).options(*WITH_PARTIES, *WITH_PARTS)
    return list(db.session.scalars(query.order_by(Pledge.id)).unique())


def whole(actor: Actor, *, donor: Party | None = None, recipient: Party | None = None) -> list[Pledge]:
    """The pledges that a party makes (alone, as lead or as partner), or those for a State, with all their parts; newest first."""
    query = scope(actor, "pledges.view", Pledge).where(Pledge.status != PledgeStatus.STRUCK)
    if donor is not None:
        query = query.where(made_by(donor.ref))
    if recipient is not None:
        query = query.where(Pledge.recipient_id == recipient.id)
    return list(db.session.scalars(query.options(
        *WITH_PARTIES, *WITH_PARTS, selectinload(Pledge.payments), selectinload(Pledge.reports)).order_by(
        Pledge.announced_on.is_(None), Pledge.announced_on.desc(), Pledge.id.desc())).unique())


def months_from(day: date, months: int) -> date:
    """The same day some months later (or earlier, for a negative number); the month's last day where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def silent(today: date, months: int) -> ColumnElement[bool]:
    """SQL: live pledges announced more than some months ago of which nothing was heard within them.

    Those recorded from a public source are none: they say what the source says, and nobody reports on them here.
    """
    since = months_from(today, -months)
    return and_(Pledge.status.in_(LIVE), Pledge.source == "", Pledge.announced_on < since,
                or_(Pledge.heard_on.is_(None), Pledge.heard_on < since))


def waiting(today: date, due: str) -> ColumnElement[bool] | None:
    """SQL: what the filter `due` means, one of DUE; None for anything else."""
    if due == "overdue":
        return and_(Pledge.status.in_(LIVE), Pledge.expected_on < today)
    return silent(today, DUE[due]) if DUE.get(due) else None


# What a pledge may wait for: the day of its next step has passed, or nothing was heard for so many months.
DUE = {"overdue": 0, "silent-6": 6, "silent-12": 12}


def unheard(actor: Actor, today: date, months: int = 6) -> list[Pledge]:
    """Live pledges within the actor's sight of which nothing was heard for some months, the oldest announcement first."""
    query = scope(actor, "pledges.view", Pledge).where(silent(today, months)).options(*WITH_PARTIES)
    return list(db.session.scalars(query.order_by(Pledge.announced_on, Pledge.id)).unique())


def to_remind(today: date, ahead: timedelta, told: timedelta) -> list[Pledge]:
    """Live pledges a reminder may be due for, whoever asks. For jobs.

    Arguments: ahead, how long before its day the next step is called to mind; told, how long after its day it still is.
    """
    query = scope(SYSTEM, "pledges.view", Pledge).where(
        Pledge.status.in_(LIVE), Pledge.source == "", Pledge.announced_on.is_not(None),
        or_(Pledge.expected_on.between(today - told, today + ahead), Pledge.announced_on <= months_from(today, -6)))
    return list(db.session.scalars(query.options(*WITH_PARTIES).order_by(Pledge.id)).unique())


def past_their_date(actor: Actor, today: date) -> list[Pledge]:
    """Live pledges whose next step was expected before today, longest overdue first."""
    query = scope(actor, "pledges.view", Pledge).where(Pledge.status.in_(LIVE), Pledge.expected_on < today)
    return list(db.session.scalars(query.options(*WITH_PARTIES).order_by(Pledge.expected_on, Pledge.id)).unique())


def live(actor: Actor) -> list[Pledge]:
    """All pledges within the actor's sight, for the figures of the first page."""
    return list(db.session.scalars(scope(actor, "pledges.view", Pledge).where(
        Pledge.status != PledgeStatus.STRUCK).order_by(Pledge.id)))


def received(party: Party) -> list[Contribution]:
    """What public sources say a State received, oldest year first, largest first within a year."""
    query = select(Contribution).where(Contribution.recipient_id == party.id).options(joinedload(Contribution.donor))
    return list(db.session.scalars(query.order_by(Contribution.year, Contribution.amount_usd.desc(), Contribution.id)))


def given(party: Party) -> list[Contribution]:
    """What public sources say a donor gave, oldest year first, largest first within a year."""
    query = select(Contribution).where(Contribution.donor_id == party.id).options(joinedload(Contribution.recipient))
    return list(db.session.scalars(query.order_by(Contribution.year, Contribution.amount_usd.desc(), Contribution.id)))


def stated_totals(party: Party) -> list[RecipientTotal]:
    """Yearly totals that public sources state for a State."""
    query = select(RecipientTotal).where(RecipientTotal.party_id == party.id)
    return list(db.session.scalars(query.order_by(RecipientTotal.year)))


def needs_with_agreement(actor: Actor) -> set[int]:
    """The needs with a signed or paid pledge within the actor's sight."""
    query = select(Pledge.need_id).where(
        condition(actor, "pledges.view", Pledge), Pledge.need_id.is_not(None),
        Pledge.status.in_((PledgeStatus.AGREED, PledgeStatus.PAID)))
    return {number for number in db.session.scalars(query) if number is not None}


def recipients() -> set[str]:
    """The references of all that received a contribution on record."""
    query = select(Party.ref).where(Party.id.in_(select(Contribution.recipient_id)))
    return set(db.session.scalars(query))
