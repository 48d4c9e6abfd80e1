"""What a conference is asked to bring together, and giving up a conference that was only planned: over HTTP."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnerships.conferences import service
from partnerships.conferences.forms import TargetForm
from partnerships.conferences.models import Conference
from partnerships.conferences.routes import blueprint
from partnerships.conferences.routes.pages import run
from partnerships.core.policy import requires
from partnerships.core.web import found, see_other


@blueprint.get("/<ref>/targets")
@requires("conferences.run")
def targets(ref: str) -> Any:
    """The targets by object and year, and a form for one more."""
    _actor, conference = run(ref)
    return _page(conference, TargetForm(formdata=None, currency=conference.reference_currency))


def _page(conference: Conference, form: TargetForm) -> str:
    return render_template("conferences/targets.html", conference=conference, form=form)


@blueprint.post("/<ref>/targets")
@requires("conferences.run")
def aim(ref: str) -> Any:
    """Add a target, or change the one of the same object, year and currency."""
    actor, conference = run(ref)
    form = TargetForm()
    if not form.check():
        return _page(conference, form), 422
    service.aim(conference, actor, **form.columns())
    flash(_("The target is kept."), "success")
    return see_other(url_for("conferences.targets", ref=conference.ref))


@blueprint.post("/<ref>/targets/<int:number>/drop")
@requires("conferences.run")
def drop(ref: str, number: int) -> Any:
    """Take a target away."""
    actor, conference = run(ref)
    target = found(next((one for one in conference.targets if one.id == number), None))
    service.give_up(conference, target, actor)
    flash(_("The target is taken away."), "success")
    return see_other(url_for("conferences.targets", ref=conference.ref))


@blueprint.post("/<ref>/delete")
@requires("conferences.run")
def delete(ref: str) -> Any:
    """Delete a planned conference to which nothing has happened; refused in words when anything hangs on it."""
    actor, conference = run(ref)
    service.delete(conference, actor)
    flash(_("%(ref)s is deleted: nothing had happened there.", ref=ref), "success")
    return see_other(url_for("conferences.index"))
