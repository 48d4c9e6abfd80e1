"""Needs of the same State that could be one need posted twice: a quiet notice beside a form, a question in an import."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import selectinload

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.needs import content, queries
from partnerships.needs.content import Content
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.parties.models import Party
from partnerships.suggestions import alike, likeness
from partnerships.suggestions.alike import Told, texts

OPEN = (NeedStatus.DRAFT, NeedStatus.SUBMITTED, NeedStatus.RETURNED, NeedStatus.PUBLISHED)
MOST = 200  # needs of a State that are looked at beside one, the newest


def told(need: Need, amounts: bool) -> Told:
    """What a need says, as far as likeness goes; amounts: whether the reader may see its own."""
    lines = need.amounts if amounts else []
    span = (min(line.first_year for line in lines), max(line.last_year for line in lines)) if lines else None
    return Told((need.party_id,), texts(need.title, need.summary), alike.code(need.theme), span,
                sum((line.amount for line in lines), Decimal(0)) or None, need.currency, record=need.id)


def of(actor: Actor, party: Party, said: Content, ref: str = "") -> Need | None:
    """The open need of a State, within the actor's sight, that a content is most like; None when it is like none.

    Arguments: said, what a need says, kept or only typed; ref, of that need when it is kept.
    """
    if not said.get("title"):
        return None
    query = scope(actor, "needs.view", Need).where(
        Need.party_id == party.id, Need.status.in_(OPEN), Need.ref != ref).options(selectinload(Need.amounts)).order_by(
        Need.id.desc()).limit(MOST)
    found = {need.id: need for need in db.session.scalars(query).unique()}
    if not found:
        return None
    seen = queries.with_amounts_seen(actor, found)
    lines = content.lines(said, "amounts")
    span = (min(line["first_year"] for line in lines), max(line["last_year"] for line in lines)) if lines else None
    asked = Told((party.id,), texts(said["title"], said.get("summary") or ""), alike.code(said.get("theme")), span,
                 sum((line["amount"] for line in lines), Decimal(0)) or None, said.get("currency") or "", row=0)
    like = alike.find([asked], [told(need, need.id in seen) for need in found.values()], alike.of_needs, likeness.of_pairs)
    return found[like[0].record] if 0 in like and like[0].record else None
