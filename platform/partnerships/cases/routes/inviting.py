"""Inviting, answering an invitation, and putting down the interest stated at the meeting."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, url_for
from flask_babel import gettext as _

from partnerships.cases import inviting, queries
from partnerships.cases.forms import AnswerForm, InviteForm
from partnerships.cases.models import Invitation
from partnerships.cases.routes import blueprint
from partnerships.cases.routes.pages import case_of, interest_form, page
from partnerships.cases.states import InvitationStatus
from partnerships.core import once
from partnerships.core.actor import Actor
from partnerships.core.errors import Refused
from partnerships.core.policy import can, current_actor, demand, requires
from partnerships.core.web import found, see_other
from partnerships.parties import queries as parties
from partnerships.parties.words import name


@blueprint.post("/<ref>/invite")
@requires("cases.run")
def invite(ref: str) -> Any:
    """Invite a State or organisation; its people get a letter."""
    actor, case = case_of(ref, "cases.run")
    form = InviteForm()
    if not form.validate():
        return page(actor, case, invite=form), 422
    try:
        one = inviting.invite(case, actor, form.party.party, form.message.data or "")
    except Refused as refused:
        form.party.errors = [str(refused)]
        return page(actor, case, invite=form), 422
    flash(_("%(party)s is invited.", party=name(one.party)), "success")
    return see_other(url_for("cases.detail", ref=case.ref, _anchor="invitations"))


@blueprint.get("/invitations/<int:number>")
@requires("cases.invited")
def invitation(number: int) -> Any:
    """An invitation, for those invited: by whom, when, what is to be discussed, why them; and their answer."""
    actor = current_actor()
    one = found(queries.invitation(actor, number))
    comes = {InvitationStatus.ACCEPTED: "yes", InvitationStatus.DECLINED: "no"}.get(one.status)
    return _page(actor, one, AnswerForm(formdata=None, comes=comes, words=one.words))


def _page(actor: Actor, one: Invitation, form: AnswerForm) -> str:
    return render_template("cases/invitation.html", one=one, case=one.case, form=form, answers=can(actor, "cases.answer", one))


@blueprint.post("/invitations/<int:number>")
@requires("cases.invited")
def answer(number: int) -> Any:
    """Say whether one takes part."""
    actor = current_actor()
    one = found(queries.invitation(actor, number))
    demand(actor, "cases.answer", one)
    form = AnswerForm()
    if not form.validate():
        return _page(actor, one, form), 422
    inviting.answer(one, actor, comes=form.comes.data == "yes", words=form.words.data or "")
    flash(_("Your answer is with the State and the ISU."), "success")
    return see_other(url_for("cases.detail", ref=one.case.ref) if can(actor, "cases.view", one.case)
                     else url_for("cases.invitation", number=one.id))


@blueprint.post("/<ref>/interest")
@requires("cases.run")
def interest(ref: str) -> Any:
    """Put down interest stated at the meeting; it lives on as a match with an owner and a next step."""
    actor, case = case_of(ref, "cases.run")
    found(case.meeting)
    form = interest_form(case, sent=True)
    if not form.validate():
        return page(actor, case, interest=form), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if fresh:
        need = next(one for one in case.meeting.needs if one.ref == form.need.data)  # type: ignore[union-attr]
        inviting.state_interest(case, actor, party=found(parties.by_ref(form.party.data)), need=need, words=form.words.data or "",
                                next_step=form.next_step.data or "", next_step_on=form.next_step_on.data)
        receipt.location = url_for("cases.detail", ref=case.ref, _anchor="interest")
        flash(_("It is on record, and a match carries it on."), "success")
    return see_other(receipt.location)
