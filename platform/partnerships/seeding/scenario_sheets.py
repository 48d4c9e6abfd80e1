"""The demonstration's spreadsheet: what a focal point sent and has not confirmed, with what goes wrong in such files."""

from __future__ import annotations

from datetime import date

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.exchange import service
from partnerships.exchange.models import Import, ImportOf


def preview(author: Actor) -> Import:
    """Leave a preview of four rows: two drafts to be, a formula pasted as text, another State's row."""
    year = date.today().year + 1
    rows = [
        "State;Title;Thematic area;Place;Year;Amount (USD);National share;Province code",
        f"Cambodia;Demonstration: survey along the border road;Survey and clearance;Oddar Meanchey;{year};1.250.000;150.000;KH-22",
        f"Cambodia;Demonstration: risk education in border schools;Risk education;Preah Vihear;{year};180.000;;KH-13",
        f"Cambodia;Demonstration: two teams with dogs;Survey and clearance;Pailin;{year};=SUM(F2:F3);;KH-24",
        f"Angola;Demonstration: survey in Moxico;Survey and clearance;Moxico;{year};90.000;;MOX",
    ]
    one = service.preview(author, ImportOf.NEEDS, "demonstration-needs.csv", "\n".join(rows).encode())
    one.is_demo = True
    db.session.flush()
    return one
