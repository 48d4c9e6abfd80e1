"""Errors in words: what a person did wrong, and the pages for what went wrong."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError
from werkzeug.wrappers import Response

from partnerships.core import faults, problems
from partnerships.core.policy import current_actor

log = structlog.get_logger()
PAGES = (400, 403, 404, 405, 409, 413, 415, 422, 429)


class Refused(Exception):
    """A rule said no. The message is in words for the person, who is brought back to where they were."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Conflict(Exception):
    """Somebody changed the record meanwhile. Carries (label, mine, theirs) rows for the page that shows both."""

    def __init__(self, back: str, rows: list[tuple[str, str, str]] | None = None) -> None:
        super().__init__("changed meanwhile")
        self.back, self.rows = back, rows or []


def page(code: int, **words: object) -> Any:
    """The error page of a status code, falling back to the nearest one we have words for; a problem for a program."""
    if problems.wanted():
        return problems.answer(code, str(words.get("message", "")))
    template = {400: 422, 405: 404, 415: 422}.get(code, code)
    return render_template(f"errors/{template}.html", code=code, **words), code


def init_app(app: Flask) -> None:
    """Give every failure a page with words."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(StaleDataError, lambda _e: page(409, back=_here()))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(DataError, _data)
    for failed in (DBAPIError, PoolTimeout, OSError):
        app.register_error_handler(failed, _operational)
    app.register_error_handler(Exception, _unexpected)


def _here() -> str:
    """The page to go back to: same site only."""
    referrer = request.referrer or ""
    return referrer if referrer.startswith(request.host_url) else url_for("pages.home")


def _http(error: HTTPException) -> Any:
    if isinstance(error, SecurityError):  # asked for under another name: no page of ours can be addressed, so words alone
        return Response(_("This is not an address of this platform."), 400, mimetype="text/plain")
    code = error.code or 500
    if isinstance(error, RequestEntityTooLarge):
        code = 413
    if code < 400 or (error.response is not None and not problems.wanted()):
        return error
    if code in (403, 413, 429):
        log.warning("refused", code=code, method=request.method, path=request.path, account=current_actor().account_id)
    if problems.wanted():
        return problems.of_http(error)
    if code >= 500:
        return faults.page(500)
    if code not in PAGES:
        code = 404
    answer = app_page(code)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        answer.headers["Allow"] = ", ".join(allowed)
    return answer


def app_page(code: int, **words: object) -> Response:
    """The error page as a response, so that headers can be added."""
    from flask import make_response

    return make_response(page(code, **words))


def _conflict(error: Conflict) -> Any:
    return page(409, back=error.back, rows=error.rows)


def _refused(error: Refused) -> Any:
    return page(422, message=error.message, back=_here())


def _csrf(_error: CSRFError) -> Any:
    log.warning("refused", code="csrf", method=request.method, path=request.path, account=current_actor().account_id)
    return page(422, message=_("This form was open too long, or did not come from this site. Go back, reload the "
                               "page and send it again: what you typed is still there."), back=_here())


def _integrity(error: IntegrityError) -> Any:
    from partnerships.core.constraints import words_for

    log.warning("integrity", error=str(error.orig))
    return page(422, message=words_for(error), back=_here())


def _data(error: DataError) -> Any:
    """A value beyond what a column can hold. Forms say so before it comes to this; nothing was changed."""
    log.warning("data", error=str(error.orig))
    return page(422, message=_("The register cannot keep this value. Nothing was changed."), back=_here())


def _operational(error: Exception) -> Any:
    """The database or the disk failed. Only what the fault is known to be is told; the rest is for the log."""
    fault = faults.fault_of(error)
    if fault is None:
        return _unexpected(error)
    log.error("fault", fault=fault.value, path=request.path, error=str(getattr(error, "orig", error)))
    return faults.page(503, fault)


def _unexpected(_error: Exception) -> Any:
    log.exception("unexpected", path=request.path)
    return faults.page(500)
