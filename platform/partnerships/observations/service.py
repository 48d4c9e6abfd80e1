"""Writing observations. Flushes, never commits."""

from __future__ import annotations

from datetime import date

from partnerships.core import audit, policy
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.observations.models import Observation
from partnerships.parties.models import Party

WRITE = "observations.write"
audit.declare("observation", Observation, "observations.view")


def write(actor: Actor, party: Party, kept: Observation | None, text: str, language: str, today: date) -> Observation:
    """Keep the text about a State; the earlier wording stays in the record. Returns: the row, flushed. Raises: 403."""
    one = kept or Observation(party_id=party.id, party=party, text="", language=language, figures_on=today)
    policy.demand(actor, WRITE, one)
    changes = audit.differences(one, {"text": text, "figures_on": today})
    if kept is not None and "text" not in changes:
        return one
    one.text, one.language, one.figures_on, one.author_id = text, language, today, actor.account_id
    db.session.add(one)
    db.session.flush()
    audit.record("observation.written", one, actor, changes={"text": changes["text"]}, also=[party],
                 audience=Visibility.STATES_PARTIES)
    return one
