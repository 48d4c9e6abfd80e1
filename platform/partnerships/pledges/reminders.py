"""Along a pledge's calendar: when its donor is asked where it stands, the job that asks, and "still on course".

Nothing here ever ends a pledge: one that is late stays what it is until a person says otherwise. Flushes, never commits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import select

from partnerships.accounts.models import Account
from partnerships.accounts.session import actor_of
from partnerships.core import jobs, policy
from partnerships.core.actor import Actor, Role
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.mail import Mail
from partnerships.pledges import mails, queries, service
from partnerships.pledges.mails import Due
from partnerships.pledges.models import Pledge
from partnerships.pledges.queries import months_from
from partnerships.pledges.states import LIVE, StepKind

# A fortnight before the next step is expected: time to see to it, or to move its day.
AHEAD = timedelta(days=14)
# A job that stood still writes a letter for this many days after its day, then no longer: it would be no news.
TELLABLE = timedelta(days=30)
# Half a year without a word, and every half year after it.
SILENCE = 6
OFFICERS = (Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER)


class Why(StrEnum):
    """Why a donor is written to about a pledge."""

    AHEAD = "ahead"
    PAST = "past"
    SILENT = "silent"


def due(pledge: Pledge, today: date) -> Iterator[Due]:
    """What a donor is to be reminded of on a day: the next step, ahead or past, and that nothing was heard.

    A day that was set when it was a fortnight away or less is not called to mind ahead: whoever set it knows it.
    """
    last = max(day for day in (pledge.announced_on, pledge.heard_on, date.min) if day is not None)
    expected = pledge.expected_on
    if expected is not None and expected >= today >= expected - AHEAD > last:
        yield Due(pledge, Why.AHEAD, expected)
    if expected is not None and expected < today <= expected + TELLABLE:
        yield Due(pledge, Why.PAST, expected)
    mark = _silence(pledge, today)
    if mark is not None:
        yield Due(pledge, Why.SILENT, mark)


def _silence(pledge: Pledge, today: date) -> date | None:
    """The last half year's mark since the announcement that has come, when nothing was heard in the half year before it."""
    if pledge.announced_on is None:
        return None
    halves = ((today.year - pledge.announced_on.year) * 12 + today.month - pledge.announced_on.month) // SILENCE
    marks = (months_from(pledge.announced_on, SILENCE * number) for number in (halves, halves - 1) if number > 0)
    mark = next((one for one in marks if one <= today), None)
    if mark is None or today > mark + TELLABLE:
        return None
    heard = pledge.heard_on
    return mark if heard is None or heard <= months_from(mark, -SILENCE) else None


def remind(today: date) -> int:
    """The job: one letter an officer about all pledges of its party for which something is due and not yet written.

    Returns: how many letters were written.
    """
    found = [one for pledge in queries.to_remind(today, AHEAD, TELLABLE) for one in due(pledge, today)]
    people = _officers({one.pledge.donor_id for one in found})
    told, written = _told(people, today), 0
    for account in people:
        actor = actor_of(account)
        mine = [one for one in found if policy.can(actor, service.ADVANCE, one.pledge) and one.about not in told[account.id]]
        written += bool(mine) and mails.remind(account, mine, today)
    return written


def _officers(parties: set[int]) -> list[Account]:
    return list(db.session.scalars(select(Account).where(
        Account.active, Account.party_id.in_(parties), Account.role.in_(OFFICERS)).order_by(Account.id)).unique())


def _told(people: list[Account], today: date) -> dict[int, set[str]]:
    """What the outbox remembers to have told these people, as far back as a reminder could still be due."""
    since = datetime.combine(today - TELLABLE - AHEAD - timedelta(days=1), time(), UTC)
    found: dict[int, set[str]] = defaultdict(set)
    rows = db.session.execute(select(Mail.account_id, Mail.about).where(
        Mail.kind == mails.KIND, Mail.account_id.in_([one.id for one in people]), Mail.at >= since))
    for row in rows:
        found[row.account_id or 0].update(row.about.split())
    return found


def objection(expected_on: date | None, today: date) -> str:
    """Why a day cannot be the next step's, in words; empty when it can."""
    if expected_on is not None and expected_on < today:
        return _("This day has passed: say by when the next step is expected now, or leave it empty.")
    return ""


def still_on_course(pledge: Pledge, actor: Actor, expected_on: date | None = None) -> bool:
    """Say that a pledge stands as it was announced.

    Arguments: expected_on, by when the next step is expected now; without one, a day that is still ahead stays and one that
    has passed is taken off. Returns: False when the same was already said today. Raises: Refused in words; 403.
    """
    pledge, today = service.locked(pledge), date.today()
    policy.demand(actor, service.ADVANCE, pledge)
    if pledge.status not in LIVE:
        raise Refused(_("This pledge is closed: nothing of it is expected any more."))
    words = objection(expected_on, today)
    if words:
        raise Refused(words)
    before = pledge.expected_on
    after = expected_on or (before if before is not None and before >= today else None)
    last = pledge.steps[-1] if pledge.steps else None
    if last is not None and last.kind is StepKind.ON_COURSE and last.day == today and before == after:
        return False
    service.add_step(pledge, StepKind.ON_COURSE, actor, today)
    pledge.expected_on, pledge.updated_at = after, utcnow()
    db.session.flush()
    service.record("pledge.on-course", pledge, actor, {"expected_on": (before, after)})
    return True


jobs.declare("remind-pledges", remind)
