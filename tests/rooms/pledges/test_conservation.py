"""Nothing is lost or counted twice: over any sequence of steps, the stages of a pledge sum to its current amount."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.core.visibility import Visibility
from partnerships.pledges import figures, payments, reports, service
from partnerships.pledges.models import Pledge, PledgeStep
from partnerships.pledges.service import Details
from partnerships.pledges.states import Earmarking, PledgeKind, PledgeObject, PledgeStatus, Settlement, StepKind

TODAY, ZERO, CENT = date.today(), Decimal(0), Decimal("0.01")
MOVES = {(source, move.target) for move in service.FLOW.transitions for source in move.sources}


class World:
    """The people and needs of one register, and what they may do to its pledges."""

    def __init__(self, make: Any) -> None:
        self.donor, self.isu = make.actor(Role.DONOR_OFFICER), make.actor(Role.ISU_OFFICER)
        self.reporter = make.actor(Role.FOCAL_POINT)
        self.parties = [make.party(ref) for ref in ("NOR", "JPN", "SWE")]
        self.needs = [make.need("KHM"), make.need("KHM")]
        self.pledges: list[Pledge] = []
        self.seen: set[tuple[str, str]] = set()

    def say(self, draw: Draw, amount: Decimal | None, for_need: bool) -> Details:
        """Portions, partners and parts of an amount: often right, sometimes a cent or a share too much."""
        whole = amount or ZERO
        third = (whole / 3).quantize(CENT)
        if amount is None:
            return Details(partners=((self.parties[1], None),) if draw.of(2) else ())
        portions = ((), ((2027, whole),), ((2026, third), (2028, whole - third)), ((2026, whole + CENT),))
        partners = ((), ((self.parties[1], third),), ((self.parties[1], None), (self.parties[2], third)),
                    ((self.parties[2], whole),))
        first, second = self.needs
        parts = ((), ((first, third), (second, whole - third)), ((first, None), (second, third)), ((first, whole), (second, CENT)))
        return Details(portions=draw.mostly(portions), partners=draw.mostly(partners),
                       parts=draw.mostly(parts) if for_need else (), earmarking=(None, Earmarking.TIGHT)[draw.of(2)])

    def announce(self, draw: Draw) -> None:
        """One more pledge, most often of money and from the floor."""
        kind = (*[PledgeKind.FINANCIAL] * 3, PledgeKind.IN_KIND, PledgeKind.POLITICAL)[draw.of(5)]
        amount = draw.amount() if kind is PledgeKind.FINANCIAL else None
        need = None if draw.of(3) == 2 else self.needs[0]
        said = self.say(draw, amount, need is not None) if draw.of(2) else Details()
        self.pledges.append(service.announce(
            self.isu, self.parties[0], object=PledgeObject.NEED if need else PledgeObject.ISU_WORK_PLAN, kind=kind, need=need,
            currency=("USD", "EUR")[draw.of(2)] if amount else "", amount=amount, from_floor=draw.of(3) < 2,
            announced_on=TODAY - timedelta(days=draw.of(800)), visibility=Visibility.PUBLIC, details=said))

    def act(self, what: str, pledge: Pledge, draw: Draw) -> None:
        """One call of a service, by somebody who may or may not."""
        actor = (self.donor, self.donor, self.isu)[draw.of(3)]
        day = (TODAY, TODAY, TODAY, TODAY - timedelta(days=draw.of(300)))[draw.of(4)]
        if what in service.MOVES:
            service.move(pledge, what, self.isu if what in ("lapsed", "struck", "restored") else actor, "Why", on=day)
        elif what == "pay":
            payments.pay(pledge, actor, amount=draw.part(pledge), paid_on=day)
        elif what == "void":
            made = [one for one in pledge.steps if one.kind is StepKind.PAYMENT] or pledge.steps
            payments.void(made[draw.of(len(made))], actor, "Why")
        elif what == "amend":
            payments.amend(pledge, actor, amount=draw.amount(), day=day)
        elif what == "describe":
            service.describe(pledge, actor, self.say(draw, pledge.amount, pledge.need is not None), "If parliament agrees")
        elif what == "correct":
            values = {name: getattr(pledge, name) for name in service.CORRECTED}
            amount = draw.amount() if pledge.kind is PledgeKind.FINANCIAL else None
            service.correct(pledge, self.isu, self.parties[draw.of(2)], {**values, "amount": amount},
                            self.say(draw, amount, pledge.need is not None))
        elif what == "report":
            said = reports.report(pledge, self.reporter, paid_amount=draw.part(pledge), as_of=TODAY)
            reports.settle(said, self.isu, outcome=(Settlement.REPORT, Settlement.RECORD)[draw.of(2)], note="Why")


WHAT = (*service.MOVES, "pay", "void", "amend", "describe", "correct", "report")
# What is apt at a stage, tried twice as often as anything else: a walk of refusals leads nowhere.
APT = {PledgeStatus.ANNOUNCED: ("agreed", "agreed", "confirmed", "describe", "correct", "struck"),
       PledgeStatus.CONFIRMED: ("agreed", "agreed", "amend", "describe", "delivered"),
       PledgeStatus.AGREED: ("pay", "pay", "pay", "void", "amend", "describe", "report", "delivered"),
       PledgeStatus.PAID: ("void", "amend", "report"), PledgeStatus.WITHDRAWN: ("void",), PledgeStatus.LAPSED: ("void",),
       PledgeStatus.STRUCK: ("restored",), PledgeStatus.DELIVERED: ("report",)}


class Draw:
    """Choices of a walk, one after the other."""

    def __init__(self, data: Any) -> None:
        self.data = data

    def of(self, number: int) -> int:
        return int(self.data.draw(st.integers(0, number - 1)))

    def mostly(self, choices: Sequence[Any]) -> Any:
        """One of several, the last of which is wrong: one time in eight."""
        return choices[-1] if self.of(8) == 7 else choices[self.of(len(choices) - 1)]

    def amount(self) -> Decimal:
        """An amount to the cent, now and then one that no pledge can have."""
        wrong = (ZERO, Decimal(-5), Decimal("0.001"))[self.of(3)]
        return self.mostly((CENT, 7 * CENT, self.of(500_000_000) * CENT + CENT, Decimal(300_000), wrong))

    def part(self, pledge: Pledge) -> Decimal:
        """What may be paid: all that is left, a part of it, or a cent too much."""
        left = (pledge.amount or ZERO) - pledge.paid_amount
        return self.mostly((left, (left / 3).quantize(CENT), CENT, (left + CENT, -CENT)[self.of(2)]))


def _is_conserved(pledge: Pledge) -> None:
    """What holds of every pledge at any time."""
    own, amount = figures.stages(pledge), pledge.amount or ZERO
    assert sum(vars(own).values()) == (amount if figures.counts(pledge) else ZERO)
    years = figures.Stages()
    for one in figures.by_year(pledge).values():
        assert min(vars(one).values()) >= 0
        years.add(one)
    assert years == own and min(vars(own).values()) >= 0
    donors = {pledge.donor_id, *(one.party_id for one in pledge.partners)}
    shares = [figures.share_of(pledge, number) for number in donors]
    assert sum(shares) == amount and min(shares) >= 0
    for share in shares if figures.counts(pledge) else ():
        assert sum(vars(figures.scaled(own, share, amount)).values()) == share
    made = db.session.scalar(select(func.coalesce(func.sum(PledgeStep.amount), ZERO)).where(
        PledgeStep.pledge_id == pledge.id, PledgeStep.kind == StepKind.PAYMENT, PledgeStep.voided_at.is_(None)))
    assert pledge.paid_amount == made == sum((one.amount or ZERO for one in pledge.payments), ZERO)
    assert 0 <= pledge.paid_amount <= amount
    assert not pledge.portions or sum(one.amount for one in pledge.portions) == amount
    assert sum((one.amount or ZERO for one in pledge.parts), ZERO) <= amount
    assert (pledge.status is PledgeStatus.PAID) <= (pledge.paid_amount == amount > 0)
    assert (pledge.status is PledgeStatus.AGREED and amount > 0) <= (pledge.paid_amount < amount)
    assert (pledge.paid_amount > 0) <= (pledge.agreed_on is not None)


def _walk(world: World, data: Any) -> None:
    """A register of up to three pledges, and sixteen calls of services on them; all of it is forgotten afterwards."""
    draw, world.pledges = Draw(data), []
    for number in range(16):
        before = {one.id: one.status for one in world.pledges}
        fate = "refused"
        with suppress(Refused, HTTPException), db.session.begin_nested():
            if number == 0 or (draw.of(7) == 6 and len(world.pledges) < 3):
                what = "announce"
                world.announce(draw)
                if draw.of(3) < 2:  # most walks begin where money moves
                    service.move(world.pledges[-1], "agreed", world.isu, on=TODAY)
            elif world.pledges:
                one = world.pledges[draw.of(len(world.pledges))]
                choices = APT[one.status] if draw.of(3) else WHAT
                what = choices[draw.of(len(choices))]
                world.act(what, one, draw)
            else:
                continue
            db.session.flush()
            fate = "kept"
        world.seen.add((what, fate))
        world.pledges = [one for one in world.pledges if one in db.session]
        db.session.expire_all()
        for one in world.pledges:
            _is_conserved(one)
            assert one.status is before.get(one.id, one.status) or (before[one.id], one.status) in MOVES
        by_currency: dict[str, figures.Stages] = {}
        for one in filter(figures.counts, world.pledges):
            by_currency.setdefault(one.currency, figures.Stages()).add(figures.stages(one))
        assert figures.by_currency(world.pledges) == by_currency
    db.session.rollback()


def _walks(make: Any, examples: int) -> World:
    world = World(make)

    @settings(max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def walk(data: Any) -> None:
        try:
            _walk(world, data)
        finally:
            db.session.rollback()

    walk()
    return world


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_whatever_happens_to_pledges_nothing_is_lost_or_counted_twice(app, make):
    world = _walks(make, 40)
    # A walk on which nothing happens proves nothing: what moves money was done and refused, and most else was done.
    done, refused = ({what for what, fate in world.seen if fate == one} for one in ("kept", "refused"))
    assert done >= {"announce", "agreed", "pay", "void", "amend", "describe"} and len(done) >= 11
    assert refused >= {"announce", "pay", "void", "amend", "describe"}


@pytest.mark.parametrize("engine_name", ["postgres"], indirect=True)
def test_the_same_on_postgresql(app, make):
    assert {what for what, fate in _walks(make, 8).seen if fate == "kept"} >= {"announce", "pay"}


STEP = PledgeStep.__table__
TABLE = Pledge.__table__


@pytest.mark.parametrize(("name", "change"), [
    ("paid_within_amount", {"amount": Decimal(99_999)}), ("paid_within_amount", {"paid_amount": Decimal(300_001)}),
    ("paid_within_amount", {"amount": None}), ("paid_not_negative", {"paid_amount": Decimal(-1)}),
    ("paid_after_agreement", {"agreed_on": None, "status": "announced"}), ("paid_means_all", {"status": "paid"}),
    ("agreed_has_date", {"agreed_on": None, "paid_amount": ZERO}), ("delivered_is_not_money", {"status": "delivered"}),
    ("only_money_has_amount", {"kind": "in-kind"}),
    ("valuation_of_in_kind", {"valuation": Decimal(5), "valuation_currency": "USD"})])
def test_the_database_refuses_what_the_ladder_forbids(make, name: str, change: dict[str, Any]):
    pledge, actor = make.pledge(), make.actor(Role.DONOR_OFFICER)
    service.move(pledge, "agreed", actor, on=TODAY)
    payments.pay(pledge, actor, amount=Decimal(100_000), paid_on=TODAY)
    db.session.commit()
    _refused(lambda: update(TABLE).where(TABLE.c.id == pledge.id).values(change), f"ck_pledge_{name}")
    db.session.expire_all()
    assert pledge.paid_amount == 100_000 and pledge.amount == 300_000


@pytest.mark.parametrize(("name", "values"), [
    ("payment_has_amount", {"kind": "payment"}), ("amount_positive", {"kind": "payment", "amount": Decimal(-5)}),
    ("amount_positive", {"kind": "reduced", "amount": ZERO}),
    ("only_payments_voided", {"kind": "agreed", "voided_at": datetime(2026, 1, 2, tzinfo=UTC)})])
def test_the_database_refuses_steps_that_cannot_be(make, name: str, values: dict[str, Any]):
    pledge = make.pledge()
    _refused(lambda: insert(STEP).values(pledge_id=pledge.id, day=TODAY, note="", **values), f"ck_pledge_step_{name}")


def _refused(statement: Callable[[], Any], name: str) -> None:
    with pytest.raises(IntegrityError, match=name):
        db.session.execute(statement())
    db.session.rollback()
