"""The record of what happened: one append-only event table, from which every timeline is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import JSON, Connection, ForeignKey, Index, String, Text, and_, false, func, insert, or_, select
from sqlalchemy import event as orm_event
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from partnerships.core import policy
from partnerships.core.actor import Actor
from partnerships.core.db import Base, db, utcnow
from partnerships.core.visibility import Visibility


class Event(Base):
    """One thing that happened to one record (its subject), shown on the timelines of all records it links to."""

    __tablename__ = "event"
    # SQLite would give the numbers of a removed demonstration again.
    __table_args__ = (Index("ix_event_subject", "subject_kind", "subject_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    tag: Mapped[str] = mapped_column(String(64))
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    subject_label: Mapped[str] = mapped_column(String(200), default="")
    account_id: Mapped[int | None]  # no foreign key: the record outlives an erased account
    actor_label: Mapped[str] = mapped_column(String(300), default="")
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[str] = mapped_column(String(16), default=Visibility.PUBLIC.value)
    is_demo: Mapped[bool] = mapped_column(default=False)
    links: Mapped[list[EventLink]] = relationship(back_populates="event", cascade="all, delete-orphan")


class EventLink(Base):
    """A record on whose timeline an event appears, and a party that may read it when its audience is `parties`."""

    __tablename__ = "event_link"
    __table_args__ = (Index("ix_event_link_record", "kind", "record_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[Event] = relationship(back_populates="links")


class EventSeal(Base):
    """The seal of one event. `number` is its place, without gaps, in the order of commits.

    Of the demonstration the events can be removed and the seals stay. Readings are told apart because what is derived from the
    register does not change by being read.
    """

    __tablename__ = "event_seal"
    __table_args__ = (Index("ix_event_seal_is_reading_number", "is_reading", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(unique=True)
    content: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    is_demo: Mapped[bool] = mapped_column(default=False)
    is_reading: Mapped[bool] = mapped_column(default=False)


class Burial(Base):
    """A record that was deleted, and its newest event then: SQLite gives its number to a record that comes later."""

    __tablename__ = "burial"

    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


KINDS: dict[str, tuple[Any, str]] = {}
# Gives the names of people by account number: the record keeps the number and the party, and a name only as long as the person
# has an account.
NAMES: list[Callable[[set[int]], Mapping[int, str]]] = []
READING = ".read"
# Who is told of each event, in its transaction: (event, its subject, who caused it).
LISTENERS: list[Callable[[Event, Any, Actor], None]] = []


def declare(kind: str, model: Any, permission: str) -> None:
    """Register a kind of subject: its events are seen by whoever may see the record itself."""
    KINDS[kind] = (model, permission)
    orm_event.listen(model, "after_delete", _bury)


def _bury(_mapper: Any, connection: Connection, record: Any) -> None:
    _keep_burials(connection, [(kind_of(record), record.id)])


def bury(records: Iterable[tuple[str, int]]) -> None:
    """Leave the events of records that are deleted past the session, as (kind, number), to them alone."""
    _keep_burials(db.session, list(records))


def _keep_burials(on: Connection | Session, records: list[tuple[str, int]]) -> None:
    newest = on.execute(select(func.coalesce(func.max(Event.id), 0))).scalar_one()
    if records and newest:
        on.execute(insert(Burial), [{"kind": kind, "record_id": number, "event_id": newest} for kind, number in records])


def _buried(kind: Any, record_id: Any, event_id: Any) -> Any:
    """SQL: this event is of a record that was deleted, whoever has its number now."""
    return select(Burial.event_id).where(
        Burial.kind == kind, Burial.record_id == record_id, Burial.event_id >= event_id).exists()


def is_reading(tag: str) -> bool:
    """Whether an event tells that something was read, and so changed nothing."""
    return tag.endswith(READING)


def kind_of(obj: Any) -> str:
    """The kind under which a record's events are kept."""
    return type(obj).__tablename__


def plain(value: Any) -> Any:
    """A value as JSON can keep it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def record(tag: str, obj: Any, actor: Actor, *, note: str = "", changes: Mapping[str, tuple[Any, Any]] | None = None,
           also: Iterable[Any] = (), audience: str | None = None) -> Event:
    """Write one event in the running transaction.

    Arguments: tag such as "need.published"; obj, the subject, already flushed; changes {field: (old, new)}; also,
    other records whose timelines show it; audience, a Visibility value (default public: the subject's own rules
    still hold). Returns: the event.
    """
    event = Event(
        tag=tag, subject_kind=kind_of(obj), subject_id=obj.id, subject_label=str(getattr(obj, "ref", "") or ""),
        account_id=actor.account_id, actor_label=actor.label, note=note.strip(),
        changes={key: [plain(old), plain(new)] for key, (old, new) in (changes or {}).items()},
        audience=audience or Visibility.PUBLIC.value, is_demo=bool(getattr(obj, "is_demo", False)),
    )
    linked = {(kind_of(one), one.id) for one in (obj, *also) if one is not None}
    event.links = [EventLink(kind=kind, record_id=record_id) for kind, record_id in sorted(linked)]
    db.session.add(event)
    db.session.flush()
    for hear in LISTENERS:
        hear(event, obj, actor)
    return event


def differences(obj: Any, new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields in which `new` differs from the record, as {field: (old, new)}."""
    return {key: (getattr(obj, key), value) for key, value in new.items() if plain(getattr(obj, key)) != plain(value)}


def readable(actor: Actor, kinds: Iterable[str] | None = None) -> Any:
    """SQL: the events this actor may read. The subject's own scope, and the event's audience. `kinds`: of these subjects only."""
    of_subjects = [
        and_(Event.subject_kind == kind, ~_buried(kind, Event.subject_id, Event.id),
             Event.subject_id.in_(select(model.id).where(policy.condition(actor, permission, model))))
        for kind, (model, permission) in sorted(KINDS.items()) if kinds is None or kind in kinds
    ]
    if actor.is_isu:
        return or_(*of_subjects, Event.tag.endswith(".deleted"))  # of what is gone, that it is gone
    audiences = [Event.audience == Visibility.PUBLIC]
    if policy.state_party.test(actor, None):
        audiences.append(Event.audience == Visibility.STATES_PARTIES)
    if actor.party_id is not None:
        audiences.append(and_(Event.audience == Visibility.PARTIES, Event.links.any(
            and_(EventLink.kind == "party", EventLink.record_id == actor.party_id))))
    return and_(or_(false(), *of_subjects), or_(*audiences))


def _about(*records: Any) -> Any:
    """SQL: the event is on the timeline of one of these records."""
    return Event.links.any(or_(*(and_(
        EventLink.kind == kind_of(one), EventLink.record_id == one.id,
        ~_buried(kind_of(one), one.id, EventLink.event_id)) for one in records)))


def timeline(actor: Actor, *records: Any, tags: Iterable[str] = (), limit: int = 100) -> list[Event]:
    """The newest events on these records' timelines that the actor may read, newest first."""
    query = select(Event).where(_about(*records), readable(actor)).order_by(Event.at.desc(), Event.id.desc())
    kinds = tuple(tags)
    if kinds:
        query = query.where(or_(*(Event.tag.startswith(f"{kind}.") for kind in kinds)))
    return list(db.session.scalars(query.options(selectinload(Event.links)).limit(limit)))


def latest(actor: Actor, *, limit: int = 10) -> list[Event]:
    """The newest events anywhere that the actor may read."""
    query = select(Event).where(readable(actor), ~Event.tag.endswith(READING)).order_by(
        Event.at.desc(), Event.id.desc()).limit(limit)
    return list(db.session.scalars(query))


def since(actor: Actor, moment: datetime, *, record: Any = None, limit: int = 500) -> tuple[list[Event], int]:
    """What happened since a moment that the actor may read (on one record's timeline, or anywhere), newest first.

    Returns: (the newest `limit` events, how many there are). Notes of reading are left out.
    """
    chosen = [Event.at >= moment, readable(actor), ~Event.tag.endswith(READING)]
    if record is not None:
        chosen.append(_about(record))
    total = db.session.scalar(select(func.count()).select_from(Event).where(*chosen)) or 0
    query = select(Event).where(*chosen).order_by(Event.at.desc(), Event.id.desc())
    return list(db.session.scalars(query.options(selectinload(Event.links)).limit(limit))), total


def changed(model: Any) -> Any:
    """SQL: when a record last changed in what everybody may read; NULL where no such event is kept.

    Of a query over records of `model` that everybody may see: their own scope is the query's, the audience is looked at here.
    """
    kind = model.__tablename__
    return select(func.max(Event.at)).where(
        Event.subject_kind == kind, Event.subject_id == model.id, Event.audience == Visibility.PUBLIC,
        ~Event.tag.endswith(READING), ~_buried(kind, Event.subject_id, Event.id)).correlate(model).scalar_subquery()


# A number that grows with every recorded change; caches of derived data are kept by it. It is the place in the chain of the last
# event that is no reading: the order of commits, whatever numbers events have.
WATERMARK = select(func.coalesce(func.max(EventSeal.number), 0)).where(EventSeal.is_reading.is_(False)).scalar_subquery()


def watermark() -> int:
    """See `WATERMARK`."""
    return db.session.scalar(select(WATERMARK)) or 0
