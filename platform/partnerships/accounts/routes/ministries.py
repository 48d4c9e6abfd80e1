"""Signing in through a ministry: there, back, and on. What is changed is changed by a form, after the way back."""

from __future__ import annotations

from typing import Any

from flask import flash, g, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.accounts import changes, invitations, ministries, signing
from partnerships.accounts.confirming import fresh
from partnerships.accounts.ministries import Vouched
from partnerships.accounts.routes import blueprint
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.core.policy import current_actor, public, requires
from partnerships.core.web import found, of_a_letter, see_other


def _not_there() -> Any:
    flash(_("The ministry's sign-in does not answer, or its answer did not hold. Try again, or sign in with your password."),
          "error")
    return see_other(url_for("accounts.sign_in"))


@blueprint.get("/ministries/<key>")
@public
def ministry(key: str) -> Any:
    """Go to a ministry's own sign-in."""
    return ministries.go(found(ministries.by_key(key)), request.args.get("invitation", "")[:100] or "sign-in") or _not_there()


@blueprint.post("/ministries/<key>")
@requires("accounts.own")
@fresh
def link_ministry(key: str) -> Any:
    """Go there to bind one's account to one's sign-in at the ministry."""
    answer = ministries.go(found(ministries.by_key(key)), "link")
    if answer is None:
        raise Refused(_("The ministry's sign-in does not answer. Try again later."))
    answer.status_code = 303
    return answer


@blueprint.get("/ministries/<key>/back")
@public
def ministry_back(key: str) -> Any:
    """The way back: check the answer, and ask to go on."""
    told = ministries.back(found(ministries.by_key(key)))
    if told is None:
        return _not_there()
    return of_a_letter(render_template("accounts/ministry.html", ministry=told.ministry, told=told))


@blueprint.post("/ministries/continue")
@public
def go_on() -> Any:
    """Sign in, bind the account, or open it: what the person went there for."""
    kept = ministries.vouched()
    if kept is None:
        return _not_there()
    told, purpose = kept
    if purpose == "link":
        return _link(told)
    if purpose != "sign-in":
        return _open(told, purpose)
    account = ministries.account_of(told)
    if account is None:
        flash(_("No account here is bound to this sign-in. Sign in with your password and bind it on your account's page."),
              "error")
        return see_other(url_for("accounts.sign_in"))
    return signing.first(account, told.method, None)


def _link(told: Vouched) -> Any:
    if not current_actor().is_signed_in:
        return _not_there()
    if ministries.account_of(told) is not None:
        raise Refused(_("This sign-in is already bound to an account."))
    g.account.issuer, g.account.issuer_subject = told.ministry.issuer, told.subject
    db.session.flush()
    changes.of_access("account.ministry-bound", "factor-added", factor=told.ministry.name)
    flash(_("You can sign in through %(name)s from now on.", name=told.ministry.name), "success")
    return see_other(url_for("accounts.factors"))


def _open(told: Vouched, word: str) -> Any:
    invitation = found(invitations.by_word(word))
    if told.email != invitation.email:
        raise Refused(_("The ministry does not say that %(email)s is your verified address, so this invitation is not opened "
                        "through it. Choose a password instead.", email=invitation.email))
    account = invitations.accept(invitation, name=invitation.name, ministry=(told.ministry.issuer, told.subject))
    answer = signing.come_in(account, told.method, None)
    flash(_("Your account is open. Welcome."), "success")
    return answer


@blueprint.post("/ministries/unlink")
@requires("accounts.own")
@fresh
def unlink_ministry() -> Any:
    """Unbind the account from the ministry's sign-in."""
    if not g.account.password_hash:
        raise Refused(_("Choose a password first: there would be no way in left."))
    g.account.issuer = g.account.issuer_subject = None
    db.session.flush()
    changes.of_access("account.ministry-unbound", "factor-removed", factor=_("the ministry's sign-in"))
    flash(_("The ministry's sign-in opens your account no more."), "success")
    return see_other(url_for("accounts.factors"))
