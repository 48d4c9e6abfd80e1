"""Where rows come from: one entry for each kind of file, told by what the file holds and never by its name.

To add a source: a module whose `read(data, what)` turns the file's bytes into a `Sheet` of cells under headings, and one
line in `SOURCES` here. Mapping, preview, fates, duplicates, confirming and undoing are the same for every source (`kinds`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from partnerships.exchange import activities, objects, reading, sample
from partnerships.exchange.models import ImportOf
from partnerships.exchange.reading import LARGEST_FILE, Sheet, Unreadable, too_large
from partnerships.exchange.states import OF_LABELS


@dataclass(frozen=True)
class Source:
    """A kind of file.

    holds: whether these bytes are of this kind, looking at their beginning only; read: (bytes, what its rows become) to a
    sheet, raising Unreadable in words; into: what its rows may become; endings: of its files, for the page's file field.
    """

    name: str
    holds: Callable[[bytes], bool]
    read: Callable[[bytes, ImportOf], Sheet]
    into: tuple[ImportOf, ...] = tuple(one for one in ImportOf if one is not ImportOf.ACTIVITIES)
    endings: tuple[str, ...] = ()


def _table(data: bytes, what: ImportOf) -> Sheet:
    return reading.read(data, sample.SHEETS[what.value])


# The first that holds the bytes reads them; the last takes whatever is left, and refuses in words what is no table.
SOURCES: tuple[Source, ...] = (
    Source("json", objects.holds, lambda data, _what: objects.read(data), endings=(".json",)),
    Source("activities", activities.holds, lambda data, _what: activities.read(data), (ImportOf.ACTIVITIES,), (".xml",)),
    Source("table", lambda _data: True, _table, endings=(".csv", ".xlsx")),
)


def of(data: bytes) -> Source:
    """The source that reads these bytes."""
    return next(one for one in SOURCES if one.holds(data))


def read(data: bytes, what: ImportOf) -> Sheet:
    """Read a file of any source as rows under headings. Raises: Unreadable, also for a source that cannot become this."""
    if len(data) > LARGEST_FILE:
        raise Unreadable(too_large())
    source = of(data)
    if what not in source.into:
        raise Unreadable(_("A file of this kind can become: %(what)s. Choose one of these.",
                           what=", ".join(str(OF_LABELS[one]) for one in source.into)))
    return source.read(data, what)


def endings() -> str:
    """The endings of all files that are read, as a file field takes them."""
    return ",".join(ending for one in SOURCES for ending in one.endings)
