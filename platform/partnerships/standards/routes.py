"""Standards over HTTP: the page of IATI, its file, and how a pledge is classified there."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wsgi import wrap_file

from partnerships.core.actor import PUBLIC
from partnerships.core.errors import Conflict
from partnerships.core.policy import can, current_actor, demand, public, requires
from partnerships.core.web import found, see_other
from partnerships.parties import choices
from partnerships.pledges import queries as pledges
from partnerships.standards import queries, service
from partnerships.standards.forms import FileForm, TermsForm
from partnerships.standards.iati import pledged
from partnerships.standards.queries import Wanted

blueprint = Blueprint("standards", __name__, url_prefix="/standards")
IN_MEMORY = 2 * 1024 * 1024  # of a file; the rest of a larger one waits on the disk
MEDIA = "application/xml; charset=utf-8"


@blueprint.get("/iati")
@public
def iati() -> Any:
    """What is published, how, what is left out, and the file."""
    form = FileForm(request.args)
    return _page(form) if form.validate() else (_page(form), 422)


def _page(form: FileForm, empty: bool = False) -> str:
    needs, given, contributions = queries.published(Wanted())
    return render_template(
        "standards/iati.html", form=form, empty=empty, needs=needs, pledges=given, contributions=contributions,
        left=queries.left_out(Wanted()), publisher=service.publisher(), themes=choices.themes())


@blueprint.get("/iati/activities.xml")
@public
def activities() -> Any:
    """What everybody may see, as one file; a reader who has it already is told so without its being made."""
    form = FileForm(request.args)
    if not form.validate():
        return _page(form), 422
    wanted = Wanted(form.donor.data or "", form.since.data)
    tag = hashlib.sha256(repr((wanted, date.today(), service.publisher(), queries.stamp())).encode()).hexdigest()[:32]
    answer = Response(status=304) if request.if_none_match.contains_weak(tag) else _file(wanted)
    if answer is None:
        return _page(form, empty=True), 404
    answer.set_etag(tag, weak=True)  # the moment at which a file was made differs, what it says does not
    answer.headers["Cache-Control"] = "private, no-cache" if current_actor().is_signed_in else "public, max-age=300"
    return answer


def _file(wanted: Wanted) -> Response | None:
    """The file as a download; None when it would hold no activity."""
    out = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer closes it
    number, _left = service.write(out, wanted)
    if not number:
        out.close()
        return None
    size = out.tell()
    out.seek(0)
    answer = Response(wrap_file(request.environ, out), headers={"Content-Type": MEDIA, "Content-Length": str(size)},
                      direct_passthrough=True)
    answer.call_on_close(out.close)
    answer.headers["Content-Disposition"] = f'attachment; filename="iati-activities-{date.today().isoformat()}.xml"'
    return answer


@blueprint.get("/iati/pledges/<ref>")
@public
def terms(ref: str) -> Any:
    """How a pledge is classified, and the form for those who may say it."""
    pledge = found(pledges.by_ref(current_actor(), ref))
    kept = queries.terms_of(pledge)
    said = {} if kept is None else {name: value.value for name in service.PARTS if (value := getattr(kept, name))}
    return _terms(pledge, kept, TermsForm(formdata=None, version=str(kept.version if kept else 0), **said))


def _terms(pledge: Any, kept: Any, form: TermsForm) -> str:
    return render_template("standards/terms.html", pledge=pledge, kept=kept, form=form, publisher=service.publisher(),
                           parts=[name for name in service.PARTS if kept is not None and getattr(kept, name)],
                           published=pledged.is_support(pledge) and can(PUBLIC, "pledges.view", pledge))


@blueprint.post("/iati/pledges/<ref>")
@requires("pledges.advance")
def classify(ref: str) -> Any:
    """Keep how the donor classifies a pledge."""
    actor = current_actor()
    pledge = found(pledges.by_ref(actor, ref))
    demand(actor, "pledges.advance", pledge)
    kept, form = queries.terms_of(pledge), TermsForm()
    if not form.validate():
        return _terms(pledge, kept, form), 422
    if form.opened_on != (kept.version if kept else 0):
        raise Conflict(url_for("standards.terms", ref=pledge.ref))
    if service.classify(pledge, actor, kept, form.values()):
        flash(_("Saved."), "success")
    return see_other(url_for("standards.terms", ref=pledge.ref))
