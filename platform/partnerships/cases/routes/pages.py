"""The list of cases, asking for a round, a case, what is ready, its moves, planning its meeting, the briefing."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.approach import view as meeting_pages
from partnerships.cases import columns, queries, service, view
from partnerships.cases.forms import AskForm, InterestForm, InviteForm, NoteForm, ReadyForm
from partnerships.cases.models import Case
from partnerships.cases.routes import blueprint
from partnerships.cases.states import LABELS, CaseStatus, Item
from partnerships.core import audit, export, once, policy, timeline, workflow
from partnerships.core.actor import PUBLIC, Actor
from partnerships.core.errors import Refused
from partnerships.core.lists import paginate
from partnerships.core.moves import note_for
from partnerships.core.policy import can, current_actor, demand, requires
from partnerships.core.web import found, see_other
from partnerships.parties import choices, words
from partnerships.parties import queries as parties
from partnerships.parties.words import name


def case_of(ref: str, permission: str = "") -> tuple[Actor, Case]:
    """The case of the address within the reader's sight, for those who hold the permission."""
    actor = current_actor()
    case = found(queries.by_ref(actor, ref))
    if permission:
        demand(actor, permission, case)
    return actor, case


@blueprint.get("/")
@requires("cases.view")
def index() -> Any:
    """The cases within the reader's sight, the open ones first."""
    actor, status = current_actor(), request.args.get("status", "")
    kind = export.wanted()
    if kind:
        every = export.whole(queries.listed(actor, status))
        return export.send("cases", columns.columns(), every.items, kind, title=_("Cases of the individualised approach"))
    return render_template("cases/index.html", page=paginate(queries.listed(actor, status)), status=status, statuses=LABELS,
                           asks=policy.may_ever(actor, "cases.request"), proposes=policy.may_ever(actor, "cases.propose"))


@blueprint.get("/new")
@requires("cases.view")
def new() -> Any:
    """Ask for a round for one's own State, or propose one to a State."""
    return _ask_page(AskForm(formdata=None, state=request.args.get("state", "")))


def _ask_page(form: AskForm) -> str:
    own = policy.may_ever(current_actor(), "cases.request")
    if own and "state" in form:
        del form.state
    return render_template("cases/new.html", form=form, own=own)


@blueprint.post("/new")
@requires("cases.view")
def create() -> Any:
    """Begin the round, unless an earlier one is open."""
    actor, form = current_actor(), AskForm()
    ref = actor.party_ref if policy.may_ever(actor, "cases.request") else form.state.data
    if ref == actor.party_ref:
        del form.state
    if not form.validate():
        return _ask_page(form), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    try:
        case = service.begin(actor, found(parties.by_ref(ref)), form.reason.data or "")
    except Refused as refused:
        form.reason.errors = [str(refused)]
        return _ask_page(form), 422
    receipt.location = url_for("cases.detail", ref=case.ref)
    flash(_("%(ref)s is on record; the other side is asked to accept it.", ref=case.ref), "success")
    return see_other(receipt.location)


@blueprint.get("/<ref>")
@requires("cases.view")
def detail(ref: str) -> Any:
    """A case from the request to the support that came: what is ready, who is invited, what was stated, what came of it."""
    actor, case = case_of(ref)
    return page(actor, case)


def page(actor: Actor, case: Case, invite: InviteForm | None = None, interest: InterestForm | None = None) -> str:
    """The page of a case, with forms that came back."""
    runs, prepares = can(actor, "cases.run", case), can(actor, "cases.prepare", case)
    invites = runs and case.status is CaseStatus.PREPARING
    meeting = case.meeting
    if runs and meeting is not None and meeting.needs and case.status is CaseStatus.MET:
        interest = interest or interest_form(case)
    known = {one.party.ref for one in case.invitations}
    return render_template(
        "cases/detail.html", case=case, moves=workflow.available(case, actor), note_form=NoteForm(formdata=None),
        ready_form=ReadyForm(formdata=None, ready=[one.item.value for one in case.items]) if prepares else None,
        items={one.item: one for one in case.items}, every_item=Item, runs=runs,
        invite_form=(invite or InviteForm(formdata=None)) if invites else None,
        suggested=meeting_pages.to_invite(actor, case.state, known) if invites else [],
        interest_form=interest, partners=choices.partners() if invites else [], since=queries.since(actor, case),
        seen_needs=meeting_pages.seen_needs(actor, meeting) if meeting else [],
        days=timeline.days(audit.timeline(actor, case)))


def interest_form(case: Case, sent: bool = False) -> InterestForm:
    """The form for interest stated, offering who took part and what was discussed."""
    assert case.meeting is not None
    partners = [(row.party.ref, name(row.party)) for row in case.meeting.participants if row.party_id != case.state_id]
    form = InterestForm() if sent else InterestForm(formdata=None)
    return form.offer(partners, [(need.ref, f"{need.ref} {need.title}") for need in case.meeting.needs])


@blueprint.post("/<ref>/ready")
@requires("cases.prepare")
def ready(ref: str) -> Any:
    """Say what is ready for the meeting."""
    actor, case = case_of(ref, "cases.prepare")
    form = ReadyForm()
    if form.validate() and service.tick(case, actor, [Item(value) for value in form.ready.data or ()]):
        flash(_("Kept."), "success")
    return see_other(url_for("cases.detail", ref=case.ref, _anchor="preparation"))


@blueprint.post("/<ref>/move/<name>")
@requires("cases.view")
def move(ref: str, name: str) -> Any:
    """Accept, mark as held, close with its outcome, withdraw."""
    actor, case = case_of(ref)
    if service.move(case, name, actor, note_for(service.FLOW, name, NoteForm())):
        flash(_("%(ref)s is now “%(status)s”.", ref=case.ref, status=str(LABELS[case.status])), "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(url_for("cases.detail", ref=case.ref))


@blueprint.get("/<ref>/plan")
@requires("cases.run")
def plan(ref: str) -> Any:
    """The form of the meeting: the State and whoever accepted take part, the State's open needs are discussed."""
    actor, case = case_of(ref, "cases.run")
    return _plan_page(case, meeting_pages.fresh_form(actor, case.state, "", service.expected(case)))


def _plan_page(case: Case, form: Any) -> str:
    return render_template("approach/form.html", form=form, state=case.state, meeting=None, case=case,
                           partners=choices.partners(), invitations=[])


@blueprint.post("/<ref>/plan")
@requires("cases.run")
def planned(ref: str) -> Any:
    """Plan the meeting of the case."""
    actor, case = case_of(ref, "cases.run")
    form = meeting_pages.bound_form(actor, case.state)
    if "add_row" in request.form:
        meeting_pages.add_rows(form)
        return _plan_page(case, form)
    if not form.validate():
        return _plan_page(case, form), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    meeting = service.plan(case, actor, form.columns(), meeting_pages.chosen_needs(actor, form, case.state), form.taking_part())
    receipt.location = url_for("cases.detail", ref=case.ref)
    flash(_("%(ref)s is planned.", ref=meeting.ref), "success")
    return see_other(receipt.location)


@blueprint.get("/<ref>/briefing")
@requires("cases.view")
def briefing(ref: str) -> Any:
    """Two pages for those who go to the meeting: what everybody may see, or on request what this reader may see."""
    actor, case = case_of(ref)
    own = request.args.get("own") == "1"
    return render_template("cases/briefing.html", case=case, own=own, today=date.today(), words=words,
                           briefing=view.briefing(actor if own else PUBLIC, case, date.today()))
