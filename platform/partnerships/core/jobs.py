"""Jobs: what the platform does by itself from time to time. Rooms declare theirs; a command or a thread runs them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import structlog

from partnerships.core.db import db

log = structlog.get_logger()
Work = Callable[[date], int]
JOBS: dict[str, Work] = {}


@dataclass(frozen=True)
class Outcome:
    """What became of one job: how many things it did, or why it failed."""

    name: str
    done: int
    error: str = ""


def declare(name: str, work: Work) -> None:
    """Add a job.

    Arguments: name, one word for the command line; work(today) does what is due and returns how many things it did.
    It runs in a transaction of its own and must do nothing twice when run again. Raises: ValueError when the name is
    taken by another.
    """
    if JOBS.get(name, work) is not work:
        raise ValueError(f"job {name} is declared twice")
    JOBS[name] = work


def run(today: date, names: Sequence[str] = ()) -> list[Outcome]:
    """Run jobs, each in its own transaction, committed at its end. One that fails is logged and hinders no other.

    Arguments: names, those to run (all when none is given), in the order they were declared. Raises: KeyError for a
    name that no room declared. Needs an application context.
    """
    wanted = {name: JOBS[name] for name in names} if names else dict(JOBS)
    return [_one(name, work, today) for name, work in wanted.items()]


def _one(name: str, work: Work, today: date) -> Outcome:
    try:
        done = work(today)
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        log.exception("job failed", job=name)
        return Outcome(name, 0, f"{type(error).__name__}: {error}"[:300])
    return Outcome(name, done)
