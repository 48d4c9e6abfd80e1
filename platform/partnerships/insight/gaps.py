"""What open needs ask for and what of it nobody has committed or paid, State by State: what the world map shows.

Amounts of several currencies are brought to US dollars at the European Central Bank's rate of the day, for the share alone; where
there is no rate the need is left out and counted. A fixed number of queries, however many needs there are: sums by State and
currency, and the few needs that have signed or paid pledges.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, func, select

from partnerships.core import money
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import condition
from partnerships.insight import queries
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.pledges import figures
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Pledge, PledgeNeed
from partnerships.pledges.states import PledgeStatus

# Withdrawn and lapsed pledges keep what was paid of them.
FIRM = (PledgeStatus.AGREED, PledgeStatus.PAID, PledgeStatus.WITHDRAWN, PledgeStatus.LAPSED)
REFERENCE = "USD"
STEPS = 7
"""Classes of the map: the first holds States without any gap, the last those where nothing at all is covered."""


@dataclass
class Gap:
    """A State's open needs. `asked` and `open` are US dollars, of the needs whose amounts the reader may see."""

    party: Party
    needs: int = 0
    counted: int = 0
    asked: Decimal = Decimal(0)
    open: Decimal = Decimal(0)
    left_out: int = 0
    asked_in: dict[str, tuple[Decimal, int]] = field(default_factory=dict)
    """What is asked in each currency, and by how many needs."""

    @property
    def share(self) -> Decimal | None:
        """The unmet share, from 0 to 1; None where no amount is known."""
        return self.open / self.asked if self.asked else None

    @property
    def step(self) -> int:
        """The class on the map: 1 to 7; 0 where no amount is known."""
        share = self.share
        return 0 if share is None else min(STEPS, int(share * STEPS) + 1)


def by_state(actor: Actor, today: date, theme: str = "") -> list[Gap]:
    """Each State with open needs (of one thematic area, or all) within the actor's sight, the largest gap first."""
    everyone, chosen = queries.parties_by_id(), _open(actor, today, theme)
    found = {party: Gap(everyone[party], count) for party, count in _counts(chosen).items()}
    for party, currency, count, asked, national in _sums(actor, chosen):
        gap, one = found[party], rate(currency, today)
        gap.asked_in[currency] = asked, count
        if one is None:
            gap.left_out += count
            continue
        gap.counted += count
        gap.asked += asked * one
        gap.open += max(Decimal(0), asked - national) * one
    for need, covered in _covered(actor, chosen):
        one = rate(need.currency, today)
        if one is not None:
            found[need.party_id].open -= covered * one
    return sorted(found.values(), key=lambda gap: (-gap.open, -gap.needs, gap.party.ref))


def _open(actor: Actor, today: date, theme: str) -> ColumnElement[bool]:
    chosen = queries.is_open(actor, today)
    return and_(chosen, Need.theme == theme) if theme else chosen


def _counts(chosen: ColumnElement[bool]) -> dict[int, int]:
    query = select(Need.party_id, func.count()).where(chosen).group_by(Need.party_id)
    return {party: int(count) for party, count in db.session.execute(query)}


def _sums(actor: Actor, chosen: ColumnElement[bool]) -> Iterable[tuple[int, str, int, Decimal, Decimal]]:
    """(State, currency, needs, asked, of which the State covers) of open needs with amounts that the reader may see."""
    query = select(Need.party_id, Need.currency, func.count(), func.sum(Need.asked), func.sum(Need.national_share)).where(
        chosen, condition(actor, "needs.view-amounts", Need), Need.asked.is_not(None)).group_by(
        Need.party_id, Need.currency)
    for party, currency, count, asked, national in db.session.execute(query):
        yield party, currency, int(count), Decimal(asked or 0), Decimal(national or 0)


def _covered(actor: Actor, chosen: ColumnElement[bool]) -> Iterable[tuple[Need, Decimal]]:
    """What signed agreements and payments cover of each open need, in the need's currency, as far as both are seen."""
    firm = select(Pledge.id).where(condition(actor, "pledges.view", Pledge), Pledge.status.in_(FIRM))
    named = select(Pledge.need_id).where(Pledge.id.in_(firm), Pledge.need_id.is_not(None)).union(
        select(PledgeNeed.need_id).where(PledgeNeed.pledge_id.in_(firm)))
    ids = set(db.session.scalars(select(Need.id).where(
        chosen, condition(actor, "needs.view-amounts", Need), Need.asked.is_not(None), Need.id.in_(named))))
    made = pledges.of_needs(actor, ids) if ids else {}
    for need in needs.by_numbers(actor, ids) if ids else ():
        own = figures.worth(need, made[need.id])
        if own is not None:
            yield need, own.asked - own.national - own.gap


def rate(currency: str, today: date) -> Decimal | None:
    """US dollars for one unit of a currency today; None where there is no rate."""
    one = money.convert(Decimal(1), currency, REFERENCE, today)
    return one.rate if one is not None else None
