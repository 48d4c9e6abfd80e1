"""Lists: one page of many, in a fixed order, that says what it leaves out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import request
from sqlalchemy import Select, func, select

from partnerships.core.db import db
from partnerships.core.web import with_query

PER_PAGE = 20
SIZES = (20, 50)  # what a reader may choose with ?per=


@dataclass(frozen=True)
class Page:
    """One page of a list. `total` counts what the actor may see under the filters."""

    items: Sequence[Any]
    number: int
    total: int
    size: int = PER_PAGE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return 0 if self.total == 0 else (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return min(self.total, self.number * self.size)

    @property
    def prev_url(self) -> str | None:
        return self._url(self.number - 1) if self.number > 1 else None

    @property
    def next_url(self) -> str | None:
        return self._url(self.number + 1) if self.number < self.pages else None

    sizes = SIZES

    @property
    def size_urls(self) -> list[tuple[int, str]]:
        """(records on a page, the first page's address with so many)."""
        return [(size, self._url(1, per=[str(size)])) for size in SIZES]

    @staticmethod
    def _url(number: int, **changed: list[str]) -> str:
        return with_query({**request.args.to_dict(flat=False), **changed, "page": [str(number)]})


def page_number() -> int:
    """The page asked for in the address; nonsense means the first."""
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def page_size() -> int:
    """How many records a page holds: asked for in the address as one of SIZES, else the first of them."""
    return next((size for size in SIZES if request.args.get("per") == str(size)), PER_PAGE)


def page_of(ids: Select[Any], load: Callable[[Sequence[int]], Sequence[Any]]) -> Page:
    """A page of a long list: its identifiers are counted and walked in an index, and only the page's records are read.

    Arguments: ids, the ordered list as identifiers; load(ids) gives the records of a page in that order.
    """
    size = page_size()
    total = db.session.scalar(select(func.count()).select_from(ids.order_by(None).subquery())) or 0
    number = min(page_number(), max(1, -(-total // size)))
    found = db.session.scalars(ids.limit(size).offset((number - 1) * size)).all()
    return Page(load(found), number, total, size)


def paginate(query: Select[Any], *, size: int = PER_PAGE) -> Page:
    """The page of a query that the address asks for: one COUNT and one SELECT. A page past the end is the last."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(page_number(), max(1, -(-total // size)))
    rows = db.session.scalars(query.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, number, total, size)


def member(enum: type[StrEnum], text: str) -> Any:
    """The enum's member with this value, or None: a filter in an address may hold anything."""
    return next((one for one in enum if one.value == text), None)
