"""What the pages of releases show: each table with its rows, and what changed since the release before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from partnerships.releases.models import Release


@dataclass(frozen=True)
class Row:
    """A table of a release: its name, its rows, how many more or fewer than before (None: no release before), what was left out."""

    name: str
    rows: int
    change: int | None
    invented: int


def rows(release: Release, earlier: Release | None) -> list[Row]:
    """The tables of a release, in their order; those that are gone since the one before, at the end."""
    was = earlier.counts if earlier is not None else {}
    names = [*release.counts, *(name for name in was if name not in release.counts)]
    return [Row(name, release.counts.get(name, 0), release.counts.get(name, 0) - was.get(name, 0) if earlier is not None else None,
                int(release.left_out.get(name, 0))) for name in names]


def changes(before: Mapping[int, Release], found: Sequence[Release]) -> dict[int, list[Row] | None]:
    """For each release the tables whose counts changed; None where there is none before it."""
    return {one.id: [row for row in rows(one, before[one.id]) if row.change] if one.id in before else None for one in found}
