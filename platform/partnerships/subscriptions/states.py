"""How often a subscription writes."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class Rhythm(StrEnum):
    """How often a letter may come; none comes when nothing is new."""

    WEEKLY = "weekly"
    DAILY = "daily"


LABELS = {
    Rhythm.WEEKLY: _p("alert", "On Mondays, when something is new"),
    Rhythm.DAILY: _p("alert", "Every day on which something is new"),
}
