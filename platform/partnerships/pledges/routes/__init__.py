"""Pledges over HTTP, a file a subject."""

from typing import Any

from flask import Blueprint

from partnerships.documents.fields import room_for_a_file

blueprint = Blueprint("pledges", __name__, url_prefix="/pledges")
WITH_FILES = ("pledges.move", "pledges.pay", "pledges.amend")


@blueprint.url_value_preprocessor
def _room_for_evidence(endpoint: str | None, _values: Any) -> None:
    """Only a step brings a file."""
    if endpoint in WITH_FILES:
        room_for_a_file()


from partnerships.pledges.routes import account, pages, reports, steps, updates  # noqa: E402

__all__ = ["account", "blueprint", "pages", "reports", "steps", "updates"]
