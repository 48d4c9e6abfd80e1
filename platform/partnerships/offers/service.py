"""Writing offers: posting, changing, renewing, withdrawing. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from partnerships.core import audit, workflow
from partnerships.core.actor import Actor
from partnerships.core.constraints import explain
from partnerships.core.db import db, utcnow
from partnerships.core.refs import next_reference
from partnerships.core.workflow import Transition, Workflow
from partnerships.offers.models import Offer, OfferStatus
from partnerships.parties.models import Party
from partnerships.parties.service import audience

FLOW = Workflow("offer", (
    Transition("withdrawn", _l("Withdraw offer"), frozenset({OfferStatus.OPEN}), OfferStatus.WITHDRAWN,
               "offers.withdraw"),
))
workflow.declare(Offer, FLOW)
audit.declare("offer", Offer, "offers.view")
explain(ck_offer_amounts_in_order=_l("The smallest amount of an offer may not exceed its largest."))


def create(actor: Actor, party: Party, values: Mapping[str, Any], *, is_demo: bool = False) -> Offer:
    """Post a standing offer of the actor's party.

    Arguments: values, columns of Offer (amounts in the offer's currency). Returns: the offer, flushed, with a
    reference such as NOR-OFFER-2026-001.
    """
    offer = Offer(party=party, party_id=party.id, author_id=actor.account_id, is_demo=is_demo,
                  ref=next_reference(f"{party.ref}-OFFER-{date.today().year}"), **values)
    db.session.add(offer)
    db.session.flush()
    audit.record("offer.posted", offer, actor, also=[party], audience=audience(offer.visibility))
    return offer


def change(offer: Offer, actor: Actor, values: Mapping[str, Any]) -> bool:
    """Change or renew an offer. Returns: whether anything changed; what did goes on the record."""
    changes = audit.differences(offer, values)
    if not changes:
        return False
    before = offer.visibility
    if "valid_until" in changes:
        offer.confirmed_at = utcnow()
    for key, value in values.items():
        setattr(offer, key, value)
    offer.updated_at = utcnow()
    db.session.flush()
    renewed = set(changes) == {"valid_until"} and changes["valid_until"][0] < changes["valid_until"][1]
    audit.record("offer.renewed" if renewed else "offer.changed", offer, actor, changes=changes, also=[offer.party],
                 audience=audience(before, offer.visibility))
    return True


def move(offer: Offer, name: str, actor: Actor, note: str = "") -> bool:
    """Make one move of the workflow; see `workflow.advance`."""
    return workflow.advance(offer, name, actor, note, also=[offer.party], audience=audience(offer.visibility))
