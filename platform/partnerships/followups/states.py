"""The status of a follow-up, and what it comes from."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class FollowupStatus(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class Reason(StrEnum):
    """Why a follow-up exists."""

    MEETING_ACTION = "meeting-action"
    NO_CONTACT = "no-contact"
    PLEDGE_PAST_DATE = "pledge-past-date"
    SIMILAR_NEED = "similar-need"
    OWN = "own"


LABELS = {
    FollowupStatus.OPEN: _p("follow-up status", "Open"),
    FollowupStatus.DONE: _p("follow-up status", "Done"),
    FollowupStatus.DROPPED: _p("follow-up status", "Dropped"),
}
REASON_LABELS = {
    Reason.MEETING_ACTION: _p("follow-up reason", "Action agreed at a country meeting"),
    Reason.NO_CONTACT: _p("follow-up reason", "Strong matches nobody has contacted"),
    Reason.PLEDGE_PAST_DATE: _p("follow-up reason", "A pledge past its date"),
    Reason.SIMILAR_NEED: _p("follow-up reason", "A similar need found support"),
    Reason.OWN: _p("follow-up reason", "Noted by a person"),
}
