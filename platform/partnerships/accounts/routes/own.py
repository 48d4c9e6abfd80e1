"""The person's own account: what is kept, on which devices it is open, taking it along, and erasing it."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, g, render_template, url_for
from flask_babel import gettext as _

from partnerships.accounts import factors, own, queries
from partnerships.accounts import session as sessions
from partnerships.accounts.confirming import fresh
from partnerships.accounts.forms import NameForm, OwnForm
from partnerships.accounts.models import AccountSession
from partnerships.accounts.routes import blueprint
from partnerships.core import audit, mail
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.core.lists import paginate
from partnerships.core.policy import current_actor, requires
from partnerships.core.web import found, see_other


@blueprint.get("/me")
@requires("accounts.own")
def detail() -> Any:
    """What the platform keeps about the person signed in."""
    return render_template("accounts/detail.html", account=g.account, held=factors.held(g.account),
                           required=factors.required_of(g.account), sessions=queries.sessions(g.account), here=g.account_session)


@blueprint.get("/mails")
@requires("accounts.own")
def mails() -> Any:
    """The letters that the platform wrote to the person signed in, newest first."""
    return render_template("accounts/mails.html", page=paginate(mail.of(current_actor())))


@blueprint.get("/me/edit")
@requires("accounts.own")
def edit() -> Any:
    """The form of the person's name."""
    return render_template("accounts/edit.html", form=OwnForm(formdata=None, name=g.account.name, language=g.account.language))


@blueprint.post("/me/edit")
@requires("accounts.own")
def update() -> Any:
    """Keep the person's name."""
    form = OwnForm()
    if not form.validate():
        return render_template("accounts/edit.html", form=form), 422
    g.account.language = form.language.data
    if form.name.data != g.account.name:
        g.account.name = form.name.data
        db.session.flush()
        audit.record("account.renamed", g.account, current_actor(), audience="isu")
    flash(_("Kept."), "success")
    return see_other(url_for("accounts.detail"))


def _session(number: int) -> AccountSession:
    return found(next((one for one in queries.sessions(g.account) if one.id == number), None))


@blueprint.post("/sessions/<int:number>/name")
@requires("accounts.own")
def name_session(number: int) -> Any:
    """Give a session a name, so that it is known again."""
    kept, form = _session(number), NameForm()
    if not form.validate():
        raise Refused(" ".join(map(str, form.name.errors)))
    kept.name = form.name.data
    db.session.flush()
    return see_other(url_for("accounts.detail") + "#sessions")


@blueprint.post("/sessions/<int:number>/end")
@requires("accounts.own")
@fresh
def end_session(number: int) -> Any:
    """Sign out on one device."""
    if _session(number).id == g.account_session.id:
        sessions.sign_out()
        flash(_("You are signed out."), "success")
        return see_other(url_for("pages.home"))
    own.end_session(g.account, number)
    flash(_("That device is signed out."), "success")
    return see_other(url_for("accounts.detail") + "#sessions")


@blueprint.post("/sessions/end")
@requires("accounts.own")
@fresh
def end_sessions() -> Any:
    """Sign out everywhere else."""
    own.end_others(g.account, g.account_session)
    flash(_("Every other device is signed out."), "success")
    return see_other(url_for("accounts.detail") + "#sessions")


@blueprint.get("/me/export")
@requires("accounts.own")
def export() -> Any:
    """All that names the person, as a file."""
    text = json.dumps(own.everything(g.account), ensure_ascii=False, indent=2, default=str)
    return Response(text, mimetype="application/json", headers={
        "Content-Disposition": "attachment; filename=your-data.json", "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store"})


@blueprint.get("/me/erase")
@requires("accounts.own")
def erase_page() -> Any:
    """What erasing takes and what it leaves."""
    return render_template("accounts/erase.html")


@blueprint.post("/me/erase")
@requires("accounts.own")
@fresh
def erase() -> Any:
    """Erase the person; what was done stays on the record under the State's name."""
    own.erase(g.account, current_actor())
    sessions.leave()  # the session itself is erased
    flash(_("Your account is erased. What you did stays on the record under the name of your State or organisation."), "success")
    return see_other(url_for("pages.home"))
