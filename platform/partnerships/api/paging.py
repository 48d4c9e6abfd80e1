"""Pages of a list by a cursor: a record that stood on a page never stands on a later one, whatever is added meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, request
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer
from marshmallow import Schema
from sqlalchemy import Select, func, select

from partnerships.api.frame import answer, refuse
from partnerships.core import readings
from partnerships.core.db import db

NOT_FILTERS = ("cursor", "limit", "fields", "lang")


def page(schema: type[Schema], query: Select[Any], model: Any, asked: dict[str, Any],
         told: Callable[[Sequence[Any]], list[dict[str, Any]]]) -> Response:
    """A page of a list as an answer, in the order of the records' numbers.

    Arguments: schema, of the page; query, the same that the page of people lists, with its filters; asked, the parameters;
    told(records) gives what the answer tells of each.
    """
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    narrowed = query.order_by(None).where(model.id > _last(asked)).order_by(model.id).limit(asked["limit"] + 1)
    rows = list(db.session.scalars(narrowed).unique())
    more, rows = len(rows) > asked["limit"], rows[:asked["limit"]]
    for row in rows:
        readings.opened(row)
    following = _signer().dumps([rows[-1].id, _filters(asked)]) if more else None
    found = answer(schema(), {"data": told(rows), "total": total, "next": following}, asked)
    if following:
        found.headers["Link"] = f'<{_address(following)}>; rel="next"'
    return found


def _last(asked: dict[str, Any]) -> int:
    cursor = asked.get("cursor")
    if not cursor:
        return 0
    try:
        number, filters = _signer().loads(cursor)
    except (BadData, ValueError, TypeError):
        refuse("cursor", _("This is no cursor of ours: begin at the first page, and take `next` as it stands."))
    if filters != _filters(asked):
        refuse("cursor", _("This cursor belongs to other filters: begin at the first page."))
    return int(number)


def _filters(asked: dict[str, Any]) -> str:
    """What a cursor was made under: another list, or the same under other filters, has other cursors."""
    chosen = sorted((key, str(value)) for key, value in asked.items() if key not in NOT_FILTERS)
    return hashlib.sha256(f"{request.endpoint}{chosen}".encode()).hexdigest()[:16]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="api-cursor")


def _address(cursor: str) -> str:
    query = {**{key: values for key, values in request.args.to_dict(flat=False).items() if key != "cursor"}, "cursor": [cursor]}
    return f"{request.path}?{urlencode(query, doseq=True)}"
