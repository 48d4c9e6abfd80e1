"""What the platform would put into the queue: what the rules that are on find, in the order that answers taught.

A suggestion has a key. Once it was taken into the queue or dismissed, a follow-up holds that key and it is not made
again. Only the ISU, whose queue it is, gets suggestions.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from partnerships.core import policy
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.followups import queries
from partnerships.followups.rules.ground import Ground, Suggested
from partnerships.followups.rules.learning import weight
from partnerships.followups.rules.table import RULES, setting
from partnerships.parties import queries as parties
from partnerships.parties.models import Party


def suggest(actor: Actor, today: date) -> list[Suggested]:
    """All suggestions that were not answered yet, by weight times urgency, then by key.

    Arguments: actor, the ISU (anybody else gets none); today. The owner is the actor's own party.
    """
    if not policy.may_ever(actor, "followups.create"):
        return []
    owner = db.session.get(Party, actor.party_id) if actor.party_id else parties.by_ref("ISU")
    if owner is None:
        return []
    ground, tuned, answers = Ground(actor, owner, today), queries.tuned(), queries.answers()
    found: list[Suggested] = []
    for rule in RULES.values():
        enabled, number = setting(rule, tuned.get(rule.reason))
        if enabled:
            learned = weight(answers.get(rule.reason, {}))
            found += [replace(one, weight=learned) for one in rule.find(ground, number)]
    return sorted(found, key=lambda one: (-one.standing, one.key))


def by_key(actor: Actor, today: date, key: str) -> Suggested | None:
    """The suggestion with this key, while it stands."""
    return next((one for one in suggest(actor, today) if one.key == key), None)
