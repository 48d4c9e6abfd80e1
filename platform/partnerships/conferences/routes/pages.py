"""Pledging conferences over HTTP: the list, the outcome page, the form, moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.accounts.confirming import fresh
from partnerships.conferences import columns, outcome, queries, service, view
from partnerships.conferences.forms import ConferenceForm, NoteForm
from partnerships.conferences.models import Conference
from partnerships.conferences.routes import blueprint
from partnerships.conferences.states import LABELS
from partnerships.core import audit, export, hxl, once, timeline, workflow
from partnerships.core.actor import Actor
from partnerships.core.errors import Conflict
from partnerships.core.lists import paginate
from partnerships.core.moves import note_for
from partnerships.core.policy import can, current_actor, demand, public, requires
from partnerships.core.web import found, see_other
from partnerships.feeds import atom
from partnerships.insight import charts
from partnerships.pledges import columns as pledge_columns
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Pledge


def conference_of(ref: str, actor: Actor) -> Conference:
    """The conference with this reference; 404 when there is none."""
    return found(queries.by_ref(actor, ref))


def run(ref: str) -> tuple[Actor, Conference]:
    """The conference, for those who may run it."""
    actor = current_actor()
    conference = conference_of(ref, actor)
    demand(actor, "conferences.run", conference)
    return actor, conference


@blueprint.get("/")
@public
def index() -> Any:
    """What is open or ahead, then the conferences held, newest first."""
    actor = current_actor()
    if atom.wanted():
        return atom.of_list("conferences")
    ahead, as_file = queries.ahead(actor), export.wanted()
    if as_file:
        held = export.whole(queries.past(actor))
        all_of_them = replace(held, items=[*ahead, *held.items], total=held.total + len(ahead))
        return export.send("conferences", columns.columns(actor, all_of_them.items), all_of_them, as_file,
                           title=_("Pledging conferences"))
    page = paginate(queries.past(actor))
    every = [*ahead, *page.items]
    return render_template("conferences/index.html", ahead=ahead, page=page,
                           pledged=queries.pledge_counts(actor, every), named=queries.named_counts(every))


@blueprint.get("/<ref>")
@public
def detail(ref: str) -> Any:
    """The outcome page: facts, attendance, tally by stage, pledges, outcome, what happened."""
    actor = current_actor()
    conference = conference_of(ref, actor)
    made, kind = pledges.of_conference(actor, conference.id), request.args.get("kind", "")
    as_file = export.wanted()
    if as_file:
        return _file(actor, conference, made, as_file)
    events = audit.timeline(actor, conference)
    runs = can(actor, "conferences.run", conference)
    return render_template(
        "conferences/detail.html", conference=conference, groups=view.attendance(conference), tally=view.tally(made),
        objects=view.by_object(made), chart=charts.of_conference(conference, date.today()) if made else None,
        outcome=view.outcome_shown(conference, runs), kept=outcome.published(conference),
        note_form=NoteForm(), moves=workflow.available(conference, actor), kinds=timeline.kinds(events), kind=kind,
        days_of_events=timeline.days(event for event in events if not kind or event.tag.startswith(f"{kind}.")))


def _file(actor: Actor, conference: Conference, made: list[Pledge], kind: str) -> Any:
    """The pledges of a conference as a file, or with `part=attendance` its delegations."""
    if request.args.get("part") == "attendance":
        rows = [row for group in view.attendance(conference) for row in group.rows]
        return export.send(f"{conference.ref}-attendance", columns.delegations(), rows, kind,
                           title=_("%(conference)s: delegations known by name", conference=conference.title))
    return export.send(f"{conference.ref}-pledges", pledge_columns.columns(actor, made), made, kind,
                       title=_("%(conference)s: pledges", conference=conference.title), notes=[pledge_columns.note()],
                       tags=hxl.PLEDGES)


@blueprint.get("/new")
@requires("conferences.run")
def new() -> Any:
    """A fresh form, with the next free number."""
    number = service.next_number()
    return _form_page(ConferenceForm(number=number, title=_("Pledging Conference %(number)s", number=number)), None)


@blueprint.post("/new")
@requires("conferences.run")
def create() -> Any:
    """Plan a conference."""
    actor, form = current_actor(), ConferenceForm()
    if not form.validate():
        return _form_page(form, None), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return see_other(receipt.location)
    if not _free(form, None):
        return _form_page(form, None), 422
    conference = service.create(actor, form.columns())
    receipt.location = url_for("conferences.detail", ref=conference.ref)
    flash(_("%(ref)s is planned.", ref=conference.ref), "success")
    return see_other(receipt.location)


@blueprint.get("/<ref>/edit")
@requires("conferences.run")
def edit(ref: str) -> Any:
    """The form of a conference, with its outcome."""
    _actor, conference = run(ref)
    return _form_page(view.filled_form(conference), conference)


@blueprint.post("/<ref>/edit")
@requires("conferences.run")
def update(ref: str) -> Any:
    """Keep the changes, unless somebody else changed the conference meanwhile."""
    actor, conference = run(ref)
    form = ConferenceForm()
    if not form.validate() or not _free(form, conference):
        return _form_page(form, conference), 422
    if form.opened_on != conference.version:
        raise Conflict(url_for("conferences.edit", ref=conference.ref), view.both(form, conference))
    service.change(conference, actor, form.columns())
    flash(_("Saved."), "success")
    return see_other(url_for("conferences.detail", ref=conference.ref))


def _free(form: ConferenceForm, conference: Conference | None) -> bool:
    """Whether the number is free; words beside it when not. Asked after the key: a second click finds it taken."""
    if form.number.data is not None and service.taken(form.number.data, conference):
        form.number.errors = [_("There is already a pledging conference with this number.")]
        return False
    return True


def _form_page(form: ConferenceForm, conference: Conference | None) -> str:
    return render_template("conferences/form.html", form=form, conference=conference)


@blueprint.post("/<ref>/move/<name>")
@requires("conferences.run")
@fresh(when=lambda ref, name: name == "published")
def move(ref: str, name: str) -> Any:
    """Open, close, publish the outcome, reopen."""
    actor, conference = run(ref)
    note = note_for(service.FLOW, name, NoteForm())
    if service.move(conference, name, actor, note):
        flash(_("%(ref)s is now “%(status)s”.", ref=conference.ref, status=str(LABELS[conference.status])), "success")
    else:
        flash(_("This was already done."), "info")
    back = request.form.get("back") == "desk"
    return see_other(url_for("conferences.desk" if back else "conferences.detail", ref=conference.ref))
