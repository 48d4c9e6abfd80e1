"""The public news: what everybody may read of needs, conferences and outcomes, the newest first."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from partnerships.approach.models import Meeting
from partnerships.conferences.models import Conference
from partnerships.core import audit
from partnerships.core.actor import PUBLIC
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.feeds import atom
from partnerships.feeds.atom import Item
from partnerships.feeds.calendar import address
from partnerships.needs.models import Need
from partnerships.parties.words import name

MOST = 50
TAGS = {
    "need.published": _l("Need published"), "need.met": _l("Need met"), "need.partly-met": _l("Need partly met"),
    "conference.planned": _l("Pledging conference planned"), "conference.opened": _l("Pledging conference opened"),
    "conference.published": _l("Outcome of a pledging conference published"),
    "meeting.closed": _l("Outcome of a country meeting published"),
}


def items() -> list[Item]:
    """The newest pieces of public news: the event must be public, and so must be its record as it stands today."""
    query = select(Event).where(Event.tag.in_(TAGS), audit.readable(PUBLIC)).order_by(Event.at.desc(), Event.id.desc())
    events = list(db.session.scalars(query.limit(MOST)))
    subjects = {kind: _subjects(kind, [one.subject_id for one in events if one.subject_kind == kind])
                for kind in ("need", "conference", "meeting")}
    return [_item(event, found) for event in events
            if (found := subjects[event.subject_kind].get(event.subject_id)) is not None]


def _subjects(kind: str, numbers: list[int]) -> dict[int, tuple[str, str, str]]:
    """(title, summary, address) of the records of a kind that everybody may see."""
    if not numbers:
        return {}
    if kind == "need":
        needs = db.session.scalars(scope(PUBLIC, "needs.view", Need).where(Need.id.in_(numbers)))
        return {one.id: (f"{name(one.party)}: {one.title}", one.summary, address("needs.detail", ref=one.ref))
                for one in needs}
    if kind == "meeting":
        meetings = db.session.scalars(scope(PUBLIC, "approach.view", Meeting).where(Meeting.id.in_(numbers)))
        return {one.id: (f"{name(one.state)}: {one.title}", "", address("approach.detail", ref=one.ref)) for one in meetings}
    conferences = db.session.scalars(scope(PUBLIC, "conferences.view", Conference).where(Conference.id.in_(numbers)))
    return {one.id: (one.title, "", address("conferences.detail", ref=one.ref)) for one in conferences}


def _item(event: Event, record: tuple[str, str, str]) -> Item:
    title, summary, page = record
    return Item(f"event-{event.id}", atom.fit(_("%(what)s: %(title)s", what=TAGS[event.tag], title=title)), atom.fit(summary), page,
                event.at)
