"""Passwords: argon2id, renewed when its parameters grow; refused when short, common, or made of what everybody knows."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _
from sqlalchemy import select

from partnerships.accounts.models import Account
from partnerships.core.db import db, utcnow

SHORTEST, LONGEST = 12, 1000
hasher = PasswordHasher()
# Verified when no account has the address, so that the answer takes as long as for a wrong password.
NOBODY = hasher.hash("nobody has this password")
OWN_WORDS = ("partnerships", "platform", "landmine", "mineaction", "convention")


def fault(password: str, *known: str) -> str:
    """Why a password cannot serve, in words; empty when it can.

    Arguments: known, what others know of the person (name, address): a password made of it is no secret.
    """
    if len(password) < SHORTEST:
        return _("Use at least %(least)s characters. Several words that do not belong together are easy to remember.",
                 least=SHORTEST)
    if len(password) > LONGEST:
        return _("Use at most %(most)s characters.", most=LONGEST)
    if len(set(password.lower())) < 5:
        return _("This repeats a few characters. Use several words that do not belong together.")
    if _is_common(password.lower()):
        return _("This is on a list of common passwords, which is what attackers try first. Choose another.")
    for word in _guessable(known):
        if word in password.lower() and len(password) - len(word) < SHORTEST - 4:
            return _("This is made of your name, your address or the name of this platform. Choose another.")
    return ""


def _guessable(known: tuple[str, ...]) -> list[str]:
    parts = [part for text in known for part in text.lower().replace("@", " ").replace(".", " ").split()]
    return [word for word in (*parts, *OWN_WORDS) if len(word) >= 4]


@cache
def _common() -> frozenset[str]:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # 30,000 passwords of public breaches, offline

    return frozenset(FREQUENCY_LISTS["passwords"])


def _is_common(password: str) -> bool:
    """Whether it is a common password, or one repeated or with digits and marks at its end."""
    half = password[: len(password) // 2]
    stripped = password.rstrip("0123456789!?.,-_*#@$% ")
    return bool({password, stripped} & _common()) or (half in _common() and half * 2 == password)


def check(email: str, password: str) -> Account | None:
    """The active account with this address and password, or None. Takes the same time for unknown addresses."""
    with db.apart() as own:
        row = own.execute(select(Account.id, Account.password_hash, Account.active).where(Account.email == email)).first()
    right = verify(row.password_hash if row and row.password_hash else NOBODY, password)
    if row is None or not right or not row.active or not row.password_hash:
        return None
    return db.session.get(Account, row.id)


def verify(kept: str, password: str) -> bool:
    """Whether the password is the one that this hash was made of."""
    try:
        return hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def renew(account: Account, password: str) -> None:
    """Renew a hash whose parameters have grown, now that the password is at hand."""
    if hasher.check_needs_rehash(account.password_hash):
        account.password_hash = hasher.hash(password)


def keep(account: Account, password: str) -> None:
    """Give a person a new password."""
    account.password_hash, account.password_at = hasher.hash(password), utcnow()
