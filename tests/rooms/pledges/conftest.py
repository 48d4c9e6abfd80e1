"""What the tests of reminders share: frozen days, the job, and letters as their readers get them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
import time_machine
from sqlalchemy import select

from partnerships.core import jobs
from partnerships.core.db import db
from partnerships.core.mail import Mail
from partnerships.pledges.models import Pledge


@pytest.fixture
def on() -> Iterator[Callable[[str | date], None]]:
    """Move the clock: `on("2026-05-01")`."""
    traveller = time_machine.travel(datetime.fromisoformat("2026-01-10T09:00:00+00:00"), tick=False)
    moved = traveller.start()
    yield lambda day: moved.move_to(datetime.fromisoformat(f"{day}T09:00:00+00:00"))
    traveller.stop()


@pytest.fixture
def run(app) -> Callable[..., int]:
    """Run the job today: how many letters it wrote."""

    def ran(name: str = "remind-pledges") -> int:
        db.session.rollback()
        db.session.expire_all()
        outcome, = jobs.run(date.today(), [name])
        assert not outcome.error, outcome.error
        return outcome.done

    return ran


@pytest.fixture
def letters(app) -> Callable[..., list[Mail]]:
    """The letters about pledges so far, the oldest first."""

    def found(account=None) -> list[Mail]:
        db.session.rollback()
        query = select(Mail).where(Mail.kind == "pledges").order_by(Mail.id)
        return list(db.session.scalars(query if account is None else query.where(Mail.account_id == account.id)))

    return found


def link(letter: Mail, ref: str = "") -> str:
    """The path of the one-click link in a letter, of one pledge when it tells of several."""
    every = re.findall(r"http://127\.0\.0\.1:8000(/pledges/\S+/update\?token=\S+)", letter.body)
    found = [one for one in every if f"/{ref}" in one]
    assert len(found) == 1, letter.body
    return found[0]


def again(pledge: Pledge) -> Pledge:
    """The pledge as it stands in the database."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Pledge, pledge.id)
