"""The tally for the screen in the room: by object against target, by stage and currency, and in one reference currency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from partnerships.conferences.models import Conference, ConferenceTarget
from partnerships.conferences.states import OBJECT_LABELS, PledgeObject, Presence
from partnerships.core import money
from partnerships.parties.models import Party
from partnerships.pledges import figures
from partnerships.pledges.figures import Stages
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import ENDED

SHOWN = ("announced", "confirmed", "agreed", "paid")
ZERO = Decimal(0)


@dataclass
class InReference:
    """Stages in the reference currency; `rates` tells with which rates, `left_out` what has none and is not in them."""

    stages: Stages = field(default_factory=Stages)
    rates: dict[str, money.Converted] = field(default_factory=dict)
    left_out: dict[str, Stages] = field(default_factory=dict)

    def add(self, pledge: Pledge, currency: str) -> None:
        """Add a pledge, converted at the rate of its announcement; one without a rate is left out, visibly."""
        own, on = figures.stages(pledge), pledge.announced_on or date.today()
        one = money.convert(Decimal(1), pledge.currency, currency, on)
        if one is None:
            self.left_out.setdefault(pledge.currency, Stages()).add(own)
            return
        if pledge.currency != currency:
            self.rates.setdefault(pledge.currency, one)
        self.stages.add(Stages(**{name: money.rounded(value * one.rate, currency) for name, value in vars(own).items()}))


@dataclass
class Row:
    """What stands for one object, beside its targets."""

    object: PledgeObject
    targets: list[ConferenceTarget]
    pledges: int = 0
    donors: set[int] = field(default_factory=set)
    by_currency: dict[str, Stages] = field(default_factory=dict)
    reference: InReference = field(default_factory=InReference)
    target: Decimal | None = None  # in the reference currency; None where there is no target, or no rate for it


@dataclass
class Board:
    """The whole screen. Stages and currencies are never added to each other."""

    currency: str
    rows: list[Row]
    whole: Row
    present: int
    unpriced: int

    @property
    def donors(self) -> int:
        """How many delegations pledged."""
        return len(self.whole.donors)


def board(conference: Conference, pledges: Sequence[Pledge], today: date, currency: str = "") -> Board:
    """The tally of a conference.

    Arguments: pledges, those within the sight of everybody in the room, struck ones left out; today, the day of the rates for
    targets when the conference has no date; currency, to convert into (the conference's own reference currency).
    """
    currency, day = currency or conference.reference_currency, min(conference.first_day or today, today)
    of: dict[PledgeObject, list[ConferenceTarget]] = {one: [] for one in OBJECT_LABELS}
    for target in conference.targets:
        of[target.object].append(target)
    rows = [Row(one, targets, target=_in_reference(targets, currency, day)) for one, targets in of.items()]
    whole = Row(PledgeObject.FUND, [])
    for pledge in pledges:
        row = next(one for one in rows if one.object is pledge.object)
        for each in (row, whole):
            _count(each, pledge, currency)
    return Board(currency, [row for row in rows if row.pledges or row.targets], whole,
                 sum(one.presence is Presence.PRESENT for one in conference.attendance),
                 sum(not figures.counts(pledge) and pledge.status not in ENDED for pledge in pledges))


@dataclass
class Giver:
    """What one donor pledged, as the board counts it: a joint pledge stands with its lead. `unpriced` pledges are no money."""

    party: Party
    pledges: int = 0
    unpriced: int = 0
    reference: InReference = field(default_factory=InReference)


def by_donor(pledges: Iterable[Pledge], currency: str) -> list[Giver]:
    """The same pledges as the board's, donor by donor; those with the largest amount in any one stage first."""
    found: dict[int, Giver] = {}
    for pledge in pledges:
        live, priced = pledge.status not in ENDED, figures.counts(pledge)
        if not live and not (priced and pledge.paid_amount):
            continue
        giver = found.setdefault(pledge.donor_id, Giver(pledge.donor))
        giver.pledges += live
        giver.unpriced += live and not priced
        if priced:
            giver.reference.add(pledge, currency)
    return sorted(found.values(), key=lambda one: (-max(getattr(one.reference.stages, stage) for stage in SHOWN),
                                                   one.party.ref))


def _count(row: Row, pledge: Pledge, currency: str) -> None:
    if pledge.status not in ENDED:
        row.pledges += 1
        row.donors |= {pledge.donor_id, *(one.party_id for one in pledge.partners)}
    if figures.counts(pledge) and (pledge.status not in ENDED or pledge.paid_amount):
        row.by_currency.setdefault(pledge.currency, Stages()).add(figures.stages(pledge))
        row.reference.add(pledge, currency)


def _in_reference(targets: Iterable[ConferenceTarget], currency: str, day: date) -> Decimal | None:
    found = [money.convert(target.amount, target.currency, currency, day) for target in targets]
    if not found or any(one is None for one in found):
        return None
    return sum((one.amount for one in found if one is not None), ZERO)
