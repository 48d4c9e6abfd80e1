"""Never stale: saying that a need or an offer still stands, and the jobs that ask. Flushes, never commits."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from partnerships.accounts.models import Account
from partnerships.accounts.session import actor_of
from partnerships.amendments import queries as amendments
from partnerships.core import audit, jobs
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.filters import day
from partnerships.core.mail import Mail
from partnerships.core.policy import can, demand
from partnerships.needs import service as needs
from partnerships.needs.models import Need
from partnerships.offers.models import Offer
from partnerships.parties.service import audience
from partnerships.renewals import mails, queries
from partnerships.renewals.mails import Due
from partnerships.renewals.queries import KINDS, Standing, kind_of
from partnerships.renewals.states import LONGEST, SOON, TELLABLE, report_season, stage


def objection(record: Standing, until: date, today: date) -> str:
    """Why a record cannot be said to stand until a day, in words; empty when it can."""
    if until <= today:
        return _("This date has passed: choose one in the future.")
    if until > today + LONGEST:
        return _("Three years at most, until %(day)s; then it can be renewed again.", day=day(today + LONGEST))
    if record.valid_until is not None and until < record.valid_until:
        return _("It already stands until %(day)s. To end it earlier, edit it or close it.", day=day(record.valid_until))
    return ""


def confirm(record: Standing, actor: Actor, until: date) -> bool:
    """Say that a need or an offer still stands until a day; it takes part in matching again at once.

    The record is read anew under a lock, so that of two clicks at once the second finds the work done.
    Returns: False when this was already said today. Raises: Refused for a day that cannot be; 403 when the actor may not.
    """
    db.session.refresh(record, ["status", "valid_until", "confirmed_at", "version"], with_for_update=True)
    demand(actor, KINDS[kind_of(record)][2], record)
    before, today = record.valid_until, date.today()
    if before == until and record.confirmed_at is not None and record.confirmed_at.date() == today:
        return False
    words = objection(record, until, today)
    if words:
        raise Refused(words)
    record.valid_until, record.confirmed_at, record.updated_at = until, utcnow(), utcnow()
    db.session.flush()
    changes = {"valid_until": (before, until)} if before != until else {}
    if isinstance(record, Offer):
        audit.record("offer.renewed", record, actor, changes=changes, also=[record.party],
                     audience=audience(record.visibility))
        return True
    if changes:
        _keep_up(record, actor, until)
    audit.record("need.confirmed", record, actor, changes=changes, also=[record.party])
    return True


def _keep_up(need: Need, actor: Actor, until: date) -> None:
    """A date is part of what was published: keep it as a version. A change under way must not bring the old date back."""
    needs.keep_version(need, actor, note=_("Still valid"), small=True)
    change = amendments.open_of(actor, need)
    if change is not None and (change.content.get("valid_until") or "") < until.isoformat():
        change.content = {**change.content, "valid_until": until.isoformat()}
        db.session.flush()


def _set_on(record: Standing) -> date:
    """The day on which its people last said until when it stands."""
    said = record.confirmed_at or getattr(record, "published_at", None) or record.created_at
    return said.date()


def reminders(today: date) -> int:
    """The job: one letter a person about all their records for which a reminder is due and not yet written.

    Returns: how many letters were written.
    """
    due = [Due(one, which) for one in queries.leaving(today)
           if (which := stage(one.valid_until or today, _set_on(one), today)) is not None]
    people = queries.renewers({one.record.party_id for one in due})
    told, written = _told(people, today), 0
    for account in people:
        actor = actor_of(account)
        mine = [one for one in due if can(actor, KINDS[kind_of(one.record)][2], one.record)
                and one.about not in told[account.id]]
        written += bool(mine) and mails.remind(account, mine, today)
    return written


def _told(people: list[Account], today: date) -> dict[int, set[str]]:
    """What the outbox remembers to have told these people, as far back as a reminder could still be due."""
    since = datetime.combine(today - TELLABLE - SOON - timedelta(days=1), time(), UTC)
    found: dict[int, set[str]] = defaultdict(set)
    rows = db.session.execute(select(Mail.account_id, Mail.about).where(
        Mail.kind == "expiry", Mail.account_id.in_([one.id for one in people]), Mail.at >= since))
    for row in rows:
        found[row.account_id or 0].update(row.about.split())
    return found


def yearly(today: date) -> int:
    """The job: from 1 March to 30 April, one letter a year to the focal points of States Parties with open needs.

    The yearly report (Article 7) is due by 30 April. Returns: how many letters were written.
    """
    if not report_season(today):
        return 0
    waiting: dict[int, list[Standing]] = defaultdict(list)
    for need in queries.to_look_through(today):
        waiting[need.party_id].append(need)
    written = 0
    for account in queries.focal_points(set(waiting)):
        actor = actor_of(account)
        mine = [one for one in waiting[account.party_id] if can(actor, "needs.renew", one)]
        written += actor.of_state_party and bool(mine) and mails.prompt(account, mine, today)
    return written


jobs.declare("reminders", reminders)
jobs.declare("yearly", yearly)
