"""Pledging conferences over HTTP: their pages (pages.py) and the desk in the room (desk.py)."""

from flask import Blueprint

blueprint = Blueprint("conferences", __name__, url_prefix="/conferences")

from partnerships.conferences.routes import desk, pages  # noqa: E402

__all__ = ["blueprint", "desk", "pages"]
