"""What the platform keeps about a person: all of it for them to take, and its erasure. Flushes, never commits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, delete, or_, select, update

from partnerships.accounts import factors, people, session
from partnerships.accounts.models import Account, AccountInvitation, AccountSession
from partnerships.core import audit, mail
from partnerships.core.actor import Actor
from partnerships.core.db import Base, db, utcnow

# Of no use to a person, and of much to a thief.
SECRETS = ("password_hash", "totp_secret", "totp_step", "digest", "code_hash", "token_hash", "device_hash",
           "public_key", "credential", "secret", "old_secret")
# Tables that name people without a foreign key: the record outlives an erased account.
LOOSE = ("event", "mail", "form_receipt")
# What is a person's own and serves nobody else.
PERSONAL = ("account_session", "passkey", "recovery_code", "notice", "notice_setting", "saved_search", "form_receipt", "mail",
            "token")


def _columns_of(table: Table) -> list[Any]:
    """The columns of a table that name an account."""
    keyed = [key.parent for key in table.foreign_keys if key.column.table.name == "account"]
    return keyed + ([table.c.account_id] if table.name in LOOSE else [])


def everything(account: Account) -> dict[str, list[dict[str, Any]]]:
    """All rows that are about a person or name the account, by table; secrets left out.

    Found in the database's own tables and keys, so that what a later version keeps is there too.
    """
    found = {"account": db.session.execute(select(Account.__table__).where(Account.__table__.c.id == account.id)).mappings().all()}
    for table in Base.metadata.sorted_tables:
        names = [column == account.id for column in _columns_of(table)]
        if names and table.name != "account":
            rows = db.session.execute(select(table).where(or_(*names)).order_by(*table.primary_key.columns)).mappings().all()
            if rows:
                found[table.name] = rows
    return {name: [{key: audit.plain(value) for key, value in row.items() if key not in SECRETS} for row in rows]
            for name, rows in found.items()}


def erase(account: Account, actor: Actor) -> None:
    """Erase a person: name, address, letters, sessions and factors go; what was done stays, under the State's name.

    Raises: Refused for the last administrator of the ISU.
    """
    people.close(account, actor)
    audit.record("account.erased", account, actor, audience=people.AUDIENCE, also=[account.party])
    factors.remove_all(account)
    address = account.email
    for table in Base.metadata.sorted_tables:
        if table.name in PERSONAL:
            db.session.execute(delete(table).where(table.c.account_id == account.id))
    db.session.execute(delete(mail.Mail).where(mail.Mail.address == address))
    db.session.execute(update(AccountInvitation).where(AccountInvitation.email == address).values(
        email=f"erased-{account.id}@erased.invalid", name="Erased account", withdrawn_at=utcnow()).execution_options(
            synchronize_session=False))
    db.session.expire_all()
    account.name, account.email, account.erased_at = "Erased account", f"erased-{account.id}@erased.invalid", utcnow()
    account.password_hash, account.issuer, account.issuer_subject = "", None, None
    account.last_sign_in = account.visit_before = None
    db.session.flush()


def end_session(account: Account, number: int) -> AccountSession | None:
    """End one of a person's sessions. Returns: None when the person has no such session."""
    found = db.session.scalars(select(AccountSession).where(
        AccountSession.id == number, AccountSession.account_id == account.id)).first()
    if found is not None and found.ended_at is None:
        found.ended_at = utcnow()
        db.session.flush()
    return found


def end_others(account: Account, here: AccountSession) -> int:
    """End every session but this one. Returns: how many."""
    return session.end(account, but=here)
