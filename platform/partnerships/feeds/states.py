"""What a calendar holds."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class What(StrEnum):
    """Whose dates: the person's own work, or all that their State or organisation has."""

    OWN = "own"
    PARTY = "party"


LABELS = {
    What.OWN: _p("calendar", "What is mine to do"),
    What.PARTY: _p("calendar", "Everything of my State or organisation"),
}
