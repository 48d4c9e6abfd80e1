"""Writing country meetings: planning, who took part, what came of them. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from partnerships.approach.models import Meeting, Participant
from partnerships.approach.states import MeetingStatus
from partnerships.core import audit, workflow
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.refs import next_reference
from partnerships.core.visibility import Visibility
from partnerships.core.workflow import Transition, Workflow
from partnerships.needs.models import Need
from partnerships.parties.models import Party

Took = Party | tuple[Party, str]


def create(actor: Actor, state: Party, values: Mapping[str, Any], needs: Iterable[Need],
           participants: Iterable[Took], is_demo: bool = False) -> Meeting:
    """Plan (or record) a country meeting.

    Arguments: state, the affected State; values, columns of Meeting; needs, those of the State to be discussed;
    participants, parties, each alone or with its capacity. Returns: the meeting, flushed, such as IA-KHM-2026-01.
    Raises: Refused when a need is another State's.
    """
    needs = list(needs)
    _own(state, needs)
    meeting = Meeting(**values, state=state, state_id=state.id, is_demo=is_demo, needs=needs,
                      ref=next_reference(f"IA-{state.ref}-{values['held_on'].year}", 2))
    meeting.participants = [Participant(party=party, party_id=party.id, capacity=capacity)
                            for party, capacity in _pairs(participants)]
    db.session.add(meeting)
    db.session.flush()
    _record("meeting.planned", meeting, actor)
    return meeting


def change(meeting: Meeting, actor: Actor, values: Mapping[str, Any], needs: Iterable[Need],
           participants: Iterable[Took]) -> None:
    """Change a meeting; what changed goes on the record for those who may see the meeting at that time.

    Raises: Refused when a need is another State's.
    """
    needs, pairs = sorted(needs, key=lambda need: need.ref), _pairs(participants)
    _own(meeting.state, needs)
    changes = audit.differences(meeting, values)
    _add(changes, "needs", _nameable(meeting.needs), _nameable(needs))
    before = {row.party.ref: row for row in meeting.participants}
    after = {party.ref: (party, capacity) for party, capacity in pairs}
    _add(changes, "participants", list(before), list(after))
    moved = {ref for ref in before if ref in after and before[ref].capacity != after[ref][1]}
    if not changes and not moved and {need.id for need in needs} == {need.id for need in meeting.needs}:
        return
    level = meeting.visibility
    concerned = [meeting.state, *(row.party for row in meeting.participants)]
    for key, value in values.items():
        setattr(meeting, key, value)
    meeting.needs = needs
    for ref, row in before.items():
        if ref not in after:
            meeting.participants.remove(row)
        else:
            row.capacity = after[ref][1]
    meeting.participants.extend(Participant(party=party, party_id=party.id, capacity=capacity)
                                for ref, (party, capacity) in after.items() if ref not in before)
    meeting.updated_at = utcnow()
    db.session.flush()
    _record("meeting.changed", meeting, actor, changes=changes, also=concerned, before=level)


def _nameable(needs: Iterable[Need]) -> list[str]:
    """The needs that an event may name: readers of a meeting are not always readers of every need discussed at it."""
    return [need.ref for need in needs if need.visibility is Visibility.PUBLIC]


def _add(changes: dict[str, tuple[Any, Any]], key: str, old: list[str], new: list[str]) -> None:
    if sorted(old) != sorted(new):
        changes[key] = (tuple(sorted(old)), tuple(sorted(new)))


def _pairs(participants: Iterable[Took]) -> list[tuple[Party, str]]:
    return [one if isinstance(one, tuple) else (one, "") for one in participants]


def _own(state: Party, needs: Iterable[Need]) -> None:
    if any(need.party_id != state.id for need in needs):
        raise Refused(_("A country meeting discusses the needs of its own State only."))


def links(meeting: Meeting) -> list[Any]:
    """The records on whose timelines a meeting's events appear: the State, those taking part, the needs discussed."""
    return [meeting.state, *(row.party for row in meeting.participants), *meeting.needs]


def _record(tag: str, meeting: Meeting, actor: Actor, *, changes: Any = None, also: Iterable[Any] = (),
            before: Visibility = Visibility.PUBLIC) -> None:
    # The audience is the narrower visibility of before and after: opening a meeting must not open its earlier wording.
    levels = list(Visibility)
    audience = max(before, meeting.visibility, key=levels.index)
    audit.record(tag, meeting, actor, changes=changes, also=[*links(meeting), *also], audience=audience.value)


def _not_ahead(meeting: Meeting, _actor: Actor) -> None:
    if meeting.held_on > date.today():
        raise Refused(_("This meeting lies in the future: change its date, or mark it held after the day."))


def _has_outcome(meeting: Meeting, _actor: Actor) -> None:
    if not meeting.outcome.strip():
        raise Refused(_("Write the outcome first (edit the meeting): Action 43 asks that it be shared."))


FLOW = Workflow("meeting", (
    Transition("held", _l("Mark as held"), frozenset({MeetingStatus.PLANNED}), MeetingStatus.HELD, "approach.run",
               effect=_not_ahead),
    Transition("closed", _l("Close with its outcome"), frozenset({MeetingStatus.HELD}), MeetingStatus.CLOSED,
               "approach.run", effect=_has_outcome),
))
workflow.declare(Meeting, FLOW)
audit.declare("meeting", Meeting, "approach.view")


def move(meeting: Meeting, name: str, actor: Actor, note: str = "") -> bool:
    """Make one move of the workflow: held, closed; see `workflow.advance`."""
    return workflow.advance(meeting, name, actor, note, also=links(meeting), audience=meeting.visibility.value)
