"""Reading documents, each time as far as the actor may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from partnerships.approach import queries as approach
from partnerships.conferences import queries as conferences
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.documents.models import OWNERS, Document
from partnerships.matches.models import MatchMessage
from partnerships.needs import queries as needs
from partnerships.offers import queries as offers
from partnerships.pledges import queries as pledges

_BY_REF = {"need": needs.by_ref, "offer": offers.by_ref, "meeting": approach.by_ref, "conference": conferences.by_ref,
           "pledge": pledges.by_ref}
_WITH_RECORD = (*(joinedload(getattr(Document, one)) for one in OWNERS),
                joinedload(Document.message).joinedload(MatchMessage.match))


def by_ref(actor: Actor, ref: str) -> Document | None:
    """The document with this reference, when the actor may see the record it is attached to."""
    query = scope(actor, "documents.view", Document).where(Document.ref == ref)
    return db.session.scalars(query.options(joinedload(Document.party), *_WITH_RECORD)).unique().first()


def of_record(actor: Actor, kind: str, record: Any) -> list[Document]:
    """The documents of a record within the actor's sight, oldest first. `kind`: need, offer, meeting, conference or pledge."""
    query = scope(actor, "documents.view", Document).where(getattr(Document, f"{kind}_id") == record.id)
    return list(db.session.scalars(query.options(joinedload(Document.party)).order_by(Document.id)).unique())


def of_messages(actor: Actor, numbers: Iterable[int]) -> dict[int, Document]:
    """The files of these messages of a match within the actor's sight, by message."""
    query = scope(actor, "documents.view", Document).where(Document.message_id.in_(list(numbers)))
    return {one.message_id: one for one in db.session.scalars(query) if one.message_id is not None}


def record(actor: Actor, kind: str, ref: str) -> Any:
    """The record that a document is to be attached to, when the actor may see it; None for a kind that has none."""
    find = _BY_REF.get(kind)
    return find(actor, ref) if find and ref else None


def count(kind: str, record: Any) -> int:
    """How many documents a record has that are not withdrawn, whoever asks."""
    return db.session.scalar(select(func.count()).select_from(Document).where(
        getattr(Document, f"{kind}_id") == record.id, Document.withdrawn_at.is_(None))) or 0


def stored() -> list[Document]:
    """Every document, for the command that checks the files."""
    return list(db.session.scalars(select(Document).order_by(Document.id)))
