"""A request that is killed at a chosen step, in a process of its own: what is there afterwards, and what is not."""

from __future__ import annotations

import hashlib
import os
import signal
from typing import Any

from flask import Flask, g
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from partnerships.core import storage
from partnerships.core.db import current_engine, db

FIRST, COMMIT, COMMITTED, ANSWERED = "after its first write", "before its commit", "after its commit", "after its answer"
LARGE = 1500  # tables with more rows are reference data: they are counted, not read
WRITES = ("INSERT", "UPDATE", "DELETE")


def _die(*_args: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _arm(app: Flask, point: str) -> None:
    """Set the trap, in the child."""
    engine = app.extensions["database"]
    if point == FIRST:
        def wrote(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.lstrip().upper().startswith(WRITES):
                _die()

        event.listen(engine, "after_cursor_execute", wrote)
    elif point == COMMIT:
        event.listen(engine, "commit", _die)
    elif point == COMMITTED:
        commit = Session.commit

        def committed(self: Session) -> None:
            commit(self)
            if self is g.get("db_session"):
                _die()

        Session.commit = committed  # type: ignore[method-assign]


def killed(app: Flask, client: Any, url: str, data: Any, point: str) -> int:
    """Send a form in a child that is killed at a point. Returns: the status of the answer, 0 where none came."""
    db.session.close()
    app.extensions["database"].dispose()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            app.extensions["database"].dispose(close=False)
            _arm(app, point)
            answer = client.open(url, method="POST", data=data)
            os.write(writing, str(answer.status_code).encode())
        except BaseException as error:
            os.write(writing, b"999 " + repr(error).encode()[:500])
        finally:
            _die()
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        return int((told.read() or "0").split()[0])


def state(skip: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the database holds, table by table, and the names of the files that rows name."""
    found: dict[str, Any] = {}
    engine = current_engine()
    with engine.connect() as connection:
        quote = engine.dialect.identifier_preparer.quote
        names = engine.dialect.get_table_names(connection)
        for name in names:
            if name in skip:
                continue
            count = connection.execute(text(f"SELECT count(*) FROM {quote(name)}")).scalar() or 0
            rows = connection.execute(text(f"SELECT * FROM {quote(name)} LIMIT {LARGE}")).all() if 0 < count < LARGE else []
            found[name] = (count, hashlib.sha256(repr(sorted(map(repr, rows))).encode()).hexdigest())
        stored = set(connection.execute(text("SELECT stored_as FROM document")).scalars())
    missing = stored - storage.names()
    assert not missing, f"rows without their file: {missing}"
    return found


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The tables that differ."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
