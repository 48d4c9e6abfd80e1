"""A need in another language over HTTP: written by its State, read by whoever sees the need."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, render_template, url_for
from flask_babel import gettext as _

from partnerships.core.errors import Conflict
from partnerships.core.languages import OWN_NAMES
from partnerships.core.policy import current_actor, demand, requires
from partnerships.core.web import found, see_other
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.wordings import queries, service
from partnerships.wordings.forms import WordingForm
from partnerships.wordings.models import NeedWording

blueprint = Blueprint("wordings", __name__, url_prefix="/wordings")


def _of(ref: str, language: str) -> tuple[Need, NeedWording | None]:
    """The need and its wording, for its State; 404 for a language that is none of ours, or is the original's."""
    actor = current_actor()
    need = found(needs.by_ref(actor, ref))
    demand(actor, "needs.word", need)
    if language not in OWN_NAMES or language == need.language:
        abort(404)
    return need, queries.of_need(actor, need).get(language)


@blueprint.get("/<ref>/<language>")
@requires("needs.word")
def edit(ref: str, language: str) -> Any:
    """The form, beside the original."""
    need, kept = _of(ref, language)
    return _page(WordingForm(formdata=None, obj=kept, version=str(kept.version) if kept else ""), need, language, kept)


@blueprint.post("/<ref>/<language>")
@requires("needs.word")
def write(ref: str, language: str) -> Any:
    """Keep the wording, unless a colleague changed it meanwhile."""
    need, kept = _of(ref, language)
    form = WordingForm()
    if not form.validate():
        return _page(form, need, language, kept), 422
    if form.opened_on != (kept.version if kept else None):
        raise Conflict(url_for("wordings.edit", ref=ref, language=language), [
            (_("Title"), form.title.data or "", kept.title if kept else ""),
            (_("Summary"), form.summary.data or "", kept.summary if kept else "")])
    service.write(current_actor(), need, language, kept, form.title.data or "", form.summary.data or "")
    flash(_("Kept. Whoever reads in this language sees it, with a mark that it is your State's own wording."), "success")
    return see_other(url_for("needs.detail", ref=need.ref))


@blueprint.post("/<ref>/<language>/take-away")
@requires("needs.word")
def take_away(ref: str, language: str) -> Any:
    """Take a wording away; its words stay in the record."""
    need, kept = _of(ref, language)
    service.take_away(current_actor(), found(kept))
    flash(_("Taken away. The need is shown in its original language; the timeline keeps what was said."), "success")
    return see_other(url_for("needs.detail", ref=need.ref))


def _page(form: WordingForm, need: Need, language: str, kept: NeedWording | None) -> str:
    return render_template("wordings/edit.html", form=form, need=need, language=language, kept=kept,
                           own_name=OWN_NAMES[language])
