"""Signing in, step by step: a password, then the second factor of those who have one; and what is told and noted of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from flask import flash, request, session, url_for
from flask_babel import gettext as _

from partnerships.accounts import factors, mails
from partnerships.accounts.models import Account
from partnerships.accounts.session import begin, known_device
from partnerships.core.db import db, utcnow
from partnerships.core.web import own_path, see_other

log = structlog.get_logger()
HALF_WAY = "half-way"
PATIENCE = 10 * 60  # seconds between the two factors
# Ways of coming in that hold a second factor.
STRONG = ("password+code", "password+recovery", "passkey", "ministry+mfa", "ministry+code", "ministry+recovery")


@dataclass(frozen=True)
class HalfWay:
    """Somebody whose first factor was right."""

    account: Account
    method: str
    next: str


def first(account: Account, method: str, target: str | None) -> Any:
    """The first factor was right: go on to the second, or in. Returns: the redirect."""
    if method != "ministry+mfa" and factors.held(account).any:
        session.clear()
        session[HALF_WAY] = [account.id, method, utcnow().timestamp(), own_path(target) or ""]
        return see_other(url_for("accounts.second_factor"))
    return come_in(account, method, target)


def half_way() -> HalfWay | None:
    """Who is between the two factors in this browser; None when nobody is, or it was too long ago."""
    kept = session.get(HALF_WAY)
    if not kept or utcnow().timestamp() - kept[2] > PATIENCE:
        session.pop(HALF_WAY, None)
        return None
    account = db.session.get(Account, kept[0])
    return HalfWay(account, kept[1], kept[3]) if account is not None and account.active else None


def come_in(account: Account, method: str, target: str | None) -> Any:
    """Begin the session, tell the person when the browser is new, and say where to go. Returns: the redirect."""
    new = account.last_sign_in is not None and not known_device(account)
    found = begin(account, method)
    log.info("signed in", account=account.id, method=method, session=found.id)
    if new:
        mails.told(account, "new-device", device=found.device or _("a browser that does not say what it is"))
    if method.endswith("recovery"):
        left = factors.held(account).recovery_left
        mails.told(account, "recovery-code", left=left)
        flash(_("You used a recovery code: %(left)s are left. Make new ones when few remain.", left=left), "warning")
    return see_other(own_path(target) or url_for("desk.index"))


def refused(kind: str, whom: str) -> None:
    """Note a failure in the log: whom by a digest of the address only, since it may be a password typed in the wrong field."""
    from partnerships.accounts.session import digest

    log.warning("sign-in refused", step=kind, whom=digest(whom)[:12], address=request.remote_addr)
