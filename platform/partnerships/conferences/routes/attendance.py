"""Who is in the room, who is expected, and who speaks next: over HTTP."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, render_template, url_for
from flask_babel import gettext as _

from partnerships.conferences import queries, service, view
from partnerships.conferences.forms import AttendanceForm, SpeakersForm
from partnerships.conferences.models import Attendance, Conference
from partnerships.conferences.routes import blueprint
from partnerships.conferences.routes.pages import run
from partnerships.conferences.states import CATEGORY_LABELS, Presence
from partnerships.core.actor import Actor
from partnerships.core.policy import requires
from partnerships.core.web import see_other
from partnerships.parties import choices
from partnerships.parties.words import name as name_of
from partnerships.pledges import queries as pledges


@blueprint.get("/<ref>/attendance")
@requires("conferences.run")
def attendance(ref: str) -> Any:
    """Delegations expected and present, and the list of speakers."""
    actor, conference = run(ref)
    return _page(actor, conference, AttendanceForm(formdata=None))


def _page(actor: Actor, conference: Conference, form: AttendanceForm, speakers: SpeakersForm | None = None) -> str:
    return render_template(
        "conferences/attendance.html", conference=conference, form=form, partners=choices.partners(),
        speakers_form=speakers or SpeakersForm(formdata=None, speakers=view.speakers_text(conference)),
        groups=view.attendance(conference), expected=view.expected(conference), speakers=view.speakers(conference),
        unlisted=view.unlisted(conference, pledges.of_conference(actor, conference.id)))


def _back(conference: Conference) -> Any:
    return see_other(url_for("conferences.attendance", ref=conference.ref))


@blueprint.post("/<ref>/attendance")
@requires("conferences.run")
def attend(ref: str) -> Any:
    """Add a delegation: present, or expected."""
    actor, conference = run(ref)
    form = AttendanceForm()
    if not form.validate():
        return _page(actor, conference, form), 422
    row = service.attend(conference, form.delegation.party, actor, head=form.head.data or "",
                         presence=Presence.EXPECTED if form.expected.data else Presence.PRESENT)
    flash(_("%(party)s is on the list: %(category)s.", party=name_of(row.party),
            category=str(CATEGORY_LABELS[row.category])), "success")
    return _back(conference)


def _delegation(conference: Conference, number: int) -> Attendance:
    row = queries.delegation(conference, number)
    if row is None:
        abort(404)
    return row


@blueprint.post("/<ref>/attendance/<int:number>/arrive")
@requires("conferences.run")
def arrive(ref: str, number: int) -> Any:
    """An expected delegation is in the room."""
    actor, conference = run(ref)
    row = _delegation(conference, number)
    service.attend(conference, row.party, actor)
    flash(_("%(party)s is present.", party=name_of(row.party)), "success")
    return _back(conference)


@blueprint.post("/<ref>/attendance/<int:number>/remove")
@requires("conferences.run")
def leave(ref: str, number: int) -> Any:
    """Take a delegation off the list."""
    actor, conference = run(ref)
    row = _delegation(conference, number)
    service.leave(conference, row, actor)
    flash(_("%(party)s is off the list.", party=name_of(row.party)), "success")
    return _back(conference)


@blueprint.post("/<ref>/attendance/<int:number>/speak")
@requires("conferences.run")
def speak(ref: str, number: int) -> Any:
    """The delegation has spoken."""
    actor, conference = run(ref)
    row = _delegation(conference, number)
    service.spoke(conference, row, actor)
    flash(_("%(party)s has spoken.", party=name_of(row.party)), "success")
    return _back(conference)


@blueprint.post("/<ref>/speakers")
@requires("conferences.run")
def speakers(ref: str) -> Any:
    """The list of speakers, one a line, in the order in which they speak."""
    actor, conference = run(ref)
    form = SpeakersForm()
    if not form.validate():
        return _page(actor, conference, AttendanceForm(formdata=None), form), 422
    service.line_up(conference, form.found, actor)
    flash(_("The list of speakers is kept."), "success")
    return _back(conference)
