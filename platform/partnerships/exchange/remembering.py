"""Columns that somebody of the same party gave before: proposed for the next file with the same headings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.filters import day
from partnerships.exchange import columns
from partnerships.exchange.models import Import, ImportOf, ImportStatus

LOOKED_AT = 100  # imports of a party and kind, newest first


def earlier(actor: Actor, what: ImportOf, headings: Sequence[str]) -> Import | None:
    """The newest import of the actor's party, of the same kind, whose headings are all in this file, with its columns given.

    The newest with these headings decides: where somebody dropped its proposal, nothing is proposed. What the headings say
    by themselves needs no memory. For the ISU, imports of any of its people and by command count.
    """
    whose = or_(Import.party_id == actor.party_id, Import.party_id.is_(None)) if actor.is_isu else Import.party_id == actor.party_id
    query = select(Import).where(whose, Import.what == what, Import.status != ImportStatus.DROPPED).order_by(
        Import.id.desc()).limit(LOOKED_AT)
    here = set(headings)
    found = next((one for one in db.session.scalars(query) if set(one.mapping["headings"]) <= here and _decided(one)), None)
    if found is None or not found.mapping["given"]:
        return None
    by_itself = columns.guess(headings, what.value).columns
    return found if columns.chosen(headings, found.mapping["given"], what.value).columns != by_itself else None


def _decided(one: Import) -> bool:
    """Whether somebody said anything of the columns: gave them, or dropped the ones proposed."""
    return bool(one.mapping["given"]) or bool(one.mapping.get("forgot"))


def of(one: Import) -> dict[str, Any]:
    """What an import keeps of the one whose columns it took over."""
    return {"ref": one.ref, "on": one.created_at.date().isoformat()}


def words(kept: dict[str, Any]) -> str:
    """The words for columns taken over."""
    from datetime import date

    return _("We used the columns of your import of %(day)s (%(ref)s).", day=day(date.fromisoformat(kept["on"])), ref=kept["ref"])
