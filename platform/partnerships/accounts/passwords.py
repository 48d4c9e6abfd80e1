"""Passwords: argon2id, renewed when its parameters grow; refused when short, common, or made of what everybody knows."""

from __future__ import annotations

import re
from decimal import Decimal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from partnerships.accounts.models import Account
from partnerships.core.db import db, utcnow

SHORTEST, LONGEST = 12, 1000
ENOUGH = Decimal(10) ** 10  # guesses: beyond what can be tried over the network, by far
MEASURED = 72  # characters; what a longer one begins with is enough to know
hasher = PasswordHasher()
# Verified when no account has the address, so that the answer takes as long as for a wrong password.
NOBODY = hasher.hash("nobody has this password")
OWN_WORDS = ("partnerships", "platform", "landmine", "mineaction", "convention")


def fault(password: str, *known: str) -> str:
    """Why a password cannot serve, in words; empty when it can.

    Its length counts, and how many guesses somebody needs who begins with common passwords, names, dates, rows of keys and what
    is known of the person (zxcvbn, with its lists, offline). No kind of mark is asked for (NIST SP 800-63B, 3.1.1.2).

    Arguments: known, what others know of the person (name, address): a password made of it is no secret.
    """
    if len(password) < SHORTEST:
        return _("Use at least %(least)s characters. Several words that do not belong together are easy to remember.",
                 least=SHORTEST)
    if len(password) > LONGEST:
        return _("Use at most %(most)s characters.", most=LONGEST)
    if _guesses(password, known) < ENOUGH:
        return _("This is easy to guess: it is common, repeats itself, or is made of your name, your address or the name of this "
                 "platform. Choose several words that do not belong together.")
    return ""


def _guesses(password: str, known: tuple[str, ...]) -> Decimal:
    from zxcvbn import zxcvbn  # builds its tables when imported, 30,000 passwords of public breaches among them

    words = [part for text in known for part in re.split(r"[\W_]+", text.lower()) if len(part) > 2]
    return Decimal(zxcvbn(password[:MEASURED], user_inputs=[*words, *OWN_WORDS])["guesses"])


def check(email: str, password: str) -> Account | None:
    """The active account with this address and password, or None. Takes the same time for unknown addresses."""
    with db.apart() as own:
        row = own.execute(select(Account.id, Account.password_hash, Account.active).where(Account.email == email)).first()
    right = verify(row.password_hash if row and row.password_hash else NOBODY, password)
    if row is None or not right or not row.active or not row.password_hash:
        return None
    account = db.session.get(Account, row.id)
    public = account is not None and account.is_demo and current_app.config["SETTINGS"].production
    return None if public else account  # the demonstration's password is in the README


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
