"""The second factor: codes of an authenticator (RFC 6238) and recovery codes; who needs one. Passkeys: passkeys.py."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import pyotp
import segno
from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import CursorResult

from partnerships.accounts import passwords
from partnerships.accounts.models import Account, Passkey, RecoveryCode
from partnerships.core import locked
from partnerships.core.actor import ISU
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.policy import PERMISSIONS

ISSUER = "Platform for Partnerships"
STEP = 30  # seconds of a code
RECOVERY_CODES, CODE_LENGTH = 10, 12
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without marks that are read for one another


@dataclass(frozen=True)
class Held:
    """The second factors that a person has."""

    codes: bool
    passkeys: int
    recovery_left: int

    @property
    def any(self) -> bool:
        return self.codes or self.passkeys > 0


def held(account: Account) -> Held:
    """Which second factors a person has."""
    passkeys = db.session.scalar(select(func.count()).select_from(Passkey).where(Passkey.account_id == account.id)) or 0
    left = db.session.scalar(select(func.count()).select_from(RecoveryCode).where(
        RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))) or 0
    return Held(account.totp_at is not None, passkeys, left)


def required_of(account: Account) -> bool:
    """Whether the role needs a second factor: the ISU's do, and every one that can pledge.

    The demonstration's own sign-ins are free to have none while their password is the one in the README (nobody chose another);
    production has no such sign-ins.
    """
    shown = account.is_demo and account.password_at is None and account.issuer is None
    return (account.role in ISU or account.role in PERMISSIONS["pledges.create"]) and not shown


def new_secret() -> str:
    """A secret for an authenticator, as it is kept: encrypted."""
    return locked.shut("totp", pyotp.random_base32())


def _opened(kept: str) -> str | None:
    return locked.opened("totp", kept)


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator needs to know, to be scanned or typed."""

    secret: str
    address: str

    @property
    def spaced(self) -> str:
        return " ".join(self.secret[start:start + 4] for start in range(0, len(self.secret), 4))

    @property
    def picture(self) -> str:
        """The QR code as the address of an SVG picture."""
        return segno.make(self.address, error="m").svg_data_uri(scale=4, border=3)


def enrolment(account: Account, kept: str) -> Enrolment | None:
    """What to show of a secret that waits to be confirmed; None when it cannot be read (the server's key has changed)."""
    secret = _opened(kept)
    if secret is None:
        return None
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER))


def _step_of(kept: str, code: str) -> int | None:
    """The time step that a code belongs to: the present one, or one before or after it."""
    secret, typed = _opened(kept), "".join(code.split())
    if secret is None or not (typed.isascii() and typed.isdigit()):
        return None
    now = int(utcnow().timestamp()) // STEP
    clock = pyotp.TOTP(secret)
    return next((step for step in (now, now - 1, now + 1) if secrets.compare_digest(clock.at(step * STEP), typed)), None)


def confirm(account: Account, kept: str, code: str) -> bool:
    """Begin to use an authenticator, once it has shown that it knows the secret. Returns: whether the code was right."""
    step = _step_of(kept, code)
    if step is None:
        return False
    account.totp_secret, account.totp_at, account.totp_step = kept, utcnow(), step
    db.session.flush()
    return True


def accept(account: Account, code: str) -> bool:
    """Whether this is a code of the person's authenticator that was not used before; it is used up then."""
    if account.totp_at is None:
        return False
    step = _step_of(account.totp_secret, code)
    if step is None:
        return False
    done = db.session.execute(update(Account).where(Account.id == account.id, Account.totp_step < step).values(
        totp_step=step).execution_options(synchronize_session=False))
    return isinstance(done, CursorResult) and done.rowcount == 1


def accept_recovery(account: Account, code: str) -> bool:
    """Whether this is one of the person's recovery codes, unused; it is used up then."""
    plain = "".join(mark for mark in code.lower() if mark in ALPHABET)
    if len(plain) != CODE_LENGTH:  # a code of an authenticator, mistyped: not worth ten hashes
        return False
    unused = db.session.scalars(select(RecoveryCode).where(
        RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None)).order_by(RecoveryCode.id)).all()
    right = next((one for one in unused if passwords.verify(one.code_hash, plain)), None)
    if right is None:
        return False
    done = db.session.execute(update(RecoveryCode).where(RecoveryCode.id == right.id, RecoveryCode.used_at.is_(None)).values(
        used_at=utcnow()).execution_options(synchronize_session=False))
    return isinstance(done, CursorResult) and done.rowcount == 1


def fresh_recovery_codes(account: Account) -> list[str]:
    """Ten new recovery codes in place of the old ones. Returns: the codes; they cannot be shown again."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = ["".join(secrets.choice(ALPHABET) for _mark in range(CODE_LENGTH)) for _code in range(RECOVERY_CODES)]
    db.session.add_all([RecoveryCode(account_id=account.id, code_hash=passwords.hasher.hash(code)) for code in codes])
    db.session.flush()
    return ["-".join(code[start:start + 4] for start in (0, 4, 8)) for code in codes]


def check_removable(account: Account) -> None:
    """Raises: Refused when a person who needs a second factor would be left without one."""
    kept = held(account)
    if required_of(account) and kept.codes + kept.passkeys < 2:
        raise Refused(_("Your role needs a second factor, and this is the only one you have. Add another first."))


def remove_codes(account: Account) -> None:
    """Stop using the authenticator."""
    account.totp_secret, account.totp_at, account.totp_step = "", None, 0
    db.session.flush()


def remove_all(account: Account) -> None:
    """Forget every second factor of a person."""
    remove_codes(account)
    db.session.execute(delete(Passkey).where(Passkey.account_id == account.id))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
