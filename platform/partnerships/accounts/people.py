"""What the ISU does with people: roles, closing, factors, handing over. Flushes, never commits."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Table, update

from partnerships.accounts import factors, invitations, mails, queries, session
from partnerships.accounts.models import Account, AccountInvitation
from partnerships.core import audit
from partnerships.core.actor import Actor, Role
from partnerships.core.db import Base, db, utcnow
from partnerships.core.errors import Refused
from partnerships.parties.models import Party

AUDIENCE = invitations.AUDIENCE
# Columns that say who looks after a piece of work: they go to the successor. Who once wrote or did something stays.
OWNERS = "owner_id"


def _keep_one_administrator(account: Account) -> None:
    if account.role is Role.ISU_ADMINISTRATOR and not queries.administrators_left(account):
        raise Refused(_("This is the last administrator of the ISU: give the role to somebody else first."))


def change(account: Account, actor: Actor, *, role: Role, party: Party, is_head: bool) -> bool:
    """Give a person another role, party, or the right to invite colleagues. Their sessions end: rights never change within one.

    Returns: False when nothing differs. Raises: Refused in words.
    """
    said = invitations.fault(party, role)
    if said:
        raise Refused(said)
    new = {"role": role, "party_id": party.id, "is_head": is_head}
    changes = audit.differences(account, new)
    if not changes:
        return False
    if role is not Role.ISU_ADMINISTRATOR:
        _keep_one_administrator(account)
    if role is Role.FOCAL_POINT and ("role" in changes or "party_id" in changes):
        account.authenticated_at, account.authenticated_how = None, ""
    if "party_id" in changes:
        changes["party_id"] = (account.party.ref, party.ref)
    account.role, account.party, account.party_id, account.is_head = role, party, party.id, is_head
    db.session.flush()
    session.end(account)
    audit.record("account.changed", account, actor, changes=changes, audience=AUDIENCE, also=[party])
    mails.told(account, "rights")
    return True


def authenticate(account: Account, actor: Actor, how: str, on: date) -> None:
    """Note how the ISU made sure that a person is the State's focal point."""
    account.authenticated_at, account.authenticated_how, account.authenticated_by_id = on, how, actor.account_id
    db.session.flush()
    audit.record("account.authenticated", account, actor, note=how, audience=AUDIENCE, also=[account.party],
                 changes={"authenticated_at": (None, on)})


def close(account: Account, actor: Actor, note: str = "") -> None:
    """End a person's access at once. What they did stays. Raises: Refused for the last administrator."""
    if not account.active:
        return
    _keep_one_administrator(account)
    account.active, account.closed_at = False, utcnow()
    session.end(account)
    audit.record("account.closed", account, actor, note=note, audience=AUDIENCE, also=[account.party])


def reopen(account: Account, actor: Actor) -> None:
    """Let a person in again. Raises: Refused when the account was erased."""
    if account.erased_at is not None:
        raise Refused(_("This account was erased. Invite the person anew."))
    if account.active:
        return
    account.active, account.closed_at = True, None
    db.session.flush()
    audit.record("account.reopened", account, actor, audience=AUDIENCE, also=[account.party])


def reset_factors(account: Account, actor: Actor, note: str) -> None:
    """Take away a person's second factors, when all are lost. The note says how the ISU made sure of the person."""
    factors.remove_all(account)
    session.end(account)
    audit.record("account.factors-reset", account, actor, note=note, audience=AUDIENCE)
    mails.told(account, "factors-reset")


def hand_over(account: Account, actor: Actor, *, email: str, name: str, how: str, on: date | None) -> AccountInvitation:
    """A State names a new person: the old access ends at once, the new person is invited and takes over the open work.

    Raises: Refused in words.
    """
    invitation = invitations.invite(actor, account.party, email=email, name=name, role=account.role, is_head=account.is_head,
                                    how=how, on=on, replaces=account)
    close(account, actor)
    audit.record("account.handed-over", account, actor, audience=AUDIENCE, also=[account.party])
    return invitation


def take_over(before: Account, after: Account) -> int:
    """Give a person the open work of another: every record whose owner the other was. Returns: how many records."""
    moved = 0
    for table in Base.metadata.sorted_tables:
        if OWNERS in table.c and any(key.column.table.name == "account" for key in table.c[OWNERS].foreign_keys):
            moved += _pass_on(table, before.id, after.id)
    return moved


def _pass_on(table: Table, before: int, after: int) -> int:
    done = db.session.execute(update(table).where(table.c[OWNERS] == before).values({OWNERS: after}).execution_options(
        synchronize_session=False))
    return int(getattr(done, "rowcount", 0))
