"""Alembic's environment: on the application's engine when called by it, else on the address in the environment."""

from __future__ import annotations

from contextlib import nullcontext

from alembic import context
from sqlalchemy import Connection, TypeDecorator, text

from partnerships.core.db import Base, make_engine
from partnerships.registry import load_models
from partnerships.settings import Settings

load_models()
LOCK = 7_712_045  # any fixed number: two hosts that start at once migrate one after the other


def render(kind: str, obj: object, _context: object) -> str | bool:
    """Write our column types as the plain ones that they are in the database: a migration must outlive our code."""
    return f"sa.{obj.impl!r}" if kind == "type" and isinstance(obj, TypeDecorator) else False


def _pragma(connection: Connection, words: str) -> None:
    """Set something of SQLite's, before a transaction begins (within one, foreign keys cannot be switched).

    To change a table SQLite makes it anew and drops the old one: with foreign keys on, everything that hangs on its rows
    would go with it.
    """
    driver = connection.connection.dbapi_connection
    assert driver is not None
    driver.execute(f"PRAGMA {words}")  # type: ignore[attr-defined]


def _prepare(connection: Connection, postgres: bool) -> None:
    """One host at a time: the second waits for the first, however long that takes."""
    if postgres:
        connection.execute(text("SET lock_timeout = '10s'"))
        connection.execute(text("SET statement_timeout = '5min'"))
        connection.execute(text(f"SELECT pg_advisory_lock({LOCK})"))
        connection.commit()
    else:
        _pragma(connection, "busy_timeout=300000")  # a request gives up after ten seconds; on a busy machine that is too soon
        _pragma(connection, "foreign_keys=OFF")


def _finish(connection: Connection, postgres: bool) -> None:
    """Give the connection back as other work expects it."""
    if postgres:
        connection.execute(text(f"SELECT pg_advisory_unlock({LOCK})"))
        connection.commit()
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    connection.rollback()
    _pragma(connection, "foreign_keys=ON")
    _pragma(connection, "busy_timeout=10000")
    if broken:
        raise RuntimeError(f"After migrating, {len(broken)} rows refer to records that are not there: {broken[:5]}")


def run() -> None:
    """Migrate in one transaction; on PostgreSQL with a lock and time limits, so that a busy table is not waited for."""
    engine = context.config.attributes.get("engine")
    if engine is None:
        settings = Settings.from_environment()
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        engine = make_engine(settings.database_url)
    with engine.execution_options(write=True).connect() as connection:
        postgres = connection.dialect.name == "postgresql"
        try:
            _prepare(connection, postgres)
            # Alembic takes SQLite's changes of tables for ones that no transaction holds, and would commit after each migration:
            # two hosts that start at once would both begin in the middle. A transaction that is there already it leaves alone.
            with nullcontext() if postgres else connection.begin():
                context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=not postgres,
                                  compare_type=True, render_item=render)
                with context.begin_transaction():
                    context.run_migrations()
            _finish(connection, postgres)
        except BaseException:
            # It holds the lock, or has foreign keys off: nobody may get it from the pool. Closing it undoes everything.
            connection.invalidate()
            raise


run()
