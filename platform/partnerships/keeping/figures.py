"""What a database holds, in figures that can be compared: rows, sums of money by currency, documents, the record's head."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import BigInteger, Connection, MetaData, Table, func, select
from sqlalchemy.orm import Session

from partnerships.core import chain
from partnerships.keeping import archive

VERSION = "alembic_version"
SEALS = "event_seal"
WITH_FILES = ("document", "release")


def read(connection: Connection) -> dict[str, Any]:
    """The figures of a database as it stands in the connection's transaction.

    They are read from the database itself, not from our models: they hold for a copy of an older version too.
    """
    tables = reflected(connection)
    return {
        "engine": connection.dialect.name,
        "revision": MigrationContext.configure(connection).get_current_revision(),
        "rows": {name: connection.scalar(select(func.count()).select_from(table)) or 0
                 for name, table in sorted(tables.items()) if name != VERSION},
        "sums": {name: found for table in tables.values() for name, found in _sums(connection, table).items()},
        "documents": documents(connection, tables),
        "audit": _head(connection, tables),
    }


def reflected(connection: Connection) -> dict[str, Table]:
    """Every table of the database, by name."""
    metadata = MetaData()
    metadata.reflect(connection)
    return dict(metadata.tables)


def _sums(connection: Connection, table: Table) -> dict[str, dict[str, int]]:
    """Of each column of money (whole thousandths in a BIGINT, decision 3): its sum in each currency of the record or its parent."""
    money = [column for column in table.columns if isinstance(column.type, BigInteger)]
    if not money:
        return {}
    source: Any = table
    currency = table.columns.get("currency")
    for key in sorted(table.foreign_keys, key=lambda one: one.target_fullname) if currency is None else ():
        parent = key.column.table
        if parent is not table and "currency" in parent.columns:
            source, currency = table.outerjoin(parent, key.parent == key.column), parent.columns["currency"]
            break
    found: dict[str, dict[str, int]] = {}
    for column in money:
        query = select(func.sum(column)).select_from(source).where(column.is_not(None))
        if currency is not None:
            query = query.add_columns(currency).group_by(currency)
        found[f"{table.name}.{column.name}"] = {
            str(row[1] or "") if len(row) > 1 else "": int(row[0]) for row in connection.execute(query) if row[0] is not None}
    return found


def documents(connection: Connection, tables: dict[str, Table]) -> dict[str, dict[str, Any]]:
    """The files that rows name: {name in the copy: its size and SHA-256 by the database}."""
    found: dict[str, dict[str, Any]] = {}
    for table in (tables[name] for name in WITH_FILES if name in tables):
        rows = connection.execute(select(table.c.stored_as, table.c.size, table.c.sha256).where(
            table.c.stored_as.is_not(None)).order_by(table.c.stored_as))
        found |= {f"documents/{name}": {"size": size, "sha256": sha256} for name, size, sha256 in rows}
    return found


def wrong_documents(named: dict[str, dict[str, Any]], folder: Path) -> list[str]:
    """What is wrong with the files beside the rows: missing, or not the file that was attached. `folder` holds `documents/`."""
    wrong = []
    for name, sums in named.items():
        path = folder / name
        if not path.is_file():
            wrong.append(f"{name} is missing")
        elif archive.sum_of(path) != sums:
            wrong.append(f"{name} is not the file that was attached")
    return wrong


def differences(was: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What differs between the figures of a copy and those of what was made of it, in words."""
    told = [] if was["revision"] == now["revision"] else [f"The revision is {now['revision']}, not {was['revision']}."]
    for what in ("rows", "sums", "documents"):
        for name in sorted({*was[what], *now[what]}):
            old, new = was[what].get(name), now[what].get(name)
            if old != new:
                told.append(f"{what} of {name}: {new}, in the copy {old}.")
    if was["audit"] != now["audit"]:
        told.append(f"The head of the record is {now['audit']}, in the copy {was['audit']}.")
    return told


def _head(connection: Connection, tables: dict[str, Table]) -> dict[str, Any]:
    """The head of the record: the chain's end, or the last event of a version that had no chain yet."""
    event = tables.get("event")
    if event is None:
        return {"count": 0, "event_id": 0, "hash": ""}
    if SEALS not in tables:
        count, last = connection.execute(select(func.count(), func.max(event.c.id)).select_from(event)).one()
        return {"count": count, "event_id": last or 0, "hash": ""}
    with Session(bind=connection, autoflush=False) as session:
        return asdict(chain.head(session))


def chain_findings(connection: Connection) -> list[str] | None:
    """What the record's own check finds wrong; None where the copy is of a version that had no chain yet."""
    if not connection.dialect.has_table(connection, SEALS):
        return None
    with Session(bind=connection, autoflush=False) as session:
        return [one.words for one in chain.verify(session).findings]
