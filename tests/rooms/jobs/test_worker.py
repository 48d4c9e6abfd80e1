"""The worker: each piece of work once on all hosts, taken over from the dead; killed anywhere, nothing is lost or doubled."""

from __future__ import annotations

import os
import signal
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select

from partnerships.cli import jobs as command
from partnerships.core import delivery, jobs, mail
from partnerships.core.db import db
from partnerships.core.jobs import Every, JobRun
from partnerships.core.mail import Mail

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


@pytest.fixture
def only(monkeypatch):
    """Have only these jobs."""

    def have(every: Every = Every.DAY, **works) -> None:
        monkeypatch.setattr(jobs, "JOBS", works)
        monkeypatch.setattr(jobs, "CADENCE", dict.fromkeys(works, every))

    return have


def test_a_slot_is_worked_once_a_day_or_an_hour(app, clock, only):
    done: list[date] = []
    only(Every.HOUR, count=lambda today: done.append(today) or 1)
    assert [one.done for one in jobs.run_due()] == [1] and jobs.run_due() == []
    clock.shift(timedelta(hours=1))
    assert len(jobs.run_due()) == 1
    only(Every.DAY, daily=lambda today: done.append(today) or 1)
    assert len(jobs.run_due()) == 1
    clock.shift(timedelta(hours=5))
    assert jobs.run_due() == [] and len(done) == 3
    slots = [(one.slot, one.done, one.finished_at is not None) for one in jobs.latest()]
    assert slots == [("2026-05-04", 1, True), ("2026-05-04 13", 1, True), ("2026-05-04 12", 1, True)]


def test_what_failed_is_tried_again_after_a_while(app, clock, only):
    answers = iter([RuntimeError("no luck"), 5])

    def work(today: date) -> int:
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found

    only(shaky=work)
    assert [one.error for one in jobs.run_due()] == ["RuntimeError: no luck"] and jobs.run_due() == []
    clock.shift(jobs.PATIENCE + timedelta(minutes=1))
    assert [one.done for one in jobs.run_due()] == [5]
    clock.shift(timedelta(hours=2))
    assert jobs.run_due() == []


def test_several_hosts_at_once_do_each_piece_once(app, only):
    done: list[int] = []
    only(**{f"job{number}": (lambda today, number=number: done.append(number) or 1) for number in range(4)})

    def host() -> None:
        with app.app_context():
            jobs.run_due()

    hosts = [threading.Thread(target=host) for _number in range(4)]
    for one in hosts:
        one.start()
    for one in hosts:
        one.join()
    assert sorted(done) == [0, 1, 2, 3] and db.session.scalar(select(func.count()).select_from(JobRun)) == 4


def test_the_worker_looks_again_and_again_until_it_is_stopped(app, monkeypatch):
    looks: list[float] = []

    def look(_app) -> None:
        looks.append(1)
        if len(looks) == 3:
            os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(command, "look", look)
    try:
        command.stay(app, seconds=0.05)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert len(looks) >= 3


def test_the_command_for_cron_and_its_log(app, clock, only):
    only(fine=lambda today: 2)
    runner = app.test_cli_runner()
    db.session.rollback()
    assert runner.invoke(args=["jobs", "run", "--once"]).output.splitlines() == ["fine: 2", "letters: 0 delivered, 0 failed"]
    assert runner.invoke(args=["jobs", "run", "--once"]).output.splitlines() == ["letters: 0 delivered, 0 failed"]
    line = runner.invoke(args=["jobs", "log"]).output
    assert "fine" in line and "2026-05-04" in line and line.rstrip().endswith("2")


PEOPLE = 5


def _write(people: list[int]):
    """A job that writes one letter a person."""
    from partnerships.accounts.models import Account

    def work(today: date) -> int:
        found = [db.session.get_one(Account, number) for number in people]
        return sum(mail.write(one, key=f"told:{one.id}:{today}", kind="told", subject="Words", body="Words.") for one in found)

    return work


def _die_at(point: int, monkeypatch) -> None:
    """Kill this process at the n-th step of the work: before or after a claim, a commit, a sending, a mark."""
    steps = iter(range(10_000))

    def counted(function):
        def stepped(*args, **kwargs):
            if next(steps) == point:
                os.kill(os.getpid(), signal.SIGKILL)
            found = function(*args, **kwargs)
            if next(steps) == point:
                os.kill(os.getpid(), signal.SIGKILL)
            return found

        return stepped

    for owner, name in ((jobs, "_claim"), (jobs, "_one"), (jobs, "_finish"), (delivery, "_claim"), (delivery, "_send"),
                        (delivery, "_mark")):
        monkeypatch.setattr(owner, name, counted(getattr(owner, name)))


@pytest.mark.slow
def test_killed_at_any_step_nothing_is_lost_and_no_letter_comes_twice(app, make, only, monkeypatch):
    people = [make.account().id for _number in range(PEOPLE)]
    only(tell=_write(people))
    engine = app.extensions["database"]
    with time_machine.travel(NOON, tick=False) as moved:
        for point in (*range(0, 12, 1), *range(12, 44, 4)):
            db.session.rollback()
            engine.dispose()
            child = os.fork()
            if child == 0:
                engine.dispose(close=False)
                _die_at(point, monkeypatch)
                with app.app_context():
                    jobs.run_due()
                    delivery.deliver()
                os._exit(0)
            os.waitpid(child, 0)
            moved.shift(timedelta(minutes=41))  # past the patience of both: another host believes that this one died
        for _last in range(2):
            moved.shift(timedelta(hours=6))  # past the longest rest between two attempts
            jobs.run_due()
            delivery.deliver()
    days = db.session.scalars(select(JobRun.slot).where(JobRun.error == "", JobRun.finished_at.is_not(None))).all()
    letters = list(db.session.scalars(select(Mail).where(Mail.kind == "told")))
    assert len(letters) == PEOPLE * len(days) and len({one.key for one in letters}) == len(letters), "each once, none lost"
    assert all(one.sent_at is not None for one in letters)
    box = [one.read_text() for one in sorted((Path(app.config["SETTINGS"].data_dir) / "mail").glob("*.eml"))]
    identifiers = [line for text in box for line in text.splitlines() if line.startswith("Message-ID")]
    assert len(identifiers) == len(set(identifiers)) >= len(letters)
