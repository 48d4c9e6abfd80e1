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


class PledgeObject(StrEnum):
    """What a pledge, or a conference's target, is for."""

    NEED = "need"
    PROGRAMME = "programme"
    ISU_WORK_PLAN = "isu-work-plan"
    SPONSORSHIP = "sponsorship"
    MEETING_COSTS = "meeting-costs"
    FUND = "fund"


class Presence(StrEnum):
    """Whether a delegation is in the room, or still expected."""

    EXPECTED = "expected"
    PRESENT = "present"


LABELS = {
    ConferenceStatus.PLANNED: _p("conference status", "Planned"),
    ConferenceStatus.OPEN: _p("conference status", "Open now"),
    ConferenceStatus.CLOSED: _p("conference status", "Closed, outcome in preparation"),
    ConferenceStatus.PUBLISHED: _p("conference status", "Outcome published"),
}
OBJECT_LABELS = {
    PledgeObject.NEED: _p("pledge object", "A published need"),
    PledgeObject.PROGRAMME: _p("pledge object", "A State's programme"),
    PledgeObject.ISU_WORK_PLAN: _p("pledge object", "The ISU work plan"),
    PledgeObject.SPONSORSHIP: _p("pledge object", "The Sponsorship Programme"),
    PledgeObject.MEETING_COSTS: _p("pledge object", "Costs of meetings"),
    PledgeObject.FUND: _p("pledge object", "A trust fund or regional fund"),
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
PRESENCE_LABELS = {
    Presence.EXPECTED: _p("presence", "Expected"),
    Presence.PRESENT: _p("presence", "Present"),
}
