"""The database: engine, session, typed base and the column types every room uses.

SQLite is the embedded default and PostgreSQL the engine for many hosts; both are set up here so that a write
transaction takes its lock at its beginning (SQLite) and integrity rules hold in the database itself.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask import Flask, g, has_app_context, has_request_context, request
from sqlalchemy import BigInteger, DateTime, Engine, MetaData, String, TypeDecorator, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
STATEMENTS = 2000  # compiled statements that are kept: all pages together have more than the usual 500
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def utcnow() -> datetime:
    """The present moment, with its time zone."""
    return datetime.now(UTC)


class Amount(TypeDecorator[Decimal]):
    """Money exact to a thousandth of its unit (the finest minor unit in use), kept as a whole number on both engines."""

    impl = BigInteger
    cache_ok = True
    SCALE = 1000

    def process_bind_param(self, value: Any, dialect: Any) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value) * self.SCALE
        if scaled != scaled.to_integral_value():
            raise ValueError("An amount has at most three decimals.")
        return int(scaled)

    def process_result_value(self, value: Any, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(int(value)) / self.SCALE


class Moment(TypeDecorator[datetime]):
    """A moment with time zone; SQLite keeps it as UTC without one and gets it back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Codes(TypeDecorator[tuple]):
    """A short, sorted set of codes ("money training"), kept as one text with a space at each end for exact LIKE."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str:
        return "".join(f" {code}" for code in sorted(set(value or ()))) + (" " if value else "")

    def process_result_value(self, value: Any, dialect: Any) -> tuple[str, ...]:
        return tuple((value or "").split())

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return String() if isinstance(value, str) else self


class Chosen(TypeDecorator[StrEnum]):
    """A StrEnum stored by its value; anything else in the column is an error, not a surprise later."""

    impl = String(32)
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: Any, dialect: Any) -> StrEnum | None:
        return None if value is None else self.enum(value)


class Base(DeclarativeBase):
    """The declarative base: naming convention for constraints, moments with time zones."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Moment(), Decimal: Amount()}


class Record:
    """What every record that people edit carries."""

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default=utcnow, onupdate=utcnow)
    is_demo: Mapped[bool] = mapped_column(default=False, index=True)


def one_of(column: str, enum: type[StrEnum]) -> str:
    """The SQL text of a CHECK that a column holds one of an enum's values."""
    return f"{column} IN ({', '.join(repr(member.value) for member in enum)})"


def _write_ahead(connection: Any) -> None:
    """Switch to write-ahead logging, once for the file. SQLite does not wait for a lock here, so we do."""
    for attempt in range(100):
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
                connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if attempt == 99:
                raise
            time.sleep(0.1)


def make_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL, with the settings measured to lose no update.

    Arguments: url, a SQLAlchemy address. Returns: the engine (nothing is connected yet).
    """
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=10, query_cache_size=STATEMENTS)
    engine = create_engine(url, connect_args={"timeout": 10}, query_cache_size=STATEMENTS)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late to protect a read-then-write
        # FULL: what was acknowledged outlives a power cut too, for a fifth of a millisecond a commit (decision 18).
        for pragma in ("busy_timeout=10000", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        _write_ahead(connection)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


@event.listens_for(Session, "before_flush")
def _mark_demo(session: Session, _context: Any, _instances: Any) -> None:
    """What a demonstration sign-in makes is demonstration too, so that one command removes it all."""
    actor = g.get("actor") if has_app_context() else None
    if actor is not None and actor.is_demo:
        for record in session.new:
            if hasattr(record, "is_demo"):
                record.is_demo = True


class Database:
    """One engine and its sessions, bound to an application."""

    def __init__(self) -> None:
        self.engine: Engine | None = None
        self._make = sessionmaker(autoflush=False, expire_on_commit=False)

    def init_app(self, app: Flask, url: str) -> None:
        engine = make_engine(url)
        app.extensions["database"] = engine
        app.teardown_appcontext(self._close)

    @staticmethod
    def _close(_error: BaseException | None = None) -> None:
        session = g.pop("db_session", None)
        if session is not None:
            session.close()

    @property
    def session(self) -> Session:
        """The session of this request or command; unsafe requests and commands hold the write lock from BEGIN."""
        if "db_session" not in g:
            write = not has_request_context() or request.method not in SAFE_METHODS
            g.db_session = self._make(bind=current_engine().execution_options(write=write))
        return g.db_session

    @contextmanager
    def apart(self, *, write: bool = False) -> Iterator[Session]:
        """A short session of its own, for what must not wait for, or hold up, the request's transaction."""
        with self._make(bind=current_engine().execution_options(write=write)) as session:
            yield session
            if write:
                session.commit()


def current_engine() -> Engine:
    """The engine of the running application."""
    from flask import current_app

    return current_app.extensions["database"]


db = Database()
