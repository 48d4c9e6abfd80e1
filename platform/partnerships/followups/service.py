"""Writing follow-ups: noted, changed, done or dropped. Flushes, never commits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from partnerships.accounts.models import Account
from partnerships.approach.models import Meeting
from partnerships.core import audit, workflow
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.policy import demand
from partnerships.core.visibility import Visibility
from partnerships.core.workflow import Transition, Workflow
from partnerships.followups.models import Followup, FollowupRule
from partnerships.followups.states import DISMISSALS, Dismissal, FollowupStatus, Reason
from partnerships.matches.models import Match
from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.parties.words import name
from partnerships.pledges.models import Pledge

_OPEN = frozenset({FollowupStatus.OPEN})
FLOW = Workflow("followup", (
    Transition("done", _l("Mark as done"), _OPEN, FollowupStatus.DONE, "followups.resolve", needs_note=True,
               audience=Visibility.PARTIES),
    Transition("dropped", _l("Drop"), _OPEN, FollowupStatus.DROPPED, "followups.resolve", needs_note=True,
               audience=Visibility.PARTIES),
))
SNOOZE_MOST = timedelta(days=366)
workflow.declare(Followup, FLOW)
audit.declare("followup", Followup, "followups.view")
audit.declare("followup_rule", FollowupRule, "followups.tune")


def create(actor: Actor, *, what: str, party: Party, owner_party: Party, due_on: date, reason: Reason,
           owner: Account | None = None, meeting: Meeting | None = None, need: Need | None = None,
           pledge: Pledge | None = None, match: Match | None = None, suggestion: str | None = None,
           is_demo: bool = False) -> Followup:
    """Put a follow-up into the queue.

    Arguments: what, one sentence; party, whom it is about; owner_party, who is to do it, and owner, the person of it
    where one is named; due_on, until when (a past day is allowed: recorded meetings have them); reason, what it comes
    from; meeting, need, pledge, match, the records it belongs to; suggestion, the key of the suggestion it answers.
    Returns: the follow-up, open and flushed. Raises: Refused when `what` is empty, when the owner is not of the
    owner's party, or when the suggestion was already answered.
    """
    what = " ".join(what.split())
    if not what:
        raise Refused(_("Say what is to be done, in a sentence."))
    _owner_belongs(owner, owner_party)
    if suggestion is not None and answered(suggestion):
        raise Refused(_("This suggestion was already answered: its follow-up is on record."))
    followup = Followup(
        what=what, party=party, party_id=party.id, owner_party=owner_party, owner_party_id=owner_party.id, owner=owner,
        owner_id=owner.id if owner else None, due_on=due_on, reason=Reason(reason), status=FollowupStatus.OPEN,
        meeting=meeting, need=need, pledge=pledge, match=match, suggestion=suggestion, is_demo=is_demo)
    db.session.add(followup)
    db.session.flush()
    audit.record("followup.created", followup, actor, note=what, also=concerned(followup), audience=Visibility.PARTIES)
    return followup


def change(followup: Followup, actor: Actor, *, due_on: date, owner_party: Party, owner: Account | None) -> bool:
    """Give a follow-up another day or another owner; the record says both. Returns whether anything changed.

    Raises: Refused when it is no longer open, or when the owner is not of the owner's party.
    """
    if followup.status is not FollowupStatus.OPEN:
        raise Refused(_("This follow-up is no longer open, so its date and owner stay as they are."))
    _owner_belongs(owner, owner_party)
    changes: dict[str, tuple[Any, Any]] = audit.differences(followup, {"due_on": due_on})
    before, after = _owner_words(followup.owner_party, followup.owner), _owner_words(owner_party, owner)
    if before != after:
        changes["owner"] = (before, after)
    if not changes:
        return False
    former = followup.owner_party
    followup.due_on, followup.updated_at = due_on, utcnow()
    followup.owner_party, followup.owner_party_id = owner_party, owner_party.id
    followup.owner, followup.owner_id = owner, owner.id if owner else None
    db.session.flush()
    audit.record("followup.changed", followup, actor, changes=changes, also=[*concerned(followup), former],
                 audience=Visibility.PARTIES)
    return True


def delegate(followup: Followup, actor: Actor, *, party: Party, person: Account | None, note: str) -> bool:
    """Give an open follow-up to another person or party, with a word why. Returns: whether anything changed.

    Raises: Refused when the words are missing, when it is no longer open, or when the person is not of the party;
    403 when the actor may not.
    """
    _carried(followup, actor, note)
    _owner_belongs(person, party)
    before, after = _owner_words(followup.owner_party, followup.owner), _owner_words(party, person)
    if before == after:
        return False
    former = followup.owner_party
    followup.owner_party, followup.owner_party_id = party, party.id
    followup.owner, followup.owner_id = person, person.id if person else None
    db.session.flush()
    audit.record("followup.delegated", followup, actor, note=note, changes={"owner": (before, after)},
                 also=[*concerned(followup), former], audience=Visibility.PARTIES)
    return True


def snooze(followup: Followup, actor: Actor, *, until: date, note: str, today: date) -> bool:
    """Put an open follow-up off until a day, with a reason; on that day it is back by itself.

    Returns: False when it is put off until that day already. Raises: Refused for a day that is not after today, more
    than a year away, or without a reason; 403 when the actor may not.
    """
    _carried(followup, actor, note)
    if not today < until <= today + SNOOZE_MOST:
        raise Refused(_("Choose a day after today, within a year."))
    if followup.snoozed_until == until:
        return False
    changes = audit.differences(followup, {"snoozed_until": until})
    followup.snoozed_until = until
    db.session.flush()
    audit.record("followup.snoozed", followup, actor, note=note, changes=changes, also=concerned(followup),
                 audience=Visibility.PARTIES)
    return True


def wake(followup: Followup, actor: Actor) -> bool:
    """Bring a follow-up back before its day. Returns: False when it is not put off."""
    demand(actor, "followups.carry", followup)
    if followup.snoozed_until is None:
        return False
    changes = audit.differences(followup, {"snoozed_until": None})
    followup.snoozed_until = None
    db.session.flush()
    audit.record("followup.woken", followup, actor, changes=changes, also=concerned(followup), audience=Visibility.PARTIES)
    return True


def _carried(followup: Followup, actor: Actor, note: str) -> None:
    if followup.status is not FollowupStatus.OPEN:
        raise Refused(_("This follow-up is no longer open, so it stays as it is."))
    demand(actor, "followups.carry", followup)
    if not note.strip():
        raise Refused(_("Say why, in a sentence: it is kept on the record."))


def resolve(followup: Followup, name: str, actor: Actor, result: str) -> bool:
    """Close a follow-up: "done" with its result, or "dropped" with the reason.

    Returns: False when it already stands there (a second click). Raises: Refused when the words are missing or it was
    closed the other way; 403 when the actor may not.
    """
    if followup.status is FollowupStatus.OPEN:
        followup.result = result.strip()
        followup.snoozed_until = None
    return workflow.advance(followup, name, actor, result, also=concerned(followup))


def dismiss(actor: Actor, suggested: Any, owner_party: Party, why: Dismissal, words: str = "") -> Followup:
    """Answer a suggestion with "not needed": a dropped follow-up with its reason, so that it is not suggested again.

    Arguments: why, the reason from the list, which teaches the order of suggestions; words, more of it; needed for "other".
    """
    if why is Dismissal.OTHER and not words.strip():
        raise Refused(_("Say why it is not needed, in a sentence: it is kept on the record."))
    followup = create(actor, what=suggested.what, party=suggested.party, owner_party=owner_party, due_on=date.today(),
                      reason=suggested.reason, need=suggested.need, pledge=suggested.pledge, match=suggested.match,
                      suggestion=suggested.key)
    resolve(followup, "dropped", actor, words.strip() or str(DISMISSALS[why]))
    followup.dismissal = why
    db.session.flush()
    return followup


def answered(key: str) -> bool:
    """Whether a suggestion was already taken into the queue or dismissed."""
    return db.session.scalar(select(Followup.id).where(Followup.suggestion == key)) is not None


def concerned(followup: Followup) -> list[Any]:
    """The records on whose timelines a follow-up appears, and the parties that may read it."""
    found: list[Any] = [followup.party, followup.owner_party, followup.need, followup.pledge, followup.meeting,
                        followup.match]
    if followup.meeting is not None:
        found += [followup.meeting.state, *(one.party for one in followup.meeting.participants)]
    return found


def _owner_words(party: Party, person: Account | None) -> str:
    return f"{person.name}, {name(party)}" if person else name(party)


def _owner_belongs(owner: Account | None, party: Party) -> None:
    if owner is not None and owner.party_id != party.id:
        raise Refused(_("The person named as owner does not belong to the owner's State or organisation."))


def tune(actor: Actor, kept: FollowupRule | None, reason: Reason, *, enabled: bool, number: int | None,
         before: tuple[bool, int | None]) -> bool:
    """Switch a rule of suggestions on or off and set its number. Returns: whether anything changed.

    Arguments: kept, what was set before, if anything; before, (on, number) as they stand, for the record.
    """
    changes = {key: (old, new) for key, old, new in zip(("enabled", "number"), before, (enabled, number), strict=True)
               if old != new}
    if not changes:
        return False
    if kept is None:
        kept = FollowupRule(rule=reason)
        db.session.add(kept)
    kept.enabled, kept.number, kept.author_id = enabled, number, actor.account_id
    db.session.flush()
    audit.record("followup_rule.changed", kept, actor, changes=changes, audience=Visibility.ISU)
    return True
