"""What a calendar holds."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class What(StrEnum):
    """Whose dates: the person's own work, or all that their State or organisation has."""

    OWN = "own"
    PARTY = "party"


# The calendars for everybody, by the name in their address.
FOR_EVERYBODY = {
    "public": _p("calendar", "All public dates"),
    "conferences": _p("calendar", "Pledging conferences"),
    "meetings": _p("calendar", "Country meetings"),
    "deadlines": _p("calendar", "Deadlines of the Convention"),
}
LABELS = {
    What.OWN: _p("calendar", "What is mine to do"),
    What.PARTY: _p("calendar", "Everything of my State or organisation"),
}
