"""The outcome of a conference over HTTP: as it was published, what became of it, its file, and conferences compared."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _

from partnerships.conferences import columns, outcome, outcome_file, queries, view
from partnerships.conferences.models import Conference, Outcome
from partnerships.conferences.routes import blueprint
from partnerships.conferences.routes.pages import conference_of
from partnerships.conferences.states import ConferenceStatus
from partnerships.core import export
from partnerships.core.actor import Actor
from partnerships.core.policy import can, current_actor, public


@blueprint.get("/<ref>/outcome")
@public
def latest(ref: str) -> Any:
    """The latest outcome that was published; for a conference from public documents, what the register holds of it today."""
    actor = current_actor()
    conference = conference_of(ref, actor)
    kept = outcome.published(conference)
    if request.args.get("preview") and can(actor, "conferences.run", conference):
        return _page(actor, conference, kept, None)
    if kept:
        return _page(actor, conference, kept, kept[-1])
    if conference.status is not ConferenceStatus.PUBLISHED:
        abort(404)
    return _page(actor, conference, kept, None)


@blueprint.get("/<ref>/outcome/<int:number>")
@public
def dated(ref: str, number: int) -> Any:
    """One of the outcomes of a conference, as it was published."""
    actor = current_actor()
    conference = conference_of(ref, actor)
    kept = outcome.published(conference)
    one = next((one for one in kept if one.number == number), None)
    if one is None:
        abort(404)
    return _page(actor, conference, kept, one)


def _page(actor: Actor, conference: Conference, kept: list[Outcome], one: Outcome | None) -> Any:
    content = one.content if one is not None else outcome.build(conference, date.today())
    if export.wanted() == "xlsx":
        name = f"{conference.ref}-outcome{f'-{one.number}' if one else ''}"
        return export.send_sheets(name, outcome_file.sheets(content, one.sha256 if one else ""))
    return render_template("conferences/outcome.html", conference=conference, one=one, kept=kept, content=content,
                           now=outcome.became(actor, content) if one is not None else None, words=view.outcome_words())


@blueprint.get("/compare")
@public
def compare() -> Any:
    """Conferences side by side: who came, who pledged, and what stands in each stage, converted at each day's rate."""
    actor = current_actor()
    rows = view.compared(actor, queries.held(actor), date.today())
    kind = export.wanted()
    if kind:
        return export.send("conferences-compared", columns.compared(), rows, kind, title=_("Pledging conferences compared"))
    return render_template("conferences/compare.html", rows=rows)
