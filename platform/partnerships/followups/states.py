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
    INTEREST_SILENT = "interest-silent"
    NEED_EXPIRING = "need-expiring"
    DEADLINE_NEAR = "deadline-near"
    STATE_UNHEARD = "state-unheard"
    NEAR_COMPLETION = "near-completion"
    NEIGHBOURS = "neighbours"
    OFFER_FITS = "offer-fits"
    DONOR_FREE = "donor-free"
    OWN = "own"


class Dismissal(StrEnum):
    """Why a suggestion was not needed; it teaches the order of the others (rules/learning.py)."""

    NOT_NOW = "not-now"
    ALREADY_DONE = "already-done"
    NOT_USEFUL = "not-useful"
    WRONG_PARTNER = "wrong-partner"
    OTHER = "other"


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
    Reason.INTEREST_SILENT: _p("follow-up reason", "An interest that fell silent"),
    Reason.NEED_EXPIRING: _p("follow-up reason", "A need about to leave matching"),
    Reason.DEADLINE_NEAR: _p("follow-up reason", "A deadline near, with a gap"),
    Reason.STATE_UNHEARD: _p("follow-up reason", "A State not heard from since its yearly report was due"),
    Reason.NEAR_COMPLETION: _p("follow-up reason", "A State with a small gap left"),
    Reason.NEIGHBOURS: _p("follow-up reason", "Neighbours with the same thematic area"),
    Reason.OFFER_FITS: _p("follow-up reason", "A new offer for a need discussed at a country meeting"),
    Reason.DONOR_FREE: _p("follow-up reason", "A donor whose partner State completed clearance"),
    Reason.OWN: _p("follow-up reason", "Noted by a person"),
}
DISMISSALS = {
    Dismissal.NOT_NOW: _p("suggestion dismissed", "Not now"),
    Dismissal.ALREADY_DONE: _p("suggestion dismissed", "Already done"),
    Dismissal.NOT_USEFUL: _p("suggestion dismissed", "Not useful"),
    Dismissal.WRONG_PARTNER: _p("suggestion dismissed", "Wrong partner"),
    Dismissal.OTHER: _p("suggestion dismissed", "Another reason"),
}
