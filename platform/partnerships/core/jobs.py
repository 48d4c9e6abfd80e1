"""Jobs: what the platform does by itself from time to time. Rooms declare theirs; a worker, cron or a thread runs them.

Which host does a piece of work is decided by the database: a job has one row a slot (a day, or an hour), and whoever writes
the row first does the work. A host that died over it is taken over from after a while; a job that failed is tried again.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import structlog
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, String, UniqueConstraint, and_, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from partnerships.core import constraints
from partnerships.core.db import Base, db, utcnow

log = structlog.get_logger()
Work = Callable[[date], int]
# After this long a host that began is believed to have died, and a job that failed is tried again.
PATIENCE = timedelta(minutes=30)
LONGEST_ERROR = 300


class Every(StrEnum):
    """How often a job is due."""

    DAY = "day"
    HOUR = "hour"


JOBS: dict[str, Work] = {}
CADENCE: dict[str, Every] = {}


class JobRun(Base):
    """One piece of work: a job in its slot ("2026-05-01", "2026-05-01 14"), who did it, what became of it."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("name", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    slot: Mapped[str] = mapped_column(String(40))
    host: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(LONGEST_ERROR), default="")


constraints.explain(uq_job_run_name_slot=_l("Another host does this piece of work."))


@dataclass(frozen=True)
class Outcome:
    """What became of one job: how many things it did, or why it failed."""

    name: str
    done: int
    error: str = ""


def declare(name: str, work: Work, every: Every = Every.DAY) -> None:
    """Add a job.

    Arguments: name, one word for the command line; work(today) does what is due and returns how many things it did.
    It runs in a transaction of its own and must do nothing twice when run again. Raises: ValueError when the name is
    taken by another.
    """
    if JOBS.get(name, work) is not work:
        raise ValueError(f"job {name} is declared twice")
    JOBS[name] = work
    CADENCE[name] = every


def run(today: date, names: Sequence[str] = ()) -> list[Outcome]:
    """Run jobs at once, whether due or not, each in its own transaction. One that fails is logged and hinders no other.

    Arguments: names, those to run (all when none is given), in the order they were declared. Raises: KeyError for a
    name that no room declared. Needs an application context.
    """
    wanted = {name: JOBS[name] for name in names} if names else dict(JOBS)
    return [_one(name, work, today) for name, work in wanted.items()]


def run_due() -> list[Outcome]:
    """Run the jobs whose slot nobody has done yet, each once on all hosts together. Needs an application context.

    Returns: what became of those that this host did.
    """
    found = []
    for name, work in dict(JOBS).items():
        now = utcnow()
        number = _claim(name, _slot(CADENCE.get(name, Every.DAY), now), now)
        if number is not None:
            outcome = _one(name, work, date.today())
            _finish(number, outcome)
            found.append(outcome)
    return found


def latest(limit: int = 40) -> list[JobRun]:
    """The last pieces of work, the newest first."""
    return list(db.session.scalars(select(JobRun).order_by(JobRun.started_at.desc(), JobRun.id.desc()).limit(limit)))


def _slot(every: Every, now: datetime) -> str:
    return f"{now:%Y-%m-%d}" if every is Every.DAY else f"{now:%Y-%m-%d %H}"


def _claim(name: str, slot: str, now: datetime) -> int | None:
    """The row of a piece of work, when this host won it: by writing it first, or by taking over from one that died or failed."""
    with db.apart() as own:
        known = own.scalar(select(JobRun.id).where(JobRun.name == name, JobRun.slot == slot))
    host = socket.gethostname()[:100]
    if known is None:
        try:
            with db.apart(write=True) as own:
                row = JobRun(name=name, slot=slot, host=host, started_at=now, done=0, error="")
                own.add(row)
                own.flush()
                return row.id
        except IntegrityError:  # another host was quicker
            return None
    with db.apart(write=True) as own:
        taken = own.execute(update(JobRun).where(JobRun.id == known, _forsaken(now)).values(
            host=host, started_at=now, finished_at=None, error="").execution_options(synchronize_session=False))
        return known if isinstance(taken, CursorResult) and taken.rowcount == 1 else None


def _forsaken(now: datetime) -> ColumnElement[bool]:
    """SQL: begun a while ago and not ended, or ended with an error a while ago."""
    before = now - PATIENCE
    return or_(and_(JobRun.finished_at.is_(None), JobRun.started_at < before),
               and_(JobRun.error != "", JobRun.finished_at < before))


def _finish(number: int, outcome: Outcome) -> None:
    with db.apart(write=True) as own:
        own.execute(update(JobRun).where(JobRun.id == number).values(
            finished_at=utcnow(), done=outcome.done, error=outcome.error).execution_options(synchronize_session=False))


def _one(name: str, work: Work, today: date) -> Outcome:
    try:
        done = work(today)
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        log.exception("job failed", job=name)
        return Outcome(name, 0, f"{type(error).__name__}: {error}"[:LONGEST_ERROR])
    return Outcome(name, done)
