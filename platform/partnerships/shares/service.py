"""Sharing a need with a partner until a day, and ending that."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from partnerships.core import audit, constraints
from partnerships.core.actor import Actor, Role
from partnerships.core.db import db, utcnow
from partnerships.core.policy import can
from partnerships.core.visibility import Visibility
from partnerships.needs.models import Need
from partnerships.parties import queries as parties
from partnerships.parties.models import Party
from partnerships.shares import queries
from partnerships.shares.models import NeedShare

PARTS = ("needs.view", "needs.view-amounts", "needs.view-details")


def sees_all(need: Need, party: Party, today: date) -> bool:
    """Whether a partner's people see the need with all its parts without a share: then there is nothing to share."""
    anybody = Actor(Role.DONOR_OFFICER, party_id=party.id,
                    of_state_party=party.is_state and parties.is_state_party(party.id, today))
    return all(can(anybody, permission, need) for permission in PARTS)


def give(need: Need, party: Party, actor: Actor, *, until: date, note: str = "") -> NeedShare:
    """Share a need with a partner until the end of a day; one that is over lasts again. Returns: the share, flushed."""
    share = queries.of_pair(need, party.id)
    if share is None:
        share = NeedShare(need=need, party=party, is_demo=need.is_demo)
        db.session.add(share)
    share.until, share.note, share.account_id, share.ended_at = until, note.strip(), actor.account_id, None
    db.session.flush()
    _record("need_share.given", share, actor, note=share.note, changes={"until": (None, until)})
    return share


def change(share: NeedShare, actor: Actor, *, until: date) -> bool:
    """Let a share last longer or shorter. Returns: False when nothing differs."""
    changes = audit.differences(share, {"until": until})
    if not changes and share.ended_at is None:
        return False
    share.until, share.ended_at, share.account_id = until, None, actor.account_id
    db.session.flush()
    _record("need_share.changed", share, actor, changes=changes)
    return True


def end(share: NeedShare, actor: Actor) -> bool:
    """End a share now. Returns: False when it had ended."""
    if share.ended_at is not None:
        return False
    share.ended_at = utcnow()
    db.session.flush()
    _record("need_share.ended", share, actor)
    return True


def _record(tag: str, share: NeedShare, actor: Actor, **more: Any) -> None:
    """Both sides read it, and no other partner with whom the need is shared."""
    audit.record(tag, share, actor, also=[share.need, share.party, share.need.party], audience=Visibility.PARTIES, **more)


audit.declare("need_share", NeedShare, "shares.view")
constraints.explain(uq_need_share_need_id_party_id=_l("This need is shared with this partner already: change until when."))
