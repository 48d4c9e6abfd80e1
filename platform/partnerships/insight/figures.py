"""The figures page: open needs, money by stage, coverage, support on record. Counted from a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from partnerships.core.actor import Actor
from partnerships.core.policy import can
from partnerships.insight import charts, outcomes, queries
from partnerships.insight.coverage import ANY, Coverage
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.offers import queries as offers
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.parties.words import name, title
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import ENDED

SHOWN = 10


@dataclass
class Asked:
    """What open needs ask for in one currency."""

    currency: str
    needs: int = 0
    asked: Decimal = Decimal(0)
    national: Decimal = Decimal(0)


@dataclass
class ThemeRow:
    """The open needs of a thematic area."""

    code: str
    title: str
    needs: int = 0
    unpledged: int = 0


@dataclass
class Unsupported:
    """A State none of whose open needs has a pledge, and when support for it was last on record."""

    party: Party
    needs: int
    last_year: int | None


def page(actor: Actor, today: date) -> dict[str, Any]:
    """Everything the page shows, within the reader's sight."""
    open_needs, standing, made = needs.current(actor, today), offers.current(actor, today), pledges.live(actor)
    priced = [need for need in open_needs if need.asked is not None and can(actor, "needs.view-amounts", need)]
    everyone = queries.parties_by_id()
    live = [pledge for pledge in made if pledge.status not in ENDED]
    helped = {pledge.need_id for pledge in live if pledge.need_id is not None}
    received = queries.received_by_year()
    rows = _themes(open_needs, helped)
    return {
        "open_needs": len(open_needs), "unpledged": sum(need.id not in helped for need in open_needs),
        "asking": len({need.party_id for need in open_needs}), "offers": len(standing),
        "asked": _asked(priced), "no_amount": len(open_needs) - len(priced),
        "stages": figures.by_currency(made), "outside": _outside(made), "pledges": len(made),
        "themes": rows, "most_needs": max((row.needs for row in rows), default=0), "any": ANY,
        "coverage": Coverage(actor, today).all,
        "ways": _ways(),
        **_history(received, everyone), "without_amount": queries.without_amount(),
        "unsupported": _unsupported(open_needs, live, received, everyone),
        "outcomes": outcomes.of_needs(actor, today),
    }


def _ways() -> list[tuple[str, str, str]]:
    """(endpoint, name, what it answers) of the pages that look at the register as a picture."""
    return [
        ("insight.flows", _("Who supports whom"),
         _("Every donor and recipient on record in one matrix, by year and thematic area.")),
        ("insight.compare", _("Side by side"), _("Two to five States or donors, the same measures for each.")),
        ("indicators.index", _("Action plan"), _("The cooperation actions with their indicators, year by year.")),
        ("insight.coverage", _("Coverage"), _("Open needs without an offer, offers without a need, and where donors meet.")),
        ("insight.changes", _("What changed"), _("Since any day, in the whole register or around one State."))]


def _asked(priced: Iterable[Need]) -> list[Asked]:
    found: dict[str, Asked] = {}
    for need in priced:
        row = found.setdefault(need.currency, Asked(need.currency))
        row.needs += 1
        row.asked += need.asked or 0
        row.national += need.national_share
    return sorted(found.values(), key=lambda row: (-row.needs, row.currency))


def _outside(made: Iterable[Pledge]) -> int:
    """How many pledges stand in no stage of money: in kind, political, or without an amount."""
    return sum(pledge.amount is None or pledge.kind.value != "financial" for pledge in made)


def _themes(open_needs: Iterable[Need], helped: set[int]) -> list[ThemeRow]:
    rows = {theme.code: ThemeRow(theme.code, title(theme)) for theme in parties.all_themes()}
    rows[ANY] = ThemeRow(ANY, _("No area named"))
    for need in open_needs:
        row = rows[need.theme or ANY]
        row.needs += 1
        row.unpledged += need.id not in helped
    return list(rows.values())


def _history(received: Iterable[tuple[int, int, int, bool, Decimal | None]],
             everyone: Mapping[int, Party]) -> dict[str, Any]:
    """Support on record: the columns, the States supported most, and those that one donor alone supported last."""
    sums: dict[int, Decimal] = {}
    last: dict[int, tuple[int, int]] = {}
    for party, year, donors, complete, amount in received:
        sums[party] = sums.get(party, Decimal(0)) + (amount or 0)
        if complete and everyone[party].is_state:
            last[party] = max(last.get(party, (0, 0)), (year, donors))
    most = sorted(((everyone[party], amount) for party, amount in sums.items() if amount),
                  key=lambda pair: (-pair[1], pair[0].ref))
    single = sorted(((everyone[party], year) for party, (year, donors) in last.items() if donors == 1),
                    key=lambda pair: (-pair[1], name(pair[0])))
    return {"chart": charts.in_all(), "most": most[:SHOWN], "recipients": len(most), "single": single, "complete": len(last)}


def _unsupported(open_needs: Iterable[Need], live: Iterable[Pledge], received: Iterable[tuple[Any, ...]],
                 everyone: Mapping[int, Party]) -> list[Unsupported]:
    counts: dict[int, int] = {}
    for need in open_needs:
        counts[need.party_id] = counts.get(need.party_id, 0) + 1
    pledged = {pledge.recipient_id for pledge in live}
    years: dict[int, int] = {}
    for party, year, *_rest in received:
        years[party] = max(year, years.get(party, 0))
    rows = [Unsupported(everyone[party], count, years.get(party)) for party, count in counts.items()
            if party not in pledged]
    return sorted(rows, key=lambda row: (row.last_year or 0, name(row.party)))
