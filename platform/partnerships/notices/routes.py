"""A person's notices over HTTP: the list, reading them, and how often letters come."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask_babel import gettext as _

from partnerships.core import timeline
from partnerships.core.lists import paginate
from partnerships.core.policy import current_actor, requires
from partnerships.core.web import found, see_other
from partnerships.notices import links, queries, service
from partnerships.notices.forms import SettingsForm
from partnerships.notices.states import KIND_LABELS, Kind

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.get("/")
@requires("notices.own")
def index() -> Any:
    """What happened that concerns the person, the newest first."""
    page = paginate(queries.of(current_actor()))
    return render_template("notices/index.html", page=page, sentence=timeline.sentence, kinds=KIND_LABELS,
                           unread=any(one.read_at is None for one in page.items))


@blueprint.post("/<int:number>")
@requires("notices.own")
def read(number: int) -> Any:
    """Mark a notice as read and go to what it tells of."""
    actor = current_actor()
    notice = found(queries.one(actor, number))
    service.read(actor, [notice])
    endpoint, values = links.endpoint(notice.event)
    return see_other(url_for(endpoint, **values))


@blueprint.post("/read")
@requires("notices.own")
def read_all() -> Any:
    """Mark all as read."""
    service.read_all(current_actor())
    flash(_("All are marked as read."), "success")
    return see_other(url_for("notices.index"))


@blueprint.get("/settings")
@requires("notices.own")
def settings() -> Any:
    """How often letters of each kind come."""
    now = queries.cadences(current_actor().account_id or 0)
    return render_template("notices/settings.html", form=SettingsForm(
        formdata=None, **{kind.value: now[kind].value for kind in Kind}))


@blueprint.post("/settings")
@requires("notices.own")
def keep_settings() -> Any:
    """Keep the choices."""
    form = SettingsForm()
    if not form.validate():
        return render_template("notices/settings.html", form=form), 422
    service.wish(current_actor(), form.wishes())
    flash(_("Kept."), "success")
    return see_other(url_for("notices.settings"))
