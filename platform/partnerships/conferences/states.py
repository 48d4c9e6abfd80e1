"""A pledging conference's status."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class ConferenceStatus(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"


class Mode(StrEnum):
    IN_PERSON = "in-person"
    ONLINE = "online"
    HYBRID = "hybrid"


class Category(StrEnum):
    """Attendance categories of outcome pages."""

    STATE_PARTY = "state-party"
    STATE_NOT_PARTY = "state-not-party"
    INTERNATIONAL_ORGANISATION = "international-organisation"
    NGO = "ngo"


LABELS = {
    ConferenceStatus.PLANNED: _p("conference status", "Planned"),
    ConferenceStatus.OPEN: _p("conference status", "Open now"),
    ConferenceStatus.CLOSED: _p("conference status", "Closed, outcome in preparation"),
    ConferenceStatus.PUBLISHED: _p("conference status", "Outcome published"),
}
MODE_LABELS = {
    Mode.IN_PERSON: _p("mode", "In person"),
    Mode.ONLINE: _p("mode", "Online"),
    Mode.HYBRID: _p("mode", "In person and online"),
}
CATEGORY_LABELS = {
    Category.STATE_PARTY: _p("attendance", "States Parties"),
    Category.STATE_NOT_PARTY: _p("attendance", "States not party"),
    Category.INTERNATIONAL_ORGANISATION: _p("attendance", "International organisations"),
    Category.NGO: _p("attendance", "Non-governmental organisations"),
}
