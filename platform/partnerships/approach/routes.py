"""Country meetings (the individualised approach) over HTTP: the list, a meeting, the form, its actions, its moves."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.approach import columns, queries, service, view
from partnerships.approach.forms import ActionForm, MeetingForm, NoteForm, StateForm, in_six_months
from partnerships.approach.models import Meeting
from partnerships.approach.states import LABELS, MeetingStatus
from partnerships.cases import queries as cases
from partnerships.core import audit, export, once, timeline, workflow
from partnerships.core.actor import Actor
from partnerships.core.errors import Conflict
from partnerships.core.lists import paginate
from partnerships.core.moves import note_for
from partnerships.core.policy import can, current_actor, demand, public, requires
from partnerships.core.web import found, see_other
from partnerships.feeds import atom
from partnerships.followups import queries as followups
from partnerships.followups import service as following
from partnerships.followups.states import Reason
from partnerships.parties import choices
from partnerships.parties import queries as parties
from partnerships.parties.models import Party

blueprint = Blueprint("approach", __name__, url_prefix="/approach")


def _meeting(ref: str, actor: Actor) -> Meeting:
    return found(queries.by_ref(actor, ref))


def _run(ref: str) -> tuple[Actor, Meeting]:
    """The meeting, for those who may run it."""
    actor = current_actor()
    meeting = _meeting(ref, actor)
    demand(actor, "approach.run", meeting)
    return actor, meeting


def _state(ref: str) -> Party:
    party = parties.by_ref(ref)
    if party is None or not party.is_state:
        abort(404)
    return party


@blueprint.get("/")
@public
def index() -> Any:
    """The meetings within the reader's sight, with what became of their actions."""
    actor = current_actor()
    if atom.wanted():
        return atom.of_list("approach")
    form, state = view.filter_of(actor, request.args)
    kind = export.wanted()
    if kind:
        every = export.whole(queries.listed(actor, state))
        return export.send("country-meetings", columns.columns(every.items), every, kind, title=_("Country meetings"))
    page = paginate(queries.listed(actor, state))
    used, followed = queries.used_and_followed(actor)
    return render_template("approach/index.html", form=form, page=page, state=state, used=used, followed=followed,
                           actions=queries.actions_of(page.items))


@blueprint.get("/<ref>")
@public
def detail(ref: str) -> Any:
    """One meeting: who took part, what was discussed, what is to be done, what support came since."""
    actor = current_actor()
    meeting = _meeting(ref, actor)
    runs = can(actor, "approach.run", meeting)
    return _detail_page(actor, meeting, _fresh_action(meeting) if runs else None)


def _fresh_action(meeting: Meeting) -> ActionForm:
    return ActionForm(formdata=None, due_on=in_six_months(max(meeting.held_on, date.today())))


def _detail_page(actor: Actor, meeting: Meeting, action_form: ActionForm | None) -> str:
    present = {row.party.ref for row in meeting.participants}
    invites = action_form is not None and meeting.status is MeetingStatus.PLANNED
    return render_template(
        "approach/detail.html", meeting=meeting, is_concerned=can(actor, "approach.join", meeting),
        case=cases.of_meeting(actor, meeting), needs=view.seen_needs(actor, meeting),
        actions=followups.of_meeting(actor, meeting), counts=queries.actions_of([meeting])[meeting.id],
        support=queries.support_since(actor, meeting, date.today()), action_form=action_form,
        invitations=view.to_invite(actor, meeting.state, present) if invites else [], invites=invites,
        partners=choices.partners() if action_form else [], moves=workflow.available(meeting, actor),
        note_form=NoteForm(formdata=None), days=timeline.days(audit.timeline(actor, meeting)))


@blueprint.get("/new")
@requires("approach.run")
def new() -> Any:
    """First the State, then its form."""
    actor, ref = current_actor(), request.args.get("state", "")
    if not ref:
        return render_template("approach/choose.html", form=StateForm(formdata=None))
    state = _state(ref)
    return _form_page(actor, view.fresh_form(actor, state, request.args.get("invite", "")), state, None)


@blueprint.post("/new")
@requires("approach.run")
def create() -> Any:
    """Plan a meeting with the State that the address names."""
    actor, state = current_actor(), _state(request.args.get("state", ""))
    form = view.bound_form(actor, state)
    if "add_row" in request.form:
        view.add_rows(form)
        return _form_page(actor, form, state, None)
    if not form.validate():
        return _form_page(actor, form, state, None), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    meeting = service.create(actor, state, form.columns(), view.chosen_needs(actor, form, state), form.taking_part())
    receipt.location = url_for("approach.detail", ref=meeting.ref)
    flash(_("%(ref)s is planned.", ref=meeting.ref), "success")
    return see_other(receipt.location)


@blueprint.get("/<ref>/edit")
@requires("approach.run")
def edit(ref: str) -> Any:
    """The form of a meeting; `invite` in the address adds a partner's row."""
    actor, meeting = _run(ref)
    return _form_page(actor, view.filled_form(actor, meeting, request.args.get("invite", "")), meeting.state, meeting)


@blueprint.post("/<ref>/edit")
@requires("approach.run")
def update(ref: str) -> Any:
    """Keep the changes, unless somebody else changed the meeting meanwhile."""
    actor, meeting = _run(ref)
    form = view.bound_form(actor, meeting.state, meeting)
    if "add_row" in request.form:
        view.add_rows(form)
        return _form_page(actor, form, meeting.state, meeting)
    if not _right(form, meeting):
        return _form_page(actor, form, meeting.state, meeting), 422
    if form.opened_on != meeting.version:
        raise Conflict(url_for("approach.edit", ref=meeting.ref), view.both(form, meeting))
    service.change(meeting, actor, form.columns(), view.chosen_needs(actor, form, meeting.state, meeting),
                   form.taking_part())
    flash(_("Saved."), "success")
    return see_other(url_for("approach.detail", ref=meeting.ref))


def _right(form: MeetingForm, meeting: Meeting) -> bool:
    if not form.validate():
        return False
    words = ""
    if meeting.status is MeetingStatus.CLOSED and meeting.outcome and not form.outcome.data:
        words = _("A closed meeting keeps its outcome: change it, but do not empty it.")
        form.outcome.errors = [words]
    if meeting.status is not MeetingStatus.PLANNED and form.held_on.data and form.held_on.data > date.today():
        words = _("This meeting was held: its date cannot lie in the future.")
        form.held_on.errors = [words]
    return not words


def _form_page(actor: Actor, form: MeetingForm, state: Party, meeting: Meeting | None) -> str:
    present = {row.party.party.ref for row in form.filled() if row.party.party is not None}
    present |= {row.party.ref for row in meeting.participants} if meeting else set()
    return render_template("approach/form.html", form=form, state=state, meeting=meeting,
                           partners=choices.partners(), invitations=view.to_invite(actor, state, present)[:4])


@blueprint.post("/<ref>/actions")
@requires("approach.run")
def act(ref: str) -> Any:
    """Add an action: a follow-up with its owner and due day, in the one queue of the platform."""
    actor, meeting = _run(ref)
    form = ActionForm()
    if not form.validate():
        return _detail_page(actor, meeting, form), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    following.create(actor, what=form.what.data or "", party=meeting.state, owner_party=form.owner.party,
                     due_on=form.due_on.data, reason=Reason.MEETING_ACTION, meeting=meeting, is_demo=meeting.is_demo)
    receipt.location = url_for("approach.detail", ref=meeting.ref, _anchor="actions")
    flash(_("The action is in its owner's queue."), "success")
    return see_other(receipt.location)


@blueprint.post("/<ref>/move/<name>")
@requires("approach.run")
def move(ref: str, name: str) -> Any:
    """Mark as held, or close with the outcome."""
    actor, meeting = _run(ref)
    note = note_for(service.FLOW, name, NoteForm())
    if service.move(meeting, name, actor, note):
        flash(_("%(ref)s is now “%(status)s”.", ref=meeting.ref, status=str(LABELS[meeting.status])), "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(url_for("approach.detail", ref=meeting.ref))
