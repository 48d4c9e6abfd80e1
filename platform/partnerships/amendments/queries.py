"""Reading changes to published needs, the queue of verification and published versions, as far as the actor may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from partnerships.accounts.models import Account
from partnerships.amendments.models import Amendment
from partnerships.amendments.small import is_small
from partnerships.amendments.states import OPEN, AmendmentStatus
from partnerships.core.actor import Actor
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.policy import can, condition, scope
from partnerships.core.visibility import Visibility
from partnerships.needs.content import AMOUNT_KEYS, CONTACT_KEYS, DETAIL_KEYS, LINES, Content, snapshot
from partnerships.needs.models import Need, NeedVersion
from partnerships.needs.states import NeedStatus

LATELY = 20  # how many decisions the time of service is told from


def open_of(actor: Actor, need: Need) -> Amendment | None:
    """The change to this need that is being worked on or waits for verification, when the actor may see it."""
    query = scope(actor, "amendments.view", Amendment).where(Amendment.need_id == need.id, Amendment.status.in_(OPEN))
    return db.session.scalars(query.options(joinedload(Amendment.need))).first()


def latest_of(actor: Actor, need: Need) -> Amendment | None:
    """The change to this need that was begun last, whatever became of it."""
    query = scope(actor, "amendments.view", Amendment).where(Amendment.need_id == need.id)
    return db.session.scalars(query.options(joinedload(Amendment.need)).order_by(Amendment.id.desc()).limit(1)).first()


def waiting(actor: Actor) -> list[Amendment]:
    """The changes that wait for verification, longest waiting first. That of a need closed meanwhile waits no longer."""
    query = scope(actor, "amendments.view", Amendment).join(Amendment.need).where(
        Amendment.status == AmendmentStatus.SUBMITTED, Need.status == NeedStatus.PUBLISHED)
    return list(db.session.scalars(query.options(joinedload(Amendment.need).options(*_WHOLE)).order_by(
        Amendment.submitted_at, Amendment.id)).unique())


def returned(actor: Actor) -> list[Amendment]:
    """The changes that the ISU gave back to the actor's State, the oldest first."""
    query = scope(actor, "amendments.view", Amendment).join(Amendment.need).where(
        Need.party_id == actor.party_id, Amendment.status == AmendmentStatus.RETURNED, Need.status == NeedStatus.PUBLISHED)
    return list(db.session.scalars(query.options(joinedload(Amendment.need)).order_by(Amendment.status_on, Amendment.id)))


@dataclass(frozen=True)
class Waiting:
    """One line of the queue: a new need, or a change to a published one. `small` is a change for the fast lane."""

    need: Need
    amendment: Amendment | None
    content: Content
    since: datetime | None
    by: Account | None
    small: bool


def queue(actor: Actor) -> list[Waiting]:
    """All that waits for verification within the actor's sight, longest waiting first."""
    query = scope(actor, "needs.view", Need).where(Need.status == NeedStatus.SUBMITTED).options(*_WHOLE)
    new, changed = list(db.session.scalars(query).unique()), waiting(actor)
    people = _people({*(need.submitted_by_id for need in new), *(one.submitted_by_id for one in changed)})
    found = [Waiting(need, None, snapshot(need), need.submitted_at, people.get(need.submitted_by_id), False) for need in new]
    for one in changed:
        before = snapshot(one.need)
        found.append(Waiting(one.need, one, {**before, **one.content}, one.submitted_at, people.get(one.submitted_by_id),
                             is_small(before, one.content)))
    return sorted(found, key=lambda row: (row.since is None, row.since, row.need.id))


def _lines() -> list[InstrumentedAttribute[list[object]]]:
    return [getattr(Need, name) for name in LINES]


_WHOLE = (joinedload(Need.party), joinedload(Need.obligation), *(selectinload(lines) for lines in _lines()))


def _people(ids: Iterable[int | None]) -> dict[int | None, Account]:
    known = {one for one in ids if one is not None}
    return {row.id: row for row in db.session.scalars(select(Account).where(Account.id.in_(known)))} if known else {}


def service_time(actor: Actor) -> tuple[timedelta, int] | None:
    """How long verification took lately: (median, over how many decisions); None when nothing was decided yet.

    A decision is a publication, or a return with comments. What a State published itself (a contact) is none.
    """
    seen = select(Need.id).where(condition(actor, "needs.view", Need))
    published = db.session.execute(select(NeedVersion.published_at, NeedVersion.submitted_at).where(
        NeedVersion.need_id.in_(seen), NeedVersion.submitted_at.is_not(None)).order_by(
        NeedVersion.published_at.desc(), NeedVersion.id.desc()).limit(LATELY))
    spans = [(end, end - start) for end, start in published if start is not None]
    latest = sorted([*spans, *_returns()], key=lambda pair: pair[0], reverse=True)[:LATELY]
    return (timedelta(seconds=median(span.total_seconds() for _end, span in latest)), len(latest)) if latest else None


def _returns() -> list[tuple[datetime, timedelta]]:
    """The last returns: (when, how long after it was handed in)."""
    back = list(db.session.execute(select(Event.at, Event.subject_kind, Event.subject_id).where(
        Event.tag.in_(("need.returned", "amendment.returned"))).order_by(Event.at.desc(), Event.id.desc()).limit(LATELY)))
    subjects = {row.subject_id for row in back}
    asked = list(db.session.execute(select(Event.at, Event.subject_kind, Event.subject_id).where(
        Event.tag.in_(("need.submitted", "amendment.submitted")), Event.subject_id.in_(subjects)))) if back else []
    found = []
    for row in back:
        before = [one.at for one in asked
                  if (one.subject_kind, one.subject_id) == (row.subject_kind, row.subject_id) and one.at <= row.at]
        if before:
            found.append((row.at, row.at - max(before)))
    return found


@dataclass(frozen=True)
class Seen:
    """A published version as one reader may see it: without what is hidden from them."""

    version: NeedVersion
    hidden: frozenset[str]

    @property
    def note(self) -> str:
        """What the State said of the change; kept from those who do not see every part, as it may name one."""
        return "" if self.hidden - set(CONTACT_KEYS) else self.version.note


class _AsPublished:
    """A need with the visibilities of one of its versions: what the policy is asked about the version."""

    def __init__(self, need: Need, content: Content) -> None:
        self._need, self._content = need, content

    def __getattr__(self, name: str) -> object:
        if name.endswith("visibility") and name in self._content:
            return Visibility(self._content[name])
        return getattr(self._need, name)


def hidden(actor: Actor, need: Need, content: Content) -> frozenset[str] | None:
    """The parts of a content that the actor may not see; None when the actor may not see it at all.

    Both must allow it: the need as it is now, and the visibility that the content itself was published with.
    """
    both = (need, _AsPublished(need, content))
    if not all(can(actor, "needs.view", one) for one in both):
        return None
    found: set[str] = set()
    for permission, keys in (("needs.view-amounts", AMOUNT_KEYS), ("needs.view-details", DETAIL_KEYS)):
        if not all(can(actor, permission, one) for one in both):
            found.update(keys)
    if not all(can(actor, "needs.view-contact", one) for one in both):
        found.update(CONTACT_KEYS)
    return frozenset(found)


def versions(actor: Actor, need: Need) -> list[Seen]:
    """The published versions of a need that the actor may see, the newest first."""
    rows = db.session.scalars(select(NeedVersion).where(NeedVersion.need_id == need.id).order_by(NeedVersion.number.desc()))
    found = ((row, hidden(actor, need, row.content)) for row in rows)
    return [Seen(row, keys) for row, keys in found if keys is not None]


def was_published(need: Need) -> bool:
    """Whether any version of a need was published through the register, whoever may see it."""
    return db.session.scalar(select(NeedVersion.id).where(NeedVersion.need_id == need.id).limit(1)) is not None
