"""The record over HTTP, for the ISU: events under filters, and as a spreadsheet."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from partnerships.accounts import queries as accounts
from partnerships.audit import heads, queries
from partnerships.audit.forms import FilterForm
from partnerships.core import chain, export, timeline
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.export import Column
from partnerships.core.lists import paginate
from partnerships.core.policy import current_actor, requires

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("/")
@requires("audit.view")
def index() -> Any:
    """What happened, to which record, and by whom."""
    actor, form = current_actor(), FilterForm(request.args)
    filters = form.chosen()
    query, kind = queries.events(actor, **filters), export.wanted()
    if kind:
        every = export.whole(query)
        return export.send("record", _columns(every.items), every, kind, title=_("The record"), notes=[_(
            "Events of records that you may not see, such as drafts of States, are not in this file.")])
    page = paginate(query)
    return render_template(
        "audit/index.html", form=form, page=page, lines=timeline.lines(page.items), kinds=queries.KIND_LABELS,
        places=queries.places([event.id for event in page.items]), head=chain.head(db.session), kept=heads.kept()[-1:],
        filtered=any(filters.values()))


def _columns(events: Any) -> list[Column]:
    places = queries.places([event.id for event in events])
    names = accounts.names({event.account_id for event in events if event.account_id})

    def changes(event: Event) -> str:
        return "; ".join(f"{key}: {old} > {new}" for key, (old, new) in event.changes.items())

    return [("chain", _("Place in the chain"), lambda one: places.get(one.id)), ("at", _("When (UTC)"), lambda one: one.at),
            ("event", _("Event"), lambda one: one.tag), ("in_words", _("In words"), lambda one: timeline.plain(one)),
            ("record_kind", _("Kind of record"), lambda one: one.subject_kind),
            ("reference", _("Reference"), lambda one: one.subject_label),
            ("number", _("Number"), lambda one: one.subject_id), ("person", _("Person"), lambda one: names.get(one.account_id, "")),
            ("for", _("For"), lambda one: one.actor_label), ("changes", _("Changes"), changes),
            ("note", _("Note"), lambda one: one.note),
            ("audience", _("Who may read it"), lambda one: one.audience),
            ("demonstration", _("Demonstration, invented"), lambda one: one.is_demo or None)]
