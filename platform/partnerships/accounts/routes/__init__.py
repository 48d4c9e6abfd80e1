"""Accounts over HTTP: signing in, one's own account, and people."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")

from partnerships.accounts.routes import factors, ministries, own, passkeys, people, recovery, sign_in  # noqa: E402, F401
