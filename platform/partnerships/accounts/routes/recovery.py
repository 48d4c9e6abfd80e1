"""Ways in from a letter: an invitation, and a new password. Neither tells who has an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, flash, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from partnerships.accounts import factors, invitations, limits, mails, ministries, passwords, session, signing
from partnerships.accounts.forms import AcceptForm, ForgottenForm, RecoverForm
from partnerships.accounts.models import Account, AccountInvitation
from partnerships.accounts.routes import blueprint
from partnerships.core import audit, signed
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import public
from partnerships.core.web import found, of_a_letter, see_other

LIFETIME = timedelta(minutes=30)
PURPOSE = "accounts.recover"


@blueprint.get("/forgotten")
@public
def forgotten() -> Any:
    """Ask for the address."""
    return render_template("accounts/forgotten.html", form=ForgottenForm(formdata=None), sent=False)


@blueprint.post("/forgotten")
@public
def ask_recovery() -> Any:
    """Send a link, if there is an account; the answer and what is counted are the same if there is none."""
    form = ForgottenForm()
    if not form.validate():
        return render_template("accounts/forgotten.html", form=form, sent=False), 422
    email = (form.email.data or "").strip().lower()
    if limits.too_many("letter", email):
        return limits.refusal()
    limits.note("letter", email)
    account = db.session.scalars(select(Account).where(Account.email == email, Account.active)).first()
    if account is not None:
        mails.recovery(account, word_for(account), int(LIFETIME.total_seconds() // 60))
    return render_template("accounts/forgotten.html", form=form, sent=True)


def word_for(account: Account) -> str:
    """The word of the link: it dies when it is used, since the password is part of what is signed."""
    return signed.seal(PURPOSE, [account.id, session.digest(f"{account.password_hash}{account.password_at}")[:32]])


def _bearer(word: str) -> Account:
    said = signed.unseal(PURPOSE, word, 2, LIFETIME)
    account = db.session.get(Account, said[0]) if said else None
    right = account is not None and account.active and signed.unseal(PURPOSE, word_for(account), 2, LIFETIME) == said
    return found(account if right else None)


def _recover_page(account: Account, word: str, form: RecoverForm) -> Response:
    return of_a_letter(render_template("accounts/recover.html", form=form, word=word, held=factors.held(account)))


@blueprint.get("/recover/<word>")
@public
def recover(word: str) -> Any:
    """The form of a new password."""
    return _recover_page(_bearer(word), word, RecoverForm(formdata=None))


@blueprint.post("/recover/<word>")
@public
def keep_recovered(word: str) -> Any:
    """Keep the new password. Who has a second factor shows it: a stolen mailbox alone opens nothing."""
    account, form = _bearer(word), RecoverForm()
    whom = str(account.id)
    if limits.too_many("code", whom):
        return limits.refusal()
    form.known = (account.email, account.name)
    right = form.validate()
    if right and factors.held(account).codes:
        code = form.code.data or ""
        if not factors.accept(account, code) and not factors.accept_recovery(account, code):
            limits.note("code", whom)
            account, right = _bearer(word), False
            form.code.errors = [_("Give a fresh code of your authenticator, or one of your recovery codes.")]
    if not right:
        answer = _recover_page(account, word, form)
        answer.status_code = 422
        return answer
    passwords.keep(account, form.password.data or "")
    session.end(account)
    audit.record("account.recovered", account, Actor(account.role, account_id=account.id), audience="isu")
    mails.told(account, "recovered")
    flash(_("Your password is changed, and every device is signed out. Sign in with the new one."), "success")
    return see_other(url_for("accounts.sign_in"))


def _invitation(word: str) -> AccountInvitation:
    return found(invitations.by_word(word))


def _accept_page(invitation: AccountInvitation, word: str, form: AcceptForm) -> Response:
    return of_a_letter(render_template("accounts/accept.html", invitation=invitation, word=word, form=form,
                                       ministries=ministries.offered()))


@blueprint.get("/accept/<word>")
@public
def accept(word: str) -> Any:
    """The form that opens an account from an invitation."""
    invitation = _invitation(word)
    return _accept_page(invitation, word, AcceptForm(formdata=None, name=invitation.name))


@blueprint.post("/accept/<word>")
@public
def open_account(word: str) -> Any:
    """Open the account and sign in."""
    if limits.too_many("invitation", ""):
        return limits.refusal()
    invitation = invitations.by_word(word)
    if invitation is None:
        limits.note("invitation", "")
    invitation, form = found(invitation), AcceptForm()
    form.known = (invitation.email, invitation.name, form.name.data or "")
    if not form.validate():
        answer = _accept_page(invitation, word, form)
        answer.status_code = 422
        return answer
    account = invitations.accept(invitation, name=form.name.data, password=form.password.data or "")
    answer = signing.come_in(account, "password", None)
    flash(_("Your account is open. Welcome."), "success")
    return answer
