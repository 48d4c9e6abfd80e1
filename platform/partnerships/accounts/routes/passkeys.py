"""Passkeys over HTTP: a script asks the browser and sends its answer in a form."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, g, jsonify, request, url_for
from flask_babel import gettext as _

from partnerships.accounts import changes, factors, limits, passkeys, signing
from partnerships.accounts.confirming import fresh
from partnerships.accounts.forms import PasskeyForm
from partnerships.accounts.models import Passkey
from partnerships.accounts.routes import blueprint
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.core.policy import public, requires
from partnerships.core.web import found, see_other


@blueprint.post("/passkeys/ask")
@public
def ask_passkey() -> Any:
    """What the browser is to be asked for, to sign in."""
    return jsonify(passkeys.asking() or abort(404))


@blueprint.post("/passkeys/sign-in")
@public
def passkey_sign_in() -> Any:
    """Sign in with the passkey that the browser answered with."""
    if limits.too_many("passkey", ""):
        return limits.refusal()
    account = passkeys.check(request.form.get("answer", "")[:20_000])
    if account is None:
        limits.note("passkey", "")
        signing.refused("passkey", "")
        flash(_("This passkey opens no account here. Sign in with your password."), "error")
        return see_other(url_for("accounts.sign_in"))
    return signing.come_in(account, "passkey", request.form.get("next"))


@blueprint.post("/passkeys/make")
@requires("accounts.own")
def make_passkey() -> Any:
    """What the browser is to be asked for, to make a passkey."""
    return jsonify(passkeys.making(g.account) or abort(404))


@blueprint.post("/passkeys")
@requires("accounts.own")
@fresh
def keep_passkey() -> Any:
    """Keep the passkey that the browser made."""
    form = PasskeyForm()
    if not form.validate():
        raise Refused(" ".join(message for field in (form.name, form.answer) for message in field.errors))
    if len(passkeys.of(g.account)) >= passkeys.MOST:
        raise Refused(_("You have %(most)s passkeys, which is as many as you may. Remove one first.", most=passkeys.MOST))
    if passkeys.make(g.account, form.answer.data or "", form.name.data) is None:
        raise Refused(_("The browser's answer did not hold: nothing was kept. Begin again."))
    changes.of_access("account.passkey-added", "factor-added", method="passkey", factor=_("a passkey"))
    flash(_("The passkey is kept. You can sign in with it from now on."), "success")
    return see_other(url_for("accounts.factors"))


@blueprint.post("/passkeys/<int:number>/remove")
@requires("accounts.own")
@fresh
def remove_passkey(number: int) -> Any:
    """Forget a passkey."""
    kept = found(next((one for one in passkeys.of(g.account) if one.id == number), None))
    assert isinstance(kept, Passkey)
    factors.check_removable(g.account)
    db.session.delete(kept)
    db.session.flush()
    changes.of_access("account.passkey-removed", "factor-removed", factor=_("a passkey"))
    flash(_("The passkey opens nothing any more."), "success")
    return see_other(url_for("accounts.factors"))
