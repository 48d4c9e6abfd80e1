"""The address of a search as it is kept: which list, and the filters in a fixed order."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

LONGEST = 600  # characters, as long as the column
# The lists whose searches can be kept: endpoint and the filters that count (not the page, nor how many are on it).
LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "needs": ("needs.index", ("q", "theme", "region", "kind", "least", "most", "until", "state", "sort")),
    "offers": ("offers.index", ("q", "theme", "kind", "nature", "region", "party", "state", "south")),
    "conferences": ("conferences.index", ()),
    "approach": ("approach.index", ("state",)),
    "pledges": ("pledges.index", ("donor", "recipient", "status", "due")),
    "search": ("searches.index", ("q", "kind", "theme", "region", "state")),
}
# Those whose feed has no letters beside it: a State or organisation does not become public one day.
FED = {**LISTS, "parties": ("parties.index", ("q", "kind", "region", "standing"))}


def kept(place: str, query: str, *, whole: bool = False) -> str | None:
    """What is kept of a list and the query of its address, or None when there is no such list, no filter, or too many.

    `whole` keeps a list without a filter as well; a search without words is none.

    >>> kept("needs", "page=2&theme=victim-assistance&q=")
    'needs?theme=victim-assistance'
    """
    if place not in LISTS:
        return None
    try:
        given = dict(parse_qsl(query, errors="replace", max_num_fields=40))
    except ValueError:
        return None
    chosen = [(key, given[key].replace("\0", "\ufffd")) for key in LISTS[place][1] if given.get(key)]
    written = f"{place}?{query_of(chosen)}"
    enough = chosen or (whole and place != "search")
    return written if enough and len(written) <= LONGEST else None


def query_of(chosen: Sequence[tuple[str, str]]) -> str:
    """Filters as the query of an address."""
    return urlencode(chosen, errors="replace")


def parts(written: str) -> tuple[str, str]:
    """The list's endpoint and the query of a kept search."""
    place, _mark, query = written.partition("?")
    return LISTS[place][0], query


def filters(written: str) -> MultiDict[str, str]:
    """The filters of a kept search as an address would give them."""
    return MultiDict(parse_qsl(written.partition("?")[2]))
