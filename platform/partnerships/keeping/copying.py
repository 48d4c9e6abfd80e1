"""A consistent copy of the database while others write, and its figures, both of the same moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, text

from partnerships.keeping import archive, figures, rows, tools
from partnerships.keeping.words import Unwell


def copy(engine: Engine, folder: Path, *, as_rows: bool = False) -> tuple[Path, dict[str, Any], list[str]]:
    """Copy a database into a folder.

    Arguments: as_rows, in the form that both engines take, whatever tools there are. Returns: the file, the figures of
    what is in it (read from the copy, or within the snapshot that was dumped), and what the record's own check finds wrong.
    Raises: Unwell when the copy is not whole.
    """
    if engine.dialect.name == "sqlite":
        path = folder / archive.DATABASE["sqlite"]
        _online(engine, path)
        with alone(path) as connection:
            read, wrong = figures.read(connection), figures.chain_findings(connection) or []
            if as_rows:
                rows.dump(connection, folder / archive.DATABASE["rows"])
        if as_rows:
            path.unlink()
        return folder / archive.DATABASE["rows" if as_rows else "sqlite"], read, wrong
    with engine.connect().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True) as connection:
        program = None if as_rows else tools.found("pg_dump", connection)
        path = folder / archive.DATABASE["pg_dump" if program else "rows"]
        if program:
            snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
            tools.dump(program, engine.url, snapshot, path)
        else:
            rows.dump(connection, path)
        return path, figures.read(connection), figures.chain_findings(connection) or []


def _online(engine: Engine, path: Path) -> None:
    """SQLite's own online copy, then its own checks of the copy."""
    if not engine.url.database or not Path(engine.url.database).is_file():
        raise Unwell("There is no database yet.")
    with closing(sqlite3.connect(engine.url.database, timeout=30)) as source, closing(sqlite3.connect(path)) as target:
        path.chmod(0o600)
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        check(target)


def check(database: sqlite3.Connection) -> None:
    """SQLite's check of a file, and of what its rows refer to. Raises: Unwell."""
    try:
        told = database.execute("PRAGMA integrity_check(3)").fetchall()
        broken = database.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        raise Unwell(f"The database in the copy cannot be read ({error}).") from error
    if told != [("ok",)]:
        raise Unwell(f"The database in the copy is damaged: {told[0][0]}")
    if broken:
        raise Unwell(f"{len(broken)} rows refer to records that are not there, the first in {broken[0][0]}.")


@contextmanager
def alone(path: Path) -> Iterator[Connection]:
    """A connection to a SQLite file that nobody else has open, for reading it."""
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
