"""Returns over HTTP: what can be drawn from the register for whom, flows for FTS, a State's draft of Form J. Read-only."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.core import export, hxl, word
from partnerships.core.languages import OWN_NAMES
from partnerships.core.policy import current_actor, demand, may_ever, public, requires
from partnerships.core.web import found, see_other
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.returns import document, form_j, fts
from partnerships.returns.forms import DraftForm, FlowsForm, StateForm

blueprint = Blueprint("returns", __name__, url_prefix="/returns")
SHOWN = 20  # rows of flows on the page; a file holds all


@blueprint.get("/")
@requires("returns.view")
def index() -> Any:
    """What can be drawn from the register, and for whom."""
    actor = current_actor()
    state = request.args.get("state", "")
    if state and may_ever(actor, "returns.draft"):
        return see_other(url_for("returns.draft", ref=state))
    own = parties.by_ref(actor.party_ref)
    drafts = own if own is not None and own.is_state and may_ever(actor, "returns.draft") else None
    return render_template("returns/index.html", form=StateForm(), own=own, drafts=drafts, year=_last_year())


@blueprint.get("/fts")
@public
def flows() -> Any:
    """Public contributions and pledges in the columns of the Financial Tracking Service: totals a status, and files."""
    form = FlowsForm(request.args)
    form.validate()
    donor = "" if form.donor.errors else form.donor.data or ""
    year = None if form.year.errors or not form.year.data else int(form.year.data)
    every = fts.flows(donor, year, with_demo=form.demo.data)
    kind = export.wanted()
    if kind:
        name = "-".join(["fts-flows", *([donor] if donor else []), *([str(year)] if year else [])])
        return export.send(name, fts.columns(), every.rows, kind, title=_("Contributions in the columns of FTS"),
                           notes=every.notes(), tags=hxl.FTS)
    return render_template("returns/flows.html", form=form, flows=every, shown=SHOWN, statuses=fts.STATUSES, stages=fts.stages(),
                           filtered=any(request.args.get(key) for key in ("donor", "year")))


@blueprint.get("/<ref>/form-j")
@requires("returns.draft")
def draft(ref: str) -> Any:
    """What a State's draft would hold, line by line, before it is taken along."""
    party = _state(ref)
    drawn = form_j.draft(current_actor(), party, _year(), date.today())
    form = DraftForm(data={"year": str(drawn.year)})
    return render_template("returns/draft.html", party=party, draft=drawn, form=form, tongues=OWN_NAMES,
                           filled=form_j.in_words(drawn))


@blueprint.get("/<ref>/form-j/document")
@requires("returns.draft")
def file(ref: str) -> Any:
    """The draft as a Word document, in the language of this address."""
    party = _state(ref)
    drawn = form_j.draft(current_actor(), party, _year(), date.today())
    return word.send(document.written(drawn), f"form-j-draft-{party.ref}-{drawn.year}")


def _state(ref: str) -> Party:
    party = found(parties.by_ref(ref))
    demand(current_actor(), "returns.draft", party)
    if not party.is_state:
        abort(404)
    return party


def _last_year() -> int:
    """The year that a report due this year covers. Source: Convention, Article 7.2."""
    return date.today().year - 1


def _year() -> int:
    form = DraftForm(request.args)
    form.validate()
    return _last_year() if form.year.errors or not form.year.data else int(form.year.data)
