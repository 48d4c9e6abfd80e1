"""Within a match: messages with files, and the first contact."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, url_for
from flask_babel import gettext as _

from partnerships.core import once
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.core.policy import current_actor, demand, requires
from partnerships.core.web import found, see_other
from partnerships.matches import mediation, queries, view
from partnerships.matches.forms import MessageForm, NoteForm
from partnerships.matches.routes import blueprint
from partnerships.parties.models import Party


@blueprint.post("/<int:number>/write")
@requires("matches.talk")
def write(number: int) -> Any:
    """Write a message for both sides, or for one's own side and the ISU."""
    actor = current_actor()
    match = found(queries.by_id(actor, number))
    demand(actor, "matches.talk", match)
    form = MessageForm(sides=mediation.sides(match, actor))
    if not form.validate():
        return view.page(match, actor, message=form), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if fresh:
        side = next((one for one in mediation.sides(match, actor) if one.ref == form.audience.data), None)
        message = mediation.write(match, actor, db.session.get_one(Party, actor.party_id), body=form.body.data or "", side=side,
                                  file=form.file.checked, sent_as=form.file.sent_as)
        receipt.location = url_for("matches.detail", number=number, _anchor=f"message-{message.id}")
        flash(_("Your message stands in the conversation."), "success")
    return see_other(receipt.location)


@blueprint.post("/<int:number>/messages/<int:message>/take-back")
@requires("messages.take-back")
def take_back(number: int, message: int) -> Any:
    """Take one's own message back."""
    actor = current_actor()
    match = found(queries.by_id(actor, number))
    one = found(queries.message(actor, match, message))
    demand(actor, "messages.take-back", one)
    if mediation.take_back(one, actor):
        flash(_("Your message is taken back."), "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(url_for("matches.detail", number=number, _anchor="conversation"))


@blueprint.post("/<int:number>/contact/<name>")
@requires("matches.view")
def contact(number: int, name: str) -> Any:
    """The first contact: ask the ISU to make it, say that it is made, show or hide the need's contact."""
    actor = current_actor()
    match = found(queries.by_id(actor, number))
    if name not in mediation.CONTACT:
        abort(404)
    form = NoteForm()
    if not form.validate():
        raise Refused(" ".join(form.note.errors))
    if mediation.contact(match, name, actor, form.note.data or ""):
        flash({"asked": _("The ISU is asked to make the contact."), "made": _("On the record: the contact is made."),
               "shown": _("The partner now sees the contact of this need."),
               "hidden": _("The partner no longer sees the contact of this need.")}[name], "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(url_for("matches.detail", number=number, _anchor="contact"))
