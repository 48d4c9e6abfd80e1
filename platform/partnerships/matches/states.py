"""The life of a match."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class Audience(StrEnum):
    """Who reads a message: both sides, or one of them; the ISU always."""

    BOTH = "both"
    SIDE = "side"


class Decline(StrEnum):
    """Why somebody declines a match: a short list, so that reasons can be counted."""

    BUDGET = "budget"
    THEME = "theme"
    REGION = "region"
    TIMING = "timing"
    NOT_SPECIFIC = "not-specific"
    SUPPORTED = "supported"
    OTHER = "other"


class MatchStatus(StrEnum):
    SHARED = "shared"
    INTEREST = "interest"
    IN_TALKS = "in-talks"
    AGREED = "agreed"
    DECLINED = "declined"
    LAPSED = "lapsed"


LABELS = {
    MatchStatus.SHARED: _p("match status", "Shared with the partner"),
    MatchStatus.INTEREST: _p("match status", "Interest registered"),
    MatchStatus.IN_TALKS: _p("match status", "In talks"),
    MatchStatus.AGREED: _p("match status", "Agreed"),
    MatchStatus.DECLINED: _p("match status", "Declined"),
    MatchStatus.LAPSED: _p("match status", "Lapsed"),
}
OPEN = (MatchStatus.SHARED, MatchStatus.INTEREST, MatchStatus.IN_TALKS)
DECLINE_LABELS = {
    Decline.BUDGET: _p("reason to decline", "Budget committed elsewhere"),
    Decline.THEME: _p("reason to decline", "Not our thematic area"),
    Decline.REGION: _p("reason to decline", "Not our region"),
    Decline.TIMING: _p("reason to decline", "The timing does not fit"),
    Decline.NOT_SPECIFIC: _p("reason to decline", "The need is not specific enough"),
    Decline.SUPPORTED: _p("reason to decline", "Already supported otherwise"),
    Decline.OTHER: _p("reason to decline", "Another reason"),
}
