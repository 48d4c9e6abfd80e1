"""The Committee's desk over HTTP: a file per State, coverage and trends, observations drafted from figures and edited by people."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from partnerships.core import word
from partnerships.core.errors import Conflict
from partnerships.core.policy import current_actor, demand, requires
from partnerships.core.web import found, see_other
from partnerships.insight import gaps, maps
from partnerships.insight.coverage import Coverage
from partnerships.observations import document, drafting, queries, service
from partnerships.observations.forms import ObservationForm
from partnerships.observations.models import Observation
from partnerships.parties import queries as parties
from partnerships.parties.models import Party

blueprint = Blueprint("observations", __name__, url_prefix="/observations")


@blueprint.get("/")
@requires("observations.view")
def index() -> Any:
    """Every State with open needs or a text: its gap, and what was written about it."""
    actor, today = current_actor(), date.today()
    by_state, texts = gaps.by_state(actor, today), queries.by_party(actor)
    listed = {gap.party.id for gap in by_state}
    everyone = {party.id: party for party in parties.all_parties()} if texts.keys() - listed else {}
    rest = [(everyone[number], text) for number, text in texts.items() if number not in listed]
    return render_template("observations/index.html", gaps=by_state, texts=texts, rest=rest, percent=maps.percent,
                           coverage=Coverage(actor, today).all)


@blueprint.get("/<ref>")
@requires("observations.view")
def detail(ref: str) -> Any:
    """A State's file: figures with their sources, the text on record, or a draft from the figures."""
    actor, party = current_actor(), _state(ref)
    kept = queries.of_party(actor, party.id)
    of = drafting.file_of(actor, party, date.today())
    form = ObservationForm(formdata=None, text=kept.text if kept else drafting.draft(of), version=str(kept.version) if kept else "")
    return _page(form, party, kept, of)


@blueprint.post("/<ref>")
@requires("observations.write")
def write(ref: str) -> Any:
    """Keep the text, unless somebody else changed it meanwhile."""
    actor, party = current_actor(), _state(ref)
    kept, form = queries.of_party(actor, party.id), ObservationForm()
    demand(actor, "observations.write", kept or Observation(party_id=party.id))
    if not form.validate():
        return _page(form, party, kept, drafting.file_of(actor, party, date.today())), 422
    if form.opened_on != (kept.version if kept else None):
        raise Conflict(url_for("observations.detail", ref=ref),
                       [(str(form.text.label.text), form.text.data or "", kept.text if kept else "")])
    service.write(actor, party, kept, form.text.data or "", _language(), date.today())
    flash(_("The text is kept."), "success")
    return see_other(url_for("observations.detail", ref=ref))


@blueprint.get("/<ref>/document")
@requires("observations.view")
def file(ref: str) -> Any:
    """The text on record, or the draft, with each figure's source, as a Word document."""
    actor, party, today = current_actor(), _state(ref), date.today()
    kept = queries.of_party(actor, party.id)
    of = drafting.file_of(actor, party, today)
    body = document.written(party, kept.text if kept else drafting.draft(of), kept.language if kept else _language(),
                            drafting.sheet(of), today)
    return word.send(body, f"observations-{party.ref}-{today}")


def _state(ref: str) -> Party:
    party = found(parties.by_ref(ref))
    return found(party if party.is_state else None)


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "en"


def _page(form: ObservationForm, party: Party, kept: Observation | None, of: drafting.File) -> str:
    return render_template("observations/detail.html", form=form, party=party, kept=kept, file=of, sheet=drafting.sheet(of),
                           draft=drafting.draft(of))

