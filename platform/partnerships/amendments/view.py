"""What the pages of verification and versions are made of: contents as parts in words, and what differs between two."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from partnerships.amendments import diff, queries, words
from partnerships.amendments.diff import ADDED, REMOVED, Piece, Row
from partnerships.amendments.queries import Waiting
from partnerships.amendments.words import Column
from partnerships.core.actor import Actor
from partnerships.needs import coach
from partnerships.needs.content import COLUMNS, LINES, Content, differing


@dataclass(frozen=True)
class Table:
    """Lines of one kind, before and after, with what became of each cell."""

    columns: list[Column]
    rows: list[Row]


@dataclass(frozen=True)
class Part:
    """One part of a need in words: as it is, or as it was before and is after. Lines come as a table."""

    key: str
    label: str
    before: list[Piece]
    after: list[Piece]
    table: Table | None = None

    @property
    def prose(self) -> bool:
        """Whether it is the State's own running text."""
        return self.key in words.PROSE


def parts(content: Content, party_id: int, hidden: Collection[str] = ()) -> list[Part]:
    """A content in words, without the parts hidden from the reader and those that say nothing."""
    keys = [key for key in (*COLUMNS, *LINES) if key not in hidden and content.get(key) not in (None, "", [])]
    return _parts(content, content, keys, party_id)


def changes(before: Content, after: Content, party_id: int, hidden: Collection[str] = ()) -> list[Part]:
    """What differs between two contents in words, without the parts hidden from the reader."""
    return _parts(before, after, [key for key in differing(before, after) if key not in hidden], party_id)


def unchanged(before: Content, after: Content, party_id: int, hidden: Collection[str] = ()) -> list[Part]:
    """What stays as it is, in words."""
    return parts(after, party_id, {*hidden, *differing(before, after)})


def _parts(before: Content, after: Content, keys: list[str], party_id: int) -> list[Part]:
    obligations = words.obligation_titles(party_id) if "obligation_id" in keys else {}
    return [_table(key, before, after) if key in LINES else _text(key, before, after, obligations) for key in keys]


def _text(key: str, before: Content, after: Content, obligations: dict[int, str]) -> Part:
    old, new = words.text(key, before, obligations), words.text(key, after, obligations)
    pieces = diff.words(old, new) if key in words.PROSE else diff.whole(old, new)
    return Part(key, words.label(key), diff.side(pieces, REMOVED), diff.side(pieces, ADDED))


def _table(key: str, before: Content, after: Content) -> Part:
    columns = words.columns(key)
    rows = diff.rows(words.table(key, before), words.table(key, after), [column.prose for column in columns])
    return Part(key, words.label(key), [], [], Table(columns, rows))


@dataclass(frozen=True)
class Line:
    """One line of the queue, ready to be shown. `points` of 100 say how complete the need would be."""

    row: Waiting
    kind: str
    days: int
    points: int


def lines(actor: Actor, today: date) -> tuple[list[Line], list[Line]]:
    """The queue in words: (the fast lane, all others), each with the longest waiting first."""
    found = [Line(row, _kind(row), (today - row.since.date()).days if row.since else 0, coach.review(row.content, today).points)
             for row in queries.queue(actor)]
    return [line for line in found if line.row.small], [line for line in found if not line.row.small]


def _kind(row: Waiting) -> str:
    if row.amendment is None:
        return _("New need")
    return _("Small change") if row.small else _("Change")


def service_time(actor: Actor) -> str:
    """How long verification took lately, in a sentence; empty when nothing was decided yet."""
    found = queries.service_time(actor)
    if found is None:
        return ""
    span, count = found
    return ngettext("Verification took %(span)s, in the one decision on record.",
                    "Verification took %(span)s (median of the last %(num)s decisions).", count, span=_span(span))


def _span(span: timedelta) -> str:
    days = round(span / timedelta(days=1))
    return ngettext("%(num)s day", "%(num)s days", days) if days else _("less than a day")
