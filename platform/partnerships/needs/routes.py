"""Needs over HTTP: the list, a need, the form, and its moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.accounts.confirming import fresh
from partnerships.amendments import queries as changes
from partnerships.amendments import service as amendments
from partnerships.core import audit, export, hxl, once, timeline, workflow
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.errors import Conflict, Refused
from partnerships.core.moves import note_for
from partnerships.core.policy import can, current_actor, demand, public, requires
from partnerships.core.web import found, see_other
from partnerships.feeds import atom
from partnerships.followups import queries as followups
from partnerships.matches import queries as matches
from partnerships.needs import columns, prefill, queries, service, view
from partnerships.needs.forms import FilterForm, NoteForm
from partnerships.needs.models import Need
from partnerships.needs.states import CLOSED, NeedStatus
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges
from partnerships.shares import queries as shares
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
    if atom.wanted():
        return atom.of_list("needs")
    form = FilterForm(request.args)
    filters, kind = form.chosen(), export.wanted()
    if kind:
        every = export.whole(queries.published(actor, filters, date.today()))
        return export.send("needs", columns.columns(), replace(every, items=columns.rows(actor, every.items)), kind,
                           title=_("Needs of affected States"), notes=[columns.note()], tags=hxl.NEEDS)
    page = queries.page(actor, filters, date.today())
    pledged = pledges.of_needs(actor, [need.id for need in page.items])
    rows = [(need, figures.of_need(actor, need, pledged[need.id])) for need in page.items]
    fitting = view.fitting(actor) if not any(request.args.values()) else []
    lent = [] if any(request.args.values()) else shares.with_us(actor, date.today())
    return render_template("needs/index.html", form=form, page=page, rows=rows, fitting=fitting, lent=lent,
                           filtered=any(value for key, value in request.args.items() if key not in ("page", "per", "lang")))


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
    events, first, change = audit.timeline(actor, need), view.suggestions(actor, need), changes.open_of(actor, need)
    return render_template(
        "needs/detail.html", need=need, figures=figures.of_need(actor, need, own), pledges=own,
        suggestions=first, others=view.others(actor, need, first), offers=view.offers(actor, need),
        partners=view.askable(actor, need),
        similar=engine.similar(actor, need) if need.theme else [],
        matches=matches.of_need(actor, need), mine=matches.own_match(actor, need),
        followups=followups.of_need(actor, need), moves=workflow.available(need, actor), note_form=NoteForm(),
        days=timeline.days(event for event in events if not kind or event.tag.startswith(f"{kind}.")),
        amendment=change, change_moves=amendments.moves(change, actor) if change else [], versions=changes.versions(actor, need),
        shares=shares.of_need(actor, need), **view.worded(actor, need),
        kinds=timeline.kinds(events), kind=kind, advice=view.advice_for(actor, need), closing=service.CLOSING,
        left=view.still_open(actor, need) if need.status in CLOSED else [])


@blueprint.get("/new")
@requires("needs.create")
def new() -> Any:
    """A fresh form, filled with what the register knows, or started from an earlier need (`?from=KHM-2025-003`)."""
    actor = current_actor()
    party = db.session.get_one(Party, actor.party_id)
    source = found(prefill.source(actor, party, request.args["from"])) if request.args.get("from") else None
    form = view.fresh_form(actor, party, source, programme=request.args.get("for") == "programme")
    return view.form_page(form, party, None)


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
    need = service.create(actor, party, form.columns(), form.amounts(), more=view.carried(actor, party, form))
    return _kept(amendments.working(actor, need), actor, submitting, receipt)


@blueprint.get("/<ref>/edit")
@requires("needs.edit")
def edit(ref: str) -> Any:
    """The form of a draft or returned need, or of the change to a published one."""
    actor = current_actor()
    need = _need(ref, actor)
    demand(actor, "needs.edit", need)
    working = amendments.working(actor, need)
    if not working.is_open:
        flash(_("The change waits for verification: take it back before you change it again."), "info")
        return see_other(url_for("needs.detail", ref=need.ref))
    return view.form_page(view.filled_form(working), need.party, working)


@blueprint.post("/<ref>/edit")
@requires("needs.edit")
def update(ref: str) -> Any:
    """Keep the changes, unless somebody else changed the need meanwhile."""
    actor = current_actor()
    need = _need(ref, actor)
    demand(actor, "needs.edit", need)
    working = amendments.working(actor, need)
    form = view.sent_form(working)
    if "add_year" in request.form:
        view.add_year(form)
        return view.form_page(form, need.party, working)
    submitting = "submit" in request.form
    if not form.check(draft=not submitting, suggesting="suggest" in request.form, amending=working.is_amendment):
        return view.form_page(form, need.party, working), 422
    if form.opened_on != working.version:
        raise Conflict(url_for("needs.edit", ref=need.ref), view.both(form, working))
    working.keep(actor, view.said(form, working), form.note.data or "")
    return _kept(working, actor, submitting)


def _kept(working: amendments.Working, actor: Actor, submitting: bool, receipt: once.FormReceipt | None = None) -> Any:
    need = working.need
    if submitting:
        flash(_handed_in(working, actor), "success")
    elif working.is_amendment:
        flash(_("The change is kept in draft. What is published stays as it is.") if working.amendment
              else _("Nothing differs from what is published."), "success" if working.amendment else "info")
    else:
        flash(_("Draft saved at %(time)s UTC.", time=view.now()), "success")
    where = view.next_page(need, request.form, submitting)
    if receipt is not None:
        receipt.location = where
    return see_other(where)


def _handed_in(working: amendments.Working, actor: Actor) -> str:
    if not working.is_amendment:
        service.move(working.need, "submitted", actor)
        return _("Submitted. The ISU verifies it and publishes it, or returns it with comments.")
    if working.amendment is None:
        raise Refused(_("Nothing differs from what is published."))
    amendments.move(working.amendment, "submitted", actor)
    return amendments.said(working.amendment)


@blueprint.post("/<ref>/move/<name>")
@requires("needs.view")
@fresh(when=lambda ref, name: name == "published")
def move(ref: str, name: str) -> Any:
    """One move of the workflow: submit, take back, publish, return. Closing has a page of its own."""
    actor = current_actor()
    need = _need(ref, actor)
    note = note_for(service.FLOW, name, NoteForm())
    if name in service.CLOSING:  # what happened takes more than a note
        demand(actor, "needs.close", need)
        return see_other(url_for("needs.close", ref=need.ref, name=name))
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


@blueprint.post("/<ref>/contact/<name>")
@requires("needs.share-contact")
def contact(ref: str, name: str) -> Any:
    """Show whom to write to to every signed-in reader ("shared"), or only in matches that the State chooses ("kept")."""
    actor = current_actor()
    need = _need(ref, actor)
    demand(actor, "needs.share-contact", need)
    if name not in ("shared", "kept"):
        abort(404)
    if service.share_contact(need, name == "shared", actor):
        flash(_("Signed-in readers of this need see its contact again.") if name == "shared" else _(
            "The contact is kept: a partner sees it once you show it in your match with that partner."), "success")
    return see_other(url_for("needs.detail", ref=need.ref))


@blueprint.get("/<ref>/close/<name>")
@requires("needs.close")
def close(ref: str, name: str) -> Any:
    """The form that closes a need as met, as partly met, or withdraws it: what happened, who helped, how much came."""
    actor = current_actor()
    need = _closing(ref, name, actor)
    if need.status is not NeedStatus.PUBLISHED:
        flash(_("Only a need that is published can be closed."), "info")
        return see_other(url_for("needs.detail", ref=need.ref))
    return view.closing_page(actor, need, name, view.closing_form(actor, need, name))


@blueprint.post("/<ref>/close/<name>")
@requires("needs.close")
def conclude(ref: str, name: str) -> Any:
    """Close a need with what happened."""
    actor = current_actor()
    need = _closing(ref, name, actor)
    form = view.closing_form(actor, need, name)
    if not form.check():
        return view.closing_page(actor, need, name, form), 422
    done = service.close(need, name, actor, **form.values())
    flash(_("Done: %(ref)s is now “%(status)s”.", ref=need.ref, status=view.status_label(need)) if done
          else _("This was already done."), "success" if done else "info")
    return see_other(url_for("needs.detail", ref=need.ref))


def _closing(ref: str, name: str, actor: Actor) -> Need:
    need = _need(ref, actor)
    if name not in service.CLOSING:
        abort(404)
    demand(actor, "needs.close", need)
    return need


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
