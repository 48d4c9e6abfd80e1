"""A database as rows in JSON lines: needs no tool, and goes from one engine to the other.

A line `{"table": ..., "columns": [...]}` begins a table, then one list a row. The tables themselves are not in it: the
migrations make them, up to the copy's revision.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Connection, Date, DateTime, LargeBinary, Table, insert, text

from partnerships.keeping import figures
from partnerships.keeping.words import Unwell

BATCH = 500


def dump(connection: Connection, path: Path) -> None:
    """Write every row as the connection's transaction sees it."""
    with path.open("x", encoding="utf-8") as file:
        for name, table in sorted(figures.reflected(connection).items()):
            if name == figures.VERSION:
                continue
            file.write(json.dumps({"table": name, "columns": [column.name for column in table.columns]}) + "\n")
            query = table.select().order_by(*table.primary_key.columns)
            for row in connection.execution_options(yield_per=BATCH).execute(query):
                file.write(json.dumps([_plain(value) for value in row], ensure_ascii=False) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):  # SQLite keeps moments as UTC without saying so
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def load(connection: Connection, path: Path) -> None:
    """Write the rows into tables that the migrations have made, in the connection's transaction.

    What migrations themselves have put there gives way. Raises: Unwell when a table or column is not there.
    """
    tables = figures.reflected(connection)
    with _links_later(connection, tables):
        for table in tables.values():
            if table.name != figures.VERSION:
                connection.execute(table.delete())
        for name, columns, batch in _batches(path):
            if name not in tables or not set(columns) <= set(tables[name].columns.keys()):
                raise Unwell(f"The copy has a table {name} that its revision does not have.")
            table = tables[name]
            kinds = [(column, table.columns[column].type) for column in columns]
            connection.execute(insert(table), [
                {column: _value(kind, value, connection.dialect.name) for (column, kind), value in zip(kinds, row, strict=True)}
                for row in batch])
    if connection.dialect.name == "postgresql":
        _count_on(connection, tables)


def _batches(path: Path) -> Iterator[tuple[str, list[str], list[list[Any]]]]:
    name, columns, batch = "", list[str](), list[list[Any]]()
    with path.open(encoding="utf-8") as file:
        for line in file:
            found = json.loads(line)
            if isinstance(found, dict) or len(batch) == BATCH:
                if batch:
                    yield name, columns, batch
                batch = []
            if isinstance(found, dict):
                name, columns = found["table"], found["columns"]
            else:
                batch.append(found)
    if batch:
        yield name, columns, batch


def _value(kind: Any, value: Any, dialect: str) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC).replace(tzinfo=None) if dialect == "sqlite" else moment
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    return bool(value) if isinstance(kind, Boolean) else value


class _links_later:
    """Foreign keys that are asked at the end: rows point at each other in circles, and no order of tables would serve."""

    def __init__(self, connection: Connection, tables: dict[str, Table]) -> None:
        self.connection = connection
        self.keys = [(table.name, key.name) for table in tables.values() for key in table.foreign_key_constraints]
        self.postgres = connection.dialect.name == "postgresql"

    def _each(self, words: str) -> None:
        quote = self.connection.dialect.identifier_preparer.quote
        for table, key in self.keys:
            self.connection.execute(text(f"ALTER TABLE {quote(table)} ALTER CONSTRAINT {quote(str(key))} {words}"))

    def __enter__(self) -> None:
        if self.postgres:
            self._each("DEFERRABLE INITIALLY DEFERRED")
        else:
            self.connection.execute(text("PRAGMA defer_foreign_keys = ON"))

    def __exit__(self, kind: Any, *_: object) -> None:
        if kind is None and self.postgres:
            self.connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            self._each("NOT DEFERRABLE")


def _count_on(connection: Connection, tables: dict[str, Table]) -> None:
    """Let the counters of PostgreSQL go on after the highest number there is."""
    quote = connection.dialect.identifier_preparer.quote
    for table in tables.values():
        for column in table.primary_key.columns:
            counter = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"),
                                        {"table": quote(table.name), "column": column.name})
            if counter:
                connection.execute(text(
                    f"SELECT setval(:counter, max({quote(column.name)})) FROM {quote(table.name)} "
                    f"HAVING max({quote(column.name)}) IS NOT NULL"), {"counter": counter})
