"""Never stale over HTTP: the list of what stands until when, and the one click that says "it still stands"."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from partnerships.core.actor import Actor
from partnerships.core.filters import day
from partnerships.core.policy import current_actor, demand, public, requires
from partnerships.core.web import found, of_a_letter, see_other
from partnerships.renewals import queries, service, tokens, view
from partnerships.renewals.forms import FilterForm, RenewalForm
from partnerships.renewals.queries import KINDS
from partnerships.renewals.states import next_date

blueprint = Blueprint("renewals", __name__, url_prefix="/renewals")
blueprint.add_app_template_global(view.offered, "still_until")


@blueprint.get("/")
@requires("renewals.view")
def index() -> Any:
    """What stands until when: one's own; for the ISU what is past its date or close to it, of everybody."""
    actor, today = current_actor(), date.today()
    form = FilterForm(request.args)
    page = queries.page(actor, form.chosen(), today)
    return render_template("renewals/index.html", form=form, page=page, season=view.season(actor, today),
                           filtered=any(request.args.get(name) for name in form._fields))


@blueprint.get("/<kind>/<ref>")
@public
def detail(kind: str, ref: str) -> Any:
    """The question. It changes nothing: mail scanners follow links. The word of a letter stands in for a sign-in."""
    form = RenewalForm(formdata=None, token=request.args.get("token", ""))
    asked = _asked(kind, ref, form.token.data)
    if isinstance(asked, Response):
        return asked
    actor, record = asked
    form.until.data = next_date(record.valid_until, date.today())
    return _page(kind, record, actor, form)


@blueprint.post("/<kind>/<ref>")
@public
def confirm(kind: str, ref: str) -> Any:
    """Say that it still stands. Then to the record, or to the first page for whom the record's page is closed."""
    form = RenewalForm()
    asked = _asked(kind, ref, form.token.data or "")
    if isinstance(asked, Response):
        return asked
    actor, record = asked
    if not form.check(record):
        return _page(kind, record, actor, form), 422
    if service.confirm(record, actor, form.until.data):
        flash(_("%(ref)s stands until %(day)s and takes part in matching.", ref=record.ref, day=day(record.valid_until)), "success")
    else:
        flash(_("This was already done."), "info")
    visible = queries.by_ref(current_actor(), kind, record.ref) is not None
    return see_other(url_for(f"{kind}s.detail", ref=record.ref) if visible else url_for("pages.home"))


def _asked(kind: str, ref: str, word: str) -> tuple[Actor, Any] | Response:
    """Who asks, and about which record; or the way to the sign-in for somebody whose word opens nothing."""
    if kind not in KINDS:
        abort(404)
    actor = current_actor()
    if actor.is_signed_in:
        record = found(queries.by_ref(actor, kind, ref))
        demand(actor, KINDS[kind][2], record)
        return actor, record
    known = tokens.bearer(word, kind, ref)
    if known is None:
        if word:
            flash(_("This link was already used or is too old. Sign in to see until when it stands."), "info")
        return see_other(url_for("accounts.sign_in", next=url_for("renewals.detail", kind=kind, ref=ref)))
    return known


def _page(kind: str, record: Any, actor: Actor, form: RenewalForm) -> Response:
    return of_a_letter(render_template("renewals/detail.html", kind=kind, record=record, form=form, person=actor,
                                       proposed=next_date(record.valid_until, date.today())))
