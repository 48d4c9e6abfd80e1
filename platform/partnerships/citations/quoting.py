"""How a record is cited: whose it is, its title, its reference, the day of its last change, and its permanent address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from partnerships.core.mail import link
from partnerships.parties.words import name
from partnerships.pledges.models import Pledge


@dataclass(frozen=True)
class Citation:
    """The parts of a citation; `on` is the day of the record's last change, None where it has none of its own."""

    who: str
    title: str
    ref: str
    on: date | None
    address: str


def _of_pledge(pledge: Pledge) -> Citation:
    who = name(pledge.donor)
    return Citation(who, name(pledge.recipient) if pledge.recipient else "", pledge.ref, pledge.updated_at.date(),
                    link("pledges.detail", ref=pledge.ref))


def _of(page: str, whose: Callable[[Any], str]) -> Callable[[Any], Citation]:
    return lambda record: Citation(whose(record), record.title, record.ref, record.updated_at.date(), link(page, ref=record.ref))


QUOTED: dict[str, Callable[[Any], Citation]] = {
    "need": _of("needs.detail", lambda need: name(need.party)), "offer": _of("offers.detail", lambda offer: name(offer.party)),
    "pledge": _of_pledge, "conference": _of("conferences.detail", lambda _one: ""),
    "meeting": _of("approach.detail", lambda meeting: name(meeting.state)),
    "party": lambda party: Citation("", name(party), party.ref, None, link("parties.detail", ref=party.ref)),
    "release": lambda one: Citation("", _("Open data"), one.ref, one.day, link("releases.detail", ref=one.ref)),
    "chart": lambda chart: Citation("", chart.title, "", None, link("insight.chart", name=chart.key, **chart.arguments))}


def of_record(kind: str, record: Any) -> Citation:
    """The citation of a record that the reader sees."""
    return QUOTED[kind](record)
