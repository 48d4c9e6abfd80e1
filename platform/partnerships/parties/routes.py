"""Partners over HTTP: the list, one page for a State or organisation, and its declared priorities."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from partnerships.core import audit, export, hxl, timeline
from partnerships.core.actor import Actor
from partnerships.core.errors import Conflict
from partnerships.core.languages import is_rtl
from partnerships.core.lists import paginate
from partnerships.core.policy import current_actor, demand, public, requires
from partnerships.core.web import see_other
from partnerships.feeds import atom
from partnerships.parties import columns, queries, service, view
from partnerships.parties.forms import FilterForm, PrioritiesForm
from partnerships.parties.models import Party, Priorities

blueprint = Blueprint("parties", __name__, url_prefix="/parties")
PER_PAGE = 50
SETS = ("themes", "kinds", "regions", "countries", "excluded_countries", "channels", "decision_months")


def _party(ref: str) -> Party:
    party = queries.by_ref(ref)
    if party is None:
        abort(404)
    return party


@blueprint.get("/")
@public
def index() -> Any:
    """States and organisations under filters that live in the address."""
    if atom.wanted():
        return atom.of_list("parties")
    today = date.today()
    form = FilterForm(request.args)
    query = queries.listed(**form.chosen(), day=today).options(selectinload(Party.treaty_acts))
    kind = export.wanted()
    if kind:
        every = export.whole(query)
        return export.send("partners", columns.columns(), replace(every, items=view.rows(current_actor(), every.items, today)),
                           kind, title=_("Partners"), tags=hxl.PARTNERS)
    page = paginate(query, size=PER_PAGE)
    return render_template(
        "parties/index.html", form=form, page=page, rows=view.rows(current_actor(), page.items, today),
        kind_words=view.kind_words, bound=queries.count_parties(today),
        filtered=any(value for key, value in request.args.items() if key not in ("page", "lang")))


@blueprint.get("/<ref>")
@public
def detail(ref: str) -> Any:
    """One page for a State or organisation: standing, deadlines, support, needs, meetings, priorities, events."""
    actor = current_actor()
    party = _party(ref)
    kind = request.args.get("kind", "")
    events = audit.timeline(actor, party)
    return render_template(
        "parties/detail.html", party=party,
        **view.page(actor, party, date.today(), rtl=is_rtl()),
        days=timeline.days(event for event in events if not kind or event.tag.startswith(f"{kind}.")),
        kinds=timeline.kinds(events), chosen=kind)


@blueprint.get("/<ref>/brief")
@public
def brief(ref: str) -> Any:
    """A State or a donor on two pages of A4, to hand to a minister: the browser prints it."""
    party = _party(ref)
    return render_template("parties/brief.html", party=party, **view.page(
        current_actor(), party, date.today(), rtl=is_rtl()))


@blueprint.get("/<ref>/priorities")
@requires("priorities.edit")
def priorities(ref: str) -> Any:
    """The form of a party's declared priorities, filled with what it stated."""
    actor = current_actor()
    party, stated = _editable(ref, actor)
    if stated is None:
        return _form_page(PrioritiesForm(), party, None)
    form = PrioritiesForm(obj=stated, version=str(stated.version), visibility=stated.visibility.value,
                          **{name: list(getattr(stated, name)) for name in SETS})
    return _form_page(form, party, stated)


@blueprint.post("/<ref>/priorities")
@requires("priorities.edit")
def state_priorities(ref: str) -> Any:
    """Keep the priorities, unless somebody else of the party changed them meanwhile."""
    actor = current_actor()
    party, stated = _editable(ref, actor)
    form = PrioritiesForm()
    if not form.check():
        return _form_page(form, party, stated), 422
    if form.opened_on != (stated.version if stated else None):
        if stated is not None and not form.both(stated):
            flash(_("This was already done."), "info")
            return see_other(url_for("parties.detail", ref=party.ref, _anchor="priorities"))
        raise Conflict(url_for("parties.priorities", ref=party.ref), form.both(stated))
    service.state_priorities(actor, party, form.columns())
    flash(_("Priorities kept. Needs that fit them are ranked anew."), "success")
    return see_other(url_for("parties.detail", ref=party.ref, _anchor="priorities"))


def _editable(ref: str, actor: Actor) -> tuple[Party, Priorities | None]:
    """The party and its priorities, when the actor may state them; 403 for another party's."""
    party = _party(ref)
    stated = service.stated_by(party)
    demand(actor, "priorities.edit", stated or Priorities(party_id=party.id))
    return party, stated


def _form_page(form: PrioritiesForm, party: Party, stated: Priorities | None) -> str:
    return render_template("parties/priorities.html", form=form, party=party, stated=stated)
