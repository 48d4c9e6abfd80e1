"""Pledges over HTTP, a file a subject."""

from flask import Blueprint

blueprint = Blueprint("pledges", __name__, url_prefix="/pledges")

from partnerships.pledges.routes import pages  # noqa: E402

__all__ = ["blueprint", "pages"]
