"""Feeds over HTTP: a person's calendars, what their secret addresses give, the public calendar and the public news."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from partnerships.core import once
from partnerships.core.policy import current_actor, demand, public, requires
from partnerships.core.web import found, see_other
from partnerships.feeds import answers, atom, calendar, entries, news, queries, service
from partnerships.feeds.forms import MakeForm
from partnerships.feeds.states import LABELS, What
from partnerships.parties.words import name

blueprint = Blueprint("feeds", __name__, url_prefix="/feeds")
LONGEST = 100


@blueprint.get("/")
@requires("feeds.own")
def index() -> Any:
    """The person's calendars."""
    return _page(MakeForm(None, actor=current_actor()))


def _page(form: MakeForm, address: str = "") -> str:
    return render_template("feeds/index.html", form=form, feeds=queries.own(current_actor()), address=address, labels=LABELS,
                           public_calendar=calendar.address("feeds.everybody"), public_news=calendar.address("feeds.news_feed"))


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


@blueprint.get("/public.ics")
@public
def everybody() -> Any:
    """Conferences, public country meetings and the deadlines of the Convention, for everybody."""
    with force_locale(answers.asked()):
        written = calendar.written(_("Partnerships: public dates"), entries.public(date.today()))
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
