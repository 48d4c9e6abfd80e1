"""Pledging conferences over HTTP: their pages (pages.py), the desk in the room (desk.py), who is there (attendance.py)."""

from flask import Blueprint

blueprint = Blueprint("conferences", __name__, url_prefix="/conferences")

from partnerships.conferences.routes import attendance, desk, pages  # noqa: E402

__all__ = ["attendance", "blueprint", "desk", "pages"]
