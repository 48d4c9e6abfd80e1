"""Atom (RFC 4287): the public news, and every public list and search under its filters, as everybody may see them.

`?as=atom` at a list's own address asks the list's own query through the eyes of PUBLIC, whoever asks.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from html import unescape
from typing import Any

from flask import render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug import Response

from partnerships.core.actor import PUBLIC
from partnerships.core.filters import day, number
from partnerships.core.text import clean
from partnerships.core.web import asking
from partnerships.feeds import answers
from partnerships.feeds.calendar import address, host
from partnerships.parties import view as of_parties
from partnerships.parties.words import name
from partnerships.pledges.states import LABELS as STAGES
from partnerships.searches import addresses, queries, view
from partnerships.searches.forms import SearchForm
from partnerships.searches.kinds import KINDS
from partnerships.searches.lists import LISTS, latest, moments

MOST = 50
KEPT = 900  # seconds that an answer may be kept between
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)  # of what has no moment of its own
MEDIA = "application/atom+xml"


@dataclass(frozen=True)
class Item:
    """One entry. `key` never changes, `at` is the last change that everybody may read of."""

    key: str
    title: str
    summary: str
    address: str
    at: datetime


@dataclass(frozen=True)
class Feed:
    """A feed: `key`, never changed, tells it from others of this platform; `page` is for people, `own` for programs."""

    key: str
    title: str
    subtitle: str
    page: str
    own: str


def wanted() -> bool:
    """Whether the address asks for this list as Atom."""
    return request.args.get("as") == "atom"


def of_list(place: str) -> Response:
    """The records of a list or search (a name of `addresses.FED`) that changed last, under the address's filters."""
    today = date.today()
    with force_locale(answers.asked()):
        found = _hits(today) if place == "search" else _records(place, today)
        title = _("Search") if place == "search" else str(view.KIND_LABELS[LISTS[place].kind])
        return answer(_feed(place, title), [_item(hit, at) for hit, at in found], today)


def _records(place: str, today: date) -> list[tuple[queries.Hit, datetime]]:
    kind = LISTS[place].kind
    return [(queries.Hit(kind, record), at or BEGAN) for record, at in latest(PUBLIC, place, request.args, today, MOST)]


def _hits(today: date) -> list[tuple[queries.Hit, datetime]]:
    """What holds the words: the newest, by their last change."""
    question = SearchForm(request.args).question()
    found = queries.find(PUBLIC, question, today, tolerant=False)
    hits = queries.rows(PUBLIC, found, question, today, size=MOST, newest=True) if found.total else []
    told = {kind: moments(PUBLIC, kind, KINDS[kind].model, KINDS[kind].at, [hit.record.id for hit in hits if hit.kind == kind])
            for kind in {hit.kind for hit in hits}}
    dated = [(hit, told[hit.kind].get(hit.record.id) or BEGAN) for hit in hits]
    return sorted(dated, key=lambda pair: pair[1], reverse=True)


def _feed(place: str, title: str) -> Feed:
    """What the feed says of itself: the same filters give the same identifier, however they are ordered in the address."""
    endpoint, names = addresses.FED[place]
    chosen = [(key, request.args[key]) for key in names if request.args.get(key)]
    spoken = [*chosen, ("lang", answers.asked())] if request.args.get("lang") == answers.asked() else chosen
    query = addresses.query_of(spoken)
    key = place if not query else f"{place}:{hashlib.sha256(query.encode()).hexdigest()[:24]}"
    page = _bare(endpoint)
    said = view.in_words(f"{place}?{addresses.query_of(chosen)}")
    return Feed(key, _("Platform for Partnerships: %(list)s", list=title), "; ".join(f"{label}: {words}" for label, words in said),
                asking(page, query), asking(page, addresses.query_of([*spoken, ("as", "atom")])))


def _bare(endpoint: str, **values: Any) -> str:
    """The absolute address of a page, without the language that this request's address asks for."""
    return re.sub(r"\?lang=[a-z]+$", "", address(endpoint, **values))


def _item(hit: queries.Hit, at: datetime) -> Item:
    title, summary = _words(hit)
    endpoint, values = view.where(hit)
    spoken = request.args.get("lang") == answers.asked()
    page = asking(_bare(endpoint, **values), f"lang={answers.asked()}" if spoken else "")
    return Item(f"{hit.kind}:{hit.record.ref}", fit(title), fit(summary), page, at)


def _words(hit: queries.Hit) -> tuple[str, str]:
    """The title and summary of a record: what its page shows to everybody."""
    record = hit.record
    if hit.kind == "pledge":
        amount = f"{number(record.amount)} {record.currency}" if record.amount is not None else ""
        return f"{name(record.donor)}: {record.ref}", "; ".join(filter(None, (amount, str(STAGES[record.status]))))
    if hit.kind == "party":
        return name(record), of_parties.kind_words(record)
    if hit.kind == "conference":
        return record.title, "; ".join(filter(None, (day(record.first_day), record.place)))
    owner = getattr(record, KINDS[hit.kind].place)
    title = f"{name(owner)}: {record.title}" if owner is not None else record.title
    if hit.kind == "meeting":
        return title, "; ".join(filter(None, (day(record.held_on), record.place)))
    return title, getattr(record, "summary", "")


def answer(feed: Feed, items: Sequence[Item], today: date | None = None) -> Response:
    """A feed as its answer.

    Its moment for programs that ask by time alone is never before today where the day counts: what is open, or past, changes
    with it.
    """
    written = render_template("feeds/feed.xml", feed=feed, items=items, host=_authority(), stamp=stamp, language=answers.asked(),
                              updated=max((item.at for item in items), default=BEGAN))
    midnight = datetime.combine(today, time(), UTC) if today else BEGAN
    return answers.answer(written.encode(), MEDIA, answers.shared(KEPT), max([midnight, *(item.at for item in items)]))


def _authority() -> str:
    """Whose the identifiers are: a name without a port (RFC 4151)."""
    return host().partition(":")[0]


def fit(text: str) -> str:
    """A text that XML can hold, on one line."""
    return " ".join((clean(unescape(text)) or "").split())


def stamp(at: datetime) -> str:
    """A moment as Atom writes it (RFC 3339, UTC)."""
    return re.sub(r"\.\d+", "", at.isoformat()).replace("+00:00", "Z")
