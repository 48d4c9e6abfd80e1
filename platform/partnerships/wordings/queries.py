"""Reading a need's wordings, as far as the actor may see them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import condition
from partnerships.needs.models import Need
from partnerships.wordings.models import NeedWording


def of_need(actor: Actor, need: Need) -> dict[str, NeedWording]:
    """A need's wordings by language."""
    query = select(NeedWording).where(NeedWording.need_id == need.id, condition(actor, "wordings.view", NeedWording)).options(
        joinedload(NeedWording.need)).order_by(NeedWording.language)
    return {row.language: row for row in db.session.scalars(query)}

