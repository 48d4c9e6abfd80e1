"""What the pages of an action plan show: actions with their indicators, baseline and year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from partnerships.core.actor import Actor
from partnerships.core.charts import ColumnChart
from partnerships.core.export import Column
from partnerships.indicators import formulas, queries
from partnerships.indicators.formulas import Computed
from partnerships.indicators.models import IndicatorValue
from partnerships.parties.reference import Action, ActionPlan, Indicator
from partnerships.parties.words import title


@dataclass(frozen=True)
class Cell:
    """A value of a year: computed, or entered; nothing when neither is."""

    year: int
    computed: Computed | None
    entered: IndicatorValue | None

    @property
    def value(self) -> Decimal | None:
        """What stands for the year: what the ISU entered, else what the register computes."""
        if self.entered is not None:
            return self.entered.value
        return self.computed.value if self.computed is not None else None


@dataclass(frozen=True)
class Row:
    """An indicator with a cell for each year."""

    indicator: Indicator
    cells: list[Cell]


def years(plan: ActionPlan, today: date) -> list[int]:
    """The year before the plan as its baseline, its years, and those since while no other plan follows."""
    return list(range(plan.first_year - 1, max(plan.last_year, today.year) + 1))


def table(actor: Actor, plan: ActionPlan, today: date) -> list[tuple[Action, list[Row]]]:
    """The plan's actions with their indicators."""
    rows: dict[int, list[Row]] = {}
    for one in _rows(actor, plan, queries.indicators(plan.code), today):
        rows.setdefault(one.indicator.action, []).append(one)
    return [(action, rows.get(action.number, [])) for action in queries.actions(plan.code)]


def row(actor: Actor, plan: ActionPlan, indicator: Indicator, today: date) -> Row:
    """One indicator."""
    return _rows(actor, plan, [indicator], today)[0]


def _rows(actor: Actor, plan: ActionPlan, found: Sequence[Indicator], today: date) -> list[Row]:
    here, entered, span = formulas.ground(actor), queries.entered(actor, plan.code), years(plan, today)
    return [Row(one, [Cell(year, formulas.compute(here, one.formula, year), entered.get((one.id, year))) for year in span])
            for one in found]


def drawing(one: Row) -> ColumnChart | None:
    """Its values as columns; None without any."""
    if not any(cell.value for cell in one.cells):
        return None
    return ColumnChart(
        title(one.indicator), _("this register and what the Implementation Support Unit entered"),
        _("Per cent") if one.indicator.is_share else _("Number of States Parties"), tuple(str(cell.year) for cell in one.cells),
        ((title(one.indicator), 2, tuple(float(cell.value or 0) for cell in one.cells)),))


def columns() -> list[Column]:
    """(key, heading, function of (row, cell)) for a file of the whole plan."""
    return [("indicator", _("Indicator"), lambda pair: pair[0].indicator.ref),
            ("title", _("Title"), lambda pair: title(pair[0].indicator)),
            ("year", _("Year"), lambda pair: pair[1].year), ("value", _("Value"), lambda pair: pair[1].value),
            ("entered", _("Entered"), lambda pair: pair[1].entered is not None or None),
            ("states", _("States counted"), lambda pair: " ".join(
                party.ref for party in pair[1].computed.states) if pair[1].computed else None),
            ("formula", _("Formula"), lambda pair: formulas.in_words(pair[0].indicator.formula)),
            ("source", _("Source"), lambda pair: pair[1].entered.source if pair[1].entered else pair[0].indicator.source)]
