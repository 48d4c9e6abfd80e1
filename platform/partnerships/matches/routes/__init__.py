"""Matches over HTTP, a file a subject."""

from typing import Any

from flask import Blueprint

from partnerships.documents.fields import room_for_a_file

blueprint = Blueprint("matches", __name__, url_prefix="/matches")


@blueprint.url_value_preprocessor
def _room_for_a_file(endpoint: str | None, _values: Any) -> None:
    """Only a message brings a file."""
    if endpoint == "matches.write":
        room_for_a_file()


from partnerships.matches.routes import mediation, pages  # noqa: E402

__all__ = ["blueprint", "mediation", "pages"]
