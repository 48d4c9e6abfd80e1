"""Faults as programs read them: problem details (RFC 9457), with the same words that a page would say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, has_request_context, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

ROOT = "/api/v1"
MEDIA = "application/problem+json"


def wanted() -> bool:
    """Whether a program asks: an address of the API answers no page, whatever goes wrong."""
    return has_request_context() and (request.path == ROOT or request.path.startswith(f"{ROOT}/"))


def answer(status: int, detail: str = "", *, errors: list[dict[str, str]] | None = None,
           headers: Mapping[str, str] | None = None) -> Response:
    """A problem as an answer.

    Arguments: detail, in words; errors, what is wrong with which part: {"at": name of the field or parameter, "detail": words}.
    """
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status,
                            "detail": detail or _words(status), "instance": request.path}
    if errors:
        body["errors"] = errors
    found = Response(json.dumps(body, ensure_ascii=False), status, mimetype=MEDIA)
    found.headers["Cache-Control"] = "no-store"
    if status == 401:
        found.headers["WWW-Authenticate"] = 'Bearer realm="Platform for Partnerships"'
    found.headers.update(headers or {})
    return found


def of_http(error: HTTPException) -> Response:
    """The problem of an HTTP error; what a schema found wrong stands in `errors`."""
    status = error.code or 500
    headers = {}
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        headers["Allow"] = ", ".join(sorted(allowed))
    messages = getattr(error, "data", {}).get("messages", {}) if status == 422 else {}
    if not messages:
        return answer(status, headers=headers)
    return answer(status, _("What was sent is not as it should be. Nothing was saved."), errors=list(_flat(messages)),
                  headers=headers)


def _flat(messages: Any, at: str = "") -> Any:
    """What is wrong, a row a fault, from the nested words of a schema. The place (query, json) is not part of the name."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            outer = not at and key in ("query", "json", "headers")
            yield from _flat(inner, "" if outer else f"{at}.{key}".strip("."))
    else:
        for words in messages if isinstance(messages, list) else [messages]:
            yield {"at": at, "detail": str(words)}


def _words(status: int) -> str:
    known = {
        400: _("What was sent could not be understood. Nothing was saved."),
        401: _("The key is missing, wrong, revoked or past its day. Send it as “Authorization: Bearer …”."),
        403: _("The key does not allow this."),
        404: _("There is no such record within your sight."),
        405: _("This address does not take this method."),
        406: _("This answers JSON only."),
        409: _("Somebody changed the record meanwhile."),
        412: _("The record has changed since you read it. Read it again, and send your change with its new ETag."),
        413: _("What was sent is too large."),
        415: _("Send JSON, with “Content-Type: application/json”."),
        422: _("What was sent is not as it should be. Nothing was saved."),
        428: _("Send the ETag of what you read as “If-Match”, so that nobody's work is lost."),
        429: _("Too many requests. Wait as long as “Retry-After” says."),
        503: _("The register cannot answer just now. Nothing was saved. Try again a little later."),
    }
    return known.get(status, _("Something went wrong here. It is noted, and nothing was saved."))
