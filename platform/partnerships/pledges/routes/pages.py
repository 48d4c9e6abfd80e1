"""Pledges over HTTP: the list with its ladders, one pledge, the announcement, what it says, bilateral support."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.conferences import queries as conferences
from partnerships.core import export, hxl, once
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.errors import Conflict, Refused
from partnerships.core.lists import paginate
from partnerships.core.policy import current_actor, demand, public, requires
from partnerships.core.web import found, see_other
from partnerships.feeds import atom
from partnerships.matches import queries as matches
from partnerships.needs import queries as needs
from partnerships.needs.states import NeedStatus
from partnerships.parties import choices
from partnerships.pledges import columns, figures, payments, queries, service, view
from partnerships.pledges.forms import About, BilateralForm, EditForm, FilterForm, NewForm
from partnerships.pledges.models import Pledge
from partnerships.pledges.routes import blueprint


def _pledge(ref: str, actor: Actor) -> Pledge:
    return found(queries.by_ref(actor, ref))


@blueprint.get("/")
@public
def index() -> Any:
    """The pledges the reader may see, with what stands in each stage, a ladder a currency."""
    actor = current_actor()
    if atom.wanted():
        return atom.of_list("pledges")
    form = FilterForm(request.args)
    form.validate()
    chosen: dict[str, Any] = {field.name: "" if field.errors else field.data or "" for field in form}
    kind = export.wanted()
    if kind:
        found_all = export.whole(queries.listed(actor, **chosen))
        return export.send("pledges", columns.columns(actor, found_all.items), found_all, kind, title=_("Pledges"),
                           notes=[columns.note()], tags=hxl.PLEDGES)
    every = db.session.scalars(queries.filtered(actor, **chosen))
    return render_template("pledges/index.html", form=form, page=paginate(queries.listed(actor, **chosen)),
                           ladders=figures.by_currency(every), filtered=any(chosen.values()))


@blueprint.get("/<ref>")
@public
def detail(ref: str) -> Any:
    """One pledge: where it stands, what was paid, what comes next."""
    actor = current_actor()
    return view.page(_pledge(ref, actor), actor)


def _about(actor: Actor) -> About:
    """What the address says the pledge comes from; 404 for what the reader may not see."""
    need_ref, number, conference_ref = (request.args.get(key, "") for key in ("need", "match", "conference"))
    match = need = conference = None
    if number:
        readable = number.isascii() and number.isdigit() and len(number) < 10
        match = matches.by_id(actor, int(number)) if readable else None
        if match is None:
            abort(404)
        if not actor.is_isu and match.party_id != actor.party_id:
            abort(403)
    if match is not None or need_ref:
        need = needs.by_ref(actor, match.need.ref if match is not None else need_ref)
        if need is None:
            abort(404)
    if conference_ref:
        conference = conferences.by_ref(actor, conference_ref)
        if conference is None:
            abort(404)
    return About(need, match, conference)


@blueprint.route("/new", methods=["GET", "POST"])
@requires("pledges.create")
def new() -> Any:
    """Put a pledge on the record."""
    actor = current_actor()
    about = _about(actor)
    form = NewForm(actor, about)
    closed = about.need is not None and about.need.status is not NeedStatus.PUBLISHED
    sent, more = request.method == "POST", _more_rows(form)
    if not sent or closed or more or not form.check():
        return _new_page(form, about, closed), 422 if sent and not more else 200
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    try:
        pledge = service.announce(actor, form.chosen_donor(), **form.columns())
    except Refused as refused:
        return _said_no(form, refused, "pledges/new.html", about=about, closed=closed, partners=choices.partners())
    return _recorded(receipt, pledge)


def _new_page(form: NewForm, about: About, closed: bool) -> str:
    return render_template("pledges/new.html", form=form, about=about, closed=closed, partners=choices.partners())


@blueprint.route("/bilateral", methods=["GET", "POST"])
@requires("pledges.create")
def bilateral() -> Any:
    """Log support agreed outside any conference: one form, one press."""
    actor = current_actor()
    form = BilateralForm(actor)
    sent = request.method == "POST"
    if not sent or not form.check():
        return render_template("pledges/bilateral.html", form=form), 422 if sent else 200
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    assert form.giver is not None  # the form is valid
    try:
        pledge = payments.bilateral(actor, form.giver, **form.columns())
    except Refused as refused:
        return _said_no(form, refused, "pledges/bilateral.html")
    return _recorded(receipt, pledge)


@blueprint.get("/<ref>/edit")
@requires("pledges.advance")
def edit(ref: str) -> Any:
    """What a pledge says besides its amount."""
    actor = current_actor()
    pledge = _pledge(ref, actor)
    demand(actor, "pledges.advance", pledge)
    return _edit_page(EditForm(actor, pledge, formdata=None), pledge)


@blueprint.post("/<ref>/edit")
@requires("pledges.advance")
def keep(ref: str) -> Any:
    """Keep what the pledge now says, unless somebody else changed it meanwhile."""
    actor = current_actor()
    pledge = _pledge(ref, actor)
    demand(actor, "pledges.advance", pledge)
    form = EditForm(actor, pledge)
    more = _more_rows(form)
    if more or not form.check():
        return _edit_page(form, pledge), 200 if more else 422
    if form.opened_on != pledge.version:
        raise Conflict(url_for("pledges.edit", ref=ref), form.both())
    try:
        changed = service.describe(pledge, actor, *form.wanted())
    except Refused as refused:
        return _said_no(form, refused, "pledges/edit.html", pledge=pledge, partners=choices.partners())
    flash(_("Changes kept.") if changed else _("Nothing was changed."), "success" if changed else "info")
    return see_other(url_for("pledges.detail", ref=ref))


def _more_rows(form: Any) -> bool:
    """Whether the press asked for more rows only; then the form has them."""
    name = request.form.get("add_row")
    if name is not None:
        form.add_rows(name)
    return name is not None


def _edit_page(form: EditForm, pledge: Pledge) -> str:
    return render_template("pledges/edit.html", form=form, pledge=pledge, partners=choices.partners())


def _said_no(form: Any, refused: Refused, template: str, **more: Any) -> Any:
    """The form again, with the rule that stands against it and all that was typed; nothing of it is kept."""
    db.session.rollback()
    form.form_errors = [*form.form_errors, refused.message]
    return render_template(template, form=form, **more), 422


def _recorded(receipt: once.FormReceipt, pledge: Pledge) -> Any:
    receipt.location = url_for("pledges.detail", ref=pledge.ref)
    flash(_("On the record as %(ref)s.", ref=pledge.ref), "success")
    return see_other(receipt.location)
