"""The world map's shapes: Equal Earth projection, drawn once by `flask insight world` from Natural Earth (public domain)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PATH = Path(__file__).with_name("world.csv")
WIDTH, HEIGHT = 2000, 890
SMALL = 47
"""A State whose shape is written with fewer characters than this is too small to be found, and gets a point as well."""


@dataclass(frozen=True)
class Place:
    """A State on the map: where its point stands, and its shape as an SVG path (empty for the smallest)."""

    ref: str
    x: int
    y: int
    path: str

    @property
    def small(self) -> bool:
        """Whether it needs a point to be seen."""
        return len(self.path) < SMALL


@cache
def _table() -> tuple[str, dict[str, Place]]:
    with PATH.open(newline="", encoding="utf-8") as file:
        ground, *rows = list(csv.DictReader(file))
    return ground["path"], {row["ref"]: Place(row["ref"], int(row["x"]), int(row["y"]), row["path"]) for row in rows}


def ground() -> str:
    """What belongs to no State of the register, as one path."""
    return _table()[0]


def places() -> dict[str, Place]:
    """Every State's place, by reference."""
    return _table()[1]
