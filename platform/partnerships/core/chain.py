"""The chain of the record: every event is sealed when it is committed, each seal holding the hash of the one before.

A seal is written as late as possible, in the transaction of its events, under a lock that is held for the length of a commit:
the order of seals is the order of commits, and no two processes can continue the same seal. The database refuses to change or
remove what is sealed (triggers of migration 011); who goes around the triggers is found by `verify`.

SHA-256 over JSON with sorted keys; moments in UTC; see `content_hash` and `seal_hash`. Only the standard library's hashes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, event, insert, select, text, true
from sqlalchemy.orm import Session

from partnerships.core.audit import Event, EventLink, EventSeal, is_reading

NOTHING = "0" * 64
LOCK = 7_712_046  # any fixed number, another than that of migrations
BATCH = 500
_PENDING = "events-to-seal"


@dataclass(frozen=True)
class Head:
    """The end of the chain: how many seals there are, the last one's hash (hexadecimal), and its event."""

    count: int
    hash: str
    event_id: int


@dataclass(frozen=True)
class Finding:
    """Something wrong: the place in the chain (0 where it has none), the event, a word for the kind, and what it is in words."""

    place: int
    event_id: int | None
    kind: str
    words: str


@dataclass(frozen=True)
class Verified:
    """What a walk along the chain found."""

    events: int
    head: Head
    removed_demo: int
    findings: tuple[Finding, ...]

    @property
    def is_well(self) -> bool:
        return not self.findings


def content_hash(row: dict[str, Any], links: Sequence[tuple[str, int]]) -> str:
    """The hash of an event: of all its columns and of the records it is linked to."""
    kept = {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
    said = json.dumps([kept, sorted([kind, number] for kind, number in links)], sort_keys=True, ensure_ascii=False,
                      separators=(",", ":"))
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def seal_hash(before: str, number: int, event_id: int, content: str, is_demo: bool, is_reading: bool) -> str:
    """The hash of a seal."""
    said = f"{before}:{number}:{event_id}:{content}:{int(is_demo)}:{int(is_reading)}"
    return hashlib.sha256(said.encode()).hexdigest()


@event.listens_for(Event, "after_insert")
def _note(_mapper: Any, _connection: Any, target: Event) -> None:
    session = Session.object_session(target)
    if session is not None:
        session.info.setdefault(_PENDING, []).append(target.id)


@event.listens_for(Session, "before_commit")
def _seal(session: Session) -> None:
    if session.in_nested_transaction():
        return
    if not session.info.get(_PENDING):
        session.flush()
    numbers = session.info.pop(_PENDING, [])
    if numbers:
        seal(session, numbers)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_PENDING, None)


def seal(session: Session, numbers: Sequence[int]) -> None:
    """Seal these events of the running transaction, which is about to be committed. What is sealed already is left alone."""
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    last = head(session)
    place, before = last.count, last.hash
    ordered = sorted(set(numbers))
    for start in range(0, len(ordered), BATCH):
        seals = []
        for row, links in _events(session, ordered[start:start + BATCH]):
            place += 1
            flags = (bool(row["is_demo"]), is_reading(row["tag"]))
            content = content_hash(row, links)
            before = seal_hash(before, place, row["id"], content, *flags)
            seals.append({"number": place, "event_id": row["id"], "content": content, "hash": before, "is_demo": flags[0],
                          "is_reading": flags[1]})
        if seals:
            session.execute(insert(EventSeal), seals)


def _events(session: Session, numbers: Sequence[int]) -> Iterator[tuple[dict[str, Any], list[tuple[str, int]]]]:
    """Events as they are kept, with their links, by number; read past the session's own memory."""
    links: dict[int, list[tuple[str, int]]] = {}
    table = EventLink.__table__
    for event_id, kind, record_id in session.execute(select(
            table.c.event_id, table.c.kind, table.c.record_id).where(table.c.event_id.in_(numbers))):
        links.setdefault(event_id, []).append((kind, record_id))
    for row in session.execute(select(Event.__table__).where(Event.__table__.c.id.in_(numbers)).order_by(
            Event.__table__.c.id)).mappings():
        yield dict(row), links.get(row["id"], [])


def head(session: Session) -> Head:
    """The end of the chain."""
    row = session.execute(select(EventSeal.number, EventSeal.hash, EventSeal.event_id).order_by(
        EventSeal.number.desc()).limit(1)).first()
    return Head(row.number, row.hash, row.event_id) if row else Head(0, NOTHING, 0)


def compare(session: Session, count: int, kept: str) -> Finding | None:
    """Whether the chain once ended so. Returns: what is wrong, or None."""
    found = NOTHING if count == 0 else session.scalar(select(EventSeal.hash).where(EventSeal.number == count))
    if found == kept:
        return None
    return Finding(count, None, "head", _("The chain does not lead through the head that was kept: %(count)s events, %(hash)s….",
                                          count=count, hash=kept[:16]))


def verify(session: Session) -> Verified:
    """Walk along the whole chain, in batches. Returns: what was found; `Verified.is_well` when nothing is wrong."""
    findings: list[Finding] = []
    place, before, removed, last = 0, NOTHING, 0, 0
    beyond: ColumnElement[bool] = true()  # from the very first row: a seal put in below place one is found too
    while True:
        seals = session.execute(select(EventSeal.__table__).where(beyond).order_by(EventSeal.number).limit(BATCH)).mappings().all()
        if not seals:
            break
        events = {row["id"]: (row, links) for row, links in _events(session, [one["event_id"] for one in seals])}
        for one in seals:
            if one["number"] != place + 1:
                findings.append(Finding(place + 1, None, "gap", _("Seals %(first)s to %(last)s are missing.", first=place + 1,
                                                                  last=one["number"] - 1)))
            expected = seal_hash(before, one["number"], one["event_id"], one["content"], bool(one["is_demo"]),
                                 bool(one["is_reading"]))
            if expected != one["hash"]:
                findings.append(Finding(one["number"], one["event_id"], "seal", _(
                    "Seal %(number)s does not follow from the one before: it, or the order, was changed.", number=one["number"])))
            removed += _judge(one, events.get(one["event_id"]), findings)
            place, before, last = one["number"], one["hash"], one["event_id"]
        beyond = EventSeal.number > place
    findings += _unsealed(session)
    return Verified(place, Head(place, before, last), removed, tuple(findings))


def _judge(one: Any, found: tuple[dict[str, Any], list[tuple[str, int]]] | None, findings: list[Finding]) -> int:
    """Compare a seal with its event. Returns: 1 for an event that went with the demonstration, else 0."""
    number = one["event_id"]
    if found is None:
        if one["is_demo"]:
            return 1
        findings.append(Finding(one["number"], number, "removed", _("Event %(id)s was removed.", id=number)))
    elif content_hash(*found) != one["content"]:
        findings.append(Finding(one["number"], number, "altered", _(
            "Event %(id)s (%(tag)s, %(label)s) was altered after it was sealed.", id=number, tag=found[0]["tag"],
            label=found[0]["subject_label"] or found[0]["subject_kind"])))
    return 0


def _unsealed(session: Session) -> list[Finding]:
    """Events that are in no chain: they came in around the platform."""
    found = session.execute(select(Event.id, Event.tag).where(
        ~select(EventSeal.number).where(EventSeal.event_id == Event.id).exists()).order_by(Event.id).limit(BATCH)).all()
    return [Finding(0, row.id, "inserted", _("Event %(id)s (%(tag)s) was inserted and never sealed.", id=row.id, tag=row.tag))
            for row in found]
