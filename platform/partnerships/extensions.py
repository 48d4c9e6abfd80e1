"""Extensions, created here and bound in create_app."""

from __future__ import annotations

from flask import g, request
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf import CSRFProtect

from partnerships.core.db import db

csrf = CSRFProtect()
babel = Babel()
login_manager = LoginManager()
# Sessions are rows with a secret of their own (decision 24); one that dies when a telephone changes its network address would
# lose what an officer on a slow line has typed.
login_manager.session_protection = None
login_manager.login_view = "accounts.sign_in"

__all__ = ["babel", "csrf", "db", "login_manager", "select_locale"]

# Every language whose direction and formats can be asked for; the menu shows those that have a catalogue.
KNOWN = ("en", "fr", "es", "ar", "ru", "zh")


def select_locale() -> str:
    """The language of this request: asked for in the address, else the person's own, else English. Never guessed."""
    asked = request.args.get("lang", "") if request else ""
    if asked in KNOWN:
        return asked
    account = g.get("account")
    return account.language if account is not None and account.language in KNOWN else "en"
