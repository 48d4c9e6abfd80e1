"""The timeline of a record as a page shows it: events grouped by day, each with its words and its changes in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any

from flask import current_app, render_template
from flask_babel import lazy_pgettext as _p
from markupsafe import Markup

from partnerships.core.audit import NAMES, Event, is_reading
from partnerships.core.filters import day, number
from partnerships.core.policy import current_actor

LABELS: dict[str, Any] = {
    "title": _p("field", "Title"), "summary": _p("field", "Summary"), "theme": _p("field", "Thematic area"),
    "kinds": _p("field", "Kind of assistance"), "place": _p("field", "Place"), "deadline": _p("field", "Deadline"),
    "amounts": _p("field", "Amounts by year (State's share)"), "currency": _p("field", "Currency"),
    "beneficiaries": _p("field", "Who will benefit"), "language": _p("field", "Language"),
    "contact_name": _p("field", "Contact"), "contact_email": _p("field", "Contact's address"),
    "valid_until": _p("field", "Valid until"), "visibility": _p("field", "Visibility"), "status": _p("field", "Status"),
    "article": _p("field", "Article"), "next_step": _p("field", "Next step"), "next_step_on": _p("field", "By"),
    "owner": _p("field", "Owner"), "amount": _p("field", "Amount"), "paid_amount": _p("field", "Paid so far"),
    "expected_on": _p("field", "Next step expected by"), "paid_on": _p("field", "Paid on"),
    "announced_on": _p("field", "Announced on"),
    "confirmed_on": _p("field", "Confirmed on"),
    "agreed_on": _p("field", "Agreement signed on"), "condition": _p("field", "Condition"),
    "result": _p("field", "Result"), "due_on": _p("field", "Due"),
    "statement": _p("field", "Statement"), "themes": _p("field", "Thematic areas"), "regions": _p("field", "Regions"),
    "countries": _p("field", "States"), "languages": _p("field", "Languages"), "amount_min": _p("field", "From"),
    "amount_max": _p("field", "Up to"), "conditions": _p("field", "Conditions"), "how_to_ask": _p("field", "How to ask"),
    "multi_year": _p("field", "Several years"), "outcome": _p("field", "Outcome"), "chair": _p("field", "Chair"),
    "mode": _p("field", "Mode"), "first_day": _p("field", "First day"), "last_day": _p("field", "Last day"),
    "amounts_visibility": _p("field", "Who sees the amounts"), "details_visibility": _p("field", "Who sees the second part"),
    "obligation_id": _p("field", "Obligation"), "excluded_partners": _p("field", "Not to be suggested"),
    "channels": _p("field", "Preferred channel"), "national_note": _p("field", "What the State contributes"),
    "risks": _p("field", "Risks and assumptions"), "gender_analysis": _p("field", "Gender and diversity analysis"),
    "sustainability": _p("field", "After completion"), "plan_title": _p("field", "Plan it comes from"),
    "plan_year": _p("field", "Year of the plan"), "plan_url": _p("field", "Address of the plan"),
    "work": _p("field", "Work plan"), "people": _p("field", "People to be reached"), "costs": _p("field", "Costs"),
    "covered": _p("field", "Already covered"), "programme": _p("field", "National programme"),
    "version": _p("field", "Published version"),
    "supporters": _p("field", "Who helped"),
    "held_on": _p("field", "Date"), "interest": _p("field", "Interest expressed"), "number": _p("field", "Number"),
    "snoozed_until": _p("field", "Put off until"), "enabled": _p("field", "On"),
}
KINDS: dict[str, Any] = {
    "need": _p("timeline", "Needs"), "match": _p("timeline", "Matches"), "pledge": _p("timeline", "Pledges"),
    "meeting": _p("timeline", "Country meetings"), "followup": _p("timeline", "Follow-ups"),
    "offer": _p("timeline", "Offers"), "conference": _p("timeline", "Pledging conferences"),
    "priorities": _p("timeline", "Priorities"), "amendment": _p("timeline", "Changes to needs"),
}
# Fields that the page does not spell out as a change: the event's own sentence says it.
SILENT = ("status", "obligation_id")
VALUES: dict[str, Callable[[str], str]] = {}


@dataclass(frozen=True)
class Line:
    """One event, ready to be shown."""

    at: datetime
    tag: str
    actor_label: str
    words: Markup
    changes: list[tuple[str, str, str]]
    note: str


def days(events: Iterable[Event]) -> list[tuple[date, list[Line]]]:
    """Group events (newest first) by day, each with its words."""
    return [(when, list(group)) for when, group in groupby(lines(events), key=lambda line: line.at.date())]


def lines(events: Iterable[Event]) -> list[Line]:
    """Events as lines, in the order given."""
    found = list(events)
    people = _people(found)
    return [_line(event, people.get(event.account_id or 0, "")) for event in found]


def _people(events: list[Event]) -> dict[int, str]:
    """The names of those who acted, for readers who are signed in; everybody else reads the State or organisation."""
    numbers = {event.account_id for event in events if event.account_id is not None}
    if not numbers or not current_actor().is_signed_in:
        return {}
    return {number: name for give in NAMES for number, name in give(numbers).items()}


def kinds(events: Iterable[Event]) -> list[tuple[str, Any]]:
    """The kinds that occur among events, for the filter."""
    found = {event.tag.partition(".")[0] for event in events}
    return [(kind, label) for kind, label in KINDS.items() if kind in found]


def _partial(event: Event) -> str:
    return "events/read.html" if is_reading(event.tag) else f"events/{event.tag}.html"


def sentence(event: Event) -> Markup:
    """The event's words: one partial per tag."""
    return Markup(render_template(_partial(event), event=event).strip())


def plain(event: Event) -> str:
    """The same without marks and links, outside a request too: for letters."""
    partial = current_app.jinja_env.get_template(_partial(event))
    return str(Markup(partial.render(event=event, url_for=lambda *_page, **_values: "")).striptags())


def _line(event: Event, person: str) -> Line:
    changes = [(str(LABELS.get(key, key)), _value(key, old), _value(key, new))
               for key, (old, new) in event.changes.items() if key not in SILENT]
    label = f"{person}, {event.actor_label}" if person and person != event.actor_label else event.actor_label
    return Line(event.at, event.tag, label, sentence(event), changes, event.note)


def _value(key: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if key in VALUES:
        many = value if isinstance(value, list) else [value]
        return ", ".join(VALUES[key](one) for one in many)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if key.endswith(("_on", "_until", "deadline", "_day")):
        return day(date.fromisoformat(value))
    if key.startswith(("amount", "paid_amount")) and key != "amounts":
        try:
            return number(Decimal(value))
        except InvalidOperation:
            return str(value)
    return str(value)
