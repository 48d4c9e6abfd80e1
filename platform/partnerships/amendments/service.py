"""Writing changes to published needs: worked on, handed in, verified, published as the next version. Never commits."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from partnerships.accounts.models import Account
from partnerships.amendments import queries
from partnerships.amendments.models import Amendment
from partnerships.amendments.states import OPEN, WITH_THE_STATE, AmendmentStatus
from partnerships.core import audit, workflow
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.visibility import Visibility
from partnerships.core.workflow import Transition, Workflow
from partnerships.needs import content, service
from partnerships.needs.content import Content
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus


@dataclass
class Working:
    """The copy of a need that its State works on: the draft itself, or the change to a published need."""

    need: Need
    amendment: Amendment | None
    content: Content

    @property
    def version(self) -> int:
        """The version that a form was opened on. 0 is a published need nobody has begun to change."""
        if self.need.status is not NeedStatus.PUBLISHED:
            return self.need.version
        return self.amendment.version if self.amendment else 0

    @property
    def is_amendment(self) -> bool:
        return self.need.status is NeedStatus.PUBLISHED

    def keep(self, actor: Actor, new: Content, note: str = "") -> bool:
        """Keep what a form says: `new` is a content or a part of one. Returns: whether anything changed.

        Raises: Refused while the change waits for verification.
        """
        if not self.is_amendment:
            return service.revise(self.need, actor, new)
        if self.amendment is not None and self.amendment.status not in WITH_THE_STATE:
            raise Refused(_("The change waits for verification: take it back before you change it again."))
        if not content.differing(self.content, new):
            return False
        self.content = {**self.content, **new}
        if self.amendment is None:
            self.amendment = Amendment(need=self.need, need_id=self.need.id, author_id=actor.account_id,
                                       content=self.content, is_demo=self.need.is_demo)
            db.session.add(self.amendment)
        else:
            self.amendment.content, self.amendment.updated_at = self.content, utcnow()
        self.amendment.note = note or self.amendment.note or ""
        db.session.flush()
        return True


def working(actor: Actor, need: Need) -> Working:
    """The copy of a need that its State works on."""
    found = queries.open_of(actor, need) if need.status is NeedStatus.PUBLISHED else None
    return Working(need, found, dict(found.content) if found else content.snapshot(need))


def _hand_in(amendment: Amendment, actor: Actor) -> None:
    if not content.differing(content.snapshot(amendment.need), amendment.content):
        raise Refused(_("Nothing differs from what is published."))
    amendment.submitted_at, amendment.submitted_by_id = utcnow(), actor.account_id


def _publish(amendment: Amendment, actor: Actor) -> None:
    """The change becomes the need, and the need's next version."""
    need = amendment.need
    if need.status is not NeedStatus.PUBLISHED:
        raise Refused(_("The need is closed: its change can no longer be published."))
    by = db.session.get(Account, amendment.submitted_by_id) if amendment.submitted_by_id else None
    content.apply(need, amendment.content)
    need.updated_at = utcnow()
    db.session.flush()
    service.keep_version(need, actor, note=amendment.note, submitted_at=amendment.submitted_at,
                         submitted_by=f"{by.name}, {by.party.name_en}" if by else "")


FLOW = Workflow("amendment", (
    Transition("submitted", _l("Submit the change for verification"), frozenset(WITH_THE_STATE), AmendmentStatus.SUBMITTED,
               "amendments.submit", audience=Visibility.PARTIES, effect=_hand_in),
    Transition("taken-back", _l("Take the change back"), frozenset({AmendmentStatus.SUBMITTED}), AmendmentStatus.DRAFT,
               "amendments.submit", audience=Visibility.PARTIES),
    Transition("published", _l("Publish the change"), frozenset({AmendmentStatus.SUBMITTED}), AmendmentStatus.PUBLISHED,
               "amendments.verify", audience=Visibility.PARTIES, effect=_publish),
    Transition("returned", _l("Return with comments"), frozenset({AmendmentStatus.SUBMITTED}), AmendmentStatus.RETURNED,
               "amendments.verify", needs_note=True, audience=Visibility.PARTIES),
    Transition("dropped", _l("Give the change up"), frozenset(OPEN), AmendmentStatus.DROPPED, "amendments.submit",
               audience=Visibility.PARTIES),
))
workflow.declare(Amendment, FLOW)
audit.declare("amendment", Amendment, "amendments.view")


def move(amendment: Amendment, name: str, actor: Actor, note: str = "") -> bool:
    """Make one move of the workflow; see `workflow.advance`."""
    return workflow.advance(amendment, name, actor, note, also=[amendment.need, amendment.need.party])
