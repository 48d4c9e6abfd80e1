"""Writing within a match: messages of both sides and the ISU, and the first contact. Flushes, never commits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from partnerships.core import audit, policy
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.files import Checked
from partnerships.core.visibility import Visibility
from partnerships.documents import queries as files
from partnerships.documents import service as documents
from partnerships.matches.models import Match, MatchMessage
from partnerships.matches.states import Audience
from partnerships.parties.models import Party

TAKEN_BACK_WITHIN = timedelta(minutes=15)
CONTACT = ("asked", "made", "shown", "hidden")
_PERMISSIONS = {"asked": "matches.ask-contact", "made": "matches.make-contact", "shown": "matches.show-contact",
                "hidden": "matches.show-contact"}


def sides(match: Match, actor: Actor) -> list[Party]:
    """The sides that the actor may keep a message to: its own, or either of them for the ISU."""
    return [side for side in (match.party, match.state) if actor.is_isu or side.id == actor.party_id]


def write(match: Match, actor: Actor, party: Party, *, body: str, side: Party | None = None, file: Checked | None = None,
          sent_as: str = "") -> MatchMessage:
    """Write a message within a match, perhaps with a file.

    Arguments: party, the author's own; side, the one it is kept to (with the ISU), or None for both; file with the name
    it was sent as. Returns: the message, flushed. Its event holds none of its words and reaches its readers only.
    Raises: Refused for a side that is not the author's to choose; 403.
    """
    policy.demand(actor, "matches.talk", match)
    if side is not None and side not in sides(match, actor):
        raise Refused(_("A message is for both sides, or for your own side and the ISU."))
    assert actor.account_id is not None  # only people write
    message = MatchMessage(
        match=match, match_id=match.id, account_id=actor.account_id, party=party, party_id=party.id, side=side,
        side_id=side.id if side else None, audience=Audience.SIDE if side else Audience.BOTH, body=body.strip(),
        is_demo=match.is_demo)
    db.session.add(message)
    db.session.flush()
    if file is not None:
        documents.attach(actor, party, "message", message, file, title=(sent_as or _("File"))[:200], filename=sent_as)
    _record("message.written", message, actor)
    return message


def take_back(message: MatchMessage, actor: Actor) -> bool:
    """Take one's own message back, with its file: only that it was there is kept.

    Returns: False when it was taken back already. Raises: Refused when it is older than `TAKEN_BACK_WITHIN`; 403.
    """
    policy.demand(actor, "messages.take-back", message)
    if message.taken_back_at is not None:
        return False
    if not recent(message):
        raise Refused(_("A message can be taken back within %(minutes)s minutes. This one stands; write another to correct it.",
                        minutes=int(TAKEN_BACK_WITHIN.total_seconds() // 60)))
    for document in files.of_messages(actor, [message.id]).values():
        documents.remove(document, actor)
    message.body, message.taken_back_at = "", utcnow()
    db.session.flush()
    _record("message.taken-back", message, actor)
    return True


def recent(message: MatchMessage) -> bool:
    """Whether a message may still be taken back."""
    return utcnow() - message.written_at < TAKEN_BACK_WITHIN


def _record(tag: str, message: MatchMessage, actor: Actor) -> None:
    audit.record(tag, message, actor, also=[message.match, *message.readers], audience=Visibility.PARTIES)


def contact(match: Match, name: str, actor: Actor, note: str = "") -> bool:
    """One step of the first contact: asked (of the ISU), made (by it), shown (the need's contact to this partner), hidden.

    Arguments: note, words for both sides; the ISU says with them who agreed to show or hide a contact, and when.
    Returns: False when it is so already. Raises: Refused without those words, or when nobody asked; 403.
    """
    policy.demand(actor, _PERMISSIONS[name], match)
    now = utcnow()
    steps: dict[str, dict[str, Any]] = {
        "asked": {} if match.awaits_contact else {"contact_asked_at": now, "contact_asked_id": actor.party_id,
                                                  "contact_made_at": None},
        "made": {"contact_made_at": now} if match.awaits_contact else {},
        "shown": {} if match.contact_shown_at else {"contact_shown_at": now},
        "hidden": {"contact_shown_at": None} if match.contact_shown_at else {}}
    changed = steps[name]
    if not changed:
        return False
    if actor.is_isu and name in ("shown", "hidden") and not note.strip():
        raise Refused(_("Say at whose word the contact is shown or hidden: its State decides."))
    for key, value in changed.items():
        setattr(match, key, value)
    match.updated_at = now
    db.session.flush()
    audit.record(f"match.contact-{name}", match, actor, note=note, also=[match.need, match.state, match.party],
                 audience=Visibility.PARTIES)
    return True
