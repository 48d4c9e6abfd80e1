"""The index of words: written in the transaction that changes a record, made anew by a command.

Only what everybody who sees a record sees of it is indexed (title, place, summary, names): never amounts, details or
contacts, which a State may keep for fewer people. Who may find a record is decided when somebody looks, by its scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, delete, event, insert, inspect, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session, UOWTransaction

from partnerships.approach.models import Meeting
from partnerships.conferences.models import Conference
from partnerships.core.db import db
from partnerships.core.search import SearchWord, folded
from partnerships.documents.models import Document
from partnerships.needs.models import Need
from partnerships.offers.models import Offer
from partnerships.parties.models import Party
from partnerships.parties.reference import Theme

BATCH = 2_000  # records read and written at once
CACHE_KIB = 400_000  # of SQLite's cache while the whole index is made
TITLE, NAMED, TEXT = 3, 2, 1  # what a word of a title, of a name or place, and of a text weighs
Column = InstrumentedAttribute[Any]
NAMES: tuple[Column, ...] = (Party.name_en, Party.name_fr, Party.name_es, Party.name_ar, Party.name_ru, Party.name_zh)


@dataclass(frozen=True)
class Source:
    """What is indexed of one kind of record: columns with their weight, the party whose names count, its thematic areas."""

    model: Any
    columns: tuple[tuple[Column, int], ...]
    party: Column | None = None
    themes: Column | None = None

    def watched(self) -> set[str]:
        """The attributes whose change changes the words."""
        own = [column for column, _weight in self.columns]
        return {one.key for one in (*own, self.party, self.themes) if one is not None}

    def texts(self) -> Select[Any]:
        """The records: identifier, thematic areas, then the columns, then the party's names."""
        names = NAMES if self.party is not None else ()
        themes = self.themes if self.themes is not None else literal("")
        query = select(self.model.id, themes, *(column for column, _weight in self.columns), *names)
        return query if self.party is None else query.join(Party, Party.id == self.party)

    @property
    def weights(self) -> list[int]:
        """What each column of `texts` after the first two weighs."""
        return [weight for _column, weight in self.columns] + [NAMED] * (len(NAMES) if self.party is not None else 0)


SOURCES: dict[str, Source] = {
    "need": Source(Need, ((Need.ref, TITLE), (Need.title, TITLE), (Need.place, NAMED), (Need.summary, TEXT)),
                   Need.party_id, Need.theme),
    "offer": Source(Offer, ((Offer.ref, TITLE), (Offer.title, TITLE), (Offer.summary, TEXT)), Offer.party_id, Offer.themes),
    "party": Source(Party, ((Party.ref, TITLE), *((name, TITLE) for name in NAMES))),
    "conference": Source(Conference, ((Conference.ref, TITLE), (Conference.title, TITLE), (Conference.place, NAMED),
                                      (Conference.chair, TEXT))),
    "meeting": Source(Meeting, ((Meeting.ref, TITLE), (Meeting.title, TITLE), (Meeting.place, NAMED)), Meeting.state_id),
    "document": Source(Document, ((Document.ref, TITLE), (Document.title, TITLE), (Document.filename, NAMED)),
                       Document.party_id),
}
_KINDS = {source.model: kind for kind, source in SOURCES.items()}


def write(connection: Connection, kind: str, ids: Iterable[int]) -> int:
    """Write the words of records anew, and take out those of records that are gone.

    Arguments: connection, the transaction to write in; kind, a name of SOURCES; ids, the records. Returns: words written.
    """
    wanted = sorted(set(ids))
    for at in range(0, len(wanted), BATCH):
        connection.execute(delete(SearchWord).where(SearchWord.kind == kind, SearchWord.record_id.in_(wanted[at:at + BATCH])))
    return _add(connection, kind, wanted)


def _add(connection: Connection, kind: str, wanted: Sequence[int]) -> int:
    """Write the words of records that have none."""
    titles = {row.code: row.title for row in connection.execute(select(Theme.code, Theme.title))}
    source, written = SOURCES[kind], 0
    for at in range(0, len(wanted), BATCH):
        rows = [row for found in connection.execute(source.texts().where(source.model.id.in_(wanted[at:at + BATCH])))
                for row in _rows(kind, source.weights, tuple(found), titles)]
        if rows:
            # In the order of the key: neighbours go to the same page of the index, which is what takes the time.
            connection.execute(insert(SearchWord), sorted(rows, key=lambda row: (row["word"], row["record_id"])))
        written += len(rows)
    return written


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    """The words of a text once each; the names of States come again with every need."""
    return tuple(dict.fromkeys(folded(text)))


def _rows(kind: str, weights: Sequence[int], found: tuple[Any, ...], titles: dict[str, str]) -> Iterator[dict[str, Any]]:
    number, themes, *texts = found
    codes = themes if isinstance(themes, tuple) else (themes or "").split()
    parts = [*zip(texts, weights, strict=True), *((titles.get(code, ""), NAMED) for code in codes)]
    heaviest: dict[str, int] = {}
    for text, weight in parts:
        for word in _words(text or ""):
            heaviest[word] = max(weight, heaviest.get(word, 0))
    for word, weight in heaviest.items():
        yield {"kind": kind, "word": word, "record_id": number, "weight": weight}


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: UOWTransaction) -> None:
    """Keep the words with the records, in the same transaction."""
    changed: dict[str, set[int]] = {}
    renamed: set[int] = set()
    for record in (*session.new, *session.dirty, *session.deleted):
        kind = _KINDS.get(type(record))
        if kind is None or not (record in session.new or record in session.deleted or _touched(record, kind)):
            continue
        changed.setdefault(kind, set()).add(record.id)
        if kind == "party" and record in session.dirty:
            renamed.add(record.id)
    if not changed:
        return
    connection = session.connection()
    for kind, source in SOURCES.items():
        ids = changed.get(kind, set())
        if renamed and source.party is not None:
            ids |= set(connection.execute(select(source.model.id).where(source.party.in_(renamed))).scalars())
        if ids:
            write(connection, kind, ids)


def _touched(record: Any, kind: str) -> bool:
    attributes = inspect(record).attrs
    return any(attributes[name].history.has_changes() for name in SOURCES[kind].watched())


def rebuild() -> dict[str, int]:
    """Make the whole index anew, in batches; words of records that are gone go too. Returns: records by kind."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")  # the usual two megabytes would be written over and over
    connection.execute(delete(SearchWord))
    counts = {}
    for kind, source in SOURCES.items():
        ids = list(connection.execute(select(source.model.id).order_by(source.model.id)).scalars())
        _add(connection, kind, ids)
        counts[kind] = len(ids)
    return counts


def sweep() -> None:
    """Take out the words of records that are gone: records removed in bulk pass no session."""
    connection = db.session.connection()
    for kind, source in SOURCES.items():
        connection.execute(delete(SearchWord).where(
            SearchWord.kind == kind, SearchWord.record_id.not_in(select(source.model.id))))


def is_empty() -> bool:
    """Whether there are records and no words: a database of an earlier version."""
    connection = db.session.connection()
    return (connection.execute(select(SearchWord.word).limit(1)).first() is None
            and connection.execute(select(Party.id).limit(1)).first() is not None)
