"""Loading seed/ into the database and writing it back, byte for byte."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from partnerships.core.db import db
from partnerships.parties.models import Party
from partnerships.seeding.models import SeedStamp
from partnerships.seeding.records import RECORDS
from partnerships.seeding.tables import TABLES, Table
from partnerships.settings import ROOT

SEED = ROOT / "seed"


class SeedError(RuntimeError):
    """A file of seed/ that cannot be loaded, with the row and the words."""


def load(folder: Path = SEED) -> dict[str, int]:
    """Load every file of a folder; a second time changes nothing.

    Returns: how many rows were added or changed, by file. Raises: SeedError naming file and row.
    """
    changed = {}
    for table in TABLES:
        changed[table.file] = _load_table(table, folder)
    for file, (reader, _writer) in RECORDS.items():
        changed[file] = reader(read(folder / f"{file}.csv"))
        db.session.flush()
    return changed


def read(path: Path) -> list[dict[str, str]]:
    """The rows of one file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _load_table(table: Table, folder: Path) -> int:
    refs = _refs() if table.parties else {}
    existing = {tuple(row[column] for column in table.key): one for row, one in _rows(table)}
    changed = 0
    for number, row in enumerate(read(folder / f"{table.file}.csv"), start=2):
        try:
            values = {column: cell.read(row[column]) for column, cell in table.cells.items()
                      if column not in table.parties}
            values |= {target: refs[row[column]] for column, target in table.parties.items()}
        except (KeyError, ValueError) as error:
            raise SeedError(f"{table.file}.csv, row {number}: {error}") from error
        one = existing.get(tuple(row[column] for column in table.key))
        if one is None:
            db.session.add(table.model(**values))
            changed += 1
        elif any(getattr(one, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(one, name, value)
            changed += 1
    db.session.flush()
    return changed


def _refs() -> dict[str, int]:
    return {row.ref: row.id for row in db.session.execute(select(Party.ref, Party.id))}


def _rows(table: Table) -> Iterator[tuple[dict[str, str], Any]]:
    """Every record of a table with its row as text."""
    names = {number: ref for ref, number in _refs().items()} if table.parties else {}
    records: Iterable[Any] = db.session.scalars(select(table.model))
    for one in records:
        yield {column: names[getattr(one, table.parties[column])] if column in table.parties
               else cell.write(getattr(one, column)) for column, cell in table.cells.items()}, one


def export(folder: Path) -> list[Path]:
    """Write every file of seed/ from the database into a folder. Returns: the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table in TABLES:
        rows = sorted((row for row, one in _rows(table) if not getattr(one, "is_demo", False)), key=table.sort_key)
        written.append(_write(folder / f"{table.file}.csv", list(table.cells), rows))
    for file, (_reader, writer) in RECORDS.items():
        columns, rows = writer()
        written.append(_write(folder / f"{file}.csv", columns, rows))
    return written


def _write(path: Path, columns: list[str], rows: list[dict[str, str]]) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


STAMP = "reference"


def fingerprint(folder: Path = SEED) -> str:
    """A checksum over the files of a folder, in their order."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.csv")):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def is_stale() -> bool:
    """Whether the files have changed since they were last loaded into this database."""
    stamp = db.session.get(SeedStamp, STAMP)
    return stamp is None or stamp.fingerprint != fingerprint()


def load_and_stamp() -> None:
    """Load the files and remember their checksum, so that the next start need not look again."""
    load()
    db.session.merge(SeedStamp(name=STAMP, fingerprint=fingerprint()))
    db.session.flush()
