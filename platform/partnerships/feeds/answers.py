"""How feeds answer programs that ask again and again: in which language, for how long, and what has not changed not at all."""

from __future__ import annotations

from datetime import datetime

from flask import make_response, request
from werkzeug import Response

from partnerships.core.languages import KNOWN
from partnerships.core.policy import current_actor


def asked() -> str:
    """The language that the address asks for, else English: what everybody gets does not hang on who asks."""
    code = request.args.get("lang", "")
    return code if code in KNOWN else "en"


def shared(seconds: int) -> str:
    """How long an answer may be kept, also between people; not one that carries somebody's session with it."""
    return "private, no-cache" if current_actor().is_signed_in else f"public, max-age={seconds}"


def answer(body: bytes, media: str, keep: str, changed: datetime | None = None) -> Response:
    """An answer with a tag (and the moment of its last change), so that what has not changed is not sent again."""
    found = make_response(body)
    found.headers["Content-Type"] = f"{media}; charset=utf-8"
    found.headers["Cache-Control"] = keep
    found.last_modified = changed
    found.add_etag()
    return found.make_conditional(request)
