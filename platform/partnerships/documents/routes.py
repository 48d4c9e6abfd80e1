"""Documents over HTTP: attaching a file to a record, downloading it, taking it away."""

from __future__ import annotations

import logging
from typing import Any

from flask import Blueprint, abort, flash, make_response, render_template, request, send_file, url_for
from flask_babel import gettext as _

from partnerships.core import once, storage
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.files import LARGEST, MIME
from partnerships.core.policy import can, current_actor, demand, public, requires
from partnerships.core.readings import is_restricted
from partnerships.core.web import found, see_other
from partnerships.documents import queries, service
from partnerships.documents.fields import ACCEPTED, room_for_a_file
from partnerships.documents.forms import DocumentForm
from partnerships.documents.models import OWNERS, Document
from partnerships.parties.models import Party

blueprint = Blueprint("documents", __name__, url_prefix="/documents")
log = logging.getLogger(__name__)
PAGES = {"need": "needs.detail", "offer": "offers.detail", "meeting": "approach.detail", "conference": "conferences.detail",
         "pledge": "pledges.detail"}


@blueprint.url_value_preprocessor
def _room_for_a_file(endpoint: str | None, _values: Any) -> None:
    """Only here may a request be as large as a file; it is said before anybody reads the body."""
    if endpoint == "documents.create":
        room_for_a_file()


@blueprint.app_template_global("attached")
def attached(record: Any, kind: str) -> list[Document]:
    """The documents of a record, for the macro that lists them."""
    return queries.of_record(current_actor(), kind, record)


@blueprint.app_template_global("may_attach")
def may_attach(record: Any, kind: str) -> bool:
    """Whether the reader may add a document to a record."""
    return can(current_actor(), "documents.attach", Document(**{kind: record}))


def _owner(actor: Actor) -> tuple[str, Any]:
    """The record that the address names ("?need=KHM-2026-014"); 404 out of sight, 403 where it is another's."""
    kind = next((one for one in OWNERS if request.args.get(one)), "")
    record = found(queries.record(actor, kind, request.args.get(kind, "")))
    demand(actor, "documents.attach", Document(**{kind: record}))
    return kind, record


@blueprint.get("/new")
@requires("documents.attach")
def new() -> Any:
    """The form of a file for the record that the address names."""
    kind, record = _owner(current_actor())
    return _form_page(DocumentForm(formdata=None, language=getattr(record, "language", "en")), kind, record)


@blueprint.post("/new")
@requires("documents.attach")
def create() -> Any:
    """Keep the file, when its content is one of the types that are kept."""
    actor = current_actor()
    kind, record = _owner(actor)
    form = DocumentForm()
    if not form.validate():
        return _form_page(form, kind, record), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    assert form.file.checked is not None  # the form is valid
    document = service.attach(
        actor, db.session.get_one(Party, actor.party_id), kind, record, form.file.checked, title=form.title.data or "",
        filename=form.file.sent_as, language=form.language.data)
    receipt.location = url_for(PAGES[kind], ref=record.ref, _anchor="documents")
    flash(_("%(ref)s is kept. Whoever sees this record can download it.", ref=document.ref), "success")
    return see_other(receipt.location)


def _form_page(form: DocumentForm, kind: str, record: Any) -> str:
    return render_template("documents/form.html", form=form, record=record, accepted=ACCEPTED,
                           back=url_for(PAGES[kind], ref=record.ref), megabytes=LARGEST // 1024 // 1024)


@blueprint.get("/<ref>/file")
@public
def file(ref: str) -> Any:
    """The file itself, as a download: never shown inside the site, never run."""
    document = found(queries.by_ref(current_actor(), ref))
    path = storage.path_of(document.stored_as)
    if path is None:
        log.error("The file of %s is missing.", document.ref)
        abort(404)
    answer = make_response(send_file(path, mimetype=MIME[document.media], as_attachment=True,
                                     download_name=document.filename, etag=document.sha256, conditional=True))
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store" if is_restricted(document.hangs_on) else "private, no-cache"
    return answer


@blueprint.post("/<ref>/remove")
@requires("documents.remove")
def remove(ref: str) -> Any:
    """Take a document away; the record's timeline keeps that it was there."""
    actor = current_actor()
    document = found(queries.by_ref(actor, ref))
    demand(actor, "documents.remove", document)
    back = _page_of(document)
    if service.take_away(document, actor):
        flash(_("%(ref)s is withdrawn. Its own people and the ISU can still open it; the timeline says so.", ref=ref), "success")
    else:
        flash(_("%(ref)s is taken away. The timeline keeps that it was there.", ref=ref), "success")
    return see_other(back)


@blueprint.post("/<ref>/erase")
@requires("documents.erase")
def erase(ref: str) -> Any:
    """Delete a withdrawn document for good: for what should never have been here, such as somebody's personal data."""
    actor = current_actor()
    document = found(queries.by_ref(actor, ref))
    demand(actor, "documents.erase", document)
    back = _page_of(document)
    service.remove(document, actor)
    flash(_("%(ref)s and its file are deleted. The timeline keeps that it was there.", ref=ref), "success")
    return see_other(back)


def _page_of(document: Document) -> str:
    kind, record = service.kind_of(document), service.record_of(document)
    return (url_for("matches.detail", number=record.match_id, _anchor="conversation") if kind == "message" else
            url_for(PAGES[kind], ref=record.ref, _anchor="documents"))
