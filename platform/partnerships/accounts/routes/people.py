"""People, for the ISU; and colleagues, for a head of delegation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import abort, flash, g, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.accounts import factors, invitations, own, queries, session
from partnerships.accounts import people as people_
from partnerships.accounts.confirming import fresh
from partnerships.accounts.forms import AuthenticateForm, HandOverForm, InviteForm, NoteForm, PeopleFilter, PersonForm
from partnerships.accounts.models import Account, AccountInvitation
from partnerships.accounts.routes import blueprint
from partnerships.core import audit, lists, once, timeline
from partnerships.core.actor import Role
from partnerships.core.db import utcnow
from partnerships.core.errors import Refused
from partnerships.core.policy import can, current_actor, demand, requires
from partnerships.core.web import found, see_other


def _invites() -> bool:
    actor = current_actor()
    return actor.role is Role.ISU_ADMINISTRATOR or actor.is_head


def _for_heads() -> None:
    """Whose role may have colleagues to look after, but who is no head of delegation, finds nothing here."""
    if not current_actor().is_isu and not current_actor().is_head:
        abort(404)


@blueprint.get("/people")
@requires("accounts.view")
def people() -> Any:
    """Who can sign in, and who is invited."""
    _for_heads()
    actor, form = current_actor(), PeopleFilter(request.args)
    filters = form.chosen()
    return render_template("accounts/people.html", page=lists.paginate(queries.people(actor, **filters)), form=form,
                           invitations=queries.open_invitations(actor), invites=_invites(), now=utcnow(),
                           filtered=any(filters.values()))


def _person(number: int, permission: str = "accounts.manage") -> Account:
    account = found(queries.person(current_actor(), number))
    demand(current_actor(), permission, account)
    return account


def _page(account: Account, code: int = 200, **forms: Any) -> Any:
    actor = current_actor()
    every = {"person_form": PersonForm(formdata=None, role=account.role.value, party=account.party.ref, is_head=account.is_head),
             "note_form": NoteForm(formdata=None), "authenticate_form": AuthenticateForm(formdata=None, on=date.today())}
    return render_template("accounts/person.html", person=account, held=factors.held(account),
                           required=factors.required_of(account), sessions=queries.sessions(account),
                           manages=can(actor, "accounts.manage", account),
                           authenticates=can(actor, "accounts.authenticate", account),
                           days=timeline.days(audit.timeline(actor, account)), **{**every, **forms}), code


@blueprint.get("/people/<int:number>")
@requires("accounts.view")
def person(number: int) -> Any:
    """One person: rights, factors, sessions, and what was changed."""
    return _page(_person(number, "accounts.view"))


@blueprint.post("/people/<int:number>/edit")
@requires("accounts.manage")
@fresh
def change_person(number: int) -> Any:
    """Change role, party or the right to invite."""
    account, form = _person(number), PersonForm()
    if not form.check() or form.found is None:
        return _page(account, 422, person_form=form)
    people_.change(account, current_actor(), role=Role(form.role.data), party=form.found, is_head=bool(form.is_head.data))
    flash(_("Kept. The person signs in anew and finds the new rights."), "success")
    return see_other(url_for("accounts.person", number=number))


@blueprint.post("/people/<int:number>/authenticate")
@requires("accounts.authenticate")
@fresh
def authenticate_person(number: int) -> Any:
    """Note how the ISU made sure of a focal point."""
    account, form = _person(number, "accounts.authenticate"), AuthenticateForm()
    if not form.validate():
        return _page(account, 422, authenticate_form=form)
    people_.authenticate(account, current_actor(), form.how.data, form.on.data)
    flash(_("Kept."), "success")
    return see_other(url_for("accounts.person", number=number))


def _noted(number: int, act: Callable[[Account, str], object], words: str) -> Any:
    account, form = _person(number), NoteForm()
    if not form.validate():
        return _page(account, 422, note_form=form)
    act(account, form.note.data)
    flash(words, "success")
    return see_other(url_for("accounts.person", number=number) if account.erased_at is None else url_for("accounts.people"))


@blueprint.post("/people/<int:number>/close")
@requires("accounts.manage")
@fresh
def close_person(number: int) -> Any:
    """End a person's access at once."""
    if number == g.account.id:
        raise Refused(_("Let another administrator close your account, or erase it yourself."))
    return _noted(number, lambda account, note: people_.close(account, current_actor(), note),
                  _("The account is closed and every device signed out."))


@blueprint.post("/people/<int:number>/reopen")
@requires("accounts.manage")
@fresh
def reopen_person(number: int) -> Any:
    """Let a person in again."""
    people_.reopen(_person(number), current_actor())
    flash(_("The account is open again."), "success")
    return see_other(url_for("accounts.person", number=number))


@blueprint.post("/people/<int:number>/reset-factors")
@requires("accounts.manage")
@fresh
def reset_factors(number: int) -> Any:
    """Take lost second factors away."""
    return _noted(number, lambda account, note: people_.reset_factors(account, current_actor(), note),
                  _("The second factors are gone. The person sets up a new one at the next sign-in."))


@blueprint.post("/people/<int:number>/end-sessions")
@requires("accounts.manage")
@fresh
def end_person_sessions(number: int) -> Any:
    """Sign a person out everywhere."""
    session.end(_person(number))
    flash(_("Every device of this person is signed out."), "success")
    return see_other(url_for("accounts.person", number=number))


@blueprint.post("/people/<int:number>/erase")
@requires("accounts.manage")
@fresh
def erase_person(number: int) -> Any:
    """Erase a person who asked for it in another way."""
    if number == g.account.id:
        raise Refused(_("You erase your own account on its own page."))
    return _noted(number, lambda account, note: own.erase(account, current_actor()), _("The account is erased."))


@blueprint.get("/people/<int:number>/hand-over")
@requires("accounts.manage")
def hand_over(number: int) -> Any:
    """The form of who comes after a person."""
    return render_template("accounts/hand_over.html", person=_person(number),
                           form=HandOverForm(formdata=None, on=date.today()))


@blueprint.post("/people/<int:number>/hand-over")
@requires("accounts.manage")
@fresh
def handed_over(number: int) -> Any:
    """End the old access and invite the person who comes after."""
    account, form = _person(number), HandOverForm()
    if form.validate():
        try:
            people_.hand_over(account, current_actor(), email=form.email.data or "", name=form.name.data, how=form.how.data,
                              on=form.on.data)
        except Refused as refused:
            form.email.errors = [refused.message]
    if form.errors:
        return render_template("accounts/hand_over.html", person=account, form=form), 422
    flash(_("The old access ended. The new person was invited and takes over the open work."), "success")
    return see_other(url_for("accounts.people"))


@blueprint.get("/invite")
@requires("accounts.invite")
def invite() -> Any:
    """The form of an invitation."""
    _for_heads()
    actor = current_actor()
    chosen = {} if actor.is_isu else {"role": actor.role.value, "party": actor.party_ref}
    return render_template("accounts/invite.html", form=InviteForm(formdata=None, **chosen))


@blueprint.post("/invite")
@requires("accounts.invite")
@fresh
def send_invitation() -> Any:
    """Invite a person."""
    actor, form = current_actor(), InviteForm()
    _for_heads()
    if not form.check() or form.found is None:
        return render_template("accounts/invite.html", form=form), 422
    receipt, is_new = once.claim(form.once.data, actor.account_id or 0)
    if not is_new:
        return see_other(receipt.location)
    try:
        made = invitations.invite(
            actor, form.found, email=form.email.data or "", name=form.name.data, role=Role(form.role.data),
            is_head=bool(form.is_head.data), how=form.how.data or "", on=form.on.data)
    except Refused as refused:
        form.email.errors = [refused.message]
        return render_template("accounts/invite.html", form=form), 422
    receipt.location = url_for("accounts.people")
    flash(_("The invitation is on its way and can be used for seven days.") if made.digest else
          _("The invitation is made. It is sent once the ISU has made sure that the person is a focal point."), "success")
    return see_other(receipt.location)


def _invitation(number: int) -> AccountInvitation:
    return found(queries.invitation(current_actor(), number))


@blueprint.post("/invitations/<int:number>/again")
@requires("accounts.invitations")
def send_again(number: int) -> Any:
    """Send another link."""
    invitations.send_again(_invitation(number), current_actor())
    flash(_("Another letter is on its way. The earlier link opens nothing any more."), "success")
    return see_other(url_for("accounts.people"))


@blueprint.post("/invitations/<int:number>/withdraw")
@requires("accounts.invitations")
def withdraw_invitation(number: int) -> Any:
    """End an invitation."""
    invitations.withdraw(_invitation(number), current_actor())
    flash(_("The invitation is withdrawn."), "success")
    return see_other(url_for("accounts.people"))


@blueprint.get("/invitations/<int:number>")
@requires("accounts.authenticate")
def invitation(number: int) -> Any:
    """The form in which the ISU says how it made sure of a focal point who was invited by a colleague."""
    return render_template("accounts/invitation.html", invitation=_waiting(number),
                           form=AuthenticateForm(formdata=None, on=date.today()))


def _waiting(number: int) -> AccountInvitation:
    kept = _invitation(number)
    demand(current_actor(), "accounts.authenticate", kept)
    return kept


@blueprint.post("/invitations/<int:number>")
@requires("accounts.authenticate")
@fresh
def authenticate_invitation(number: int) -> Any:
    """Keep it, and send the link."""
    kept, form = _waiting(number), AuthenticateForm()
    if not form.validate():
        return render_template("accounts/invitation.html", invitation=kept, form=form), 422
    invitations.check_open(kept)
    invitations.authenticate(kept, current_actor(), form.how.data, form.on.data)
    flash(_("The invitation is on its way and can be used for seven days."), "success")
    return see_other(url_for("accounts.people"))
