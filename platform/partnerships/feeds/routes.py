"""Feeds over HTTP: a person's calendars, what their secret addresses give, the public calendar and the public news."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from partnerships.core import once
from partnerships.core.languages import asked
from partnerships.core.policy import current_actor, demand, may_ever, public, requires
from partnerships.core.web import found, see_other
from partnerships.feeds import answers, atom, calendar, entries, news, queries, service
from partnerships.feeds.forms import MakeForm, StateForm
from partnerships.feeds.states import FOR_EVERYBODY, LABELS, What
from partnerships.parties import queries as parties
from partnerships.parties.words import name
from partnerships.searches.view import KIND_LABELS

blueprint = Blueprint("feeds", __name__, url_prefix="/feeds")
LONGEST = 100
PLACES = {"need": "needs", "offer": "offers", "party": "parties", "conference": "conferences", "meeting": "approach",
          "pledge": "pledges"}


@blueprint.get("/")
@public
def index() -> Any:
    """What can be followed, for everybody; with the person's own calendars for who is signed in."""
    return _page(MakeForm(None, actor=current_actor()))


def _page(form: MakeForm, address: str = "") -> str:
    state = StateForm(request.args)
    state.validate()
    ref = "" if state.state.errors else state.state.data or ""
    party = parties.by_ref(ref) if ref else None
    code = {"lang": asked()} if asked() else {}
    open_to_all = [(label, calendar.address("feeds.everybody", which=which, **code)) for which, label in FOR_EVERYBODY.items()]
    if party is not None:
        open_to_all.insert(0, (name(party), calendar.address("feeds.of_state", ref=party.ref, **code)))
    own = queries.own(current_actor()) if may_ever(current_actor(), "feeds.own") else []
    return render_template("feeds/index.html", form=form, feeds=own, address=address, labels=LABELS, state=state,
                           open_to_all=open_to_all, subscribed=calendar.subscribed, lists=KIND_LABELS, places=PLACES,
                           public_news=calendar.address("feeds.news_feed", **code))


@blueprint.post("/make")
@requires("feeds.own")
def make() -> Any:
    """Make a calendar, and show its secret address this once: it is kept nowhere."""
    actor = current_actor()
    form = MakeForm(actor=actor)
    if not form.validate():
        return _page(form), 422
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        flash(_("The calendar was made by the first click. If you did not see its address, revoke it and make another."), "info")
        return see_other(receipt.location)
    _feed, token = service.make(actor, What(form.what.data))
    receipt.location = url_for("feeds.index")
    return _page(MakeForm(None, actor=actor), calendar.address("feeds.calendar_of", token=token))


@blueprint.post("/<int:number>/revoke")
@requires("feeds.own")
def revoke(number: int) -> Any:
    """End a calendar."""
    actor = current_actor()
    feed = found(queries.by_id(actor, number))
    demand(actor, "feeds.own", feed)
    if service.revoke(feed, actor):
        flash(_("The calendar is revoked: its address opens nothing any more."), "success")
    else:
        flash(_("This was already done."), "info")
    return see_other(url_for("feeds.index"))


@blueprint.get("/<token>.ics")
@public
def calendar_of(token: str) -> Any:
    """The calendar that a secret opens: no sign-in, but what its person may see at this moment, in their language."""
    feed = found(queries.by_digest(service.digest(token)) if len(token) <= LONGEST else None)
    actor = queries.sight(feed)
    if actor is None:
        abort(404)
    queries.note_fetch(feed)
    with force_locale(feed.account.language):
        title = _("Partnerships: my dates") if feed.what is What.OWN else _(
            "Partnerships: %(party)s", party=name(feed.account.party))
        written = calendar.written(title, entries.of(actor, date.today()))
    return answers.answer(written, calendar.MEDIA, "private, no-cache")


@blueprint.get("/public.ics", defaults={"which": "public"})
@blueprint.get("/conferences.ics", defaults={"which": "conferences"})
@blueprint.get("/meetings.ics", defaults={"which": "meetings"})
@blueprint.get("/deadlines.ics", defaults={"which": "deadlines"})
@public
def everybody(which: str) -> Any:
    """Conferences, public country meetings and the deadlines of the Convention, for everybody: all of them or one kind."""
    with force_locale(answers.asked()):
        title = _("Partnerships: public dates") if which == "public" else _(
            "Partnerships: %(party)s", party=FOR_EVERYBODY[which])
        written = calendar.written(title, entries.public(date.today(), which))
    return answers.answer(written, calendar.MEDIA, answers.shared(3600))


@blueprint.get("/states/<ref>.ics")
@public
def of_state(ref: str) -> Any:
    """The deadlines and public country meetings of one State, for everybody."""
    state = parties.by_ref(ref)
    if state is None or not state.is_state:
        abort(404)
    with force_locale(answers.asked()):
        written = calendar.written(_("Partnerships: %(party)s", party=name(state)), entries.of_state(state, date.today()))
    return answers.answer(written, calendar.MEDIA, answers.shared(3600))


@blueprint.get("/news.atom")
@public
def news_feed() -> Any:
    """The public news, as Atom."""
    with force_locale(answers.asked()):
        feed = atom.Feed("news", _("Platform for Partnerships: news"), _(
            "Needs, pledging conferences and outcomes, as everybody may see them"), calendar.address("pages.home"),
            calendar.address("feeds.news_feed"))
        return atom.answer(feed, news.items())
