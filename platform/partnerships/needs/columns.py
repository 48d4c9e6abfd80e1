"""What a file of needs holds: a row a need, its amounts as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from partnerships.core.actor import Actor
from partnerships.core.export import Column
from partnerships.needs import queries
from partnerships.needs.models import Need
from partnerships.needs.states import LABELS
from partnerships.parties import choices
from partnerships.parties.words import name
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges


@dataclass(frozen=True)
class Row:
    """A need; the figures of its money, None where there are none to show; whether the reader may see its amounts at all."""

    need: Need
    money: figures.NeedFigures | None
    seen: bool

    def amount(self, value: Any) -> Any:
        """A value that belongs to the amounts: nothing for a reader who may not see them."""
        return value if self.seen else None


def rows(actor: Actor, needs: Iterable[Need]) -> list[Row]:
    """Needs with their figures from the pledges within the actor's sight: two queries, however many needs."""
    found = list(needs)
    own = pledges.of_needs(actor, [need.id for need in found])
    seen = queries.with_amounts_seen(actor, own)
    return [Row(need, figures.worth(need, own[need.id]) if need.id in seen else None, need.id in seen) for need in found]


def columns() -> list[Column]:
    """(key, heading, function of a row) for each column. The parts of the money exclude each other: each has its own."""
    kinds = dict(choices.kinds())
    themes = dict(choices.themes())
    return [
        ("need", _("Need"), lambda row: row.need.ref), ("state_code", _("State code"), lambda row: row.need.party.ref),
        ("state", _("State"), lambda row: name(row.need.party)),
        ("theme", _("Thematic area"), lambda row: themes.get(row.need.theme, row.need.theme)),
        ("title", _("Title"), lambda row: row.need.title), ("summary", _("What is needed"), lambda row: row.need.summary),
        ("place", _("Place"), lambda row: row.need.place),
        ("kinds", _("Kinds of assistance"), lambda row: [kinds.get(code, code) for code in row.need.kinds]),
        ("article", _("Article"), lambda row: row.need.article), ("deadline", _("Deadline"), lambda row: row.need.deadline),
        ("status", _("Status"), lambda row: LABELS[row.need.status]),
        ("published_on", _("Published on"), lambda row: row.need.published_at and row.need.published_at.date()),
        ("valid_until", _("Valid until"), lambda row: row.need.valid_until), ("amounts", _("Amounts"), _amounts),
        ("currency", _("Currency"), lambda row: row.money and row.money.currency),
        ("first_year", _("First year"), lambda row: row.amount(min((one.first_year for one in row.need.amounts), default=None))),
        ("last_year", _("Last year"), lambda row: row.amount(max((one.last_year for one in row.need.amounts), default=None))),
        ("asked", _("Asked"), lambda row: row.money and row.money.asked),
        ("covered_by_state", _("Of which the State covers"), lambda row: row.money and row.money.national),
        ("pledged", _("Announced or confirmed"), lambda row: row.money and row.money.pledged),
        ("agreed", _("Agreement signed, not yet paid"), lambda row: row.money and row.money.committed),
        ("paid", _("Paid"), lambda row: row.money and row.money.paid),
        ("open", _("Open"), lambda row: row.money and row.money.open),
        ("source", _("Source"), lambda row: row.need.source),
        ("demonstration", _("Demonstration, invented"), lambda row: row.need.is_demo or None),
    ]


def note() -> str:
    """What a reader of the file must know of its money."""
    return _("What is asked parts into what the State covers, what is announced or confirmed, what is signed, what is paid "
             "and what is open. These columns exclude each other; amounts pledged in another currency are converted at "
             "the rate of the day of the pledge. An amount that a State keeps from you is empty and says so.")


def _amounts(row: Row) -> str:
    """In words, why a row has amounts or none."""
    if not row.seen:
        return _("not shown to you")
    return _("stated") if row.need.asked is not None else _("not stated")
