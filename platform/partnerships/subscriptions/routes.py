"""Subscriptions over HTTP: asking, confirming, leaving; how many there are.

A link of a letter changes nothing by being opened, because mail scanners open links: its page has a button. Leaving by one click
(RFC 8058) is a POST of the mail program itself, which has no cookie and no token of ours: the signed word stands in for both.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from partnerships.accounts import limits
from partnerships.core import once
from partnerships.core.errors import Refused
from partnerships.core.languages import KNOWN
from partnerships.core.policy import public, requires
from partnerships.core.web import asking, of_a_letter, see_other
from partnerships.extensions import csrf
from partnerships.searches import addresses
from partnerships.searches.lists import LISTS
from partnerships.searches.view import KIND_LABELS, in_words
from partnerships.subscriptions import queries, service, words
from partnerships.subscriptions.forms import AskForm, YesForm
from partnerships.subscriptions.states import Rhythm

blueprint = Blueprint("subscriptions", __name__, url_prefix="/subscriptions")


@blueprint.get("/")
@requires("subscriptions.count")
def index() -> Any:
    """How many follow which list: numbers only."""
    rows = [(KIND_LABELS[LISTS[place].kind] if place in LISTS else _("Search"), *numbers)
            for place, *numbers in queries.counts()]
    return render_template("subscriptions/index.html", rows=rows)


@blueprint.get("/new")
@public
def new() -> Any:
    """Where to write to, how often and in which language."""
    locale = get_locale()
    spoken = locale.language if locale is not None and locale.language in KNOWN else "en"
    return _form_page(AskForm(None, place=request.args.get("place", ""), query=request.args.get("query", ""), language=spoken))


@blueprint.post("/new")
@public
def create() -> Any:
    """Write to the address to ask whether it wants this. The answer is the same whatever the address has already."""
    form = AskForm()
    written = _written(form)
    if not form.validate():
        return _form_page(form), 422
    if limits.too_many("subscription", form.address.data):
        return limits.refusal()
    limits.note("subscription", form.address.data)
    receipt, fresh = once.claim(form.once.data, 0)
    if fresh:
        service.ask(form.address.data, written, Rhythm(form.rhythm.data), form.language.data or "en")
        receipt.location = url_for("subscriptions.asked")
    return see_other(receipt.location)


@blueprint.get("/asked")
@public
def asked() -> Any:
    """What comes next; of no address in particular."""
    return render_template("subscriptions/asked.html", days=words.TO_CONFIRM.days)


@blueprint.get("/confirm/<word>")
@public
def confirm(word: str) -> Any:
    """The question of the letter, with one button."""
    found = words.asked(word)
    if found is None:
        return _over()
    return of_a_letter(render_template("subscriptions/confirm.html", form=YesForm(None), word=word, said=in_words(found.query)))


@blueprint.post("/confirm/<word>")
@public
def keep_confirmed(word: str) -> Any:
    """Begin to write."""
    found = words.asked(word)
    if found is None:
        return _over()
    service.confirm(found)
    endpoint, query = addresses.parts(found.query)
    return of_a_letter(render_template("subscriptions/confirmed.html", said=in_words(found.query), rhythm=found.rhythm,
                                       back=asking(url_for(endpoint), query), leave=words.to_leave(found)))


def _over() -> tuple[Response, int]:
    return of_a_letter(render_template("subscriptions/over.html", days=words.TO_CONFIRM.days)), 404


@blueprint.get("/leave/<word>")
@public
def leave(word: str) -> Any:
    """One button that ends it."""
    ours, found = words.leaving(word)
    if not ours:
        return _over()
    said = in_words(found.query) if found is not None else []
    return of_a_letter(render_template("subscriptions/leave.html", word=word, found=found, said=said))


@blueprint.post("/leave/<word>")
@csrf.exempt
@public
def keep_left(word: str) -> Any:
    """End it and erase the address at once: for the button, and for mail programs (RFC 8058), which may not be redirected."""
    ours, found = words.leaving(word)
    if not ours:
        return _over()
    if found is not None:
        service.leave(found)
    return of_a_letter(render_template("subscriptions/leave.html", word=word, found=None, said=[]))


def _form_page(form: AskForm) -> str:
    written = _written(form)
    endpoint, query = addresses.parts(written)
    return render_template("subscriptions/form.html", form=form, back=asking(url_for(endpoint), query), said=in_words(written),
                           days=words.TO_CONFIRM.days)


def _written(form: AskForm) -> str:
    written = addresses.kept(form.place.data or "", form.query.data or "", whole=True)
    if written is None:
        raise Refused(_("There is nothing to follow yet: search for words, or open a list. Very long searches cannot be followed."))
    return written
