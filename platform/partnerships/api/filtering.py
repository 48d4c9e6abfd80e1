"""Filters of a list, read by the very form that the page of people reads them with; what the page would pass over is refused."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema
from webargs.flaskparser import abort
from werkzeug.datastructures import MultiDict
from wtforms import Form

from partnerships.api.paging import NOT_FILTERS


def form_of(form: type[Form], asked: dict[str, Any]) -> Any:
    """The page's filter form, filled from the parameters. 422 with its own words where it does not understand one."""
    given = {key: value for key, value in asked.items() if key not in NOT_FILTERS}
    found = form(MultiDict({key: "1" if value is True else value for key, value in given.items() if value is not False}))
    if not found.validate():
        abort(422, messages={key: [str(words) for words in faults] for key, faults in found.errors.items()})
    return found


def names(schema: type[Schema]) -> set[str]:
    """The filters that a list's schema takes: a test holds them against the page's form."""
    return {field.data_key or name for name, field in schema().fields.items()} - {*NOT_FILTERS}
