"""Writing what people answer to suggestions. Flushes, never commits.

The events of an answer have the need as their subject, since the answer itself may be withdrawn; only the party that
answered, and the ISU, read them.
"""

from __future__ import annotations

from partnerships.core import audit, policy
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.visibility import Visibility
from partnerships.needs.models import Need
from partnerships.parties import service as priorities
from partnerships.parties.models import Party
from partnerships.suggestions import queries
from partnerships.suggestions.models import Answer, Verdict


def answer(need: Need, actor: Actor, verdict: Verdict, *, reason: str = "", note: str = "") -> bool:
    """Keep what a person says to the suggestion of a need to their party; their last answer counts.

    Arguments: reason, a value of `Reason`, asked for with "not relevant"; note, words beside it. "Relevant" also
    brings back what colleagues had set aside. Returns: False when the same answer stood already.
    Raises: 403 when the actor may not.
    """
    policy.demand(actor, "suggestions.answer", need)
    party = db.session.get_one(Party, actor.party_id)
    own, others = _of_party(need, actor)
    values = {"verdict": verdict, "reason": reason if verdict is Verdict.NOT_RELEVANT else "", "note": note.strip()}
    back = others if verdict is Verdict.RELEVANT else []
    if own is not None and not back and not audit.differences(own, values) and queries.still_stands(
            own, priorities.stated_by(party)):
        return False
    if own is None:
        own = Answer(need=need, need_id=need.id, party_id=party.id, account_id=actor.account_id, is_demo=need.is_demo)
        db.session.add(own)
    for key, value in values.items():
        setattr(own, key, value)
    own.updated_at = utcnow()  # also when nothing else changed: it is said anew, of the need as it is now
    for one in back:
        db.session.delete(one)
    db.session.flush()
    said = {key: (None, values[key]) for key in ("verdict", "reason") if values[key]}
    audit.record("answer.given", need, actor, note=note, changes=said, also=[party], audience=Visibility.PARTIES)
    return True


def withdraw(need: Need, actor: Actor) -> bool:
    """Take back the person's own answer, and what their party set aside: the need is suggested to it again.

    Returns: False when there was nothing to take back.
    """
    own, others = _of_party(need, actor)
    gone = [*([own] if own is not None else []), *others]
    if not gone:
        return False
    for one in gone:
        db.session.delete(one)
    db.session.flush()
    party = db.session.get_one(Party, actor.party_id)
    audit.record("answer.withdrawn", need, actor, also=[party], audience=Visibility.PARTIES)
    return True


def _of_party(need: Need, actor: Actor) -> tuple[Answer | None, list[Answer]]:
    """The actor's own answer to a need, and those of colleagues that set it aside."""
    query = policy.scope(actor, "answers.heed", Answer).where(Answer.need_id == need.id).order_by(Answer.id)
    found = list(db.session.scalars(query))
    own = next((one for one in found if one.account_id == actor.account_id), None)
    return own, [one for one in found if one is not own and one.verdict is Verdict.NOT_RELEVANT]
