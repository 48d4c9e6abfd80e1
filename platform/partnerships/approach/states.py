"""The status of an individualised-approach meeting."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class MeetingStatus(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"


LABELS = {
    MeetingStatus.PLANNED: _p("meeting status", "Planned"),
    MeetingStatus.HELD: _p("meeting status", "Held, follow-up running"),
    MeetingStatus.CLOSED: _p("meeting status", "Closed with its outcome"),
}
