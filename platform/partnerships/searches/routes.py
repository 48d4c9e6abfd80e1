"""Finding over HTTP: one box over everything, and the searches that a person keeps."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.core import once
from partnerships.core.errors import Conflict, Refused
from partnerships.core.lists import page_number, page_size
from partnerships.core.policy import current_actor, demand, public, requires
from partnerships.core.web import asking, found, see_other
from partnerships.feeds import atom
from partnerships.searches import addresses, queries, service, view
from partnerships.searches.forms import KeptForm, SearchForm
from partnerships.searches.models import CADENCE_LABELS, Cadence, SavedSearch

blueprint = Blueprint("searches", __name__, url_prefix="/searches")


@blueprint.get("/")
@public
def index() -> Any:
    """What holds the words, within the reader's sight: the best first, with facets. A reference leads straight to its page."""
    actor, today = current_actor(), date.today()
    if atom.wanted():
        return atom.of_list("search")
    form = SearchForm(request.args)
    question = form.question()
    straight = queries.by_reference(actor, question.words) if question.words else None
    if straight is not None:
        endpoint, values = view.where(straight)
        return see_other(url_for(endpoint, **values))
    everything = queries.find(actor, question, today)
    size = page_size()
    number = min(page_number(), max(1, -(-everything.total // size)))
    hits = queries.rows(actor, everything, question, today, size=size, start=(number - 1) * size) if everything.total else []
    return render_template(
        "searches/index.html", form=form, question=question, found=everything, facets=view.facets(question, everything),
        page=view.page(hits, number, everything.total, size), said=view.said(everything), without_facets=view.address(
            question, kind="", theme="", region="", state=""), keepable=addresses.kept("search", _query()))


def _query() -> str:
    return request.query_string.decode("utf-8", "replace")


@blueprint.get("/kept")
@requires("searches.keep")
def kept() -> Any:
    """The searches that the reader keeps."""
    rows = [(search, view.search_address(search), view.in_words(search.query)) for search in queries.kept(current_actor())]
    return render_template("searches/kept.html", rows=rows, most=service.MOST)


@blueprint.get("/kept/new")
@requires("searches.keep")
def new() -> Any:
    """A name for the search, and how often it writes."""
    form = KeptForm(place=request.args.get("place", ""), query=request.args.get("query", ""))
    return _form_page(form)


@blueprint.post("/kept/new")
@requires("searches.keep")
def create() -> Any:
    """Keep the search."""
    actor = current_actor()
    form = KeptForm()
    if not form.validate():
        return _form_page(form), 422
    written = _written(form)
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    service.keep(actor, form.name.data, written, Cadence(form.cadence.data))
    receipt.location = url_for("searches.kept")
    flash(_("The search is kept."), "success")
    return see_other(receipt.location)


@blueprint.get("/kept/<int:number>/edit")
@requires("searches.keep")
def edit(number: int) -> Any:
    """The form of a kept search."""
    search = _search(number)
    return _form_page(KeptForm(name=search.name, cadence=search.cadence.value, version=str(search.version)), search)


@blueprint.post("/kept/<int:number>/edit")
@requires("searches.keep")
def update(number: int) -> Any:
    """Keep the new name or the new rhythm."""
    search = _search(number)
    form = KeptForm()
    if not form.validate():
        return _form_page(form, search), 422
    if form.opened_on != search.version:
        raise Conflict(url_for("searches.edit", number=number), [
            (str(form.name.label.text), form.name.data, search.name),
            (str(form.cadence.label.text), str(CADENCE_LABELS[Cadence(form.cadence.data)]), str(CADENCE_LABELS[search.cadence]))])
    changed = service.change(search, form.name.data, Cadence(form.cadence.data))
    flash(_("Changes kept.") if changed else _("Nothing was changed."), "success" if changed else "info")
    return see_other(url_for("searches.kept"))


@blueprint.post("/kept/<int:number>/delete")
@requires("searches.keep")
def delete(number: int) -> Any:
    """Forget a kept search."""
    search = _search(number)
    service.forget(search)
    flash(_("“%(name)s” is no longer kept.", name=search.name), "success")
    return see_other(url_for("searches.kept"))


def _search(number: int) -> SavedSearch:
    actor = current_actor()
    search = found(queries.kept_one(actor, number))
    demand(actor, "searches.keep", search)
    return search


def _form_page(form: KeptForm, search: SavedSearch | None = None) -> str:
    written = search.query if search else _written(form)
    endpoint, query = addresses.parts(written)
    return render_template("searches/form.html", form=form, search=search, back=asking(url_for(endpoint), query),
                           said=view.in_words(written))


def _written(form: KeptForm) -> str:
    written = addresses.kept(form.place.data or "", form.query.data or "")
    if written is None:
        raise Refused(_("There is nothing to keep yet: search for words, or set a filter on the list of needs. "
                        "Very long searches cannot be kept."))
    return written
