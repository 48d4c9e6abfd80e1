"""What the tests of this room share: frozen days, and letters as their readers get them."""

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


@pytest.fixture
def on() -> Iterator[Callable[[str], None]]:
    """Move the clock: `on("2026-05-01")`."""
    traveller = time_machine.travel(datetime.fromisoformat("2026-05-01T09:00:00+00:00"), tick=False)
    moved = traveller.start()
    yield lambda day: moved.move_to(datetime.fromisoformat(f"{day}T09:00:00+00:00"))
    traveller.stop()


@pytest.fixture
def run(app) -> Callable[..., int]:
    """Run a job today: how many letters it wrote."""

    def ran(name: str = "reminders") -> int:
        db.session.rollback()
        db.session.expire_all()
        outcome, = jobs.run(date.today(), [name])
        assert not outcome.error, outcome.error
        return outcome.done

    return ran


@pytest.fixture
def letters(app) -> Callable[..., list[Mail]]:
    """The letters written so far, the oldest first."""

    def found(account=None) -> list[Mail]:
        db.session.rollback()
        query = select(Mail).order_by(Mail.id)
        return list(db.session.scalars(query if account is None else query.where(Mail.account_id == account.id)))

    return found


def link(letter: Mail, ref: str = "") -> str:
    """The path of the one-click link in a letter, of one record when it tells of several."""
    found = [one for one in re.findall(r"http://127\.0\.0\.1:8000(/renewals/\S+token=\S+)", letter.body) if f"/{ref}" in one]
    assert len(found) == 1, letter.body
    return found[0]
