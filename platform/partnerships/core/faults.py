"""Faults of what the platform stands on: the database away, busy, read-only or full. Told on a page that needs none of it.

The page holds what the person typed, so that nothing has to be written twice: to read, to copy, and to send again.
"""

from __future__ import annotations

import errno
import re
import sqlite3
from enum import StrEnum
from typing import Any

from flask import Response, current_app, g, make_response, request, session
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from partnerships.core import problems
from partnerships.core.db import SAFE_METHODS


class Fault(StrEnum):
    """What is the matter with the database or the disk."""

    GONE = "gone"
    BUSY = "busy"
    READ_ONLY = "read-only"
    FULL = "full"


# Seconds after which it is worth to try again.
WAIT = {Fault.GONE: 60, Fault.BUSY: 10, Fault.READ_ONLY: 300, Fault.FULL: 300}
_SQLITE = (("SQLITE_FULL", Fault.FULL), ("SQLITE_READONLY", Fault.READ_ONLY), ("SQLITE_BUSY", Fault.BUSY),
           ("SQLITE_LOCKED", Fault.BUSY), ("SQLITE_CANTOPEN", Fault.GONE), ("SQLITE_IOERR", Fault.GONE),
           ("SQLITE_NOTADB", Fault.GONE), ("SQLITE_CORRUPT", Fault.GONE))
# PostgreSQL's error codes (its documentation, appendix A), by their beginning; the longest that fits counts.
_POSTGRES = (("53100", Fault.FULL), ("53", Fault.BUSY), ("25006", Fault.READ_ONLY), ("55P03", Fault.BUSY), ("57014", Fault.BUSY),
             ("40", Fault.BUSY), ("57P", Fault.GONE), ("08", Fault.GONE), ("58", Fault.GONE))
_DISK = {errno.ENOSPC: Fault.FULL, errno.EDQUOT: Fault.FULL, errno.EROFS: Fault.READ_ONLY}
# A part of a field's name that says: this is not given back to anybody who looks at the screen.
_SECRET = re.compile(r"(?:^|[-_.])(?:confirm_with|csrf|password|passphrase|token|secret|otp|totp|code|pin|recovery|credential|"
                     r"assertion)(?:$|[-_.])", re.IGNORECASE)
_CARRIED = {"once", "version", "next", "seen"}  # what our own forms carry unseen


def fault_of(error: BaseException) -> Fault | None:
    """What is the matter, or None when the error says nothing of the kind."""
    if isinstance(error, PoolTimeout):
        return Fault.BUSY
    if isinstance(error, DBAPIError):
        return Fault.GONE if error.connection_invalidated else fault_of(error.orig) if error.orig is not None else None
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    if type(error).__module__.partition(".")[0] == "psycopg":
        return _of_postgres(error)
    return _DISK.get(error.errno or 0) if isinstance(error, OSError) else None


def _of_sqlite(error: sqlite3.Error) -> Fault | None:
    name = str(getattr(error, "sqlite_errorname", ""))
    if name == "SQLITE_ERROR" and "no such table" in str(error):  # the file was taken away, and a new one is empty
        return Fault.GONE
    return next((fault for start, fault in _SQLITE if name.startswith(start)), None)


def _of_postgres(error: BaseException) -> Fault | None:
    code = str(getattr(error, "sqlstate", None) or "")
    if not code:  # the server said nothing: there is none
        return Fault.GONE if type(error).__name__ == "OperationalError" else None
    return next((fault for start, fault in _POSTGRES if code.startswith(start)), None)


def page(code: int, fault: Fault | None = None) -> Response:
    """The page of a fault (503), or of what nobody foresaw (500), with what was typed.

    It asks neither the database nor anything that might: no template of ours is extended, no context processor runs.
    """
    if problems.wanted():
        return problems.answer(code, headers={"Retry-After": str(WAIT[fault])} if fault else {})
    locale = get_locale()
    words: dict[str, Any] = {
        "fault": fault, "unsafe": request.method not in SAFE_METHODS, "in_doubt": bool(g.get("committing")),
        "locale_code": locale.language if locale else "en", "text_direction": locale.text_direction if locale else "ltr",
        "typed": [], "files": [], "again": None, "wait": WAIT.get(fault) if fault else None}
    if words["unsafe"]:
        words |= _typed()
    answer = make_response(current_app.jinja_env.get_template(f"errors/{code}.html").render(words), code)
    answer.headers["Cache-Control"] = "no-store"
    if fault is not None:
        answer.headers["Retry-After"] = str(WAIT[fault])
    return answer


def _typed() -> dict[str, Any]:
    """What was sent: fields to read, names of files, and a form that sends the same again where nothing is missing from it."""
    try:
        sent = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
        files = [one.filename for one in request.files.values() if one.filename]
    except HTTPException:  # what was sent cannot be read at all
        return {}
    shown = [(name, value) for name, value in sent if not _SECRET.search(name)]
    whole = len(shown) == len(sent) and not files and bool(sent)
    return {"typed": [(_name(name), value) for name, value in shown if value.strip() and name not in _CARRIED],
            "files": files, "again": {"address": request.full_path.rstrip("?"), "fields": shown} if whole else None,
            "token": generate_csrf() if whole and "csrf_token" in session else ""}


def _name(field: str) -> str:
    """A field's name as words: "summary", "years-0-amount" becomes "Years 0 amount"."""
    return " ".join(re.split(r"[-_.]+", field)).strip().capitalize() or field
