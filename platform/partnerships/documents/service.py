"""Writing documents: attaching a file to a record and taking it away. Flushes, never commits."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from partnerships.approach import service as approach
from partnerships.approach.models import Meeting
from partnerships.core import audit, storage
from partnerships.core.actor import Actor
from partnerships.core.constraints import explain
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.files import Checked, plain_name
from partnerships.core.refs import next_reference
from partnerships.core.visibility import Visibility
from partnerships.documents import queries
from partnerships.documents.models import OWNERS, Document
from partnerships.matches.models import MatchMessage
from partnerships.needs.models import Need
from partnerships.needs.states import ON_RECORD
from partnerships.parties.models import Party
from partnerships.parties.service import audience
from partnerships.pledges import service as pledges
from partnerships.pledges.models import Pledge

MOST = 20
explain(ck_document_one_record=_l("A document belongs to one record."),
        ck_document_media=_l("Only PDF, DOCX, XLSX, PNG and JPEG files are kept."),
        ck_document_size_positive=_l("An empty file is not kept."))


def kind_of(document: Document) -> str:
    """What kind of record a document is attached to: need, offer, meeting, conference, pledge or message."""
    return next(one for one in OWNERS if getattr(document, f"{one}_id") is not None)


def record_of(document: Document) -> Any:
    """The record that a document is attached to."""
    return getattr(document, kind_of(document))


def attach(actor: Actor, party: Party, kind: str, record: Any, file: Checked, *, title: str, filename: str,
           language: str = "en") -> Document:
    """Keep a file with a record.

    Arguments: party, whose people send it; kind, need, offer, meeting, conference or pledge; record, of that kind; file, checked;
    title, what it is; filename, as it was sent; language, of its text. Returns: the document, flushed, with a reference
    such as DOC-2026-001. Raises: Refused when the record has as many documents as it may.
    """
    ref = next_reference(f"DOC-{date.today().year}")  # the counter's lock lets one at a time through: the count holds
    if queries.count(kind, record) >= MOST:
        raise Refused(_("This record has %(most)s documents, which is as many as it may. Take one away first.", most=MOST))
    document = Document(
        ref=ref, title=title, filename=plain_name(filename, file.media), media=file.media, size=len(file.data),
        sha256=hashlib.sha256(file.data).hexdigest(), stored_as=storage.keep(file.data), language=language,
        party_id=party.id, party=party, account_id=actor.account_id, is_demo=bool(record.is_demo), **{kind: record})
    db.session.add(document)
    db.session.flush()
    _record("document.added", document, actor, {"document": (None, f"{document.ref} {title}")})
    return document


def was_published(document: Document) -> bool:
    """Whether others than its own people could read a document: all but that of a need which is not on record yet."""
    record = record_of(document)
    return not isinstance(record, MatchMessage) and (not isinstance(record, Need) or record.status in ON_RECORD)


def take_away(document: Document, actor: Actor) -> bool:
    """Take a document away: withdrawn where it was published, deleted where it was not. Returns: whether it was withdrawn."""
    if not was_published(document):
        remove(document, actor)
        return False
    document.withdrawn_at = utcnow()
    _record("document.withdrawn", document, actor, {"document": (f"{document.ref} {document.title}", None)})
    db.session.flush()
    return True


def remove(document: Document, actor: Actor) -> None:
    """Delete a document: the row now, its file once this is committed. The record's timeline keeps that it was there."""
    _record("document.removed", document, actor, {"document": (f"{document.ref} {document.title}", None)})
    storage.give_up(document.stored_as)
    db.session.delete(document)
    db.session.flush()


def _record(tag: str, document: Document, actor: Actor, changes: dict[str, tuple[Any, Any]]) -> None:
    """An event on the record itself, which outlives the document; read by whoever may read of the record's other changes."""
    record = record_of(document)
    if isinstance(record, MatchMessage):
        return  # the message's own event says it; the file's name is among its words
    if isinstance(record, Meeting):
        also, seen_by = approach.links(record), record.visibility.value
    elif isinstance(record, Pledge):
        also, seen_by = pledges.concerned(record), pledges.audience(record).value
    else:
        also, seen_by = [getattr(record, "party", None)], _audience(record)
    audit.record(tag, record, actor, changes=changes, also=[document.party, *also], audience=seen_by)


def _audience(record: Any) -> str:
    if isinstance(record, Need) and record.status not in ON_RECORD:  # what happened to a draft stays with its State
        return Visibility.PARTIES.value
    return audience(getattr(record, "visibility", Visibility.PUBLIC))
