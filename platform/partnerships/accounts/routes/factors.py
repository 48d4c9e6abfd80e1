"""The person's second factors: an authenticator's codes, recovery codes, passkeys; and the password."""

from __future__ import annotations

from typing import Any

from flask import flash, g, render_template, session, url_for
from flask_babel import gettext as _

from partnerships.accounts import changes, limits, ministries, passkeys, passwords
from partnerships.accounts import factors as factors_
from partnerships.accounts.confirming import fresh
from partnerships.accounts.forms import CodeForm, NameForm, PasswordForm
from partnerships.accounts.routes import blueprint
from partnerships.core.policy import requires
from partnerships.core.web import see_other

WAITING = "authenticator-waiting"  # the encrypted secret that was shown and is not confirmed yet


@blueprint.get("/factors")
@requires("accounts.own")
def factors() -> Any:
    """What the person signs in with beside the password."""
    return render_template("accounts/factors.html", held=factors_.held(g.account), passkeys=passkeys.of(g.account),
                           required=factors_.required_of(g.account), place=passkeys.place(), form=NameForm(formdata=None),
                           ministries=ministries.offered(), bound=g.account.issuer is not None)


@blueprint.get("/factors/codes")
@requires("accounts.own")
def scan() -> Any:
    """Show the secret for an authenticator: a new one, until one is confirmed."""
    return _scan_page(CodeForm(formdata=None))


def _scan_page(form: CodeForm) -> str:
    enrolment = factors_.enrolment(g.account, session.get(WAITING, ""))
    if enrolment is None:
        session[WAITING] = factors_.new_secret()
        enrolment = factors_.enrolment(g.account, session[WAITING])
    return render_template("accounts/scan.html", form=form, enrolment=enrolment)


@blueprint.post("/factors/codes")
@requires("accounts.own")
@fresh
def keep_codes() -> Any:
    """Begin to use the authenticator, with its first code; recovery codes are shown once."""
    form, whom = CodeForm(), str(g.account.id)
    if limits.too_many("code", whom):
        return limits.refusal()
    if not form.validate():
        return _scan_page(form), 422
    if not factors_.confirm(g.account, session.get(WAITING, ""), form.code.data or ""):
        limits.note("code", whom)
        form.code.errors = [_("This is not the code of the secret above. Check that the clock of your phone is right, and "
                              "type the next code.")]
        return _scan_page(form), 422
    session.pop(WAITING, None)
    changes.of_access("account.codes-added", "factor-added", method="password+code", factor=_("an authenticator"))
    return _recovery_page()


@blueprint.post("/factors/codes/remove")
@requires("accounts.own")
@fresh
def remove_codes() -> Any:
    """Stop using the authenticator."""
    factors_.check_removable(g.account)
    factors_.remove_codes(g.account)
    changes.of_access("account.codes-removed", "factor-removed", factor=_("an authenticator"))
    flash(_("The authenticator is no longer asked for."), "success")
    return see_other(url_for("accounts.factors"))


@blueprint.post("/factors/recovery")
@requires("accounts.own")
@fresh
def new_recovery_codes() -> Any:
    """Ten new recovery codes; the old ones end."""
    changes.of_access("account.recovery-made", "recovery-made")
    return _recovery_page()


def _recovery_page() -> str:
    return render_template("accounts/recovery_codes.html", codes=factors_.fresh_recovery_codes(g.account))


@blueprint.get("/password")
@requires("accounts.own")
def password() -> Any:
    """The form of another password."""
    return _password_page(PasswordForm(formdata=None))


def _password_page(form: PasswordForm) -> str:
    return render_template("accounts/password.html", form=form, has_password=bool(g.account.password_hash))


@blueprint.post("/password")
@requires("accounts.own")
def keep_password() -> Any:
    """Keep another password, after the present one; every other session ends."""
    form, whom = PasswordForm(), str(g.account.id)
    if limits.too_many("confirm", whom):
        return limits.refusal()
    form.known = (g.account.email, g.account.name)
    if not form.validate():
        return _password_page(form), 422
    if g.account.password_hash and not passwords.verify(g.account.password_hash, form.current.data or ""):
        limits.note("confirm", whom)
        form.current.errors = [_("This is not your present password.")]
        return _password_page(form), 422
    passwords.keep(g.account, form.password.data or "")
    changes.of_access("account.password-changed", "password")
    flash(_("Your password is changed. Every other device is signed out."), "success")
    return see_other(url_for("accounts.detail"))
