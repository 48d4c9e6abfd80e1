"""A clock that jumps: the record keeps its order, work is done once and not never, and nothing that expires lives on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from partnerships.core import audit, chain, delivery, jobs, mail, signed
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.jobs import Every
from partnerships.core.mail import Mail

NOON = datetime(2026, 11, 4, 12, 0, tzinfo=UTC)
JUMPS = (timedelta(days=1), timedelta(days=-2), timedelta(hours=30))


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


@pytest.fixture
def only(monkeypatch):
    def have(every, **works):
        monkeypatch.setattr(jobs, "JOBS", works)
        monkeypatch.setattr(jobs, "CADENCE", dict.fromkeys(works, every))

    return have


def test_the_record_keeps_its_order_whatever_the_clock_says(app, clock, make):
    made = [make.need("KHM").id]
    for jump in JUMPS:
        clock.shift(jump)
        made.append(make.need("KHM").id)
        assert audit.watermark() > 0
    events = db.session.execute(select(audit.Event.id, audit.Event.subject_id).where(
        audit.Event.tag == "need.published", audit.Event.subject_id.in_(made)).order_by(audit.Event.id)).all()
    assert [subject for _id, subject in events] == made == sorted(made)
    assert chain.verify(db.session).is_well, "seals follow the order of commits, not the clock"


def test_work_is_done_once_for_each_day_and_goes_on(app, clock, only):
    done: list[date] = []
    only(Every.DAY, daily=lambda today: done.append(today) or 1)
    jobs.run_due()
    clock.shift(timedelta(days=1))
    jobs.run_due()
    clock.shift(timedelta(days=-1))
    assert jobs.run_due() == [] and jobs.run_due() == [], "the day before was worked already"
    clock.shift(timedelta(days=1, hours=2))
    assert jobs.run_due() == []
    clock.shift(timedelta(days=3))
    jobs.run_due()
    assert done == [date(2026, 11, 4), date(2026, 11, 5), date(2026, 11, 8)]


def test_letters_taken_in_hand_by_a_clock_that_ran_ahead_are_still_delivered(app, clock, make):
    assert mail.write(make.account(), key="a-letter", kind="told", subject="Words", body="Words.")
    db.session.commit()
    number = db.session.scalars(select(Mail.id).where(Mail.key == "a-letter")).one()
    db.session.close()
    clock.shift(timedelta(days=1))
    assert delivery._claim(number) is not None  # and its process dies
    clock.shift(timedelta(days=-1))
    assert delivery.deliver().sent == 0
    clock.shift(timedelta(days=1, hours=1))
    assert delivery.deliver().sent == 1 and delivery.deliver().sent == 0


def test_nothing_that_expires_lives_longer(app, clock, sign_in):
    client = sign_in(Role.ISU_OFFICER)
    with app.test_request_context():
        word = signed.seal("clock", ["x"])
    assert client.get("/accounts/me").status_code == 200
    clock.shift(timedelta(days=-1))
    with app.test_request_context():
        assert signed.unseal("clock", word, 1, timedelta(days=2)) is None, "a word from the future is no word"
    client.get("/accounts/me")
    clock.shift(timedelta(days=3))
    with app.test_request_context():
        assert signed.unseal("clock", word, 1, timedelta(days=1)) is None
    answer = client.get("/needs/new")
    assert answer.status_code == 303 and "/accounts/sign-in" in answer.location
