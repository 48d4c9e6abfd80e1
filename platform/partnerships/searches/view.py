"""What the pages of the search are made of: facets as links, each record's title and address, other ways in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_pgettext as _p

from partnerships.core.lists import Page
from partnerships.core.web import asking
from partnerships.needs.states import LABELS as OF_NEEDS
from partnerships.offers.models import NATURE_LABELS
from partnerships.parties import choices
from partnerships.parties.words import KIND_LABELS as OF_PARTIES
from partnerships.parties.words import STANDING_FILTERS, name
from partnerships.pledges.states import LABELS as OF_PLEDGES
from partnerships.searches import addresses
from partnerships.searches.kinds import KINDS, OPEN, PAST
from partnerships.searches.lists import LISTS
from partnerships.searches.models import SavedSearch
from partnerships.searches.queries import Found, Hit, Question

KIND_LABELS = {
    "need": _p("search", "Needs"), "offer": _p("search", "Offers"), "party": _p("search", "States and organisations"),
    "conference": _p("search", "Pledging conferences"), "meeting": _p("search", "Country meetings"),
    "document": _p("search", "Documents"), "pledge": _p("search", "Pledges"),
}
ONE_LABELS = {
    "need": _p("search", "Need"), "offer": _p("search", "Offer"), "party": _p("search", "Partner"),
    "conference": _p("search", "Pledging conference"), "meeting": _p("search", "Country meeting"),
    "document": _p("search", "Document"), "pledge": _p("search", "Pledge"),
}
STATE_LABELS = {OPEN: _p("search", "Open or ahead"), PAST: _p("search", "Closed or past")}
NEED_STATES = {"open": _p("need filter", "Open"), "expired": _p("need filter", "Past their valid-until date"),
               "closed": _p("need filter", "Closed"), "all": _p("need filter", "All")}
NEED_ORDERS = {"newest": _p("order", "Newest first"), "deadline": _p("order", "Nearest deadline first"),
               "amount": _p("order", "Largest amount first"), "state": _p("order", "By State")}
PAGES = {"need": "needs.detail", "offer": "offers.detail", "party": "parties.detail", "conference": "conferences.detail",
         "meeting": "approach.detail", "document": "documents.file", "pledge": "pledges.detail"}
SAID = 6  # other ways of saying a thing that the page names


@dataclass(frozen=True)
class Choice:
    """One choice of a facet: its words, how many it would show, and its address; chosen, it leads back to all."""

    label: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True)
class Shown:
    """A record that was found, as the page shows it: what it is, whose, its name and address."""

    kind: str
    what: str
    title: str
    url: str
    record: Any
    party: Any = None
    standing: str = ""


def shown(hit: Hit) -> Shown:
    """A hit in words."""
    endpoint, values = where(hit)
    party = getattr(hit.record, KINDS[hit.kind].place) if KINDS[hit.kind].place else None
    standing = str(OF_PARTIES[hit.record.kind]) if hit.kind == "party" else ""
    return Shown(hit.kind, str(ONE_LABELS[hit.kind]), title(hit), url_for(endpoint, **values), hit.record, party, standing)


def title(hit: Hit) -> str:
    """What a record is called on the page."""
    if hit.kind == "party":
        return name(hit.record)
    if hit.kind == "pledge":
        return name(hit.record.donor)
    return str(hit.record.title or _("Untitled draft"))


def where(hit: Hit) -> tuple[str, dict[str, Any]]:
    """The endpoint of a record's page and what fills its address."""
    return PAGES[hit.kind], {"ref": hit.record.ref}


def address(question: Question, **changed: str) -> str:
    """The address of a question with some of its choices changed."""
    given = {"q": question.words, "kind": question.kind, "theme": question.theme, "region": question.region,
             "state": question.state, **changed}
    query = urlencode({key: value for key, value in given.items() if value}, errors="replace")
    return asking(url_for("searches.index"), query)


def facets(question: Question, found: Found) -> list[tuple[str, list[Choice]]]:
    """The facets that have something to choose: (heading, choices), the most frequent first."""
    tables: tuple[tuple[str, str, Any], ...] = (
        ("kind", _("Kind of record"), KIND_LABELS), ("theme", _("Thematic area"), dict(choices.themes())),
        ("region", _("Region"), dict(choices.regions())), ("state", _("Status"), STATE_LABELS))
    shown = []
    for key, heading, labels in tables:
        counts, chosen = found.facets.get(key, Counter()), getattr(question, key)
        held = {value: counts.get(value, 0) for value in {*counts, *([chosen] if chosen else [])} if value in labels}
        rows = [Choice(str(labels[value]), count, address(question, **{key: "" if value == chosen else value}), value == chosen)
                for value, count in sorted(held.items(), key=lambda pair: (-pair[1], str(labels[pair[0]])))]
        if rows:
            shown.append((heading, rows))
    return shown


def said(found: Found) -> str:
    """The other ways that were looked for, the first few of them."""
    ways = found.said
    more = len(ways) - SAID
    listed = ", ".join(ways[:SAID])
    return listed if more <= 0 else _("%(ways)s and %(more)s more", ways=listed, more=more)


def page(hits: Sequence[Hit], number: int, total: int, size: int) -> Page:
    """The hits as a page of a list."""
    return Page([shown(hit) for hit in hits], number, total, size)


def search_address(search: SavedSearch) -> str:
    """The address that a kept search leads to."""
    endpoint, query = addresses.parts(search.query)
    return asking(url_for(endpoint), query)


def in_words(written: str) -> list[tuple[str, str]]:
    """What a kept search looks for: (filter, its value in words)."""
    place = written.partition("?")[0]
    rows = [(_("Where"), _("Everything") if place == "search" else str(KIND_LABELS[LISTS[place].kind]))]
    tables = {**_tables(), **_own_tables(place)}
    for key, value in addresses.filters(written).items():
        label, table = tables[key]
        rows.append((label, str(table.get(value, value))))
    return rows


def _tables() -> dict[str, tuple[str, Any]]:
    """The words of filters that mean the same in every list: (label, its values in words)."""
    return {
        "q": (_("Words"), {}), "theme": (_("Thematic area"), dict(choices.themes())),
        "region": (_("Region"), dict(choices.regions())), "kind": (_("Kind of assistance"), dict(choices.kinds())),
        "least": (_("Asks at least (USD)"), {}), "most": (_("Asks at most (USD)"), {}), "until": (_("Deadline by"), {}),
        "sort": (_("Order"), NEED_ORDERS), "party": (_("Partner"), dict(choices.partners())),
        "nature": (_("What is posted"), NATURE_LABELS), "south": (_("South-South only"), {"on": _("yes"), "y": _("yes")}),
        "donor": (_("Donor"), dict(choices.partners())), "recipient": (_("For"), dict(choices.states())),
        "due": (_("Waiting for word"), {})}


def _own_tables(place: str) -> dict[str, tuple[str, Any]]:
    """The words of filters that each list understands in its own way."""
    if place == "search":
        return {"kind": (_("Kind of record"), KIND_LABELS), "state": (_("Status"), STATE_LABELS)}
    if place == "parties":
        return {"kind": (_("Kind"), OF_PARTIES), "standing": (_("Treaty status today"), STANDING_FILTERS)}
    if place == "approach":
        return {"state": (_("State"), dict(choices.states()))}
    return {"state": (_("Status"), {**NEED_STATES, **OF_NEEDS}), "status": (_("Stage"), OF_PLEDGES)}
