"""Writing for programs: what is sent goes through the very forms of the pages, an ETag guards what others wrote meanwhile, and a
creating request that comes twice under one key creates once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _
from marshmallow import Schema
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from webargs.flaskparser import abort
from werkzeug.datastructures import MultiDict

from partnerships.api.frame import answer, refuse
from partnerships.core.db import db
from partnerships.tokens.models import TokenReceipt

META = {"csrf": False}  # a key is sent by a program on purpose, never by a browser by itself
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_NOT_OURS = ("csrf_token", "once", "version", "start")


def sent(body: Mapping[str, Any]) -> MultiDict[str, str]:
    """What was sent as a form takes it: a list is a name several times, rows are `years-0-amount`."""
    found = MultiDict[str, str]()
    for name, value in body.items():
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(one, Mapping):
                row = len({key.split("-")[1] for key in found if key.startswith(f"{name}-")})
                for inner, told in one.items():
                    found.add(f"{name}-{row}-{inner}", _text(told))
            elif one is not None and one is not False:
                found.add(name, _text(one))
    return found


def _text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return "y" if value is True else "" if value is None else str(value)


def over(filled: Any, body: Mapping[str, Any]) -> MultiDict[str, str]:
    """What a filled form holds, with what was sent over it."""
    kept = {name: field.data for name, field in filled._fields.items() if name not in _NOT_OURS}
    return sent({**kept, **body})


def check(right: bool, form: Any) -> None:
    """422 with the form's own words at each field, unless it is right."""
    if not right:
        abort(422, messages=_faults(form) or {"": [_("What was sent is not as it should be. Nothing was saved.")]})


def _faults(form: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, field in form._fields.items():
        rows = {str(number): _faults(entry.form) for number, entry in enumerate(getattr(field, "entries", ()))
                if hasattr(entry, "form") and _faults(entry.form)}
        own = [str(words) for words in field.errors if isinstance(words, str) or not isinstance(words, (dict, list))]
        if rows or own:
            found[name] = rows or own
    return found


def record(schema: Schema, told: dict[str, Any], asked: dict[str, Any], tag: str, status: int = 200) -> Response:
    """A record as an answer. Its ETag begins with the version that a change has to name, and tells what the answer holds."""
    body = hashlib.sha256(json.dumps([told, asked.get("fields")], sort_keys=True, default=str).encode()).hexdigest()[:16]
    return answer(schema, told, asked, tag=f"{tag}-{body}", status=status)


def match(tag: str) -> None:
    """Refuse a change to what is no longer what its writer read: 428 without an If-Match, 412 under an old one."""
    if not request.if_match:
        abort(428)
    if not any(given.rpartition("-")[0] == tag for given in request.if_match.as_set()):
        abort(412)


def created(what: str, body: Mapping[str, Any], make: Callable[[], str], told: Callable[[str], Response]) -> Response:
    """Create a record and answer with it and its address.

    Arguments: what, the name of the operation that reads one; make, see `once`; told(ref), the answer with the record.
    """
    ref = once(what, body, make)
    found = told(ref)
    found.headers["Location"] = url_for(f"v1.{what}", ref=ref)
    return found


def once(what: str, body: Mapping[str, Any], make: Callable[[], str]) -> str:
    """Create something, once for each Idempotency-Key of a key's holder.

    Arguments: what, the kind of record; make() creates it and gives its reference. Returns: the reference, of what the first
    request created where this is its twin. 422 when the key was used for another request.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return make()
    if not _KEY.fullmatch(key):
        refuse("Idempotency-Key", _("A key has at most 200 visible characters."))
    asked = hashlib.sha256(json.dumps([what, body], sort_keys=True, default=str).encode()).hexdigest()
    receipt = TokenReceipt(token_id=g.token.id, key=key, asked=asked)
    try:
        with db.session.begin_nested():
            db.session.add(receipt)
            db.session.flush()
    except IntegrityError:
        kept = db.session.scalars(select(TokenReceipt).where(TokenReceipt.token_id == g.token.id, TokenReceipt.key == key)).one()
        if kept.asked != asked:
            refuse("Idempotency-Key", _("This key was used for another request: take a new one."))
        return kept.ref
    receipt.ref = make()
    db.session.flush()
    return receipt.ref
