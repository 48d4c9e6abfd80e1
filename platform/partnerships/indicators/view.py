"""What the pages of an action plan show: actions with their indicators, baseline and year by year."""

from __future__ import annotations

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

    @property
    def is_share(self) -> bool:
        """Whether its values are per cent. The plan's titles begin with what is counted."""
        return self.indicator.title.startswith("Share")


def years(plan: ActionPlan, today: date) -> list[int]:
    """The year before the plan as its baseline, its years, and those since while no other plan follows."""
    return list(range(plan.first_year - 1, max(plan.last_year, today.year) + 1))


def table(actor: Actor, plan: ActionPlan, today: date) -> list[tuple[Action, list[Row]]]:
    """The plan's actions with their indicators."""
    here, entered, span = formulas.ground(actor), queries.entered(actor, plan.code), years(plan, today)
    rows: dict[int, list[Row]] = {}
    for one in queries.indicators(plan.code):
        cells = [Cell(year, formulas.compute(here, one.formula, year), entered.get((one.id, year))) for year in span]
        rows.setdefault(one.action, []).append(Row(one, cells))
    return [(action, rows.get(action.number, [])) for action in queries.actions(plan.code)]


def row(actor: Actor, plan: ActionPlan, indicator: Indicator, today: date) -> Row:
    """One indicator."""
    here, entered = formulas.ground(actor), queries.entered(actor, plan.code)
    return Row(indicator, [Cell(year, formulas.compute(here, indicator.formula, year), entered.get((indicator.id, year)))
                           for year in years(plan, today)])


def drawing(one: Row) -> ColumnChart | None:
    """Its values as columns; None without any."""
    if not any(cell.value for cell in one.cells):
        return None
    return ColumnChart(
        title(one.indicator), _("this register and what the Implementation Support Unit entered"),
        _("Per cent") if one.is_share else _("Number of States Parties"), tuple(str(cell.year) for cell in one.cells),
        ((title(one.indicator), 2, tuple(float(cell.value or 0) for cell in one.cells)),))


def columns() -> list[Column]:
    """(heading, function of (row, cell)) for a file of the whole plan."""
    return [(_("Indicator"), lambda pair: pair[0].indicator.ref), (_("Title"), lambda pair: title(pair[0].indicator)),
            (_("Year"), lambda pair: pair[1].year), (_("Value"), lambda pair: pair[1].value),
            (_("Entered"), lambda pair: pair[1].entered is not None or None),
            (_("States counted"), lambda pair: " ".join(
                party.ref for party in pair[1].computed.states) if pair[1].computed else None),
            (_("Formula"), lambda pair: formulas.in_words(pair[0].indicator.formula)),
            (_("Source"), lambda pair: pair[1].entered.source if pair[1].entered else pair[0].indicator.source)]
