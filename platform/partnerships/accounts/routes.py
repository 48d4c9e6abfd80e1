"""Signing in, signing out, and the person's own page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.accounts import service
from partnerships.accounts.forms import SignInForm
from partnerships.core import mail
from partnerships.core.errors import app_page
from partnerships.core.lists import paginate
from partnerships.core.policy import current_actor, public, requires
from partnerships.core.web import own_path, see_other

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")


@blueprint.get("/sign-in")
@public
def sign_in() -> Any:
    """The sign-in form."""
    if current_actor().is_signed_in:
        return see_other(url_for("desk.index"))
    form = SignInForm(next=request.args.get("next", ""))
    return render_template("accounts/sign_in.html", form=form)


@blueprint.post("/sign-in")
@public
def start_session() -> Any:
    """Check the address and the password; the words do not tell which of the two was wrong."""
    settings = current_app.config["SETTINGS"]
    form = SignInForm()
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    email = (form.email.data or "").strip().lower()
    address = request.remote_addr or ""
    if service.too_many(email, address, most=settings.sign_in_attempts, window=settings.sign_in_window):
        answer = app_page(429, minutes=int(settings.sign_in_window.total_seconds() // 60))
        answer.headers["Retry-After"] = str(int(settings.sign_in_window.total_seconds()))
        return answer
    account = service.check(email, form.password.data or "")
    if account is None:
        service.failed(email, address, window=settings.sign_in_window)
        form.email.errors = [_("This address and password do not belong together. Check both and try again.")]
        return render_template("accounts/sign_in.html", form=form), 422
    service.sign_in(account, form.password.data or "")
    return see_other(own_path(form.next.data) or url_for("desk.index"))


@blueprint.post("/sign-out")
@public
def sign_out() -> Any:
    """End the session on this device."""
    service.sign_out()
    flash(_("You are signed out."), "success")
    return see_other(url_for("pages.home"))


@blueprint.get("/me")
@requires("accounts.own")
def detail() -> Any:
    """What the platform keeps about the person signed in."""
    from flask_login import current_user

    return render_template("accounts/detail.html", account=current_user)


@blueprint.get("/mails")
@requires("accounts.own")
def mails() -> Any:
    """The letters that the platform wrote to the person signed in, newest first."""
    return render_template("accounts/mails.html", page=paginate(mail.of(current_actor())))
