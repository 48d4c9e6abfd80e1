"""Computing in the background: begun once, kept when it ends, stopped, found when its process has died."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from partnerships.allocations import jobs, queries, service
from partnerships.allocations.models import Allocation
from partnerships.allocations.states import AllocationStatus
from partnerships.core.actor import Role
from partnerships.core.db import db, utcnow


@pytest.fixture
def begun(monkeypatch):
    """The computations that would have begun: (id, key). None begins by itself in these tests."""
    found: list[tuple[int, str]] = []
    monkeypatch.setattr(jobs, "start", lambda number, key: found.append((number, key)))
    return found


def kept(allocation) -> Allocation:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Allocation).where(Allocation.id == allocation.id)).one()


def age(allocation, minutes: int) -> None:
    db.session.execute(update(Allocation).where(Allocation.id == allocation.id).values(
        heartbeat_at=utcnow() - timedelta(minutes=minutes)).execution_options(synchronize_session=False))
    db.session.commit()


def test_a_smallest_grant_is_computed_in_the_background(world, plan, sign_in, begun):
    allocation = plan({"NOR": 500_000, "JPN": 60_000}, minimum=Decimal(100_000), run=False)
    isu, url = sign_in(Role.ISU_OFFICER), f"/allocations/{allocation.ref}"
    assert isu.post(f"{url}/run").headers["Location"] == url
    page = isu.get(url).get_data(as_text=True)
    assert "Being computed" in page and "Waiting for another plan" in page and "seconds so far" in page
    assert 'hx-trigger="every 3s"' in page and "Stop" in page and "Refresh" in page
    [(number, key)] = begun
    assert jobs.run(number, key)
    allocation = kept(allocation)
    assert allocation.status is AllocationStatus.DONE and allocation.run_key == ""
    assert all(row[2] >= 100_000 for row in allocation.result["grants"]) and allocation.result["grants"]
    page = isu.get(url).get_data(as_text=True)
    assert "The smallest grant of" in page and "hx-trigger" not in page
    assert not jobs.run(number, key), "an answer is kept once"


def test_a_second_run_is_refused_in_words_and_so_is_a_change(world, plan, sign_in, begun):
    allocation = plan({"NOR": 500_000}, minimum=Decimal(1000))
    isu, url = sign_in(Role.ISU_OFFICER), f"/allocations/{allocation.ref}"
    answer = isu.post(f"{url}/run")
    assert answer.status_code == 422 and "being computed already" in answer.get_data(as_text=True)
    answer = isu.post(f"{url}/edit", data={**isu.fields(f"{url}/edit"), "title": "Other"})
    assert answer.status_code == 422 and "stop it first" in answer.get_data(as_text=True)
    assert begun == []


def test_what_a_stopped_computation_answers_is_not_taken(world, plan, sign_in, begun):
    allocation = plan({"NOR": 500_000}, minimum=Decimal(1000))
    number, key = allocation.id, allocation.run_key
    isu, url = sign_in(Role.ISU_OFFICER), f"/allocations/{allocation.ref}"
    assert isu.post(f"{url}/stop").status_code == 303
    assert not jobs.run(number, key)
    assert kept(allocation).status is AllocationStatus.DRAFT
    assert "was stopped" in isu.get(url).get_data(as_text=True)
    assert isu.post(f"{url}/stop").status_code == 303  # a second click
    assert "Nothing was running" in isu.get(url).get_data(as_text=True)


def test_a_computation_stopped_midway_ends(world, plan, monkeypatch):
    allocation = plan({"NOR": 500_000}, minimum=Decimal(1000))
    number, key = allocation.id, allocation.run_key
    beats = iter((True, False))
    monkeypatch.setattr(jobs, "beat", lambda *_args: next(beats))
    assert not jobs.run(number, key)
    assert kept(allocation).result is None


def test_a_run_that_died_with_its_process_is_found_and_can_be_run_again(world, plan, sign_in, begun):
    allocation = plan({"NOR": 500_000}, minimum=Decimal(1000))
    old = allocation.run_key
    age(allocation, 1)
    assert not queries.is_dead(kept(allocation))
    age(allocation, 3)
    isu, url = sign_in(Role.ISU_OFFICER), f"/allocations/{allocation.ref}"
    page = isu.get(url).get_data(as_text=True)
    assert "The computation has stopped" in page and "Run it again" in page and "hx-trigger" not in page
    assert "Stopped before its end" in isu.get("/allocations/").get_data(as_text=True)
    assert isu.post(f"{url}/run").status_code == 303
    [(number, key)] = begun
    assert key != old and not jobs.run(number, old) and jobs.run(number, key)
    assert "ended before it had finished" in isu.get(url).get_data(as_text=True)


def test_an_error_ends_the_run_in_words(world, plan, sign_in, monkeypatch):
    allocation = plan({"NOR": 500_000}, minimum=Decimal(1000))

    def broken(*_args, **_kwargs):
        raise RuntimeError("no solution")

    monkeypatch.setattr(service, "compute", broken)
    assert not jobs.run(allocation.id, allocation.run_key)
    assert kept(allocation).status is AllocationStatus.FAILED
    page = sign_in(Role.ISU_OFFICER).get(f"/allocations/{allocation.ref}").get_data(as_text=True)
    assert "Nothing was kept" in page and "Run it again" in page


def test_a_large_plan_is_computed_in_the_background_too(world, plan, monkeypatch):
    monkeypatch.setattr(service, "SMALL", 1)
    assert plan({"NOR": 500_000}).status is AllocationStatus.RUNNING


def test_a_thread_takes_its_turn(world, plan, app, monkeypatch):
    allocation = plan({"NOR": 500_000}, minimum=Decimal(1000))
    number, key = allocation.id, allocation.run_key
    waited = threading.Event()
    monkeypatch.setattr(jobs, "WAIT", 0.05)
    beat = jobs.beat

    def heard(number, key, stage):
        if stage == "waiting":
            waited.set()
        return beat(number, key, stage)

    monkeypatch.setattr(jobs, "beat", heard)
    with jobs._turn:
        jobs.start(number, key)
        assert waited.wait(20)
    [thread] = [one for one in threading.enumerate() if one.name == f"allocation-{number}"]
    thread.join(60)
    assert not thread.is_alive() and kept(allocation).status is AllocationStatus.DONE
