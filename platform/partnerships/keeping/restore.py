"""Bringing a copy back into an empty place: everything is checked before it is there, and once more when it is."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from partnerships.core import migrate
from partnerships.keeping import archive, backup, copying, figures, rows, tools
from partnerships.keeping.words import Unwell

Say = Callable[[str], object]


def into(engine: Engine, data_dir: Path, source: Path, key: str | None, say: Say) -> dict[str, Any]:
    """Bring a copy back.

    Arguments: engine and data_dir, the empty place; source, the file; key, what opens it, None for a plain one; say, told of each
    thing that was checked. Needs an application context. Returns: the manifest. Raises: Unwell; the place is empty again then.
    """
    if not source.is_file():
        raise Unwell(f"There is no file {source}.")
    refuse_what_is_not_empty(engine, data_dir)
    say("The place is empty.")
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data_dir) as name:
        staging = Path(name)
        manifest = backup.read(source, key, staging)
        say(f"The copy of {manifest['made_at']} is whole: {len(manifest['files'])} files, every checksum holds.")
        _refuse_newer(manifest["revision"])
        wrong = figures.wrong_documents(manifest["documents"], staging)
        if wrong:
            raise Unwell(f"The copy lacks documents: {'; '.join(wrong[:5])}.")
        try:
            _load(engine, staging, manifest)
            _documents(staging, data_dir)
            _compare(engine, data_dir, manifest, say)
        except BaseException as error:
            empty(engine, data_dir)
            if isinstance(error, (OSError, SQLAlchemyError, sqlite3.Error)):
                raise Unwell(f"The copy cannot be brought back ({str(error).splitlines()[0]}).") from error
            raise
    return manifest


def refuse_what_is_not_empty(engine: Engine, data_dir: Path) -> None:
    """Raises: Unwell when the database has tables or documents are there."""
    there = engine.dialect.name != "sqlite" or Path(str(engine.url.database)).is_file()  # asking would make the file
    tables = inspect(engine).get_table_names() if there else []
    engine.dispose()
    if tables:
        raise Unwell("The database is not empty. Restore into a new one: set PARTNERSHIPS_DATABASE_URL or PARTNERSHIPS_DATA_DIR.")
    folder = data_dir / "documents"
    if folder.is_dir() and any(folder.iterdir()):
        raise Unwell(f"{folder} holds files. Restore into an empty folder: set PARTNERSHIPS_DATA_DIR.")


def _refuse_newer(revision: str) -> None:
    try:
        ScriptDirectory.from_config(migrate.config()).get_revision(revision)
    except CommandError as error:
        raise Unwell(f"The copy is of a newer version of the platform (revision {revision}): install that one first.") from error


def _load(engine: Engine, staging: Path, manifest: dict[str, Any]) -> None:
    form = next((form for form, name in archive.DATABASE.items() if name in manifest["files"]), None)
    if form is None:
        raise Unwell("The copy holds no database.")
    path, sqlite = staging / archive.DATABASE[form], engine.dialect.name == "sqlite"
    if form == "sqlite" and sqlite:
        _place(engine, path)
    elif form == "sqlite":
        with copying.alone(path) as connection:
            rows.dump(connection, staging / archive.DATABASE["rows"])
        _rows(engine, staging / archive.DATABASE["rows"], manifest["revision"])
    elif form == "rows":
        _rows(engine, path, manifest["revision"])
    elif sqlite:
        raise Unwell("A copy made by pg_dump goes into PostgreSQL only. For SQLite, make it with: flask backup --rows")
    else:
        _by_tool(engine, path)


def _place(engine: Engine, path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        copying.check(database)
    target = Path(str(engine.url.database))
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in _sqlite_files(engine):
        left.unlink(missing_ok=True)
    shutil.copyfile(path, target)
    target.chmod(0o600)
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    backup.sync_folder(target.parent)


def _rows(engine: Engine, path: Path, revision: str) -> None:
    command.upgrade(migrate.config(), revision)
    with engine.execution_options(write=True).begin() as connection:
        rows.load(connection, path)


def _by_tool(engine: Engine, path: Path) -> None:
    with engine.connect() as connection:
        program = tools.found("pg_restore", connection)
        if program is None:
            raise Unwell("The copy was made by pg_dump: pg_restore, as new as the server, must be on the PATH or in "
                         f"{tools.FOLDER_VARIABLE}.")
    tools.load(program, engine.url, path)


def _documents(staging: Path, data_dir: Path) -> None:
    target = data_dir / "documents"
    target.mkdir(mode=0o700, exist_ok=True)
    for path in sorted((staging / "documents").iterdir()) if (staging / "documents").is_dir() else ():
        path.replace(target / path.name)
    backup.sync_folder(target)


def _compare(engine: Engine, data_dir: Path, manifest: dict[str, Any], say: Say) -> None:
    """Everything once more, from what now stands in the place."""
    with engine.connect() as connection:
        now = figures.read(connection)
        wrong = figures.differences(manifest, now)
        if wrong:
            raise Unwell(f"What was brought back is not what was copied: {' '.join(wrong[:5])}")
        say(f"Rows: {sum(now['rows'].values())} in {len(now['rows'])} tables, as in the copy; revision {now['revision']}.")
        say(f"Money: {len(now['sums'])} columns, the sum in each currency as in the copy.")
        missing = figures.wrong_documents(now["documents"], data_dir)
        if missing:
            raise Unwell(f"Documents were not brought back: {'; '.join(missing[:5])}.")
        say(f"Documents: {len(now['documents'])}, each the file that was attached.")
        _chain(connection, now["audit"], say)


def _chain(connection: Connection, head: dict[str, Any], say: Say) -> None:
    findings = figures.chain_findings(connection)
    if findings:
        raise Unwell(f"The record of events does not hold: {findings[0]}")
    how = "of a version without a chain, so only counted" if findings is None else "its chain holds, its head is that of the copy"
    say(f"Record: {head['count']} events, {how}.")


def empty(engine: Engine, data_dir: Path) -> None:
    """Make the place empty again. Only for a place that was found empty a moment ago."""
    engine.dispose()
    with suppress(OSError):
        shutil.rmtree(data_dir / "documents")
    if engine.dialect.name == "sqlite":
        for path in _sqlite_files(engine):
            path.unlink(missing_ok=True)
        return
    with engine.begin() as connection:
        quote = connection.dialect.identifier_preparer.quote
        for name in inspect(connection).get_table_names():
            connection.execute(text(f"DROP TABLE IF EXISTS {quote(name)} CASCADE"))
        for (signature,) in connection.execute(text(
                "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace "
                "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')")).all():
            connection.execute(text(f"DROP FUNCTION IF EXISTS {signature} CASCADE"))


def _sqlite_files(engine: Engine) -> list[Path]:
    path = str(engine.url.database)
    return [Path(path + ending) for ending in ("", "-wal", "-shm", "-journal")]
