"""The standing pages: the first page, help, accessibility, privacy, about the data, and the sign of health."""

from __future__ import annotations

from datetime import date
from typing import Any

import structlog
from flask import Blueprint, current_app, jsonify, render_template
from sqlalchemy.exc import SQLAlchemyError

from partnerships.accounts import session as sessions
from partnerships.core import audit, migrate, money, timeline
from partnerships.core.mail import link
from partnerships.core.policy import current_actor, public
from partnerships.insight import charts, gaps, headline, maps
from partnerships.pages import queries, sources
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges
from partnerships.releases import queries as releases

blueprint = Blueprint("pages", __name__)
log = structlog.get_logger()
NEWEST, DEADLINES, EVENTS, GAPS = 5, 8, 6, 12


@blueprint.get("/")
@public
def home() -> Any:
    """What this is, where matters stand, and one way in for each visitor."""
    actor, today = current_actor(), date.today()
    newest = queries.newest(actor, today, NEWEST)
    own = pledges.of_needs(actor, [need.id for need in newest])
    coming, total = queries.deadlines(actor, today, DEADLINES)
    by_state, made = gaps.by_state(actor, today), pledges.live(actor)
    return render_template(
        "pages/home.html", gaps=by_state, chart=charts.of_gaps(by_state, today), most=GAPS, percent=maps.percent,
        four=headline.of(by_state, made, today), rate_day=money.rate_day(today),
        stages=figures.by_currency(made), conference=queries.conference(actor),
        newest=[(need, figures.of_need(actor, need, own[need.id])) for need in newest], coming=coming, coming_total=total,
        report=queries.next_report(today),
        days=timeline.days(audit.latest(actor, limit=EVENTS)))


@blueprint.get("/help")
@public
def help() -> Any:
    """The words of the field, and how each role's work goes."""
    return render_template("pages/help.html", themes=queries.glossary())


@blueprint.get("/accessibility")
@public
def accessibility() -> Any:
    """The accessibility statement."""
    return render_template("pages/accessibility.html")


@blueprint.get("/privacy")
@public
def privacy() -> Any:
    """What is stored about people, why, and for how long."""
    settings = current_app.config["SETTINGS"]
    return render_template("pages/privacy.html", cookie=current_app.config["SESSION_COOKIE_NAME"],
                           device=sessions.device_cookie(),
                           hours=int(settings.session_idle.total_seconds() // 3600),
                           longest=int(settings.session_lifetime.total_seconds() // 3600),
                           minutes=int(settings.sign_in_window.total_seconds() // 60))


@blueprint.get("/about-the-data")
@public
def about_data() -> Any:
    """Each source with what it holds and what is missing, counted now."""
    years, blank = queries.contribution_years()
    return render_template("pages/about_data.html", sources=sources.table(queries.sizes()), years=years, blank=blank,
                           missing=[year for year in range(years[0], years[-1]) if year not in years] if years else [])


@blueprint.get("/open-data")
@public
def open_data() -> Any:
    """What may be taken out of the register, how, and under what licence."""
    return render_template("pages/open_data.html", latest=releases.latest(current_actor()),
                           licence=current_app.config["SETTINGS"].data_licence,
                           calendar=link("feeds.everybody", which="public"), news=link("feeds.news_feed"))


@blueprint.get("/healthz")
@public
def healthz() -> Any:
    """A sign of health for whoever runs this: the database answers, and its tables are those of this version."""
    try:
        answers, current = queries.answers(), migrate.is_current()
    except SQLAlchemyError as error:
        log.error("healthz", error=str(error))
        answers = current = False
    healthy = answers and current
    found = {"status": "ok" if healthy else "failing", "database": "ok" if answers else "no answer",
             "migration": "current" if current else ("behind" if answers else "unknown")}
    return jsonify(found), 200 if healthy else 503
