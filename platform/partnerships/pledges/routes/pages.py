"""Pledges over HTTP: the list with its ladders, one pledge, the announcement, steps and payments."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.conferences import queries as conferences
from partnerships.core import export, once
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.lists import paginate
from partnerships.core.policy import current_actor, demand, public, requires
from partnerships.core.web import found, see_other
from partnerships.matches import queries as matches
from partnerships.needs import queries as needs
from partnerships.needs.states import NeedStatus
from partnerships.pledges import columns, figures, payments, queries, service, view
from partnerships.pledges.forms import About, FilterForm, NewForm, NoteForm, PayForm, StepForm
from partnerships.pledges.models import Pledge
from partnerships.pledges.routes import blueprint
from partnerships.pledges.states import LABELS, PledgeStatus


def _pledge(ref: str, actor: Actor) -> Pledge:
    return found(queries.by_ref(actor, ref))


@blueprint.get("/")
@public
def index() -> Any:
    """The pledges the reader may see, with what stands in each stage, a ladder a currency."""
    actor = current_actor()
    form = FilterForm(request.args)
    form.validate()
    chosen: dict[str, Any] = {field.name: "" if field.errors else field.data or "" for field in form}
    kind = export.wanted()
    if kind:
        found_all = export.whole(queries.listed(actor, **chosen))
        return export.send("pledges", columns.columns(actor, found_all.items), found_all, kind, title=_("Pledges"),
                           notes=[columns.note()])
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
    sent = request.method == "POST"
    if not sent or closed or not form.check():
        return render_template("pledges/new.html", form=form, about=about, closed=closed), 422 if sent else 200
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    pledge = service.announce(actor, form.chosen_donor(), **form.columns())
    receipt.location = url_for("pledges.detail", ref=pledge.ref)
    flash(_("On the record as %(ref)s.", ref=pledge.ref), "success")
    return see_other(receipt.location)


@blueprint.post("/<ref>/move/<name>")
@requires("pledges.advance")
def move(ref: str, name: str) -> Any:
    """One step: confirmed, agreement signed, withdrawn, lapsed."""
    actor = current_actor()
    pledge = _pledge(ref, actor)
    if name not in service.MOVES:
        abort(404)
    step = service.FLOW.by_name[name]
    demand(actor, step.permission, pledge)
    dated = name in service.DATED
    form: Any = StepForm() if dated else NoteForm()
    if pledge.status in step.sources and not (form.check(pledge) if dated else form.validate()):
        return view.page(pledge, actor, view.Sent(name, form)), 422
    days = {"on": form.on.data, "expected_on": form.expected_on.data} if dated else {}
    if service.move(pledge, name, actor, form.note.data or "", **days):
        flash(_("Done: %(ref)s is now “%(status)s”.", ref=ref, status=LABELS[pledge.status]), "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(url_for("pledges.detail", ref=ref))


@blueprint.post("/<ref>/pay")
@requires("pledges.advance")
def pay(ref: str) -> Any:
    """Record one instalment; a form sent twice records one."""
    actor = current_actor()
    pledge = _pledge(ref, actor)
    demand(actor, "pledges.advance", pledge)
    form = PayForm()
    where = url_for("pledges.detail", ref=ref)
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location or where)
    if pledge.status is PledgeStatus.AGREED and not form.check(pledge):
        return view.page(pledge, actor, view.Sent("pay", form)), 422  # nothing is committed: the key stays free
    payments.pay(pledge, actor, amount=form.amount.data, paid_on=form.paid_on.data, proof=service.Proof(form.note.data or ""))
    receipt.location = where
    flash(_("Payment recorded."), "success")
    return see_other(where)
