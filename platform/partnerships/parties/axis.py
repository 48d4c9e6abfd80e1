"""Geometry of the time axis of a State's deadlines: arithmetic only, so that the template merely draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from partnerships.core.charts import year_stride

WIDTH = 720
MARGIN = 36
STEP = 30  # height of one more row of marks
NEAR = 26  # marks closer than this stand above each other
HEAD, FOOT = 44, 26


@dataclass(frozen=True)
class Mark:
    """A deadline on the axis: its number in the table, where it stands, and whether it has passed."""

    number: int
    x: float
    y: float
    passed: bool


@dataclass(frozen=True)
class Axis:
    """Everything the template needs; lengths in units of the view box."""

    height: int
    base: int
    today_x: float
    years: tuple[tuple[float, int], ...]
    marks: tuple[Mark, ...]
    width: int = WIDTH


def axis(deadlines: Sequence[tuple[int, date]], today: date, rtl: bool = False) -> Axis | None:
    """Lay dated deadlines out between whole years that hold them all and today.

    Arguments: deadlines, (number in the table, day); rtl lets time run from right to left. Returns: None without any.
    """
    if not deadlines:
        return None
    days = [day for _number, day in deadlines] + [today]
    first, last = date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1)

    def place(day: date) -> float:
        share = (day - first).days / (last - first).days
        return round(MARGIN + (1 - share if rtl else share) * (WIDTH - 2 * MARGIN), 2)

    rows = _rows([place(day) for _number, day in deadlines])
    base = HEAD + max(rows) * STEP
    spread = range(first.year, last.year + 1)
    stride = year_stride(len(spread))
    return Axis(
        height=base + FOOT, base=base, today_x=place(today),
        years=tuple((place(date(year, 1, 1)), year) for year in spread if (last.year - year) % stride == 0),
        marks=tuple(Mark(number, place(day), base - row * STEP, day < today)
                    for (number, day), row in zip(deadlines, rows, strict=True)))


def _rows(places: Sequence[float]) -> list[int]:
    """The row of each mark: the lowest one in which no other stands too near."""
    taken: list[tuple[float, int]] = []
    for x in places:
        row = 0
        while any(level == row and abs(other - x) < NEAR for other, level in taken):
            row += 1
        taken.append((x, row))
    return [row for _x, row in taken]
