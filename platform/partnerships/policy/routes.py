"""The policy over HTTP: one page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request

from partnerships.core.policy import requires
from partnerships.policy import queries
from partnerships.policy.forms import FilterForm

blueprint = Blueprint("policy", __name__, url_prefix="/policy")


@blueprint.get("/")
@requires("policy.view")
def index() -> Any:
    """Who may do what to which records, and who may open which route, as this application runs."""
    form = FilterForm(request.args)
    room, role = form.chosen()
    words = dict(queries.rooms())
    groups: dict[str, list[queries.Row]] = {}
    for row in queries.rows(room, role):
        groups.setdefault(queries.room_of(row.permission), []).append(row)
    return render_template(
        "policy/index.html", form=form, groups=[(words[name], name, rows) for name, rows in groups.items()],
        routes=list(queries.routes(current_app, room, role)), filtered=bool(room or role))
