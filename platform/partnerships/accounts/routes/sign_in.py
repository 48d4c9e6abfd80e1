"""Signing in and out."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.accounts import factors, limits, ministries, passkeys, passwords, signing
from partnerships.accounts import session as sessions
from partnerships.accounts.forms import CodeForm, SignInForm
from partnerships.accounts.routes import blueprint
from partnerships.core.policy import current_actor, public
from partnerships.core.web import see_other


def _page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form, ministries=ministries.offered(), passkeys=passkeys.place())


@blueprint.get("/sign-in")
@public
def sign_in() -> Any:
    """The sign-in form."""
    if current_actor().is_signed_in:
        return see_other(url_for("desk.index"))
    return _page(SignInForm(next=request.args.get("next", "")))


@blueprint.post("/sign-in")
@public
def start_session() -> Any:
    """Check the address and the password; the words do not tell which of the two was wrong."""
    form = SignInForm()
    if not form.validate():
        return _page(form), 422
    email = (form.email.data or "").strip().lower()
    if limits.too_many("mail", email):
        return limits.refusal()
    account = passwords.check(email, form.password.data or "")
    if account is None:
        limits.note("mail", email)
        signing.refused("password", email)
        form.email.errors = [_("This address and password do not belong together. Check both and try again.")]
        return _page(form), 422
    passwords.renew(account, form.password.data or "")
    limits.forget("mail", email)
    return signing.first(account, "password", form.next.data)


@blueprint.get("/second-factor")
@public
def second_factor() -> Any:
    """Ask for the code, of somebody whose password was right."""
    half = signing.half_way()
    if half is None:
        return _start_again()
    return render_template("accounts/second_factor.html", form=CodeForm(formdata=None), held=factors.held(half.account))


@blueprint.post("/second-factor")
@public
def check_second_factor() -> Any:
    """Check the code of an authenticator, or a recovery code."""
    half = signing.half_way()
    if half is None:
        return _start_again()
    whom = str(half.account.id)
    if limits.too_many("code", whom):
        return limits.refusal()
    form = CodeForm()
    code = form.code.data or ""
    if form.validate():
        if factors.accept(half.account, code):
            limits.forget("code", whom)
            return signing.come_in(half.account, f"{half.method}+code", half.next)
        if factors.accept_recovery(half.account, code):
            limits.forget("code", whom)
            return signing.come_in(half.account, f"{half.method}+recovery", half.next)
        limits.note("code", whom)
        signing.refused("code", whom)
        form.code.errors = [_("This code is wrong, was used already, or is too old. Wait for the next one and type that.")]
    half = signing.half_way()
    return render_template("accounts/second_factor.html", form=form, held=factors.held(half.account) if half else None), 422


def _start_again() -> Any:
    flash(_("Sign in from the beginning: too long ago, or in another window."), "info")
    return see_other(url_for("accounts.sign_in"))


@blueprint.post("/sign-out")
@public
def sign_out() -> Any:
    """End the session on this device."""
    sessions.sign_out()
    flash(_("You are signed out."), "success")
    answer = see_other(url_for("pages.home"))
    answer.headers["Clear-Site-Data"] = '"cache"'  # not the storage: lines of a live log may wait there to be sent
    return answer
