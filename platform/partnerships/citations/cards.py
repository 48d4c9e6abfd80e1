"""What programs read of a public page: its permanent address, a preview of its link, and its data in the words of schema.org.

A card is made only of a record that everybody may see, and only of what everybody sees of it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, request
from flask_babel import gettext as _

from partnerships.approach.models import Meeting
from partnerships.conferences.models import Conference
from partnerships.conferences.states import ConferenceStatus, Mode
from partnerships.core.actor import PUBLIC
from partnerships.core.languages import KNOWN
from partnerships.core.mail import link
from partnerships.core.policy import can
from partnerships.insight.charts import Chart
from partnerships.needs.models import Need
from partnerships.offers.models import Offer
from partnerships.parties.models import Party
from partnerships.parties.words import name
from partnerships.pledges.models import Pledge
from partnerships.releases import package
from partnerships.releases.models import Release

SCHEMA = "https://schema.org"
LONGEST = 200
# The standing pages that everybody may open, by endpoint: what a search engine is told of besides the records.
STANDING = ("pages.home", "needs.index", "offers.index", "parties.index", "pledges.index", "conferences.index", "approach.index",
            "insight.index", "insight.flows", "insight.coverage", "indicators.index", "releases.index", "pages.open_data",
            "pages.about_data", "pages.help", "pages.accessibility", "pages.privacy")
_MODES = {Mode.IN_PERSON: "Offline", Mode.ONLINE: "Online", Mode.HYBRID: "Mixed"}


@dataclass(frozen=True)
class Card:
    """A public page for programs: its endpoint and values, one sentence of it, its data (None where no type fits)."""

    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    data: Mapping[str, Any] | None = None

    @property
    def address(self) -> str:
        """The permanent address: no language, no filter, nothing of a session."""
        return link(self.endpoint, **self.values)

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """(language, this page in it), for the six languages."""
        return [(code, link(self.endpoint, **self.values, lang=code)) for code in KNOWN]

    @property
    def graph(self) -> dict[str, Any] | None:
        """The data with its context and address."""
        return {"@context": SCHEMA, **self.data, "url": self.address} if self.data else None


def in_short(text: str) -> str:
    """A text's beginning, on one line."""
    return textwrap.shorten(text, LONGEST, placeholder="…")


def of_page() -> Card | None:
    """The card of a standing page: its address without filters."""
    return Card(request.endpoint) if request.endpoint in STANDING else None


def of_record(kind: str, record: Any) -> Card | None:
    """The card of a record's page. Returns: None for one that is not for everybody."""
    permission, make = CARDS[kind]
    return make(record) if not permission or can(PUBLIC, permission, record) else None


def _invented(record: Any, text: str) -> str:
    return f"{_('Demonstration, invented')}. {text}" if record.is_demo else text


def _country(party: Party) -> dict[str, Any]:
    kind = "Country" if party.is_state else "Organization"
    return {"@type": kind, "name": name(party), "identifier": party.ref, "url": link("parties.detail", ref=party.ref)}


def _need(need: Need) -> Card:
    data: dict[str, Any] = {
        "@type": "Demand", "name": need.title, "identifier": need.ref, "description": in_short(need.summary),
        "areaServed": _country(need.party)}
    if need.valid_until:
        data["validThrough"] = need.valid_until.isoformat()
    return Card("needs.detail", {"ref": need.ref}, _invented(need, in_short(f"{name(need.party)}: {need.summary}")), data)


def _offer(offer: Offer) -> Card:
    data = {"@type": "Offer", "name": offer.title, "identifier": offer.ref, "description": in_short(offer.summary),
            "offeredBy": _country(offer.party), "validThrough": offer.valid_until.isoformat()}
    return Card("offers.detail", {"ref": offer.ref}, _invented(offer, in_short(f"{name(offer.party)}: {offer.summary}")), data)


def _pledge(pledge: Pledge) -> Card:
    # No type of schema.org is a pledge: a grant is given, and an offer is for whoever takes it.
    return Card("pledges.detail", {"ref": pledge.ref}, _invented(pledge, name(pledge.donor)))


def _event(title: str, ref: str, first: Any, last: Any, mode: Mode | None, place: str) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "Event", "name": title, "identifier": ref, "startDate": first.isoformat(),
                             "eventStatus": f"{SCHEMA}/EventScheduled",
                             "organizer": {"@type": "Organization", "name": "Implementation Support Unit"}}
    if last and last != first:
        found["endDate"] = last.isoformat()
    if mode:
        found["eventAttendanceMode"] = f"{SCHEMA}/{_MODES[mode]}EventAttendanceMode"
    if place:
        found["location"] = {"@type": "Place", "name": place}
    return found


def _conference(conference: Conference) -> Card:
    data = _event(conference.title, conference.ref, conference.first_day, conference.last_day, conference.mode,
                  conference.place) if conference.first_day else None
    words = in_short(conference.outcome) if conference.status is ConferenceStatus.PUBLISHED else ""
    return Card("conferences.detail", {"ref": conference.ref}, _invented(conference, words), data)


def _meeting(meeting: Meeting) -> Card:
    data = _event(meeting.title, meeting.ref, meeting.held_on, None, meeting.mode, meeting.place)
    return Card("approach.detail", {"ref": meeting.ref}, _invented(meeting, in_short(meeting.outcome)), data)


def _party(party: Party) -> Card:
    return Card("parties.detail", {"ref": party.ref}, _("Needs, offers, pledges, meetings and dates on record."), _country(party))


def _dataset(title: str, words: str) -> dict[str, Any]:
    settings = current_app.config["SETTINGS"]
    return {"@type": "Dataset", "name": title, "description": words, "license": settings.data_licence.url,
            "isAccessibleForFree": True,
            "creator": {"@type": "Organization", "name": "Platform for Partnerships", "url": link("pages.home")}}


def _release(release: Release) -> Card:
    data = _dataset(f"{package.TITLE}, {release.ref}", package.ABOUT) | {
        "identifier": release.ref, "version": release.ref, "datePublished": release.day.isoformat(), "license": release.licence_url}
    if release.stored_as is not None:
        data["distribution"] = [{
            "@type": "DataDownload", "encodingFormat": "application/zip", "contentSize": f"{release.size} B",
            "sha256": release.sha256, "contentUrl": link("releases.file", ref=release.ref)}]
    return Card("releases.detail", {"ref": release.ref}, _invented(release, package.ABOUT), data)


def _chart(chart: Chart) -> Card:
    values = {"name": chart.key, **chart.arguments}
    types = (("csv", "text/csv"), ("svg", "image/svg+xml"))
    data = _dataset(chart.title, f"{chart.title}. {chart.drawing.source}") | {"distribution": [
        {"@type": "DataDownload", "encodingFormat": media, "contentUrl": link("insight.chart", **values, **{"as": kind})}
        for kind, media in types]}
    return Card("insight.chart", values, in_short(chart.drawing.source), data)


# For each kind of record the permission that everybody must have (none: all of them are public) and what makes the card.
CARDS: dict[str, tuple[str, Callable[[Any], Card]]] = {
    "need": ("needs.view", _need), "offer": ("offers.view", _offer), "pledge": ("pledges.view", _pledge),
    "conference": ("conferences.view", _conference), "meeting": ("approach.view", _meeting), "party": ("", _party),
    "release": ("releases.view", _release), "chart": ("", _chart)}
