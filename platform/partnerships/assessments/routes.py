"""Assessed contributions over HTTP: the list by year, and the form. Never a pledge, never in a figure of pledges."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.assessments import queries, service
from partnerships.assessments.forms import AssessmentForm, FilterForm
from partnerships.assessments.models import Assessment
from partnerships.core import export, once
from partnerships.core.actor import Actor
from partnerships.core.audit import plain
from partnerships.core.errors import Conflict
from partnerships.core.export import Column
from partnerships.core.lists import paginate
from partnerships.core.policy import current_actor, demand, requires
from partnerships.core.web import found, see_other
from partnerships.parties.words import name

blueprint = Blueprint("assessments", __name__, url_prefix="/assessments")


@blueprint.get("/")
@requires("assessments.view")
def index() -> Any:
    """What each State is assessed, and how much of it has come in: two columns, never one sum with a pledge."""
    actor, form = current_actor(), FilterForm(request.args)
    form.validate()
    query = queries.listed(actor, party="" if form.party.errors else form.party.data or "", year=form.year.data or "",
                           open_only=form.open.data)
    kind = export.wanted()
    if kind:
        return export.send("assessed-contributions", _columns(), export.whole(query), kind, title=_("Assessed contributions"),
                           notes=[_("Assessed contributions under Article 14 are no pledges and stand in no figure of pledges.")])
    return render_template("assessments/index.html", form=form, page=paginate(query), years=queries.years(actor),
                           filtered=any(request.args.get(key) for key in ("party", "year", "open")))


def _columns() -> list[Column]:
    return [("year", _("Year"), lambda one: one.year), ("state_code", _("State code"), lambda one: one.party.ref),
            ("state", _("State"), lambda one: name(one.party)), ("for", _("For"), lambda one: one.purpose),
            ("currency", _("Currency"), lambda one: one.currency),
            ("assessed", _("Assessed"), lambda one: one.amount), ("received", _("Received so far"), lambda one: one.paid_amount),
            ("due_on", _("Due on"), lambda one: one.due_on), ("received_on", _("Last received on"), lambda one: one.paid_on),
            ("source", _("Source"), lambda one: one.source),
            ("demonstration", _("Demonstration, invented"), lambda one: one.is_demo or None)]


@blueprint.get("/new")
@requires("assessments.record")
def new() -> Any:
    """A fresh form."""
    return _form(AssessmentForm(formdata=None), None)


@blueprint.post("/new")
@requires("assessments.record")
def create() -> Any:
    """Put an assessed contribution on the record; a form sent twice makes one."""
    actor, form = current_actor(), AssessmentForm()
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location or url_for("assessments.index"))
    if not form.check():
        return _form(form, None), 422  # nothing is committed: the key stays free
    service.record(actor, form.columns())
    receipt.location = url_for("assessments.index")
    flash(_("On the record."), "success")
    return see_other(receipt.location)


def _one(number: int, actor: Actor) -> Assessment:
    one = found(queries.by_id(actor, number))
    demand(actor, "assessments.record", one)
    return one


@blueprint.get("/<int:number>/edit")
@requires("assessments.record")
def edit(number: int) -> Any:
    """The form of one that is on record."""
    one = _one(number, current_actor())
    form = AssessmentForm(formdata=None, obj=one, version=str(one.version))
    form.party.data = one.party.ref
    return _form(form, one)


@blueprint.post("/<int:number>/edit")
@requires("assessments.record")
def update(number: int) -> Any:
    """Keep the changes, unless somebody else changed it meanwhile."""
    actor = current_actor()
    one, form = _one(number, actor), AssessmentForm()
    if not form.check(one):
        return _form(form, one), 422
    if form.opened_on != one.version:
        raise Conflict(url_for("assessments.edit", number=number), _both(form, one))
    service.change(one, actor, form.columns())
    flash(_("Saved."), "success")
    return see_other(url_for("assessments.index"))


def _both(form: AssessmentForm, one: Assessment) -> list[tuple[str, str, str]]:
    """(label, mine, theirs) of the fields in which the form and the record differ."""
    given = {key: value for key, value in form.columns().items() if key in form and key != "party"}
    return [(str(form[key].label.text), str(plain(value) or ""), str(plain(getattr(one, key)) or ""))
            for key, value in given.items() if plain(value) != plain(getattr(one, key))]


def _form(form: AssessmentForm, one: Assessment | None) -> str:
    return render_template("assessments/form.html", form=form, one=one)
