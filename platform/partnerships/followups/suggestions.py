"""What the platform would put into the queue: pledges past their date, needs nobody has contacted, likely supporters.

A suggestion has a key. Once it was taken into the queue or dismissed, a follow-up holds that key and it is not made
again. Only the ISU, whose queue it is, gets suggestions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from babel.lists import format_list
from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from partnerships.core import policy
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.filters import day, in_words, number
from partnerships.followups.models import Followup
from partnerships.followups.states import Reason
from partnerships.matches import queries as matches
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.parties.words import name
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import LIVE, PledgeStatus
from partnerships.suggestions import engine
from partnerships.suggestions.words import STRONG

WAITED = timedelta(days=7)
ALIKE = 0.4  # likeness of two needs, of 1
NAMED = 3
SUPPORTING = (PledgeStatus.AGREED, PledgeStatus.PAID)


@dataclass(frozen=True)
class Suggested:
    """One suggestion: its sentence why, what would be noted, about whom, and where its record is."""

    key: str
    reason: Reason
    what: str
    party: Party
    owner_party: Party
    need: Need | None
    pledge: Pledge | None
    why_sentence: str
    href: str


def suggest(actor: Actor, today: date) -> list[Suggested]:
    """All suggestions that were not answered yet: pledges past their date, needs without contact, similar needs.

    Arguments: actor, the ISU (anybody else gets none); today. The owner is the actor's own party.
    """
    if not policy.may_ever(actor, "followups.create"):
        return []
    owner = db.session.get(Party, actor.party_id) if actor.party_id else parties.by_ref("ISU")
    if owner is None:
        return []
    taken = set(db.session.scalars(select(Followup.suggestion).where(Followup.suggestion.is_not(None))))
    open_needs = {need.ref: need for need in needs.current(actor, today)}
    own = pledges.of_needs(actor, [need.id for need in open_needs.values()])
    return [*_past_date(actor, owner, taken, today), *_no_contact(actor, owner, taken, today, open_needs.values()),
            *_similar(actor, owner, taken, {ref: need for ref, need in open_needs.items() if not _live(own[need.id])})]


def by_key(actor: Actor, today: date, key: str) -> Suggested | None:
    """The suggestion with this key, while it stands."""
    return next((one for one in suggest(actor, today) if one.key == key), None)


def _past_date(actor: Actor, owner: Party, taken: set[Any], today: date) -> Iterator[Suggested]:
    for pledge in pledges.past_their_date(actor, today):
        key = f"pledge-past-date:{pledge.ref}:{pledge.expected_on}"
        if key in taken:
            continue
        yield Suggested(
            key, Reason.PLEDGE_PAST_DATE,
            _("Ask %(donor)s where pledge %(ref)s stands", donor=name(pledge.donor), ref=pledge.ref),
            pledge.donor, owner, pledge.need, pledge,
            _("The next step of pledge %(ref)s (%(donor)s) was expected by %(day)s, %(ago)s.",
              donor=name(pledge.donor), ref=pledge.ref, day=day(pledge.expected_on),
              ago=in_words(pledge.expected_on, today)),
            url_for("pledges.detail", ref=pledge.ref))


def _no_contact(actor: Actor, owner: Party, taken: set[Any], today: date, found: Iterable[Need]) -> Iterator[Suggested]:
    waiting = [need for need in found if need.published_at is not None and need.published_at.date() < today - WAITED
               and f"no-contact:{need.ref}" not in taken]
    contacted = matches.needs_in_contact([need.id for need in waiting])
    alone = sorted((one for one in waiting if one.id not in contacted), key=lambda one: (one.published_at, one.id))
    here, strongest = engine.world(actor), engine.strongest(actor, alone, NAMED)
    for need in alone:
        best = [(one.partner, one.score) for one in strongest.get(need.ref, ()) if one.score >= STRONG]
        if not best:
            continue
        named = _listed([_("%(partner)s (%(points)s points)", partner=name(here.parties[ref]), points=number(score, 0))
                         for ref, score in best])
        assert need.published_at is not None
        yield Suggested(
            f"no-contact:{need.ref}", Reason.NO_CONTACT,
            _("Share need %(ref)s with the partners that fit it best", ref=need.ref), need.party, owner, need, None,
            _("Need %(ref)s (%(state)s) was published on %(day)s, and nobody has contacted the partners that fit it "
              "best: %(partners)s.", state=name(need.party), ref=need.ref, day=day(need.published_at.date()),
              partners=named),
            url_for("needs.detail", ref=need.ref, _anchor="partners"))


def _similar(actor: Actor, owner: Party, taken: set[Any], unpledged: dict[str, Need]) -> Iterator[Suggested]:
    """For each open need without a pledge, the likest need of another State that found support, and who gave it."""
    if not unpledged:
        return
    supported, support = _supported(actor)
    nearest: dict[str, tuple[float, Need]] = {}
    for other in supported:
        for found, likeness in engine.similar(actor, other, limit=10):
            fits = likeness >= ALIKE and found.ref in unpledged and found.party_id != other.party_id
            nearer = likeness > nearest.get(found.ref, (0.0, other))[0]
            if fits and nearer and f"similar-need:{found.ref}:{other.ref}" not in taken:
                nearest[found.ref] = (likeness, other)
    for ref, (_likeness, other) in sorted(nearest.items()):
        need, givers = unpledged[ref], _listed(sorted({name(pledge.donor) for pledge in support[other.id]}))
        yield Suggested(
            f"similar-need:{need.ref}:{other.ref}", Reason.SIMILAR_NEED,
            _("Bring need %(ref)s to the attention of %(donors)s", ref=need.ref, donors=givers)[:300],
            need.party, owner, need, None,
            _("No pledge to need %(ref)s (%(state)s) is on record; %(other)s (%(other_state)s) reads much like it and "
              "found support from %(donors)s.", state=name(need.party), ref=need.ref, other=other.ref,
              other_state=name(other.party), donors=givers),
            url_for("needs.detail", ref=need.ref))


def _supported(actor: Actor) -> tuple[list[Need], dict[int, list[Pledge]]]:
    """Needs on record with a signed or paid pledge, and those pledges by need."""
    signed = policy.scope(actor, "pledges.view", Pledge).where(
        Pledge.status.in_(SUPPORTING), Pledge.need_id.is_not(None)).options(joinedload(Pledge.donor))
    support: dict[int, list[Pledge]] = {}
    for pledge in db.session.scalars(signed.order_by(Pledge.id)).unique():
        assert pledge.need_id is not None
        support.setdefault(pledge.need_id, []).append(pledge)
    query = policy.scope(actor, "needs.view", Need).where(
        Need.id.in_(support), Need.status.in_((NeedStatus.PUBLISHED, NeedStatus.MET, NeedStatus.PARTLY_MET)))
    query = query.options(joinedload(Need.party), selectinload(Need.amounts)).order_by(Need.id)
    return list(db.session.scalars(query).unique()), support


def _live(found: Iterable[Pledge]) -> bool:
    return any(pledge.status in (*LIVE, PledgeStatus.PAID) for pledge in found)


def _listed(items: list[str]) -> str:
    return format_list(items, locale=get_locale() or "en") if items else ""
