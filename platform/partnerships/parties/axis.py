"""Geometry of the time axis of a State's deadlines: arithmetic only, so that the template merely draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from partnerships.core.charts import year_stride

WIDTH = 720
MARGIN = 36
STEP = 30  # height of one more row of marks
NEAR = 26  # marks closer than this stand above each other
WORDS = 110  # an extension at least as long as this has its length written above it
HEAD, FOOT = 44, 26


@dataclass(frozen=True)
class Mark:
    """A deadline on the axis: its number in the table, where it stands, and whether it has passed."""

    number: int
    x: float
    y: float
    passed: bool


@dataclass(frozen=True)
class Span:
    """An extension: from the deadline that it moved to the one that it set, whose number and days it carries."""

    number: int
    x1: float
    x2: float
    y: float
    days: int
    passed: bool

    @property
    def roomy(self) -> bool:
        """Whether words stand above it without meeting the numbers at its ends."""
        return abs(self.x2 - self.x1) >= WORDS


@dataclass(frozen=True)
class Axis:
    """Everything the template needs; lengths in units of the view box."""

    height: int
    base: int
    today_x: float
    years: tuple[tuple[float, int], ...]
    marks: tuple[Mark, ...]
    spans: tuple[Span, ...] = ()
    width: int = WIDTH


def axis(deadlines: Sequence[tuple[int, date]], today: date, rtl: bool = False,
         moved: Mapping[int, int] | None = None) -> Axis | None:
    """Lay dated deadlines out between whole years that hold them all and today.

    Arguments: deadlines, (number in the table, day), earliest first; rtl lets time run from right to left; moved, the number of
    an extended deadline to that of the deadline which it moved. Returns: None without any.
    """
    if not deadlines:
        return None
    day_of = dict(deadlines)
    days = [*day_of.values(), today]
    first, last = date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1)

    def place(day: date) -> float:
        share = (day - first).days / (last - first).days
        return round(MARGIN + (1 - share if rtl else share) * (WIDTH - 2 * MARGIN), 2)

    x, earlier = {number: place(day) for number, day in deadlines}, moved or {}
    rows = _rows(x, earlier)
    base = HEAD + max(rows.values()) * STEP
    y = {number: base - row * STEP for number, row in rows.items()}
    spread = range(first.year, last.year + 1)
    stride = year_stride(len(spread))
    return Axis(
        height=base + FOOT, base=base, today_x=place(today),
        years=tuple((place(date(year, 1, 1)), year) for year in spread if (last.year - year) % stride == 0),
        marks=tuple(Mark(number, x[number], y[number], day < today) for number, day in deadlines),
        spans=tuple(Span(number, x[old], x[number], y[number], (day_of[number] - day_of[old]).days, day_of[number] < today)
                    for number, old in earlier.items()))


def _rows(places: Mapping[int, float], earlier: Mapping[int, int]) -> dict[int, int]:
    """The row of each mark with the line that leads to it: the lowest one in which nothing else stands too near."""
    taken: dict[int, tuple[float, float, int]] = {}
    for number, x in places.items():
        begin = places[earlier[number]] if number in earlier else x
        low, high, row = min(x, begin), max(x, begin), 0
        while any(level == row and start < high + NEAR and end > low - NEAR
                  and not (other == earlier.get(number) and high - low >= NEAR)
                  for other, (start, end, level) in taken.items()):
            row += 1
        taken[number] = low, high, row
    return {number: row for number, (_low, _high, row) in taken.items()}
