"""Two ISU officers publish the same change at the same moment: it becomes one version, once."""

from __future__ import annotations

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from partnerships.amendments import service
from partnerships.amendments.models import Amendment
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.needs.models import NeedVersion


def test_a_change_is_published_once(app, make):
    need = make.need()
    number, isu = make.amendment(need, "submitted", place="Pailin").id, make.actor(Role.ISU_OFFICER)
    need_id, outcomes, barrier = need.id, [], Barrier(2)
    db.session.commit()

    def publish() -> None:
        with app.app_context():
            mine = db.session.get_one(Amendment, number)
            # On PostgreSQL both have read the change here; on SQLite the first holds the lock and waits in vain.
            with suppress(BrokenBarrierError):
                barrier.wait(1)
            try:
                outcomes.append("published" if service.move(mine, "published", isu) else "already done")
                db.session.commit()
            except (StaleDataError, IntegrityError):
                outcomes.append("refused")

    threads = [Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert outcomes.count("published") == 1 and len(outcomes) == 2, outcomes
    assert db.session.scalar(select(func.count()).select_from(NeedVersion).where(NeedVersion.need_id == need_id)) == 2
