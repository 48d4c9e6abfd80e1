"""Writing changes to published needs: worked on, handed in, verified, published as the next version. Never commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from partnerships.amendments import queries, small
from partnerships.amendments.models import Amendment
from partnerships.amendments.states import OPEN, WITH_THE_STATE, AmendmentStatus
from partnerships.core import audit, workflow
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.visibility import Visibility
from partnerships.core.workflow import Transition, Workflow
from partnerships.matches import queries as matches
from partnerships.needs import content, service
from partnerships.needs.content import Content
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.parties.models import Obligation

CHANGES = 10_000  # more than anybody saves one change


@dataclass
class Working:
    """The copy of a need that its State works on: the draft itself, or the change to a published need."""

    need: Need
    amendment: Amendment | None
    content: Content

    @property
    def version(self) -> int:
        """The version that a form was opened on: the need's, and the change's where there is one.

        Both count: once a change is published the next one begins anew, on a need that has become another.
        """
        if not self.is_amendment:
            return self.need.version
        return self.need.version * CHANGES + (self.amendment.version if self.amendment else 0)

    @property
    def is_amendment(self) -> bool:
        return self.need.status is NeedStatus.PUBLISHED

    @property
    def is_open(self) -> bool:
        """Whether its State may work on it now: a change that waits for verification has to be taken back first."""
        return self.amendment is None or self.amendment.status in WITH_THE_STATE

    def keep(self, actor: Actor, new: Content, note: str = "") -> bool:
        """Keep what a form says: `new` is a content or a part of one. Returns: whether anything changed.

        A change holds only what differs from the published need, so that what happens to the rest meanwhile (a renewal)
        is not undone by it. Raises: Refused while the change waits for verification.
        """
        if not self.is_amendment:
            return service.revise(self.need, actor, new)
        if not self.is_open:
            raise Refused(_("The change waits for verification: take it back before you change it again."))
        changed = content.differing(self.content, new)
        if not changed and (self.amendment is None or note in ("", self.amendment.note)):
            return False
        before, self.content = self.content, {**self.content, **new}
        published = content.snapshot(self.need)
        kept = {key: self.content[key] for key in content.differing(published, self.content)}
        fresh = self.amendment is None
        self.amendment = self.amendment or _begin(self.need, actor)
        self.amendment.content, self.amendment.updated_at = kept, utcnow()
        self.amendment.note = note or self.amendment.note or ""
        db.session.flush()
        changes = {key: (content.written(key, before.get(key)), content.written(key, new[key])) for key in changed}
        audit.record("amendment.drafted" if fresh else "amendment.changed", self.amendment, actor, changes=changes,
                     also=[self.need, self.need.party], audience=Visibility.PARTIES)
        return True


def _begin(need: Need, actor: Actor) -> Amendment:
    """A change that nobody has begun yet. Raises: Refused when somebody else begins one at the same moment."""
    amendment = Amendment(need=need, need_id=need.id, author_id=actor.account_id, content={}, is_demo=need.is_demo)
    try:
        with db.session.begin_nested():
            db.session.add(amendment)
            db.session.flush()
    except IntegrityError:
        raise Refused(_("Somebody of your State began to change this need at the same moment: open its form again.")) from None
    return amendment


def working(actor: Actor, need: Need) -> Working:
    """The copy of a need that its State works on."""
    found = queries.open_of(actor, need) if need.status is NeedStatus.PUBLISHED else None
    return Working(need, found, {**content.snapshot(need), **(found.content if found else {})})


def contact_only(amendment: Amendment) -> bool:
    """Whether a change is one that its State publishes itself: nothing but whom to write to."""
    return small.only_contact(content.snapshot(amendment.need), amendment.content)


def _hand_in(amendment: Amendment, actor: Actor) -> None:
    _still_open(amendment)
    if not content.differing(content.snapshot(amendment.need), amendment.content):
        raise Refused(_("Nothing differs from what is published."))
    amendment.submitted_at, amendment.submitted_by_id = utcnow(), actor.account_id


def _still_open(amendment: Amendment) -> None:
    if amendment.need.status is not NeedStatus.PUBLISHED:
        raise Refused(_("The need is closed: its change can no longer be published."))


def _publish(amendment: Amendment, actor: Actor) -> None:
    """The ISU has verified the change."""
    _still_open(amendment)
    valid_until = amendment.content.get("valid_until", audit.plain(amendment.need.valid_until))
    if valid_until is not None and date.fromisoformat(valid_until) < date.today():
        raise Refused(_("Its valid-until date has passed: return it to the State to be renewed."))
    _put_in_place(amendment, actor, service.handed_in_by(amendment.submitted_by_id))


def _publish_at_once(amendment: Amendment, actor: Actor) -> None:
    """A new contact needs nobody's verification: the State publishes it itself."""
    _still_open(amendment)
    if not contact_only(amendment):
        raise Refused(_("More than the contact changes: submit the change for verification."))
    amendment.submitted_at, amendment.submitted_by_id = None, actor.account_id
    _put_in_place(amendment, actor, actor.label)


def _put_in_place(amendment: Amendment, actor: Actor, submitted_by: str) -> None:
    """The change becomes the need, and the need's next version; those in contact about the need learn of it."""
    need = amendment.need
    published = content.snapshot(need)
    if not content.differing(published, amendment.content):
        raise Refused(_("Nothing differs from what is published."))
    is_small = small.is_small(published, amendment.content)
    content.apply(need, _on_record(amendment.content))
    need.updated_at = need.confirmed_at = utcnow()
    db.session.flush()
    version = service.keep_version(need, actor, note=amendment.note, small=is_small, submitted_at=amendment.submitted_at,
                                   submitted_by=submitted_by)
    involved = matches.open_of_need(need)
    audit.record("need.amended", need, actor, changes={"version": (version.number - 1 or None, version.number)},
                 also=[need.party, *involved, *(match.party for match in involved)])


def _on_record(changed: Content) -> Content:
    """The change without an obligation that went off the record while it waited."""
    number = changed.get("obligation_id")
    if number is None or db.session.get(Obligation, number) is not None:
        return changed
    return {**changed, "obligation_id": None}


FLOW = Workflow("amendment", (
    Transition("submitted", _l("Submit the change for verification"), frozenset(WITH_THE_STATE), AmendmentStatus.SUBMITTED,
               "amendments.submit", audience=Visibility.PARTIES, effect=_hand_in),
    Transition("published-at-once", _l("Publish the new contact"), frozenset(WITH_THE_STATE), AmendmentStatus.PUBLISHED,
               "amendments.submit", audience=Visibility.PARTIES, effect=_publish_at_once),
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
WAITING = (AmendmentStatus.SUBMITTED,)
_SAID = {
    AmendmentStatus.SUBMITTED: _l("The change is submitted. What is published stays as it is until the ISU has verified the "
                                  "change."),
    AmendmentStatus.DRAFT: _l("The change is with you again, in draft."),
    AmendmentStatus.DROPPED: _l("The change is given up. What is published stays as it is."),
    AmendmentStatus.PUBLISHED: _l("The new contact is published. A change of the contact alone needs no verification."),
}
audit.declare("amendment", Amendment, "amendments.view")


def moves(amendment: Amendment, actor: Actor) -> list[Transition]:
    """The moves that the State may make now: a new contact is published at once, anything more is submitted."""
    if amendment.need.status is not NeedStatus.PUBLISHED:
        return []
    other = "submitted" if contact_only(amendment) else "published-at-once"
    return [one for one in workflow.available(amendment, actor)
            if one.permission == "amendments.submit" and one.name != other]


def move(amendment: Amendment, name: str, actor: Actor, note: str = "") -> bool:
    """Make one move of the workflow; see `workflow.advance`. Handing in a new contact publishes it at once."""
    if name == "submitted" and amendment.status in WITH_THE_STATE and contact_only(amendment):
        name = "published-at-once"
    return workflow.advance(amendment, name, actor, note, also=[amendment.need, amendment.need.party])


def said(amendment: Amendment) -> str:
    """What a move of the State has led to, in a sentence."""
    return str(_SAID[amendment.status])
