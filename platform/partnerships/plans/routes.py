"""The guided second part over HTTP: one page a step."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import gettext as _

from partnerships.amendments import service as amendments
from partnerships.amendments.service import Working
from partnerships.core.actor import Actor
from partnerships.core.errors import Conflict
from partnerships.core.lists import member
from partnerships.core.policy import current_actor, demand, requires
from partnerships.core.web import found, see_other
from partnerships.needs import content, queries
from partnerships.plans import view
from partnerships.plans.states import PROGRAMME_PARTS, Step, steps

blueprint = Blueprint("plans", __name__, url_prefix="/plans")


@blueprint.record_once
def _words(state: Any) -> None:
    """The pages of a need lead to its second part and show it."""
    state.app.jinja_env.globals.update(
        code_words=view.code_words, steps_of=view.steps_of, plan_totals=view.totals,
        programme_title=lambda part: PROGRAMME_PARTS[part][0])


def _working(actor: Actor, ref: str, name: str) -> tuple[Working, Step]:
    need = found(queries.by_ref(actor, ref))
    demand(actor, "needs.edit", need)
    working = amendments.working(actor, need)
    step = member(Step, name)
    if step not in steps(working.content):
        abort(404)
    return working, step


@blueprint.get("/<ref>/<step>")
@requires("needs.edit")
def edit(ref: str, step: str) -> Any:
    """One step of the second part, filled with what is kept."""
    working, one = _working(current_actor(), ref, step)
    if not working.is_open:
        flash(_("The change waits for verification: take it back before you change it again."), "info")
        return see_other(url_for("needs.detail", ref=working.need.ref))
    return view.page(view.fresh_form(one, working), one, working)


@blueprint.post("/<ref>/<step>")
@requires("needs.edit")
def keep(ref: str, step: str) -> Any:
    """Keep a step, unless somebody else changed the need meanwhile."""
    actor = current_actor()
    working, one = _working(actor, ref, step)
    form = view.sent_form(one)
    if "add_row" in request.form:
        form.add_row()
        return view.page(form, one, working)
    if not form.check(working.content):
        return view.page(form, one, working), 422
    if form.opened_on != working.version:
        raise Conflict(url_for("plans.edit", ref=working.need.ref, step=one.value), view.both(form, working))
    if working.keep(actor, content.packed(form.part())):
        flash(_("Kept with the change. What is published stays as it is.") if working.is_amendment
              else _("Kept with the draft."), "success")
    return see_other(view.next_page(one, working, request.form))
