"""What is read of accounts: people, invitations, sessions. Each takes the actor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from partnerships.accounts.models import Account, AccountInvitation, AccountSession
from partnerships.core.actor import Actor, Role
from partnerships.core.db import db
from partnerships.core.policy import condition, scope
from partnerships.parties.models import Party


def OPEN() -> tuple[Any, ...]:
    """SQL: neither used nor withdrawn."""
    return AccountInvitation.used_at.is_(None), AccountInvitation.withdrawn_at.is_(None)


def people(actor: Actor, *, q: str = "", role: Role | None = None, party: str = "", closed: bool = False) -> Select[Any]:
    """The people whom the actor may see, by party and name."""
    found = scope(actor, "accounts.view", Account).join(Party, Party.id == Account.party_id)
    found = found.where(Account.erased_at.is_(None), Account.active.is_(not closed))
    if q:
        like = f"%{q.lower().replace('%', '').replace('_', '')}%"
        found = found.where(or_(Account.name.ilike(like), Account.email.ilike(like)))
    if role is not None:
        found = found.where(Account.role == role)
    if party:
        found = found.where(Party.ref == party)
    return found.order_by(Party.name_en, Account.name, Account.id)


def person(actor: Actor, number: int) -> Account | None:
    """One of them."""
    return db.session.scalars(scope(actor, "accounts.view", Account).where(
        Account.id == number, Account.erased_at.is_(None)).options(joinedload(Account.authenticated_by))).first()


def open_invitations(actor: Actor) -> list[AccountInvitation]:
    """The invitations that were neither used nor withdrawn, the newest first."""
    found = scope(actor, "accounts.invitations", AccountInvitation).where(*OPEN()).options(
        joinedload(AccountInvitation.party), joinedload(AccountInvitation.invited_by))
    return list(db.session.scalars(found.order_by(AccountInvitation.id.desc())))


def invitation(actor: Actor, number: int) -> AccountInvitation | None:
    """One invitation within the actor's sight."""
    return db.session.scalars(scope(actor, "accounts.invitations", AccountInvitation).where(
        AccountInvitation.id == number).options(joinedload(AccountInvitation.replaces))).first()


def sessions(account: Account) -> list[AccountSession]:
    """A person's sessions that were not ended, the latest used first."""
    from partnerships.accounts.session import alive

    found = db.session.scalars(select(AccountSession).where(
        AccountSession.account_id == account.id, AccountSession.ended_at.is_(None)).order_by(
            AccountSession.seen_at.desc(), AccountSession.id.desc()).options(joinedload(AccountSession.account)))
    return [one for one in found if alive(one)]


def names(numbers: Iterable[int]) -> dict[int, str]:
    """The names of people by account number; erased ones have none."""
    wanted = set(numbers)
    if not wanted:
        return {}
    return dict(db.session.execute(select(Account.id, Account.name).where(
        Account.id.in_(wanted), Account.erased_at.is_(None))).all())


def administrators_left(but: Account) -> bool:
    """Whether another administrator of the ISU could act, if this one could not."""
    return db.session.scalar(select(Account.id).where(
        Account.role == Role.ISU_ADMINISTRATOR, Account.active, Account.id != but.id).limit(1)) is not None


def waiting_focal_points(actor: Actor) -> tuple[int, datetime | None]:
    """Invited focal points of whom the ISU has yet to make sure: how many, and since when the first waits."""
    count, first = db.session.execute(select(func.count(), func.min(AccountInvitation.created_at)).where(
        condition(actor, "accounts.invitations", AccountInvitation), *OPEN(), AccountInvitation.digest == "")).one()
    return count, first


def numbers_like(actor: Actor, words: str) -> list[int]:
    """The numbers of accounts whose name or address holds these words."""
    like = f"%{words.strip().lower().replace('%', '').replace('_', '')}%"
    return list(db.session.scalars(select(Account.id).where(
        condition(actor, "accounts.view", Account), or_(Account.name.ilike(like), Account.email.ilike(like)))))
