"""Needs over HTTP: the list, a need, the form, and its moves."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.core import audit, once, timeline, workflow
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.errors import Conflict
from partnerships.core.lists import paginate
from partnerships.core.moves import note_for
from partnerships.core.policy import can, current_actor, demand, public, requires
from partnerships.core.web import found, see_other
from partnerships.followups import queries as followups
from partnerships.matches import queries as matches
from partnerships.needs import queries, service, view
from partnerships.needs.forms import FilterForm, NoteForm
from partnerships.needs.models import Need
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges
from partnerships.suggestions import engine, words
from partnerships.suggestions.view import standing

blueprint = Blueprint("needs", __name__, url_prefix="/needs")


def _need(ref: str, actor: Actor) -> Need:
    return found(queries.by_ref(actor, ref))


@blueprint.get("/")
@public
def index() -> Any:
    """The needs the reader may see, under filters that live in the address."""
    actor = current_actor()
    form = FilterForm(request.args)
    page = paginate(queries.published(actor, form.chosen(), date.today()))
    pledged = pledges.of_needs(actor, [need.id for need in page.items])
    rows = [(need, figures.of_need(actor, need, pledged[need.id])) for need in page.items]
    fitting = view.fitting(actor) if not any(request.args.values()) else []
    return render_template("needs/index.html", form=form, page=page, rows=rows, fitting=fitting,
                           filtered=any(value for key, value in request.args.items() if key not in ("page", "lang")))


@blueprint.get("/<ref>")
@public
def detail(ref: str) -> Any:
    """One need: its figures, the partners likely to help and why, who supports it, what happened."""
    actor = current_actor()
    need = _need(ref, actor)
    if need.ref != ref:
        return see_other(url_for("needs.detail", ref=need.ref))
    own = pledges.of_needs(actor, [need.id])[need.id]
    kind = request.args.get("kind", "")
    events, first = audit.timeline(actor, need), view.suggestions(actor, need)
    return render_template(
        "needs/detail.html", need=need, figures=figures.of_need(actor, need, own), pledges=own,
        suggestions=first, others=view.others(actor, need, first), offers=view.offers(actor, need),
        partners=view.askable(actor, need),
        similar=engine.similar(actor, need) if need.theme else [],
        matches=matches.of_need(actor, need), mine=matches.own_match(actor, need),
        followups=followups.of_need(actor, need), moves=workflow.available(need, actor), note_form=NoteForm(),
        days=timeline.days(event for event in events if not kind or event.tag.startswith(f"{kind}.")),
        kinds=timeline.kinds(events), kind=kind)


@blueprint.get("/new")
@requires("needs.create")
def new() -> Any:
    """A fresh form, filled with what the register knows."""
    actor = current_actor()
    party = db.session.get_one(Party, actor.party_id)
    return view.form_page(view.fresh_form(actor, party), party, None)


@blueprint.post("/new")
@requires("needs.create")
def create() -> Any:
    """Keep a draft, and submit it when asked to."""
    actor = current_actor()
    party = db.session.get_one(Party, actor.party_id)
    form = view.bound_form(party)
    if "add_year" in request.form:
        view.add_year(form)
        return view.form_page(form, party, None)
    submitting = "submit" in request.form
    if not form.check(draft=not submitting, suggesting="suggest" in request.form):
        return view.form_page(form, party, None), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    need = service.create(actor, party, form.columns(), form.amounts())
    return _kept(need, actor, submitting, receipt)


@blueprint.get("/<ref>/edit")
@requires("needs.edit")
def edit(ref: str) -> Any:
    """The form of a draft or returned need."""
    actor = current_actor()
    need = _need(ref, actor)
    demand(actor, "needs.edit", need)
    return view.form_page(view.filled_form(need), need.party, need)


@blueprint.post("/<ref>/edit")
@requires("needs.edit")
def update(ref: str) -> Any:
    """Keep the changes, unless somebody else changed the need meanwhile."""
    actor = current_actor()
    need = _need(ref, actor)
    demand(actor, "needs.edit", need)
    form = view.bound_form(need.party)
    if "add_year" in request.form:
        view.add_year(form)
        return view.form_page(form, need.party, need)
    submitting = "submit" in request.form
    if not form.check(draft=not submitting, suggesting="suggest" in request.form):
        return view.form_page(form, need.party, need), 422
    if form.opened_on != need.version:
        raise Conflict(url_for("needs.edit", ref=need.ref), view.both(form, need))
    service.change(need, actor, form.columns(), form.amounts())
    return _kept(need, actor, submitting)


def _kept(need: Need, actor: Actor, submitting: bool, receipt: once.FormReceipt | None = None) -> Any:
    if submitting:
        service.move(need, "submitted", actor)
        flash(_("Submitted. The ISU verifies it and publishes it, or returns it with comments."), "success")
    else:
        flash(_("Draft saved at %(time)s UTC.", time=view.now()), "success")
    suggesting = "suggest" in request.form and not submitting
    where = url_for("needs.detail" if submitting or suggesting else "needs.edit", ref=need.ref,
                    _anchor="partners" if suggesting else None)
    if receipt is not None:
        receipt.location = where
    return see_other(where)


@blueprint.post("/<ref>/move/<name>")
@requires("needs.view")
def move(ref: str, name: str) -> Any:
    """One move of the workflow: submit, take back, publish, return, close."""
    actor = current_actor()
    need = _need(ref, actor)
    note = note_for(service.FLOW, name, NoteForm())
    before = need.ref
    done = service.move(need, name, actor, note)
    if not done:
        flash(_("This was already done."), "info")
    elif name == "published":
        flash(_("Published as %(ref)s.", ref=need.ref), "success")
    else:
        flash(_("Done: %(ref)s is now “%(status)s”.", ref=before, status=view.status_label(need)), "success")
    seen = can(actor, "needs.view", need)
    return see_other(url_for("needs.detail", ref=need.ref) if seen else url_for("desk.index"))


@blueprint.get("/<ref>/why")
@blueprint.get("/<ref>/why/<partner>")
@public
def why(ref: str, partner: str = "") -> Any:
    """Why a partner is suggested for a need, or what stands in its way; without one in the address, the one asked for."""
    actor = current_actor()
    need = _need(ref, actor)
    if not partner:
        asked = request.args.get("partner", "").strip()
        return see_other(url_for("needs.why", ref=need.ref, partner=asked) if asked
                         else url_for("needs.detail", ref=need.ref, _anchor="partners"))
    party = parties.by_ref(partner)
    if party is None:
        abort(404)
    return render_template(
        "needs/why.html", need=need, party=party, partners=view.askable(actor, need), ordinal=view.ordinal,
        found=words.show_answer(engine.answer(actor, need, party), actor, need), standing=standing(actor, need, party),
        acts=can(actor, "matches.share", need) or can(actor, "needs.submit", need))
