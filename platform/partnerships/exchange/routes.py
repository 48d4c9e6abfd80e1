"""Imports over HTTP: the templates, the upload, the preview with every row's fate, and what may be done with it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from partnerships.conferences import queries as conference_queries
from partnerships.core import audit, once, timeline
from partnerships.core.actor import Actor
from partnerships.core.errors import Conflict, Refused
from partnerships.core.lists import member, paginate
from partnerships.core.policy import current_actor, demand, requires
from partnerships.core.web import found, see_other
from partnerships.exchange import queries, sample, service, sources, view
from partnerships.exchange.choosing import Compared
from partnerships.exchange.columns import BadMapping
from partnerships.exchange.forms import FateForm, UploadForm, choose_form, conferences, map_form
from partnerships.exchange.headings import FIELDS
from partnerships.exchange.models import Choice, Fate, Import, ImportOf, ImportStatus
from partnerships.exchange.policy import TAKES
from partnerships.exchange.reading import LARGEST_FILE, MEGABYTE, Unreadable

blueprint = Blueprint("exchange", __name__, url_prefix="/exchange")
ROWS = 100
TEMPLATES = {"csv": (sample.csv_of, "text/csv"),
             "xlsx": (sample.xlsx_of, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")}


@blueprint.url_value_preprocessor
def _room_for_a_file(endpoint: str | None, _values: Any) -> None:
    """Only an upload may be as large as a file with its form; it is said before anybody reads the body."""
    if endpoint == "exchange.upload":
        request.max_content_length = LARGEST_FILE + 2 * MEGABYTE


def _import(ref: str, actor: Actor) -> Import:
    one = found(queries.by_ref(actor, ref))
    return found(one if one.status is not ImportStatus.DROPPED else None)


@blueprint.get("/")
@requires("exchange.import")
def index() -> Any:
    """What can be imported, the templates, the form, and the imports so far; `?conference=PC-11` prepares for its pledges."""
    wanted = request.args.get("conference", "")
    if wanted in dict(conferences()) and ImportOf.PLEDGES in TAKES[current_actor().role]:
        return _index(UploadForm(formdata=None, what=ImportOf.PLEDGES.value, conference=wanted))
    return _index(UploadForm(formdata=None))


def _index(form: UploadForm) -> str:
    actor = current_actor()
    takes = [one for one in TAKES[actor.role] if FIELDS[one.value]]  # XML has no template
    return render_template("exchange/index.html", form=form, page=paginate(queries.listed(actor)), takes=takes,
                           megabytes=LARGEST_FILE // MEGABYTE, endings=sources.endings())


@blueprint.get("/template/<name>.<kind>")
@requires("exchange.import")
def template(name: str, kind: str) -> Any:
    """A template to fill in, with the headings in the reader's language."""
    what = member(ImportOf, name)
    if what not in TAKES[current_actor().role] or kind not in TEMPLATES or not FIELDS[name]:
        abort(404)
    make, media = TEMPLATES[kind]
    locale = get_locale()
    answer = Response(make(what.value, locale.language if locale else "en"), mimetype=media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{what.value}-template.{kind}"'
    return answer


@blueprint.post("/")
@requires("exchange.import")
def upload() -> Any:
    """Read a file and show what would become of each row. Nothing else is kept."""
    actor = current_actor()
    form = UploadForm()
    if not form.validate():
        return _index(form), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    try:
        one = service.preview(actor, ImportOf(form.what.data), form.file.sent_as, form.file.content, remember=True,
                              **_for_the_isu(form, actor))
    except Unreadable as error:
        form.file.errors = [str(error)]
        return _index(form), 422
    receipt.location = url_for("exchange.detail", ref=one.ref)
    return see_other(receipt.location)


def _for_the_isu(form: Any, actor: Actor) -> dict[str, Any]:
    """What only the ISU is asked: the source of all rows, and the conference of pledges."""
    if not actor.is_isu:
        return {}
    chosen = conference_queries.by_ref(actor, form.conference.data) if form.conference.data else None
    return {"source": form.source.data or "", "conference": chosen}


@blueprint.get("/<ref>")
@requires("exchange.view")
def detail(ref: str) -> Any:
    """An import: counts, remarks, every row's fate and the words for it, and what may be done."""
    actor = current_actor()
    return _page(_import(ref, actor), actor)


def _page(one: Import, actor: Actor, form: Any = None) -> str:
    fates = FateForm(request.args)
    page = paginate(queries.rows(one, fates.chosen), size=ROWS)
    counts = queries.counts(one)
    return render_template(
        "exchange/detail.html", one=one, fates=fates, page=page, rows=view.shown(actor, one, list(page.items)), counts=counts,
        lede=view.lede(one, counts), form=form or view.mapping_form(one), reading=form is not None,
        took=view.took(one), waiting=next(iter(queries.waiting(one)), None) if counts[Fate.WAITING] else None,
        writes=counts[Fate.CREATED] + counts[Fate.UPDATED], days=timeline.days(audit.timeline(actor, one)))


@blueprint.post("/<ref>/columns")
@requires("exchange.import")
def columns(ref: str) -> Any:
    """Read the rows again under another mapping of the columns."""
    actor = current_actor()
    one = _import(ref, actor)
    demand(actor, "exchange.import", one)
    form: Any = map_form(one)()
    if not form.validate():
        return _page(one, actor, form), 422
    if form.opened_on != one.version:
        raise Conflict(url_for("exchange.detail", ref=one.ref))
    try:
        service.remap(one, actor, view.given(one, form), form.source.data or "")
    except BadMapping as error:
        raise Refused(str(error)) from None
    flash(_("The rows were read again. Nothing is saved yet."), "info")
    return see_other(url_for("exchange.detail", ref=one.ref))


@blueprint.post("/<ref>/forget")
@requires("exchange.import")
def forget(ref: str) -> Any:
    """Read the rows by their headings alone, without the columns of an earlier import."""
    actor = current_actor()
    one = _import(ref, actor)
    demand(actor, "exchange.import", one)
    service.forget(one, actor)
    flash(_("The rows were read again. Nothing is saved yet."), "info")
    return see_other(url_for("exchange.detail", ref=one.ref))


@blueprint.get("/<ref>/rows/<int:number>")
@requires("exchange.view")
def row(ref: str, number: int) -> Any:
    """A row of a preview beside the record that it is like, and the choice."""
    actor = current_actor()
    one = _import(ref, actor)
    of = found(service.compared(one, actor, number) if one.status is ImportStatus.PREVIEWED else None)
    return _row_page(one, of, view.choosing_form(of))


def _row_page(one: Import, of: Compared, form: Any) -> str:
    return render_template("exchange/row.html", one=one, of=of, form=form, fields=view.sides(of),
                           href=view.record_href(one, of.record), left=queries.waiting(one))


@blueprint.post("/<ref>/rows/<int:number>")
@requires("exchange.import")
def choose(ref: str, number: int) -> Any:
    """Keep what somebody says of a row, and go to the next one that waits."""
    actor = current_actor()
    one = _import(ref, actor)
    demand(actor, "exchange.import", one)
    of = service.compared(one, actor, number) if one.status is ImportStatus.PREVIEWED else None
    if of is None:
        flash(_("This row no longer waits for a choice."), "info")
        return see_other(url_for("exchange.detail", ref=one.ref))
    form: Any = choose_form(of)()
    if not form.validate():
        return _row_page(one, of, form), 422
    service.choose(one, actor, of, Choice(form.choice.data), form.fields.data or [] if "fields" in form else [])
    following = queries.waiting(one)
    if following:
        return see_other(url_for("exchange.row", ref=one.ref, number=following[0]))
    flash(_("Every row has its choice. Nothing is saved yet."), "info")
    return see_other(url_for("exchange.detail", ref=one.ref))


@blueprint.post("/<ref>/keep")
@requires("exchange.import")
def keep(ref: str) -> Any:
    """Make every row that waits a record of its own."""
    actor = current_actor()
    one = _import(ref, actor)
    demand(actor, "exchange.import", one)
    service.keep_all(one, actor)
    flash(_("Every row has its choice. Nothing is saved yet."), "info")
    return see_other(url_for("exchange.detail", ref=one.ref))


@blueprint.post("/<ref>/move/<name>")
@requires("exchange.import")
def move(ref: str, name: str) -> Any:
    """Import the rows, drop the preview, or undo the whole import."""
    actor = current_actor()
    one = _import(ref, actor)
    if name not in service.FLOW.by_name:
        abort(404)
    demand(actor, "exchange.import", one)
    if name == "dropped":
        service.drop(one, actor)
        flash(_("The preview is dropped. Nothing of it was kept."), "success")
        return see_other(url_for("exchange.index"))
    {"confirmed": _confirm, "undone": _undo}[name](one, actor)
    return see_other(url_for("exchange.detail", ref=one.ref))


def _confirm(one: Import, actor: Actor) -> None:
    if service.confirm(one, actor):
        written = queries.counts(one)
        number = written[Fate.CREATED] + written[Fate.UPDATED]
        left = [ngettext("%(num)s row is left out: nobody has chosen.", "%(num)s rows are left out: nobody has chosen.",
                         written[Fate.WAITING])] if written[Fate.WAITING] else []
        flash(" ".join([ngettext("%(num)s row is imported.", "%(num)s rows are imported.", number), *left]), "success")
    elif one.status is ImportStatus.CONFIRMED:
        flash(_("This was already done."), "info")
    else:
        flash(_("The register changed since this preview, and the rows were looked at again. Nothing is saved yet: look at "
                "them and import once more."), "warning")


def _undo(one: Import, actor: Actor) -> None:
    if one.status is ImportStatus.UNDONE:
        flash(_("This was already done."), "info")
        return
    flash(view.undone(*service.undo(one, actor)), "success")
