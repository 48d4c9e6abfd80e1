"""The life of a match."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


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
