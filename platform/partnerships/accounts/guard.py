"""The door behind the door: who needs a second factor and came in without one sets one up before anything else."""

from __future__ import annotations

import os
from typing import Any

from flask import Flask, flash, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from partnerships.accounts import factors
from partnerships.accounts.models import Account
from partnerships.accounts.signing import STRONG
from partnerships.core.db import db
from partnerships.core.web import see_other
from partnerships.settings import SettingsError

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


def no_demonstration(app: Flask) -> None:
    """Production does not begin to serve while the demonstration's sign-ins, whose password everybody knows, are in its database.

    Commands may run, since one of them removes the demonstration. Raises: SettingsError in words.
    """
    if os.environ.get("FLASK_RUN_FROM_CLI") == "true":
        return
    with app.app_context():
        try:
            there = db.session.scalar(select(Account.id).where(Account.is_demo).limit(1)) is not None
        except SQLAlchemyError:  # no database yet, or not this far: it answers for itself when it is asked
            return
    if there:
        raise SettingsError("This database holds the demonstration's sign-ins, whose password is public. Remove them first: "
                            "flask --app wsgi seed demo --remove")
