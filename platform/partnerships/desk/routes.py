"""A person's desk, and the ISU's verification queue."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.amendments import view as amendments
from partnerships.core import export
from partnerships.core.actor import Role
from partnerships.core.db import utcnow
from partnerships.core.policy import current_actor, requires
from partnerships.core.web import see_other
from partnerships.desk import columns, queries, tour, view, whole
from partnerships.desk.forms import WholeForm
from partnerships.needs import view as of_needs
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
LATEST = 5


@blueprint.get("/")
@requires("desk.view")
def index() -> Any:
    """My desk: what waits for me, the overdue first; then what fits, or what is new."""
    actor, today = current_actor(), date.today()
    latest = []
    if actor.role is Role.COMMITTEE_MEMBER:
        newest = queries.newest_needs(actor, today, LATEST)
        own = pledges.of_needs(actor, [need.id for need in newest])
        latest = [(need, figures.of_need(actor, need, own[need.id])) for need in newest]
    return render_template("desk/index.html", desk=view.desk(actor, today), latest=latest,
                           fitting=of_needs.fitting(actor, limit=3), tour=[] if g.account.toured_at else tour.steps(actor))


@blueprint.post("/tour")
@requires("desk.view")
def toured() -> Any:
    """Put the guided first visit away, for good."""
    g.account.toured_at = g.account.toured_at or utcnow()
    return see_other(url_for("desk.index"))


@blueprint.get("/verification")
@requires("desk.verify")
def verification() -> Any:
    """The new needs and the changes that wait for verification, small changes first, the longest waiting first."""
    actor = current_actor()
    fast, others = amendments.lines(actor, date.today())
    return render_template("desk/verification.html", fast=fast, others=others, took=amendments.service_time(actor))


@blueprint.get("/all", endpoint="all")
@requires("desk.all")
def everything() -> Any:
    """The whole desk of the ISU: every open follow-up, next step of a match and pledge past its date, by owner, age and State."""
    actor, today, kind = current_actor(), date.today(), export.wanted()
    lines = whole.lines(actor, today)
    form = WholeForm(request.args, lines=lines)
    found = [line for line in lines if whole.fits(line, form.chosen())]
    if kind:
        return export.send("desk", columns.of_whole(), found[:export.LIMIT], kind, title=_("The whole desk"))
    return render_template("desk/all.html", form=form, page=whole.page(found), owners=whole.by_owner(found),
                           ages=whole.AGES, filtered=any(form.chosen().values()), total=len(lines))
