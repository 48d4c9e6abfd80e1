"""A calendar as RFC 5545 writes it: the same entries give the same bytes, so that a program fetches only what changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, url_for
from icalendar import Calendar, Event

from partnerships.core import mail
from partnerships.core.text import clean
from partnerships.feeds.entries import Entry

PRODUCT = "-//Platform for Partnerships//Calendar//EN"
MEDIA = "text/calendar"
OFTEN = timedelta(hours=6)


def written(title: str, entries: Iterable[Entry]) -> bytes:
    """Entries as an iCalendar file. Arguments: title, what calendar programs call it, in the reader's language."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", _line(title))
    calendar.add("refresh-interval", OFTEN, parameters={"value": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@{host()}")
    event.add("dtstamp", entry.changed)
    event.add("last-modified", entry.changed)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("summary", _line(entry.title))
    event.add("dtstart", entry.start)
    if isinstance(entry.start, datetime):
        if entry.last is not None:
            event.add("dtend", entry.last)
    else:
        last = entry.last if entry.last is not None and not isinstance(entry.last, datetime) else entry.start
        event.add("dtend", _next(max(last, entry.start)))
        event.add("transp", "TRANSPARENT")
    if entry.place:
        event.add("location", _line(entry.place))
    event.add("url", address(entry.page, **entry.values))
    return event


def host() -> str:
    """Whose the entries are, in their identifiers: two platforms never use the same one."""
    return urlsplit(current_app.config["SETTINGS"].public_url).netloc or "platform-for-partnerships"


def address(page: str, **values: Any) -> str:
    """The absolute address of a page: from the settings where they say it, else from the request."""
    if current_app.config["SETTINGS"].public_url:
        return mail.link(page, **values)
    return url_for(page, _external=True, **values)


def subscribed(address: str) -> str:
    """An address as calendar programs take it up, to ask it again and again rather than to read it once."""
    return f"webcal:{address.partition(':')[2]}"


def _next(day: date) -> date:
    """The day after: an end is the first moment that is no longer part of it."""
    return day + timedelta(days=1)


def _line(text: str) -> str:
    """A text on one line, without marks that a calendar cannot hold."""
    return " ".join((clean(text) or "").split())
