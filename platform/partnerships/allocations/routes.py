"""What-if plans over HTTP: the list, a plan, its form, computing it, two side by side, a file."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, after_this_request, flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.allocations import jobs, queries, service, view
from partnerships.allocations.forms import AllocationForm, CompareForm
from partnerships.allocations.models import Allocation
from partnerships.allocations.states import EMPTY_REASONS, LABELS, AllocationStatus
from partnerships.conferences import queries as conferences
from partnerships.conferences.models import Conference
from partnerships.core import audit, once, timeline
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.errors import Conflict
from partnerships.core.lists import paginate
from partnerships.core.policy import can, current_actor, demand, requires
from partnerships.core.web import found, see_other
from partnerships.parties import choices
from partnerships.parties.models import Party

blueprint = Blueprint("allocations", __name__, url_prefix="/allocations")


def _own(ref: str) -> tuple[Actor, Allocation]:
    """The plan, for those who may run it."""
    actor = current_actor()
    allocation = found(queries.by_ref(actor, ref))
    demand(actor, "allocations.run", allocation)
    return actor, allocation


def _conference(actor: Actor, form: AllocationForm) -> Conference | None:
    return conferences.by_ref(actor, form.conference.data) if form.conference.data else None


@blueprint.get("/")
@requires("allocations.view")
def index() -> Any:
    """The plans within the reader's sight."""
    conference = request.args.get("conference", "")
    page = paginate(queries.listed(current_actor(), conference))
    return render_template("allocations/index.html", page=page, labels=LABELS, conference=conference,
                           dead={one.id for one in page.items if queries.is_dead(one)})


@blueprint.get("/<ref>")
@requires("allocations.view")
def detail(ref: str) -> Any:
    """One plan: its answer by donor or by State, or how far its computation is."""
    actor = current_actor()
    allocation = found(queries.by_ref(actor, ref))
    answer = view.Answer(actor, allocation) if allocation.status is AllocationStatus.DONE else None
    return render_template(
        "allocations/detail.html", allocation=allocation, answer=answer, labels=LABELS, empty_reasons=EMPTY_REASONS,
        by="state" if request.args.get("by") == "state" else "donor", dead=queries.is_dead(allocation),
        runs=can(actor, "allocations.run", allocation), stages=view.stages(allocation), elapsed=view.elapsed(allocation),
        limit=service.TIME_LIMIT, restricted=queries.restricted(actor, allocation.scope), earmark=view.earmark,
        scope_words=view.scope_words(allocation), partner=view.partner,
        days=timeline.days(audit.timeline(actor, allocation)))


@blueprint.get("/new")
@requires("allocations.create")
def new() -> Any:
    """A fresh plan; `conference` in the address says what it is for."""
    return _form_page(view.fresh_form(current_actor(), request.args.get("conference", "")), None)


@blueprint.post("/new")
@requires("allocations.create")
def create() -> Any:
    """Save a plan, and compute it at once where that was asked."""
    actor = current_actor()
    form = view.bound_form(actor)
    if "add_row" in request.form:
        view.add_rows(form)
        return _form_page(form, None)
    if not form.validate():
        return _form_page(form, None), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    party = db.session.get_one(Party, actor.party_id)
    allocation = service.create(actor, party, form.columns(), _conference(actor, form))
    receipt.location = url_for("allocations.detail", ref=allocation.ref)
    return _computed(actor, allocation)


@blueprint.get("/<ref>/edit")
@requires("allocations.run")
def edit(ref: str) -> Any:
    """The form of a plan."""
    actor, allocation = _own(ref)
    return _form_page(view.filled_form(actor, allocation), allocation)


@blueprint.post("/<ref>/edit")
@requires("allocations.run")
def update(ref: str) -> Any:
    """Keep the changes, unless somebody else changed the plan meanwhile, and compute it anew."""
    actor, allocation = _own(ref)
    form = view.bound_form(actor, allocation)
    if "add_row" in request.form:
        view.add_rows(form)
        return _form_page(form, allocation)
    if not form.validate():
        return _form_page(form, allocation), 422
    if form.opened_on != allocation.version:
        raise Conflict(url_for("allocations.edit", ref=allocation.ref), view.both(form, allocation))
    service.change(allocation, actor, form.columns(), _conference(actor, form))
    return _computed(actor, allocation)


def _form_page(form: AllocationForm, allocation: Allocation | None) -> str:
    return render_template("allocations/form.html", form=form, allocation=allocation, partners=choices.partners(),
                           open_needs=len(queries.open_needs()), asking=len(queries.states_asking()))


@blueprint.post("/<ref>/run")
@requires("allocations.run")
def run(ref: str) -> Any:
    """Compute a plan, again or for the first time."""
    return _computed(*_own(ref))


def _computed(actor: Actor, allocation: Allocation) -> Any:
    """Compute, in this request or in the background once it is committed."""
    db.session.flush()
    if service.run(allocation, actor):
        number, key = allocation.id, allocation.run_key

        @after_this_request
        def _begin(response: Response) -> Response:
            jobs.start(number, key)
            return response

        flash(_("%(ref)s is being computed. You can leave this page and come back.", ref=allocation.ref), "info")
    else:
        flash(_("%(ref)s is computed.", ref=allocation.ref), "success")
    return see_other(url_for("allocations.detail", ref=allocation.ref))


@blueprint.post("/<ref>/stop")
@requires("allocations.run")
def stop(ref: str) -> Any:
    """Stop a computation."""
    actor, allocation = _own(ref)
    if service.stop(allocation, actor):
        flash(_("Stopped. Nothing of this computation is kept."), "success")
    else:
        flash(_("Nothing was running."), "info")
    return see_other(url_for("allocations.detail", ref=allocation.ref))


@blueprint.get("/compare")
@requires("allocations.view")
def compare() -> Any:
    """Two computed plans side by side, by State and by donor."""
    actor = current_actor()
    plans = list(db.session.scalars(queries.listed(actor, computed=True)).unique())
    form = CompareForm(request.args, plans=[(one.ref, f"{one.ref} {one.title}") for one in plans])
    form.validate()
    by_ref = {one.ref: one for one in plans}
    pair = [found(by_ref.get(field.data)) for field in (form.a, form.b) if field.data]
    answers = [view.Answer(actor, one) for one in pair]
    two = len(pair) == 2
    return render_template(
        "allocations/compare.html", form=form, plans=pair if two else [], answers=answers,
        states=view.beside(answers[0].states, answers[1].states) if two else [],
        donors=view.beside(answers[0].donors, answers[1].donors) if two else [], scope_words=view.scope_words)


@blueprint.get("/<ref>/export")
@requires("allocations.view")
def export(ref: str) -> Any:
    """A computed plan as a CSV file."""
    actor = current_actor()
    allocation = found(queries.by_ref(actor, ref))
    if allocation.status is not AllocationStatus.DONE:
        found(None)
    return Response(view.spreadsheet(actor, allocation), mimetype="text/csv", headers={
        "Content-Disposition": f'attachment; filename="{allocation.ref}-what-if.csv"'})
