"""Releases over HTTP: the list, one release, its file, making one, withdrawing one."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, make_response, render_template, send_file, url_for
from flask_babel import gettext as _

from partnerships.core import once, storage
from partnerships.core.policy import current_actor, demand, public, requires
from partnerships.core.web import found, see_other
from partnerships.releases import queries, service, view
from partnerships.releases.forms import MakeForm, WithdrawForm
from partnerships.releases.models import Release

blueprint = Blueprint("releases", __name__, url_prefix="/releases")
log = logging.getLogger(__name__)


@blueprint.get("/")
@public
def index() -> Any:
    """Every release, the newest first, each with what changed in its counts."""
    actor = current_actor()
    page = queries.page(actor)
    return render_template("releases/index.html", page=page, form=MakeForm(None),
                           changes=view.changes(queries.before(actor, page.items), page.items))


@blueprint.post("/make")
@requires("releases.make")
def make() -> Any:
    """Make today's release; where nothing changed since the last one of today, say so."""
    actor = current_actor()
    receipt, fresh = once.claim(MakeForm().once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    release, new = service.make(actor, date.today())
    receipt.location = url_for("releases.detail", ref=release.ref)
    if new:
        flash(_("%(ref)s is made and kept.", ref=release.ref), "success")
    else:
        flash(_("%(ref)s exists already, and no record has changed since: nothing was made.", ref=release.ref), "info")
    return see_other(receipt.location)


@blueprint.get("/<ref>")
@public
def detail(ref: str) -> Any:
    """One release: what it holds, its sum, its licence, how to cite it."""
    return _page(found(queries.by_ref(current_actor(), ref)), WithdrawForm(None))


def _page(release: Release, form: WithdrawForm) -> str:
    earlier = queries.before(current_actor(), [release])
    return render_template("releases/detail.html", release=release, form=form, earlier=earlier.get(release.id),
                           rows=view.rows(release, earlier.get(release.id)))


@blueprint.get("/<ref>/file")
@public
def file(ref: str) -> Any:
    """The file itself; of a release that was withdrawn, the page that says why."""
    release = found(queries.by_ref(current_actor(), ref))
    if release.stored_as is None:
        return _page(release, WithdrawForm(None)), 410
    path = storage.path_of(release.stored_as)
    if path is None:
        log.error("The file of %s is missing.", release.ref)
        abort(404)
    answer = make_response(send_file(path, mimetype="application/zip", as_attachment=True, download_name=release.filename,
                                     etag=release.sha256, conditional=True))
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # Asked again each time: one that is withdrawn must not live on in a cache between.
    answer.headers["Cache-Control"] = "private, no-cache" if current_actor().is_signed_in else "public, no-cache"
    return answer


@blueprint.post("/<ref>/withdraw")
@requires("releases.withdraw")
def withdraw(ref: str) -> Any:
    """Take a release's file away, with the reason that everybody reads in its place."""
    actor = current_actor()
    release = found(queries.by_ref(actor, ref))
    if release.stored_as is None:
        flash(_("This was already done."), "info")
        return see_other(url_for("releases.detail", ref=ref))
    demand(actor, "releases.withdraw", release)
    form = WithdrawForm()
    if not form.validate():
        return _page(release, form), 422
    service.withdraw(release, actor, form.reason.data or "")
    flash(_("%(ref)s is withdrawn. Its file is gone; its row stays, with your reason.", ref=ref), "success")
    return see_other(url_for("releases.detail", ref=ref))
