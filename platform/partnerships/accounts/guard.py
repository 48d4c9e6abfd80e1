"""The door behind the door: who needs a second factor and came in without one sets one up before anything else."""

from __future__ import annotations

from typing import Any

from flask import Flask, flash, g, request, url_for
from flask_babel import gettext as _

from partnerships.accounts import factors
from partnerships.accounts.signing import STRONG
from partnerships.core.web import see_other

# What such a person may still open: setting one up, leaving, and what shows nothing.
OPEN = ("static", "accounts.sign_out", "accounts.factors", "accounts.scan", "accounts.keep_codes", "accounts.make_passkey",
        "accounts.keep_passkey", "pages.health")


def init_app(app: Flask) -> None:
    """Ask at every request, after the person is known."""
    app.before_request(_ask)


def _ask() -> Any:
    account = g.get("account")
    if account is None or g.account_session.method in STRONG or request.endpoint in OPEN:
        return None
    if not factors.required_of(account):
        return None
    flash(_("Your role needs a second factor: set it up now, it takes a minute."), "info")
    return see_other(url_for("accounts.factors"))
