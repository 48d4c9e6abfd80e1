"""Writing pledging conferences: planning, attendance, opening, closing, the outcome. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import delete as sql_delete
from sqlalchemy import func, select

from partnerships.conferences.models import Attendance, Conference, ConferenceTarget
from partnerships.conferences.states import OBJECT_LABELS, Category, ConferenceStatus, PledgeObject, Presence
from partnerships.core import audit, workflow
from partnerships.core.actor import Actor
from partnerships.core.db import Base, db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.filters import money_text
from partnerships.core.visibility import Visibility
from partnerships.core.workflow import Transition, Workflow
from partnerships.parties import queries as parties
from partnerships.parties.models import Party

RUN = "conferences.run"


def next_number() -> int:
    """The number after the highest one in use."""
    return (db.session.scalar(select(func.max(Conference.number))) or 0) + 1


def taken(number: int, but: Conference | None = None) -> bool:
    """Whether another conference has this number already."""
    found = db.session.scalar(select(Conference.id).where(Conference.number == number))
    return found is not None and (but is None or found != but.id)


def _reference(number: int) -> str:
    return f"PC-{number:02d}"


def create(actor: Actor, values: Mapping[str, Any], is_demo: bool = False) -> Conference:
    """Plan a conference.

    Arguments: values, columns of Conference; without a number it gets the next one. Returns: the conference, flushed,
    with a reference such as PC-09. Raises: Refused when the number is taken.
    """
    number = values.get("number") or next_number()
    if taken(number):
        raise Refused(_("There is already a pledging conference number %(number)s.", number=number))
    conference = Conference(**{**values, "number": number}, ref=_reference(number), is_demo=is_demo)
    db.session.add(conference)
    db.session.flush()
    audit.record("conference.planned", conference, actor)
    return conference


def change(conference: Conference, actor: Actor, values: Mapping[str, Any]) -> None:
    """Change a conference's facts or its outcome. Its number, and with it its reference, only while it is planned.

    Raises: Refused when the number is taken or may no longer change.
    """
    changes = audit.differences(conference, values)
    if "number" in changes:
        number = values["number"]
        if conference.status is not ConferenceStatus.PLANNED:
            raise Refused(_("The number can only be changed while the conference is planned: people already use it."))
        if taken(number, conference):
            raise Refused(_("There is already a pledging conference number %(number)s.", number=number))
        conference.ref = _reference(number)
    if not changes:
        return
    for key in changes:
        setattr(conference, key, values[key])
    db.session.flush()
    # The wording of an outcome is the ISU's own until it is published.
    kept = {} if conference.status is ConferenceStatus.PUBLISHED else {
        key: pair for key, pair in changes.items() if key == "outcome"}
    for part, audience in ((kept, Visibility.ISU), ({key: changes[key] for key in changes if key not in kept}, None)):
        if part:
            audit.record("conference.changed", conference, actor, changes=part, audience=audience)


def category_of(party: Party, day: date) -> Category:
    """The attendance category of a party on a day: membership is dates, so it depends on the day."""
    if party.is_state:
        return Category.STATE_PARTY if parties.is_state_party(party.id, day) else Category.STATE_NOT_PARTY
    return Category.NGO if party.organisation_type == "ngo" else Category.INTERNATIONAL_ORGANISATION


def attend(conference: Conference, party: Party, actor: Actor, *, head: str = "", note: str = "",
           presence: Presence = Presence.PRESENT) -> Attendance:
    """Record a delegation; recorded again, its head, note and presence are brought up to date.

    Returns: the attendance, in the category the party had on the conference's first day (today, when it has no date).
    Raises: Refused once the outcome is published.
    """
    _still_open(conference)
    found = db.session.scalars(select(Attendance).where(
        Attendance.conference_id == conference.id, Attendance.party_id == party.id)).first()
    if found is not None:
        found.head, found.note = head or found.head, note or found.note
        came = presence is Presence.PRESENT and found.presence is Presence.EXPECTED
        found.presence = Presence.PRESENT if came else found.presence
        db.session.flush()
        if came:
            audit.record("conference.attended", conference, actor, changes={"delegation": (None, party.ref)}, also=[party])
        return found
    row = Attendance(conference=conference, party=party, party_id=party.id, head=head, note=note, presence=presence,
                     category=category_of(party, conference.first_day or date.today()))
    db.session.add(row)
    db.session.flush()
    if presence is Presence.PRESENT:
        audit.record("conference.attended", conference, actor, changes={"delegation": (None, party.ref)}, also=[party])
    return row


def leave(conference: Conference, row: Attendance, actor: Actor) -> None:
    """Take a delegation off the list, before publication. Raises: Refused once the outcome is published."""
    _still_open(conference)
    party = row.party
    conference.attendance.remove(row)
    db.session.flush()
    audit.record("conference.attendance-removed", conference, actor, changes={"delegation": (party.ref, None)},
                 also=[party])


def line_up(conference: Conference, speakers: Sequence[Party], actor: Actor) -> None:
    """Set the list of speakers, in order; those not on the attendance list yet are expected.

    Raises: Refused once the outcome is published.
    """
    _still_open(conference)
    for row in conference.attendance:
        row.speaking = None
    for place, party in enumerate(speakers, start=1):
        known = {row.party_id: row for row in conference.attendance}
        row = known.get(party.id) or attend(conference, party, actor, presence=Presence.EXPECTED)
        row.speaking = place
    db.session.flush()


def spoke(conference: Conference, row: Attendance, actor: Actor) -> None:
    """Mark that a delegation has spoken: it is there, then. Raises: Refused once the outcome is published."""
    attend(conference, row.party, actor)
    row.spoke_at = row.spoke_at or utcnow()
    db.session.flush()


def _still_open(conference: Conference) -> None:
    if conference.status is ConferenceStatus.PUBLISHED:
        raise Refused(_("The outcome is published: reopen the conference to change its attendance."))


def _has_outcome(conference: Conference, _actor: Actor) -> None:
    if not conference.outcome.strip():
        raise Refused(_("Write the outcome first (edit the conference): it is what this page is for."))


FLOW = Workflow("conference", (
    Transition("opened", _l("Open the conference"), frozenset({ConferenceStatus.PLANNED}), ConferenceStatus.OPEN, RUN),
    Transition("closed", _l("Close the conference"), frozenset({ConferenceStatus.OPEN}), ConferenceStatus.CLOSED, RUN),
    Transition("published", _l("Publish outcome"), frozenset({ConferenceStatus.CLOSED}), ConferenceStatus.PUBLISHED,
               RUN, effect=_has_outcome),
    Transition("reopened", _l("Reopen"), frozenset({ConferenceStatus.CLOSED, ConferenceStatus.PUBLISHED}),
               ConferenceStatus.OPEN, RUN, needs_note=True),
))
workflow.declare(Conference, FLOW)
audit.declare("conference", Conference, "conferences.view")


def move(conference: Conference, name: str, actor: Actor, note: str = "") -> bool:
    """Make one move of the workflow: opened, closed, published, reopened; see `workflow.advance`.

    Publishing keeps the outcome as it is on this day, in the same transaction.
    """
    from partnerships.conferences import outcome  # it stands on pledges, which stand on this

    done = workflow.advance(conference, name, actor, note)
    if done and name == "published":
        outcome.publish(conference, actor)
    return done


def aim(conference: Conference, actor: Actor, *, object: PledgeObject, year: int, amount: Decimal, currency: str, note: str,
        source: str) -> ConferenceTarget:
    """Set a target for an object in a year (0: for no one year), in a currency; an earlier one of the same is replaced.

    Raises: Refused once the outcome is published.
    """
    _still_open(conference)
    found = next((one for one in conference.targets if (one.object, one.year, one.currency) == (object, year, currency)), None)
    before = _target(found) if found else None
    if found is None:
        found = ConferenceTarget(object=object, year=year, currency=currency)
        conference.targets.append(found)
    found.amount, found.note, found.source = amount, note.strip(), source
    db.session.flush()
    after = _target(found)
    if after != before:
        audit.record("conference.changed", conference, actor, changes={"target": (before, after)})
    return found


def give_up(conference: Conference, target: ConferenceTarget, actor: Actor) -> None:
    """Take a target away. Raises: Refused once the outcome is published."""
    _still_open(conference)
    conference.targets.remove(target)
    db.session.flush()
    audit.record("conference.changed", conference, actor, changes={"target": (_target(target), None)})


def _target(target: ConferenceTarget) -> str:
    year = f" {target.year}" if target.year else ""
    said = "".join(f"; {text}" for text in (target.note, target.source) if text)
    return f"{OBJECT_LABELS[target.object]}{year}: {money_text(target.amount, target.currency)}{said}"


def delete(conference: Conference, actor: Actor) -> None:
    """Delete a conference that was only planned, with its targets and the delegations expected; the ISU's record says so.

    Raises: Refused when it was opened, or when anything refers to it: nothing that happened is deleted.
    """
    if conference.status is not ConferenceStatus.PLANNED:
        raise Refused(_("Only a planned conference can be deleted: what happened stays on the record."))
    number = _referring(conference)
    if number:
        raise Refused(ngettext(
            "%(num)s record refers to this conference (a pledge, a document, an import or an outcome): it stays.",
            "%(num)s records refer to this conference (pledges, documents, imports, outcomes): it stays.", number))
    audit.record("conference.deleted", conference, actor, audience=Visibility.ISU,
                 changes={"title": (conference.title, None), "first_day": (conference.first_day, None)})
    db.session.execute(sql_delete(Attendance).where(Attendance.conference_id == conference.id))
    db.session.execute(sql_delete(ConferenceTarget).where(ConferenceTarget.conference_id == conference.id))
    db.session.expire(conference, ["attendance", "targets"])
    db.session.delete(conference)
    db.session.flush()


def _referring(conference: Conference) -> int:
    """How many records of other tables refer to a conference."""
    own = {Attendance.__tablename__, ConferenceTarget.__tablename__}
    columns = [column for table in Base.metadata.sorted_tables if table.name not in own for column in table.columns
               if any(key.column.table is Conference.__table__ for key in column.foreign_keys)]
    return sum(db.session.scalar(select(func.count()).where(column == conference.id)) or 0 for column in columns)
