"""A thematic area on one page: who asks, where nobody helps yet, who offers, what past support shows, what was met."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.insight import charts, gaps
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.offers import queries as offers
from partnerships.parties.reference import Theme
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges

SHOWN = 10


def by_code(code: str) -> Theme | None:
    """A thematic area."""
    return db.session.get(Theme, code)


def page(actor: Actor, theme: Theme, today: date) -> dict[str, Any]:
    """What the page shows, within the reader's sight."""
    by_state = gaps.by_state(actor, today, theme.code)
    nearest, total = needs.first(actor, {"theme": theme.code}, today, SHOWN)
    return {
        "theme": theme, "gaps": by_state, "chart": charts.of_gaps(by_state, today, theme) if by_state else None,
        "needs": with_figures(actor, nearest), "total": total, "shown": SHOWN,
        "offers": [offer for offer in offers.current(actor, today) if theme.code in offer.themes],
        "helped": needs.helped(actor, theme.code, SHOWN), "given": charts.in_theme(theme)}


def with_figures(actor: Actor, found: Sequence[Need]) -> list[tuple[Need, Any]]:
    """Needs with their figures, the pledges read at once."""
    made = pledges.of_needs(actor, [need.id for need in found])
    return [(need, figures.of_need(actor, need, made[need.id])) for need in found]

