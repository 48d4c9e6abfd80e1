"""Writing matches: interest, sharing, carrying on, and the moves of a conversation. Flushes, never commits."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from partnerships.core import audit, policy, workflow
from partnerships.core.actor import PUBLIC, Actor
from partnerships.core.constraints import explain
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.visibility import Visibility
from partnerships.core.workflow import Transition, Workflow
from partnerships.matches import queries
from partnerships.matches.models import Match, MatchMessage
from partnerships.matches.states import OPEN, Decline, MatchStatus
from partnerships.needs.models import Need
from partnerships.offers.models import Offer
from partnerships.parties.models import Party
from partnerships.suggestions import engine, words

ENDED = frozenset({MatchStatus.DECLINED, MatchStatus.LAPSED})
BEFORE_TALKS = frozenset({MatchStatus.SHARED, MatchStatus.INTEREST})


def _end(match: Match, _actor: Actor) -> None:
    """What is no longer open has no next step; the events keep what was planned."""
    match.next_step, match.next_step_on = "", None


def _move(name: str, label: Any, sources: frozenset[MatchStatus], target: MatchStatus, permission: str = "matches.talk",
          **more: Any) -> Transition:
    return Transition(name, label, sources, target, permission, audience=Visibility.PARTIES, **more)


FLOW = Workflow("match", (
    _move("started-talks", _l("We are in talks"), BEFORE_TALKS, MatchStatus.IN_TALKS),
    _move("agreed", _l("Mark as agreed"), frozenset({MatchStatus.INTEREST, MatchStatus.IN_TALKS}), MatchStatus.AGREED,
          effect=_end),
    _move("declined", _l("Decline"), frozenset(OPEN), MatchStatus.DECLINED, effect=_end),
    _move("lapsed", _l("Mark as lapsed"), frozenset(OPEN), MatchStatus.LAPSED, "matches.lapse", effect=_end),
    # These begin a conversation (again): `register`, `share` and `request` make them, with an owner and a next step.
    _move("interest", _l("Register interest"), ENDED | {MatchStatus.SHARED}, MatchStatus.INTEREST, "matches.answer"),
    _move("shared", _l("Start a conversation"), ENDED, MatchStatus.SHARED),
    _move("requested", _l("Ask for the offer"), ENDED, MatchStatus.SHARED),
))
workflow.declare(Match, FLOW)
audit.declare("match", Match, "matches.view")
audit.declare("match_message", MatchMessage, "messages.view")
explain(ck_match_message_one_side=_l("A message is for both sides, or kept to one."),
        ck_match_message_words_until_taken_back=_l("A message has words until it is taken back."))
MOVES = ("started-talks", "agreed", "declined", "lapsed")


def register(need: Need, party: Party, actor: Actor, *, message: str, next_step: str, next_step_on: date) -> Match:
    """Register a partner's interest in a need; the actor becomes the owner of the next step.

    Arguments: need, published; party, the partner; message to the affected State; next_step with its date.
    Returns: the pair's match. One that was shared, declined or has lapsed moves on to interest; one that is further
    on is returned as it is. Raises: 403 when the actor may not.
    """
    policy.demand(actor, "matches.register", need)
    return _begin(need, party, actor, "interest", message, next_step, next_step_on)


def share(need: Need, party: Party, actor: Actor, *, message: str, next_step: str, next_step_on: date) -> Match:
    """Share a need with a partner on behalf of its State or the ISU; the actor becomes the owner of the next step.

    Arguments and result as of `register`. Raises: Refused when the partner is the affected State itself; 403.
    """
    policy.demand(actor, "matches.share", need)
    if party.id == need.party_id:
        raise Refused(_("A State cannot be the partner of its own need."))
    return _begin(need, party, actor, "shared", message, next_step, next_step_on)


def request(offer: Offer, need: Need, actor: Actor, *, message: str, next_step: str, next_step_on: date) -> Match:
    """Ask for a standing offer with a published need of the actor's own State: a match from the other side.

    Arguments: message to the partner; next_step, which the actor sees to, with its date. Returns: the pair's match,
    which names the offer and is shared with the partner. One that is open already goes on where it is, with the offer
    and the new next step; one in which this offer was asked for before is returned as it is. Raises: 403.
    """
    policy.demand(actor, "matches.request", offer)
    policy.demand(actor, "matches.share", need)
    match = queries.pair(need, offer.party)
    if match is None or match.status in ENDED:
        return _begin(need, offer.party, actor, "requested", message, next_step, next_step_on, offer)
    if match.offer_id != offer.id:
        _attach(match, offer, actor, message, next_step.strip(), next_step_on)
    return match


def _attach(match: Match, offer: Offer, actor: Actor, message: str, next_step: str, next_step_on: date) -> None:
    """The offer becomes part of a conversation that is there already; its status stays."""
    changes: dict[str, tuple[Any, Any]] = {"offer": (match.offer.ref if match.offer else None, offer.ref)}
    if match.status in OPEN:
        changes |= audit.differences(match, {"next_step": next_step, "next_step_on": next_step_on})
        if match.owner_id != actor.account_id:
            changes["owner"] = (match.owner.name if match.owner else None, actor.name)
        match.next_step, match.next_step_on, match.owner_id = next_step, next_step_on, actor.account_id
    match.offer = offer
    match.updated_at = utcnow()
    db.session.flush()
    audit.record("match.requested", match, actor, note=message, changes=changes, also=[*_concerned(match), offer],
                 audience=Visibility.PARTIES)


def _begin(need: Need, party: Party, actor: Actor, name: str, message: str, next_step: str,
           next_step_on: date, offer: Offer | None = None) -> Match:
    move_ = FLOW.by_name[name]
    match = queries.pair(need, party)
    if match is not None and match.status not in move_.sources:
        return match
    values: dict[str, Any] = {"owner_id": actor.account_id, "next_step": next_step.strip(), "next_step_on": next_step_on,
                              "message": message.strip(), "reason": "", "declined_for": None}
    values.update(_kept_reasons(need, party))
    changes = {"next_step": (None, values["next_step"]), "next_step_on": (None, next_step_on)}
    if offer is not None:
        values["offer"], changes["offer"] = offer, (None, offer.ref)
    if match is None:
        match = Match(need=need, party=party, state=need.party, need_id=need.id, party_id=party.id,
                      state_id=need.party_id, status=move_.target, status_on=utcnow(), is_demo=need.is_demo, **values)
        db.session.add(match)
        db.session.flush()
        audit.record(f"match.{name}", match, actor, note=message, changes=changes, also=[*_concerned(match), offer],
                     audience=Visibility.PARTIES)
        return match
    for key, value in values.items():
        setattr(match, key, value)
    workflow.advance(match, name, actor, message, also=[*_concerned(match), offer], changes=changes)
    return match


def _kept_reasons(need: Need, party: Party) -> dict[str, Any]:
    """The reasons as public records give them: both sides read what is kept, so nobody's own sight may enter it."""
    found = words.show_answer(engine.answer(PUBLIC, need, party), PUBLIC, need)
    if not isinstance(found, words.Shown):
        return {"score": None, "why": [], "engine_version": ""}
    return {"score": float(found.score), "why": found.kept(), "engine_version": found.version}


def _concerned(match: Match) -> list[Any]:
    return [match.need, match.state, match.party]


def carry(match: Match, actor: Actor, *, next_step: str, next_step_on: date, owner_id: int) -> bool:
    """Set the next step, its date and its owner.

    Returns: False when nothing changed. Raises: Refused when the owner is not of the two parties or the ISU; 403.
    """
    policy.demand(actor, "matches.carry", match)
    owner = next((one for one in queries.possible_owners(match) if one.id == owner_id), None)
    if owner is None:
        raise Refused(_("The owner must be a person of one of the two parties, or of the ISU."))
    changes = audit.differences(match, {"next_step": next_step.strip(), "next_step_on": next_step_on})
    if match.owner_id != owner_id:
        changes["owner"] = (match.owner.name if match.owner else None, owner.name)
    if not changes:
        return False
    match.next_step, match.next_step_on, match.owner = next_step.strip(), next_step_on, owner
    match.updated_at = utcnow()
    db.session.flush()
    audit.record("match.carried", match, actor, changes=changes, also=_concerned(match), audience=Visibility.PARTIES)
    return True


def move(match: Match, name: str, actor: Actor, note: str = "", declined_for: Decline | None = None) -> bool:
    """Make one of MOVES; see `workflow.advance`. Declining keeps its reason, one of a short list, with the match.

    Arguments: note, words for the other side; declined_for, OTHER when none of the list is named: it needs words.
    """
    if name != "declined" or match.status not in OPEN:
        return workflow.advance(match, name, actor, note, also=_concerned(match))
    why = declined_for or Decline.OTHER
    if why is Decline.OTHER and not note.strip():
        raise Refused(_("Say why, in a sentence: it is shown to those concerned and kept on the record."))
    policy.demand(actor, FLOW.by_name[name].permission, match)
    match.declined_for, match.reason = why, note.strip()
    return workflow.advance(match, name, actor, note, also=_concerned(match), changes={"declined_for": (None, why)})
