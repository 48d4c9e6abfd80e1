"""Writing needs: drafts, submission, verification, publication, closing. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from partnerships.accounts.models import Account
from partnerships.core import audit, workflow
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.refs import next_reference
from partnerships.core.visibility import Visibility
from partnerships.core.workflow import Transition, Workflow
from partnerships.needs import content
from partnerships.needs.models import Need, NeedAmount, NeedVersion
from partnerships.needs.states import CLOSED, HELPED, WITH_THE_STATE, NeedStatus, asks_for_money
from partnerships.parties.models import Party

AmountRow = tuple[int, int, Decimal, Decimal]


def create(actor: Actor, party: Party, values: Mapping[str, Any], amounts: Sequence[AmountRow], *,
           more: content.Content | None = None, is_demo: bool = False) -> Need:
    """Keep a new draft for the actor's State.

    Arguments: values, columns of Need; amounts, rows (first year, last year, amount, national share) in the need's
    currency; more, a part of a content that it starts with. Returns: the draft, flushed, with a draft reference such as
    KHM-DRAFT-07.
    """
    ref = next_reference(f"{party.ref}-DRAFT", width=2)
    need = Need(party=party, party_id=party.id, author_id=actor.account_id, ref=ref, draft_ref=ref, is_demo=is_demo,
                **values)
    db.session.add(need)
    need.amounts = [NeedAmount(**row) for row in _rows(amounts)]
    content.apply(need, more or {})
    db.session.flush()
    audit.record("need.drafted", need, actor, also=[party], audience=Visibility.PARTIES)
    return need


def change(need: Need, actor: Actor, values: Mapping[str, Any], amounts: Sequence[AmountRow]) -> bool:
    """As `revise`, with columns of Need and rows of amounts as `create` takes them."""
    return revise(need, actor, content.packed({**values, "amounts": _rows(amounts)}))


def revise(need: Need, actor: Actor, new: content.Content) -> bool:
    """Change a draft or returned need; what changed goes on the record for the State and the ISU.

    Arguments: new, content as `needs.content.snapshot` gives it, or a part of it. Returns: whether anything changed.
    """
    before = content.snapshot(need)
    changed = content.differing(before, new)
    if not changed:
        return False
    content.apply(need, new)
    need.updated_at = utcnow()
    db.session.flush()
    changes = {key: (content.written(key, before[key]), content.written(key, new[key])) for key in changed}
    audit.record("need.changed", need, actor, changes=changes, also=[need.party], audience=Visibility.PARTIES)
    return True


def handed_in_by(account_id: int | None) -> str:
    """For whom something was handed in, as a published version keeps it; empty when nobody is known."""
    by = db.session.get(Account, account_id) if account_id else None
    return by.party.name_en if by else ""


def keep_version(need: Need, actor: Actor, *, note: str = "", small: bool = False, submitted_at: datetime | None = None,
                 submitted_by: str = "") -> NeedVersion:
    """Keep the need as it stands as its next published version. Returns: the version, flushed."""
    last = db.session.scalar(select(func.max(NeedVersion.number)).where(NeedVersion.need_id == need.id)) or 0
    version = NeedVersion(need_id=need.id, number=last + 1, content=content.snapshot(need), note=note, small=small,
                          submitted_at=submitted_at, submitted_by=submitted_by, published_at=utcnow(),
                          published_by=actor.label, is_demo=need.is_demo)
    db.session.add(version)
    db.session.flush()
    return version


def _rows(amounts: Sequence[AmountRow]) -> list[dict[str, Any]]:
    return [{"first_year": first, "last_year": last, "amount": amount, "national_share": share}
            for first, last, amount, share in sorted(amounts)]


def _ready(need: Need, actor: Actor) -> None:
    missing = [str(label) for column, label in NEEDED.items() if not getattr(need, column)]
    if asks_for_money(need.kinds) and not need.amounts:
        missing.append(_("an amount for at least one year"))
    if missing:
        raise Refused(_("Before it can be submitted, this need still lacks: %(what)s.", what=", ".join(missing)))
    need.submitted_at = utcnow()
    need.submitted_by_id = actor.account_id


NEEDED = {
    "title": _l("a title"), "summary": _l("a summary"), "theme": _l("a thematic area"), "kinds": _l("a kind of assistance"),
    "place": _l("a place"), "article": _l("the obligation it serves"), "contact_name": _l("a contact"),
    "contact_email": _l("the contact's e-mail address"), "valid_until": _l("a date until which it is valid"),
}


def _publish(need: Need, actor: Actor) -> None:
    if need.valid_until is not None and need.valid_until < date.today():
        raise Refused(_("Its valid-until date has passed: return it to the State to be renewed."))
    if need.draft_ref == need.ref:
        need.ref = next_reference(f"{need.party.ref}-{date.today().year}")
    need.published_at = need.confirmed_at = utcnow()
    keep_version(need, actor, submitted_at=need.submitted_at, submitted_by=handed_in_by(need.submitted_by_id))


_PUBLISHED = frozenset({NeedStatus.PUBLISHED})
FLOW = Workflow("need", (
    Transition("submitted", _l("Submit for verification"), frozenset(WITH_THE_STATE), NeedStatus.SUBMITTED,
               "needs.submit", audience=Visibility.PARTIES, effect=_ready),
    Transition("taken-back", _l("Take back to draft"), frozenset({NeedStatus.SUBMITTED}), NeedStatus.DRAFT,
               "needs.take-back", audience=Visibility.PARTIES),
    Transition("published", _l("Publish need"), frozenset({NeedStatus.SUBMITTED}), NeedStatus.PUBLISHED,
               "needs.verify", effect=_publish),
    Transition("returned", _l("Return with comments"), frozenset({NeedStatus.SUBMITTED}), NeedStatus.RETURNED,
               "needs.verify", needs_note=True, audience=Visibility.PARTIES),
    Transition("met", _l("Close as met"), _PUBLISHED, NeedStatus.MET, "needs.close", needs_note=True),
    Transition("partly-met", _l("Close as partly met"), _PUBLISHED, NeedStatus.PARTLY_MET, "needs.close", needs_note=True),
    Transition("withdrawn", _l("Withdraw"), _PUBLISHED, NeedStatus.WITHDRAWN, "needs.close", needs_note=True),
))
workflow.declare(Need, FLOW)
audit.declare("need", Need, "needs.view")
VERIFYING = ("published", "returned")
CLOSING = tuple(status.value for status in CLOSED)


def move(need: Need, name: str, actor: Actor, note: str = "") -> bool:
    """Make one move of the workflow; see `workflow.advance`. The note of a closing move is what happened: see `close`."""
    if name in CLOSING:
        return close(need, name, actor, outcome=note)
    return workflow.advance(need, name, actor, note, also=[need.party])


def close(need: Need, name: str, actor: Actor, *, outcome: str, supporters: Sequence[str] = (),
          received: Decimal | None = None) -> bool:
    """Close a published need with what happened.

    Arguments: name, one of CLOSING; outcome, in words; supporters, references of those who helped; received, how much
    came in all, in the need's currency. A withdrawn need has neither supporters nor an amount.
    Returns: False when it is closed so already. Raises: Refused without words, or when it is not published; 403.
    """
    helped = tuple(sorted({ref for ref in supporters if ref != need.party.ref})) if name in HELPED else ()
    changes: dict[str, Any] = {"supporters": (None, list(helped))} if helped else {}
    done = workflow.advance(need, name, actor, outcome, also=[need.party], changes=changes)
    if done:
        # What came stays out of the event: a State may show amounts to fewer people than the need itself.
        need.outcome, need.supporters = outcome.strip(), helped
        need.received = received if name in HELPED else None
        need.updated_at = utcnow()
        db.session.flush()
    return done


def share_contact(need: Need, shared: bool, actor: Actor) -> bool:
    """Show a need's contact to every signed-in reader, or keep it for the partners of matches in which it is shown.

    Returns: False when it is so already.
    """
    if need.contact_shared is shared:
        return False
    need.contact_shared, need.updated_at = shared, utcnow()
    db.session.flush()
    audit.record("need.contact-shared" if shared else "need.contact-kept", need, actor, also=[need.party],
                 audience=Visibility.PARTIES)
    return True
