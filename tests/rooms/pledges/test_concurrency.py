"""Two people record a payment at the same moment: together they never exceed the pledge."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from threading import Barrier, BrokenBarrierError, Thread

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.pledges import payments, service
from partnerships.pledges.models import Pledge, PledgeStep


def test_two_payments_at_once_cannot_exceed_the_amount(app, make):
    pledge, actor = make.pledge(), make.actor(Role.DONOR_OFFICER)
    service.move(pledge, "agreed", actor, on=date.today())
    db.session.commit()
    number, outcomes, barrier = pledge.id, [], Barrier(2)

    def pay() -> None:
        with app.app_context():
            mine = db.session.get_one(Pledge, number)
            # On PostgreSQL both have read the pledge here; on SQLite the first holds the lock and waits in vain.
            with suppress(BrokenBarrierError):
                barrier.wait(1)
            try:
                payments.pay(mine, actor, amount=Decimal(200_000), paid_on=date.today())
                db.session.commit()
                outcomes.append("paid")
            except Refused:
                outcomes.append("refused")

    threads = [Thread(target=pay) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.expire_all()
    kept = db.session.get_one(Pledge, number)
    assert sorted(outcomes) == ["paid", "refused"]
    assert kept.paid_amount == 200_000 and [one.amount for one in kept.payments] == [Decimal(200_000)]


def test_one_payment_taken_back_twice_at_once_is_taken_back_once(app, make):
    pledge, actor = make.pledge(), make.actor(Role.DONOR_OFFICER)
    service.move(pledge, "agreed", actor, on=date.today())
    wrong = payments.pay(pledge, actor, amount=Decimal(100_000), paid_on=date.today())
    payments.pay(pledge, actor, amount=Decimal(100_000), paid_on=date.today())
    db.session.commit()
    number, outcomes, barrier = wrong.id, [], Barrier(2)

    def take_back() -> None:
        with app.app_context():
            mine = db.session.get_one(PledgeStep, number)
            assert mine.pledge.paid_amount
            with suppress(BrokenBarrierError):
                barrier.wait(1)
            outcomes.append(payments.void(mine, actor, "It went elsewhere."))
            db.session.commit()

    threads = [Thread(target=take_back) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.expire_all()
    kept = db.session.get_one(Pledge, pledge.id)
    assert sorted(outcomes) == [False, True]
    assert kept.paid_amount == 100_000 == sum(one.amount for one in kept.payments)
