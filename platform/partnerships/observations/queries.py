"""Reading observations, as far as the actor may see them."""

from __future__ import annotations

from sqlalchemy.orm import joinedload

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.observations.models import Observation


def of_party(actor: Actor, party_id: int) -> Observation | None:
    """The text about a State."""
    return db.session.scalars(scope(actor, "observations.view", Observation).where(
        Observation.party_id == party_id).options(joinedload(Observation.party), joinedload(Observation.author))).first()


def by_party(actor: Actor) -> dict[int, Observation]:
    """Every text, by State."""
    return {row.party_id: row for row in db.session.scalars(scope(actor, "observations.view", Observation))}
