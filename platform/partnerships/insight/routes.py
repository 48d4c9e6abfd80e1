"""Figures over HTTP: what is asked, pledged and on record; and coverage, where needs and offers meet. Read-only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _

from partnerships.core import export, hxl, money
from partnerships.core.lists import Page
from partnerships.core.policy import current_actor, public
from partnerships.insight import changes as changing
from partnerships.insight import charts, comparing, figures, svg, themes
from partnerships.insight import coverage as covering
from partnerships.insight import flows as flowing
from partnerships.insight.forms import ChangesForm, CompareForm, FlowForm
from partnerships.offers import columns as offer_columns
from partnerships.parties import queries as parties

blueprint = Blueprint("insight", __name__, url_prefix="/insight")


@blueprint.get("/")
@public
def index() -> Any:
    """Needs, money by stage, coverage and support on record, each with its source and what it leaves out."""
    return render_template("insight/index.html", **figures.page(current_actor(), date.today()))


@blueprint.get("/charts/<name>")
@public
def chart(name: str) -> Any:
    """One chart by itself, large, with its table; as CSV, XLSX, JSON or SVG."""
    found = charts.by_key(current_actor(), name, request.args)
    if found is None:
        abort(404)
    kind = export.wanted()
    if kind:
        return export.send(f"chart-{name}", found.columns, found.rows, kind, title=found.title,
                           notes=[found.drawing.unit, found.drawing.source], tags=hxl.FIGURES)
    if request.args.get("as") == "svg":
        answer = Response(svg.drawn(found), mimetype="image/svg+xml")
        answer.headers["Content-Disposition"] = f'attachment; filename="chart-{name}.svg"'
        # The drawing carries its own colours, so that it stands alone wherever it is put.
        answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
    return render_template("insight/chart.html", chart=found)


@blueprint.get("/flows")
@public
def flows() -> Any:
    """Who supports whom, as a matrix; each cell leads to its records."""
    form = FlowForm(request.args, measure=request.args.get("measure") or "record")
    found = flowing.matrix(current_actor(), request.args.get("measure", ""), flowing.year_asked(request.args.get("year")),
                           request.args.get("theme", ""))
    kind = export.wanted()
    if kind:
        return export.send("flows", flowing.columns(), flowing.table(found), kind, title=_("Who supports whom"), tags=hxl.FIGURES)
    return render_template("insight/flows.html", form=form, flows=found, measures=flowing.MEASURES)


@blueprint.get("/flows/<donor>/<recipient>")
@public
def flow(donor: str, recipient: str) -> Any:
    """The records behind a cell of the matrix, each with its source."""
    one, other = parties.by_ref(donor), parties.by_ref(recipient)
    if one is None or other is None:
        abort(404)
    year, theme = flowing.year_asked(request.args.get("year")), request.args.get("theme", "")
    given, made = flowing.records(current_actor(), one, other, year, theme)
    return render_template("insight/flow.html", donor=one, recipient=other, year=year, theme=theme, given=given, made=made)


@blueprint.get("/themes/<code>")
@public
def theme(code: str) -> Any:
    """A thematic area on one page."""
    found = themes.by_code(code)
    if found is None:
        abort(404)
    return render_template("insight/theme.html", **themes.page(current_actor(), found, date.today()))


@blueprint.get("/compare")
@public
def compare() -> Any:
    """Two to five States or donors side by side, chosen in the address."""
    refs = [ref for ref in (*request.args.getlist("who"), request.args.get("add", "")) if ref]
    found = comparing.sides(current_actor(), refs, date.today())
    kind = export.wanted()
    if kind:
        return export.send("compare", comparing.columns(found), comparing.rows(), kind, title=_("Side by side"))
    return render_template(
        "insight/compare.html", form=CompareForm(), sides=found, rate_day=money.rate_day(date.today()),
        measures=comparing.measures(), most=comparing.MOST,
        received=comparing.small_multiples(found, "received"), given=comparing.small_multiples(found, "given"))


@blueprint.get("/changes")
@public
def changes() -> Any:
    """What changed since a day, in the whole register or around one State."""
    since, readable = changing.day_asked(request.args.get("since", ""), date.today())
    party = parties.by_ref(request.args.get("party", ""))
    form = ChangesForm(data={"since": since, "party": party.ref if party else ""})
    return render_template("insight/changes.html", form=form, readable=readable,
                           **changing.page(current_actor(), since, party))


@blueprint.get("/coverage")
@public
def coverage() -> Any:
    """Where needs and offers meet by thematic area and region, where they do not, and where several donors are at work."""
    kind = export.wanted()
    if kind:
        return _file(kind, request.args.get("part", ""))
    return render_template("insight/coverage.html", note=covering.note(),
                           **covering.page(current_actor(), date.today(), request.args.get("every", "")))


def _file(kind: str, part: str) -> Any:
    """The table as a file, or one of the three lists below it."""
    found = covering.Coverage(current_actor(), date.today())
    rows: Page | Sequence[Any]
    if part == "needs":
        name, title, columns = "needs-without-offers", _("Needs without offers"), covering.need_columns()
        rows = Page(found.unmet(export.LIMIT), 1, found.all.unmet, export.LIMIT)
    elif part == "offers":
        name, title, columns = "offers-without-needs", _("Offers without needs"), offer_columns.columns()
        rows = found.idle()
    elif part == "overlaps":
        name, title, columns = "several-donors", _("Needs with several donors at work"), covering.overlap_columns()
        rows = covering.overlap_rows(found.overlaps(export.LIMIT))
    else:
        name, title, columns, rows = "coverage", _("Coverage"), covering.table_columns(), covering.cells(found)
    return export.send(name, columns, rows, kind, title=title, notes=[covering.note()])
