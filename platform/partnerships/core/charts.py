"""Geometry of server-made charts: pure arithmetic, no framework, so that templates only draw."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

OTHERS_INDEX = 6
"""The css index of the series that gathers everybody outside the top: grey and hatched."""

WIDTH = 720
HEIGHT = 300
AXIS_WIDTH = 64
FOOT = 28
HEAD = 16
COLUMN_SHARE = 0.68


@dataclass(frozen=True)
class Tick:
    """A value on an axis and where it lies, in units of the drawing's view box."""

    value: float | str
    at: float


@dataclass(frozen=True)
class Bar:
    """One segment of a column, in units of the drawing's view box."""

    x: float
    y: float
    width: float
    height: float
    css_index: int


@dataclass(frozen=True)
class Plan:
    """Everything a template needs to draw one chart of stacked columns."""

    width: float
    height: float
    left: float
    right: float
    axis_at: float
    ticks: tuple[Tick, ...]
    years: tuple[Tick, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class ColumnChart:
    """Stacked columns by year.

    `series` holds (label, css index 1 to 6, one value per year), drawn from the baseline upwards.
    """

    title: str
    source: str
    unit: str
    years: tuple[str, ...]
    series: tuple[tuple[str, int, tuple[float, ...]], ...]
    top: float = 0.0
    """What the axis reaches at least, so that several charts share a scale."""

    def __post_init__(self) -> None:
        """Refuse series that do not fit the years, and negative values, which cannot be stacked."""
        for label, _index, values in self.series:
            if len(values) != len(self.years):
                raise ValueError(f"{label}: {len(values)} values for {len(self.years)} years")
            if any(value < 0 or math.isnan(value) for value in values):
                raise ValueError(f"{label}: a stacked column cannot hold a negative or missing value")

    @property
    def max(self) -> float:
        """The height of the tallest column, in the chart's unit; 0 without data."""
        totals = [math.fsum(values[i] for _, _, values in self.series) for i in range(len(self.years))]
        return max(totals, default=0.0)

    def stretched(self, first: int, last: int, top: float) -> ColumnChart:
        """The same columns on a longer axis of years and a taller one of amounts."""
        at = {int(year): number for number, year in enumerate(self.years)}
        years = range(first, last + 1)
        series = tuple((label, index, tuple(values[at[year]] if year in at else 0.0 for year in years))
                       for label, index, values in self.series)
        return replace(self, years=tuple(map(str, years)), series=series, top=top)

    def plan(self, rtl: bool = False) -> Plan:
        """Lay the columns out; `rtl` lets time run from right to left with the axis on the right."""
        ticks = nice_ticks(max(self.max, self.top))
        top = ticks[-1]
        base = HEIGHT - FOOT
        per_unit = (base - HEAD) / top
        left, right = (0.0, float(WIDTH - AXIS_WIDTH)) if rtl else (float(AXIS_WIDTH), float(WIDTH))
        step = (right - left) / max(len(self.years), 1)
        order = range(len(self.years))
        centres = [right - step * (i + 0.5) if rtl else left + step * (i + 0.5) for i in order]
        return Plan(
            width=WIDTH,
            height=HEIGHT,
            left=left,
            right=right,
            axis_at=float(WIDTH) if rtl else AXIS_WIDTH - 8.0,
            ticks=tuple(Tick(value, round(base - value * per_unit, 2)) for value in ticks),
            years=tuple(
                Tick(year, round(centre, 2))
                for i, (year, centre) in enumerate(zip(self.years, centres, strict=True))
                if (len(self.years) - 1 - i) % year_stride(len(self.years)) == 0
            ),
            bars=self._bars(centres, step * COLUMN_SHARE, base, per_unit),
        )

    def _bars(self, centres: Sequence[float], width: float, base: float, per_unit: float) -> tuple[Bar, ...]:
        """Stack the series of every year; empty segments are left out."""
        bars = []
        for i, centre in enumerate(centres):
            floor = base
            for _label, css_index, values in self.series:
                height = values[i] * per_unit
                if height <= 0:
                    continue
                floor -= height
                x = round(centre - width / 2, 2)
                bars.append(Bar(x, round(floor, 2), round(width, 2), round(height, 2), css_index))
        return tuple(bars)


def nice_ticks(maximum: float, about: int = 4) -> tuple[float, ...]:
    """Round axis values from 0 to at least `maximum`, in steps of 1, 2 or 5 times a power of ten.

    Raises ValueError for a negative, infinite or missing maximum. Without data the axis runs from 0 to 1.
    """
    if math.isnan(maximum) or math.isinf(maximum) or maximum < 0:
        raise ValueError("an axis needs a maximum of zero or more")
    if maximum == 0:
        return (0, 1)
    magnitude = 10.0 ** math.floor(math.log10(maximum / about))
    step = next(m * magnitude for m in (1, 2, 5, 10) if m * magnitude * about >= maximum * 0.999999)
    count = math.ceil(maximum / step - 1e-9)
    values = [i * step for i in range(count + 1)]
    return tuple(int(value) if step >= 1 else round(value, 10) for value in values)


def year_stride(count: int) -> int:
    """Name every year up to fourteen of them, then every second, third and so on, the last one always."""
    return max(1, math.ceil(count / 14))


def stack_by_donor(
    rows: Iterable[tuple[int, str, float]], *, others: str, top: int = 5, per: float = 1.0
) -> tuple[tuple[str, ...], tuple[tuple[str, int, tuple[float, ...]], ...]]:
    """Turn (year, donor's name, amount) into years and series: the `top` donors, then all others together.

    Amounts are divided by `per` (1e6 for millions). Years run without a gap from first to last, since a
    missing year must be seen as empty. Donors are ranked by their sum, ties by name. `others` is the
    translated label of the last series.
    """
    cells: dict[tuple[str, int], float] = {}
    for year, donor, amount in rows:
        cells[donor, year] = cells.get((donor, year), 0.0) + amount / per
    if not cells:
        return (), ()
    seen = [year for _, year in cells]
    years = range(min(seen), max(seen) + 1)
    sums: dict[str, float] = {}
    for (donor, _year), amount in cells.items():
        sums[donor] = sums.get(donor, 0.0) + amount
    ranked = sorted(sums, key=lambda donor: (-sums[donor], donor))
    series = [
        (donor, index, tuple(cells.get((donor, year), 0.0) for year in years))
        for index, donor in enumerate(ranked[:top], start=1)
    ]
    rest = ranked[top:]
    if rest:
        values = tuple(math.fsum(cells.get((donor, year), 0.0) for donor in rest) for year in years)
        series.append((others, OTHERS_INDEX, values))
    return tuple(str(year) for year in years), tuple(series)
