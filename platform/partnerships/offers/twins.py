"""Offers of the same partner that could be one offer posted twice: a quiet notice on its page, a question in an import."""

from __future__ import annotations

from sqlalchemy import select

from partnerships.core.db import db
from partnerships.offers.models import Offer, OfferStatus
from partnerships.suggestions import alike, likeness
from partnerships.suggestions.alike import Told, texts

MOST = 200  # offers of a partner that are looked at beside one, the newest


def told(offer: Offer) -> Told:
    """What an offer says, as far as likeness goes."""
    return Told((offer.party_id,), texts(offer.title, offer.summary), frozenset(offer.themes), None, offer.amount_max,
                offer.currency or "", record=offer.id)


def standing(party_id: int) -> list[Offer]:
    """The open offers of a partner, for its own people: the newest."""
    query = select(Offer).where(Offer.party_id == party_id, Offer.status == OfferStatus.OPEN).order_by(Offer.id.desc()).limit(MOST)
    return list(db.session.scalars(query))


def of(offer: Offer) -> Offer | None:
    """The other open offer of the same partner that an open offer is most like; None when it is like none."""
    others = {one.id: one for one in standing(offer.party_id) if one.id != offer.id}
    if offer.status is not OfferStatus.OPEN or not others:
        return None
    asked = Told((offer.party_id,), texts(offer.title, offer.summary), frozenset(offer.themes), None, offer.amount_max,
                 offer.currency or "", row=0)
    like = alike.find([asked], [told(one) for one in others.values()], alike.of_needs, likeness.of_pairs)
    return others[like[0].record] if 0 in like and like[0].record else None
