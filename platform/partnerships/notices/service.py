"""Events become notices in the same transaction: for the people they concern who may see them, never for who caused them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import current_app, has_request_context
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from partnerships.accounts.models import Account
from partnerships.accounts.session import actor_of
from partnerships.core import audit, constraints, jobs
from partnerships.core.actor import FOR_A_PARTY, Actor
from partnerships.core.audit import Event
from partnerships.core.db import db, utcnow
from partnerships.followups.models import Followup
from partnerships.notices import mails, queries
from partnerships.notices.models import Notice, NoticeSetting
from partnerships.notices.states import TAGS, Cadence, Kind


def hear(event: Event, record: Any, actor: Actor) -> None:
    """Turn an event into notices. Called by the record of events for each that is written."""
    kind = TAGS.get(event.tag)
    if kind is None:
        return
    told = [one for one in _concerned(event, record) if one.id != actor.account_id and _sees(one, event)]
    for account in told:
        at_once = queries.cadences(account.id)[kind] is Cadence.AT_ONCE and _can_write()
        notice = Notice(account_id=account.id, event=event, kind=kind, told=at_once)
        db.session.add(notice)
        if at_once:
            mails.at_once(account, event)
    db.session.flush()


def _can_write() -> bool:
    """A letter holds links, so the platform must know its address; what a command does in bulk is told together later."""
    return has_request_context() and bool(current_app.config["SETTINGS"].public_url)


def _concerned(event: Event, record: Any) -> list[Account]:
    """The people of the parties on whose timelines the event stands, and whoever owns the next step; of the ISU only owners."""
    parties = [link.record_id for link in event.links if link.kind == "party"]
    owner = getattr(record, "owner_id", None)
    if isinstance(record, Followup):
        parties = [] if owner else [record.owner_party_id]
    wanted = Account.party_id.in_(parties) & Account.role.in_(FOR_A_PARTY)
    query = select(Account).where(Account.active, wanted | (Account.id == owner) if owner else wanted)
    return list(db.session.scalars(query.order_by(Account.id)).unique())


def _sees(account: Account, event: Event) -> bool:
    may = audit.readable(actor_of(account), (event.subject_kind,))
    return db.session.scalar(select(Event.id).where(Event.id == event.id, may)) is not None


def read(actor: Actor, notices: Iterable[Notice]) -> int:
    """Mark notices as read. Returns: how many were not before."""
    fresh = [one for one in notices if one.read_at is None and one.account_id == actor.account_id]
    for one in fresh:
        one.read_at = utcnow()
    db.session.flush()
    return len(fresh)


def read_all(actor: Actor) -> None:
    """Mark all of a person's notices as read."""
    db.session.execute(update(Notice).where(Notice.account_id == actor.account_id, Notice.read_at.is_(None)).values(
        read_at=utcnow()))


def wish(actor: Actor, wishes: Mapping[Kind, Cadence]) -> bool:
    """Keep how often letters of each kind are wanted. Returns: whether anything changed."""
    account_id = actor.account_id or 0
    now = queries.cadences(account_id)
    changed = {kind: cadence for kind, cadence in wishes.items() if now[kind] is not cadence}
    kept = {one.kind: one for one in db.session.scalars(select(NoticeSetting).where(NoticeSetting.account_id == account_id))}
    for kind, cadence in changed.items():
        if kind in kept:
            kept[kind].cadence = cadence
        else:
            db.session.add(NoticeSetting(account_id=account_id, kind=kind, cadence=cadence))
    db.session.flush()
    return bool(changed)


def gather(today: date) -> int:
    """The job: one letter a person about what was not told yet, daily or on Mondays. Returns: how many were written."""
    written = 0
    for number in queries.untold():
        account = db.session.get_one(Account, number)
        wishes, actor = queries.cadences(number), actor_of(account)
        due = {kind for kind, cadence in wishes.items() if cadence in (Cadence.DAILY, Cadence.AT_ONCE)
               or (cadence is Cadence.WEEKLY and today.weekday() == 0)}
        seen = list(db.session.scalars(queries.of(actor).where(~Notice.told, Notice.kind.in_(due))).unique())
        if seen and account.active:
            written += mails.together(account, seen, today)
        done = due | {kind for kind, cadence in wishes.items() if cadence is Cadence.NEVER}
        db.session.execute(update(Notice).where(Notice.account_id == number, ~Notice.told, Notice.kind.in_(done)).values(told=True))
    return written


audit.LISTENERS.append(hear)
constraints.explain(
    uq_notice_account_id_event_id=_l("This notice is there already."),
    uq_notice_setting_account_id_kind=_l("This was kept at the same moment on another page: open it again."))
jobs.declare("notices", gather)
