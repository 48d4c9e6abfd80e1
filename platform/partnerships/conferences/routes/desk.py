"""The desk of a conference over HTTP: the live log, the tally, attendance."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, flash, render_template, url_for
from flask_babel import gettext as _

from partnerships.conferences import queries, service, view
from partnerships.conferences.forms import AttendanceForm, LogForm, NoteForm
from partnerships.conferences.models import Conference
from partnerships.conferences.routes import blueprint
from partnerships.conferences.routes.pages import run
from partnerships.conferences.states import CATEGORY_LABELS, ConferenceStatus
from partnerships.core import once, workflow
from partnerships.core.actor import Actor
from partnerships.core.errors import Refused
from partnerships.core.filters import money
from partnerships.core.policy import requires
from partnerships.core.visibility import Visibility
from partnerships.core.web import see_other
from partnerships.parties import choices
from partnerships.parties.words import name as name_of
from partnerships.pledges import queries as pledges
from partnerships.pledges import service as pledging
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import OBJECT_LABELS, PledgeKind, PledgeObject, PledgeStatus

LAST_ROWS = 10


@blueprint.get("/<ref>/desk")
@requires("conferences.run")
def desk(ref: str) -> Any:
    """The live log: one row to type, the last rows, the tally and the attendance."""
    actor, conference = run(ref)
    form = view.log_form(actor, pledges.of_conference(actor, conference.id))
    return _desk_page(actor, conference, form, AttendanceForm(formdata=None))


@blueprint.post("/<ref>/desk")
@requires("conferences.run")
def log(ref: str) -> Any:
    """Log one pledge announced from the floor, and come back to a fresh row."""
    actor, conference = run(ref)
    form = LogForm(actor=actor)
    if conference.status is not ConferenceStatus.OPEN:
        raise Refused(_("Pledges are logged while the conference is open: open or reopen it first."))
    if not form.validate():
        return _desk_page(actor, conference, form, AttendanceForm(formdata=None)), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    try:
        pledge = _announce(actor, conference, form)
    except Refused as refused:  # what was typed stays in the row
        form.form_errors = [refused.message]
        return _desk_page(actor, conference, form, AttendanceForm(formdata=None)), 422
    receipt.location = url_for("conferences.desk", ref=conference.ref)
    flash(_logged(pledge), "success")
    return see_other(receipt.location)


def _announce(actor: Actor, conference: Conference, form: LogForm) -> Pledge:
    priced = form.amount.data is not None
    # A pledge to a restricted need would give the need away if it were seen by more people.
    visibility = form.need.visibility if form.need else Visibility.PUBLIC
    return pledging.announce(
        actor, form.donor.party, object=PledgeObject(form.object.data), kind=PledgeKind(form.kind.data), need=form.need,
        recipient=form.recipient, conference=conference, currency=form.currency.data if priced else "",
        amount=form.amount.data, approximate=priced and form.approximate.data,
        condition=form.condition.data or "", statement=form.statement.data or "", from_floor=True,
        announced_on=view.announced_on(conference, date.today()), visibility=visibility,
        is_demo=conference.is_demo)


def _logged(pledge: Pledge) -> str:
    """What was understood, in one line, for the eye and the screen reader."""
    amount = money(pledge.amount, pledge.currency).striptags() if pledge.amount is not None else _("no amount stated")
    return _("Logged %(ref)s: %(donor)s, %(amount)s, %(object)s.", ref=pledge.ref, donor=name_of(pledge.donor),
             amount=amount, object=str(OBJECT_LABELS[pledge.object]))


def _desk_page(actor: Actor, conference: Conference, form: LogForm, attending: AttendanceForm) -> str:
    made = pledges.of_conference(actor, conference.id)
    return render_template(
        "conferences/desk.html", conference=conference, form=form, attending=attending, tally=view.tally(made),
        rows=list(reversed(made))[:LAST_ROWS], made=len(made), groups=view.attendance(conference),
        unlisted=view.unlisted(conference, made), partners=choices.partners(), categories=CATEGORY_LABELS,
        moves=workflow.available(conference, actor), note_form=NoteForm(formdata=None))


@blueprint.post("/<ref>/desk/<pledge>/undo")
@requires("conferences.run")
def undo(ref: str, pledge: str) -> Any:
    """Take back a pledge logged in error: it is withdrawn with that reason, never deleted."""
    actor, conference = run(ref)
    found = pledges.by_ref(actor, pledge)
    if found is None or found.conference_id != conference.id:
        abort(404)
    if found.status not in (PledgeStatus.ANNOUNCED, PledgeStatus.WITHDRAWN):
        raise Refused(_("This pledge has moved on since it was logged: change it on its own page."))
    done = pledging.move(found, "withdrawn", actor, _("Logged in error."), on=date.today())
    words = _("%(ref)s is withdrawn as logged in error.", ref=found.ref) if done else _("This was already done.")
    flash(words, "success" if done else "info")
    return see_other(url_for("conferences.desk", ref=conference.ref))


@blueprint.post("/<ref>/attendance")
@requires("conferences.run")
def attend(ref: str) -> Any:
    """Add a delegation."""
    actor, conference = run(ref)
    form = AttendanceForm()
    if not form.validate():
        fresh = view.log_form(actor, pledges.of_conference(actor, conference.id))
        return _desk_page(actor, conference, fresh, form), 422
    row = service.attend(conference, form.delegation.party, actor, head=form.head.data or "")
    flash(_("%(party)s is on the list: %(category)s.", party=name_of(row.party),
            category=str(CATEGORY_LABELS[row.category])), "success")
    return see_other(url_for("conferences.desk", ref=conference.ref, _anchor="attendance"))


@blueprint.post("/<ref>/attendance/<int:number>/remove")
@requires("conferences.run")
def leave(ref: str, number: int) -> Any:
    """Take a delegation off the list."""
    actor, conference = run(ref)
    row = queries.delegation(conference, number)
    if row is None:
        abort(404)
    service.leave(conference, row, actor)
    flash(_("%(party)s is off the list.", party=name_of(row.party)), "success")
    return see_other(url_for("conferences.desk", ref=conference.ref, _anchor="attendance"))
