"""The engine's weights over HTTP, for the ISU: what serves, a version and its effect, a new one, which one serves."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.core import audit, once, timeline
from partnerships.core.filters import number
from partnerships.core.policy import current_actor, demand, requires
from partnerships.core.web import found, see_other
from partnerships.suggestions import queries
from partnerships.suggestions.models import ORIGINS
from partnerships.weights import service, view
from partnerships.weights.forms import WeightsForm, name_of

blueprint = Blueprint("weights", __name__, url_prefix="/weights")


def _serving() -> int:
    """The number of the version that served when the page was opened; -1 for what is no number."""
    sent = request.form.get("serving", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1


@blueprint.get("/")
@requires("weights.view")
def index() -> Any:
    """The weights that serve, each term with its reason; what they were learned from; every version."""
    actor = current_actor()
    active, versions = queries.active_weights(), queries.versions()
    points = service.serving_points()
    return render_template(
        "weights/index.html", active=active, versions=versions, origins=ORIGINS, digest=view.digest(points),
        shipped=service.shipped(), is_shipped=service.same(points, service.shipped().weights), terms=view.terms(points),
        training=view.training(active), days=timeline.days(audit.timeline(actor, *versions)) if versions else [])


@blueprint.get("/<int:number>")
@requires("weights.view")
def detail(number: int) -> Any:
    """One version: its points beside those that serve, and what it would change for the open public needs."""
    actor = current_actor()
    version = found(service.by_number(actor, number))
    active = queries.active_weights()
    serves = active is not None and active.id == version.id
    return render_template(
        "weights/detail.html", version=version, active=active, origins=ORIGINS, digest=view.digest(version.points),
        serves=serves, terms=view.beside(version.points, service.serving_points()), total=view.total(version.points),
        effect=None if serves else view.effect(version.points), shown=view.SHOWN, shipped=service.shipped(),
        days=timeline.days(audit.timeline(actor, version)))


@blueprint.get("/new")
@requires("weights.adjust")
def new() -> Any:
    """The form, filled with the points that serve."""
    return _form_page(WeightsForm())


@blueprint.post("/new")
@requires("weights.adjust")
def create() -> Any:
    """Save a version. It does not serve before somebody has seen its effect and lets it."""
    actor = current_actor()
    form = WeightsForm()
    if not form.validate():
        return _form_page(form), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    version = service.propose(actor, form.balanced, form.note.data)
    receipt.location = url_for("weights.detail", number=version.id)
    if abs(float(form.total) - service.TOTAL) > service.NEAR_TOTAL:
        flash(_("Saved as %(ref)s. Your points summed to %(total)s and were brought to 100.", ref=version.ref,
                total=number(form.total, 1)), "success")
    else:
        flash(_("Saved as %(ref)s. It does not serve yet: see its effect below.", ref=version.ref), "success")
    return see_other(receipt.location)


def _form_page(form: WeightsForm) -> str:
    return render_template("weights/new.html", form=form, terms=view.terms(form.serving), name_of=name_of,
                           limits=service.LIMITS)


@blueprint.post("/<int:number>/activate")
@requires("weights.adjust")
def activate(number: int) -> Any:
    """Let a version serve; for an earlier one this is going back."""
    actor = current_actor()
    version = found(service.by_number(actor, number))
    demand(actor, "weights.adjust", version)
    if service.activate(version, actor, _serving()):
        flash(_("%(ref)s serves from now on: every suggestion is ranked by it.", ref=version.ref), "success")
    else:
        flash(_("%(ref)s serves already.", ref=version.ref), "info")
    return see_other(url_for("weights.index"))


@blueprint.post("/restore")
@requires("weights.adjust")
def restore() -> Any:
    """Go back to the weights that come with the platform."""
    if service.restore(current_actor(), _serving()):
        flash(_("The weights that come with the platform serve from now on."), "success")
    else:
        flash(_("The weights that come with the platform serve already."), "info")
    return see_other(url_for("weights.index"))
