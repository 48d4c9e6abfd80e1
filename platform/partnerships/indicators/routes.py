"""Action plans over HTTP: indicators by year, what each counts, and the form for what the register cannot compute."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.core import export
from partnerships.core.errors import Conflict
from partnerships.core.policy import current_actor, public, requires
from partnerships.core.web import found, see_other
from partnerships.indicators import formulas, queries, service, view
from partnerships.indicators.forms import ValueForm
from partnerships.indicators.models import IndicatorValue
from partnerships.parties.reference import ActionPlan, Indicator

blueprint = Blueprint("indicators", __name__, url_prefix="/indicators")


def _plan(code: str) -> ActionPlan:
    every = queries.plans()
    return found(next((plan for plan in every if plan.code == code), None if code else (every[0] if every else None)))


def _indicator(plan: str, ref: str) -> tuple[ActionPlan, Indicator]:
    return _plan(plan), found(queries.indicator(plan, ref))


@blueprint.get("/")
@public
def index() -> Any:
    """An action plan's indicators, baseline and year by year."""
    plan, today = _plan(request.args.get("plan", "")), date.today()
    table = view.table(current_actor(), plan, today)
    kind = export.wanted()
    if kind:
        pairs = [(row, cell) for _action, rows in table for row in rows for cell in row.cells]
        return export.send("indicators", view.columns(), pairs, kind, title=plan.title)
    return render_template("indicators/index.html", plan=plan, plans=queries.plans(), table=table,
                           years=view.years(plan, today))


@blueprint.get("/<plan>/<ref>")
@public
def detail(plan: str, ref: str) -> Any:
    """One indicator: its rule, its values, and the records behind each."""
    own, one = _indicator(plan, ref)
    row = view.row(current_actor(), own, one, date.today())
    return render_template("indicators/detail.html", plan=own, row=row, drawing=view.drawing(row),
                           formula=formulas.in_words(one.formula))


@blueprint.get("/<plan>/<ref>/<int:year>")
@requires("indicators.record")
def edit(plan: str, ref: str, year: int) -> Any:
    """The form of a year's value, filled with what is on record."""
    own, one = _year(plan, ref, year)
    kept = queries.entered(current_actor(), plan).get((one.id, year))
    form = ValueForm(formdata=None, obj=kept, version=str(kept.version) if kept else "")
    return _form(form, own, one, year)


@blueprint.post("/<plan>/<ref>/<int:year>")
@requires("indicators.record")
def update(plan: str, ref: str, year: int) -> Any:
    """Keep a year's value, unless somebody else changed it meanwhile."""
    actor = current_actor()
    own, one = _year(plan, ref, year)
    kept, form = queries.entered(actor, plan).get((one.id, year)), ValueForm()
    if not form.check(one.is_share):
        return _form(form, own, one, year), 422
    if kept is None:
        service.enter(actor, one, year, form.columns())
    elif form.opened_on != kept.version:
        raise Conflict(url_for("indicators.edit", plan=plan, ref=ref, year=year), _both(form, kept))
    else:
        service.change(kept, actor, form.columns())
    flash(_("On the record."), "success")
    return see_other(url_for("indicators.detail", plan=plan, ref=ref))


def _year(plan: str, ref: str, year: int) -> tuple[ActionPlan, Indicator]:
    own, one = _indicator(plan, ref)
    if year not in view.years(own, date.today()):
        abort(404)
    return own, one


def _both(form: ValueForm, kept: IndicatorValue) -> list[tuple[str, str, str]]:
    """(label, mine, theirs) of the fields in which the form and the record differ."""
    return [(str(form[key].label.text), str(value), str(getattr(kept, key)))
            for key, value in form.columns().items() if str(value) != str(getattr(kept, key))]


def _form(form: ValueForm, plan: ActionPlan, one: Indicator, year: int) -> str:
    return render_template("indicators/edit.html", form=form, plan=plan, one=one, year=year)
