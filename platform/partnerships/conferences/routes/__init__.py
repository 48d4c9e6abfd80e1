"""Pledging conferences over HTTP: their pages (pages.py), the desk in the room (desk.py), who is there (attendance.py),
what is aimed at (targets.py) and what came of it (outcome.py)."""

from flask import Blueprint

blueprint = Blueprint("conferences", __name__, url_prefix="/conferences")

from partnerships.conferences.routes import attendance, desk, outcome, pages, targets  # noqa: E402

__all__ = ["attendance", "blueprint", "desk", "outcome", "pages", "targets"]
