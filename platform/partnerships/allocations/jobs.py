"""Computing in the background: one plan at a time in each process, in a thread of its own, with a heartbeat.

No transaction is open while the solver works, so that nobody waits for it. A stage ends well within `queries.SILENCE`;
a run whose process died falls silent, is shown as stopped and can be run again.
"""

from __future__ import annotations

import threading

import structlog
from flask import Flask, current_app
from flask_babel import gettext as _
from sqlalchemy import select, update

from partnerships.allocations import queries, service
from partnerships.allocations.models import Allocation
from partnerships.allocations.states import AllocationStatus
from partnerships.core.actor import SYSTEM
from partnerships.core.db import db, utcnow
from partnerships.matching.allocation import Cancelled

log = structlog.get_logger()
WAIT = 30  # seconds between heartbeats while another plan is computed
_turn = threading.Lock()


def start(number: int, key: str) -> None:
    """Compute a plan that was marked as running, in a thread. Call it once that mark is committed."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    threading.Thread(target=_alone, args=(app, number, key), daemon=True, name=f"allocation-{number}").start()


def _alone(app: Flask, number: int, key: str) -> None:
    with app.app_context():
        while not _turn.acquire(timeout=WAIT):
            if not beat(number, key, "waiting"):
                return
        try:
            run(number, key)
        finally:
            _turn.release()


def run(number: int, key: str) -> bool:
    """Compute a plan marked as running.

    Arguments: number, the plan's id; key, its `run_key`. Returns: whether the answer was kept: it is not when the run
    was stopped meanwhile. What goes wrong ends the run in words, and is logged.
    """
    try:
        if not beat(number, key, "scores"):
            return False
        allocation = db.session.scalars(select(Allocation).where(Allocation.id == number)).one()
        found = queries.inputs(allocation)
        db.session.rollback()  # reading is over: lets go of the lock before the long part
        plan = service.compute(found, lambda stage: _beat_or_stop(number, key, stage))
        allocation = queries.locked(number)
        if not _is_ours(allocation, key):
            return False
        service.finish(allocation, SYSTEM, found, plan)
        db.session.commit()
        return True
    except Cancelled:
        return False
    except Exception:
        log.exception("allocation", plan=number)
        _give_up(number, key)
        return False
    finally:
        db.session.rollback()


def beat(number: int, key: str, stage: str) -> bool:
    """Say that a run is alive, and where it is. Returns: False when it was stopped, or another one has begun."""
    ours = update(Allocation).where(Allocation.id == number, Allocation.run_key == key,
                                    Allocation.status == AllocationStatus.RUNNING)
    with db.apart(write=True) as session:
        done = session.execute(ours.values(stage=stage, heartbeat_at=utcnow()).execution_options(synchronize_session=False))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _beat_or_stop(number: int, key: str, stage: str) -> None:
    if not beat(number, key, stage):
        raise Cancelled


def _is_ours(allocation: Allocation, key: str) -> bool:
    return allocation.status is AllocationStatus.RUNNING and allocation.run_key == key


def _give_up(number: int, key: str) -> None:
    db.session.rollback()
    allocation = queries.locked(number)
    if _is_ours(allocation, key):
        service.fail(allocation, _("The computation met an error, which was logged. Nothing was kept."))
        db.session.commit()
