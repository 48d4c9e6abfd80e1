"""What a State's or a donor's page says in pictures: needs by theme, its own contribution, who borders it, where it gives, how long
its pledges take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from flask_babel import gettext as _

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import can, scope
from partnerships.documents.models import Document
from partnerships.insight import charts
from partnerships.insight import queries as insight
from partnerships.insight.gaps import REFERENCE, rate
from partnerships.needs.models import Need
from partnerships.parties import queries
from partnerships.parties.models import Party
from partnerships.parties.words import title
from partnerships.pledges.models import Contribution, Pledge

Pair = tuple[Need, Any]


@dataclass
class ThemeGap:
    """A State's open needs of one thematic area; amounts in US dollars at today's rate, of those that the reader may see."""

    code: str
    title: str
    needs: int = 0
    currency: str = REFERENCE
    asked: Decimal = Decimal(0)
    national: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)
    pledged: Decimal = Decimal(0)
    gap: Decimal = Decimal(0)
    open: Decimal = Decimal(0)
    left_out: int = 0


def by_theme(pairs: Iterable[Pair], today: date) -> list[ThemeGap]:
    """Open needs by thematic area, the largest gap first; one without an amount or a rate is counted, and left out of the sums."""
    titles = {theme.code: title(theme) for theme in queries.all_themes()}
    found: dict[str, ThemeGap] = {}
    for need, own in pairs:
        code = need.theme or ""
        row = found.setdefault(code, ThemeGap(code, titles.get(code, _("No area named"))))
        row.needs += 1
        one = rate(need.currency, today) if own is not None else None
        if one is None:
            row.left_out += 1
            continue
        for part in ("asked", "national", "paid", "committed", "pledged", "gap", "open"):
            setattr(row, part, getattr(row, part) + getattr(own, part) * one)
    return sorted(found.values(), key=lambda row: (-row.gap, -row.needs, row.code))


@dataclass(frozen=True)
class Neighbour:
    """A State that borders this one: its open needs, and how many donors are on record for it."""

    party: Party
    needs: int
    donors: int


def neighbours(actor: Actor, party: Party, today: date) -> list[Neighbour]:
    """The neighbours with open needs or with support on record; those with most open needs first."""
    found = queries.by_refs((party.neighbours or "").split())
    ids = [one.id for one in found]
    asked, donors = insight.open_needs(actor, ids, today), insight.donors_on_record(ids)
    rows = [Neighbour(one, asked.get(one.id, 0), donors.get(one.id, 0)) for one in found]
    return sorted((row for row in rows if row.needs or row.donors), key=lambda row: (-row.needs, -row.donors, row.party.ref))


def documents(actor: Actor, party: Party, most: int) -> tuple[list[Document], int]:
    """The newest documents that a party added to its records, within the actor's sight, and how many there are."""
    query = scope(actor, "documents.view", Document).where(Document.party_id == party.id, Document.message_id.is_(None)).order_by(
        Document.created_at.desc(), Document.id.desc())
    found = list(db.session.scalars(query))
    return found[:most], len(found)


def contacts(actor: Actor, pairs: Iterable[Pair]) -> list[tuple[str, str, list[Need]]]:
    """(name, address, needs) of the contacts of open needs that the actor may see."""
    found: dict[tuple[str, str], list[Need]] = {}
    for need, _figures in pairs:
        if need.contact_name and can(actor, "needs.view-contact", need):
            found.setdefault((need.contact_name, need.contact_email or ""), []).append(need)
    return [(*key, needs) for key, needs in found.items()]


@dataclass
class Giving:
    """How a donor gives: the map, the thematic areas, pledges over several years, and how long a pledge takes to be paid."""

    map: charts.Chart | None
    themes: list[tuple[str, str, Decimal, int]] = field(default_factory=list)
    no_theme: int = 0
    financial: int = 0
    multi_year: int = 0
    lags: list[tuple[Pledge, int]] = field(default_factory=list)
    waiting: int = 0

    @property
    def lag(self) -> int | None:
        """Days from the announcement to the first payment, half of the pledges sooner and half later."""
        return int(median(days for _pledge, days in self.lags)) if self.lags else None


def giving(party: Party, gave: Sequence[Contribution], made: Iterable[Pledge], today: date) -> Giving:
    """See `Giving`. `made` are the donor's pledges within the reader's sight, with their steps."""
    found = Giving(charts.of_giving(party, gave))
    titles = {theme.code: title(theme) for theme in queries.all_themes()}
    sums: dict[str, list[Any]] = {}
    for row in gave:
        if not row.themes:
            found.no_theme += 1
        for code in row.themes:
            one = sums.setdefault(code, [Decimal(0), 0])
            one[0] += row.amount_usd or 0
            one[1] += 1
    found.themes = sorted(((code, titles.get(code, code), amount, count) for code, (amount, count) in sums.items()),
                          key=lambda row: (-row[2], row[0]))
    for pledge in made:
        if pledge.amount is None or pledge.donor_id != party.id:
            continue
        found.financial += 1
        found.multi_year += len({portion.year for portion in pledge.portions}) > 1
        first = min((step.day for step in pledge.payments), default=None)
        if first is not None and pledge.announced_on is not None:
            found.lags.append((pledge, (first - pledge.announced_on).days))
        elif pledge.announced_on is not None and pledge.announced_on <= today:
            found.waiting += 1
    return found

