"""The arithmetic of an allocation: linear and whole-number programmes over sparse matrices, solved by HiGHS.

Everything here is indices and whole dollars; what they mean stands in allocation.py. Amounts are divided by the
largest one before they are solved, so that the same plan in thousands of dollars is the same programme.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, hstack, identity, vstack

# In whole numbers a floor may be out of reach, so it is bent at a price: a dollar below it costs this much value.
SHORTFALL = 10.0
PROVEN = 1e-3  # the search in whole numbers ends within this share of the best


def _incidence(rows: Any, count: int) -> csr_array:
    """A matrix of `count` rows with a one where a column belongs to a row."""
    return csr_array((np.ones(len(rows)), (rows, np.arange(len(rows)))), shape=(count, len(rows)))


def _minimise(costs: Any, matrix: Any, right: Any, bounds: Any = (0, None)) -> Any:
    result = linprog(costs, A_ub=matrix, b_ub=right, bounds=bounds, method="highs")
    if not result.success:  # the zero plan is always within budgets and gaps, and floors are found reachable before
        raise RuntimeError(f"The linear programme was not solved: {result.message}")
    return result


@dataclass(frozen=True)
class Solved:
    """A linear programme's answer: dollars of each column, the value that one more dollar of each State's floor would
    cost, and what each unused column lacks to be used (its reduced cost; 0 = as good as those that are)."""

    dollars: list[int]
    floor_costs: list[float]
    lacks: list[float]


class Programme:
    """Columns are pairs of a need and a donor; rows are the donors' budgets, the needs' gaps and the States' floors."""

    def __init__(self, columns: Sequence[tuple[int, int, float]], budgets: Sequence[int], gaps: Sequence[int],
                 state_of: Sequence[int], states: int) -> None:
        """Set up the matrices.

        Args: columns, (need, donor, worth of a dollar) by index; budgets and gaps, whole dollars; state_of, the
        index of each need's State; states, how many there are.
        """
        self.need = np.array([need for need, _donor, _worth in columns], dtype=int)
        self.donor = np.array([donor for _need, donor, _worth in columns], dtype=int)
        self.worth = np.array([worth for _need, _donor, worth in columns])
        self.state = np.array(state_of, dtype=int)[self.need]
        self.budgets, self.gaps, self.states = list(budgets), list(gaps), states
        self.unit = float(max([*self.budgets, *self.gaps]))
        self.limits = vstack([_incidence(self.donor, len(self.budgets)), _incidence(self.need, len(self.gaps))])
        self.right = np.array([*self.budgets, *self.gaps]) / self.unit
        self.by_state = _incidence(self.state, states)

    def alone(self) -> list[int]:
        """Return what each State could get at most, in dollars, if every budget were there for it alone."""
        own, row = np.unique(self.donor * self.states + self.state, return_inverse=True)
        matrix = vstack([_incidence(row, len(own)), _incidence(self.need, len(self.gaps))])
        right = np.array([*(self.budgets[key // self.states] for key in own), *self.gaps]) / self.unit
        result = _minimise(-np.ones(len(self.need)), matrix, right)
        return [round(amount * self.unit) for amount in self.by_state @ result.x]

    def highest_floors(self, targets: Sequence[int]) -> list[int]:
        """Return the dollars that each State can get of its target when all are to be reached together.

        Where they cannot, the shares that are missing are kept small in sum, and the largest of them smaller still,
        so that no State is left far behind the others.
        """
        aimed = [state for state, target in enumerate(targets) if target > 0]
        if not aimed:
            return [0] * self.states
        goal = np.array([targets[state] for state in aimed]) / self.unit
        columns, count = len(self.need), len(aimed)
        missing = identity(count, format="csr")
        matrix = vstack([
            hstack([self.limits, csr_array((len(self.right), count + 1))]),
            hstack([-self.by_state[aimed], -missing.multiply(goal).tocsr(), csr_array((count, 1))]),
            hstack([csr_array((count, columns)), missing, csr_array(-np.ones((count, 1)))])])
        costs = np.concatenate([np.zeros(columns), np.ones(count), [count]])
        most = np.concatenate([np.full(columns, np.inf), np.ones(count + 1)])
        result = _minimise(costs, matrix, np.concatenate([self.right, -goal, np.zeros(count)]),
                           np.column_stack([np.zeros(len(most)), most]))
        floors = [0] * self.states
        for state, short in zip(aimed, result.x[columns:columns + count], strict=True):
            floors[state] = math.floor(targets[state] * (1 - short) + 1e-3)
        return floors

    def solve(self, floors: Sequence[int] = ()) -> Solved:
        """Return the plan of most value that keeps these floors, in dollars (none = no floor)."""
        aimed = [state for state, floor in enumerate(floors) if floor > 0]
        goal = np.array([floors[state] for state in aimed]) / self.unit
        matrix = vstack([self.limits, -self.by_state[aimed]]) if aimed else self.limits
        result = _minimise(-self.worth, matrix, np.concatenate([self.right, -goal]))
        costs = [0.0] * self.states
        for state, marginal in zip(aimed, result.ineqlin.marginals[len(self.right):], strict=True):
            costs[state] = max(0.0, -float(marginal))
        lacks = [round(max(0.0, float(marginal)), 9) for marginal in result.lower.marginals]
        return Solved(self._dollars(result.x), costs, lacks)

    def solve_whole(self, floors: Sequence[int], minimum: int, time_limit_s: float) -> tuple[list[int], bool] | None:
        """Solve with each column nothing or at least `minimum` dollars; floors bend where they must.

        Returns (dollars of each column, whether the time ended the search), or None when nothing was found within
        `time_limit_s` seconds. The amounts are settled by a linear programme over the chosen columns.
        """
        columns, least = len(self.need), minimum / self.unit
        most = np.minimum(np.array(self.gaps)[self.need], np.array(self.budgets)[self.donor]) / self.unit
        each = identity(columns, format="csr")
        nothing = csr_array((columns, self.states))
        matrix = vstack([
            hstack([self.limits, csr_array((len(self.right), columns + self.states))]),
            hstack([each, -each.multiply(most).tocsr(), nothing]),
            hstack([-each, least * each, nothing]),
            hstack([-self.by_state, csr_array((self.states, columns)), -identity(self.states, format="csr")])])
        right = np.concatenate([self.right, np.zeros(2 * columns), -np.array(floors) / self.unit])
        kinds = np.concatenate([np.zeros(columns), np.ones(columns), np.zeros(self.states)])
        result = milp(
            np.concatenate([-self.worth, np.zeros(columns), np.full(self.states, SHORTFALL)]),
            constraints=LinearConstraint(matrix, -np.inf, right), integrality=kinds,
            bounds=Bounds(0, np.concatenate([most, np.ones(columns), np.full(self.states, np.inf)])),
            options={"time_limit": time_limit_s, "mip_rel_gap": PROVEN})
        if result.x is None:
            return None
        chosen = result.x[columns:2 * columns] > 0.5
        return self._settle(chosen, floors, least), result.status == 1

    def _settle(self, chosen: Any, floors: Sequence[int], least: float) -> list[int]:
        """The best amounts when the columns that are used are known."""
        bent = -identity(self.states, format="csr")
        matrix = vstack([hstack([self.limits, csr_array((len(self.right), self.states))]),
                         hstack([-self.by_state, bent])])
        lower = np.concatenate([np.where(chosen, least, 0.0), np.zeros(self.states)])
        upper = np.concatenate([np.where(chosen, np.inf, 0.0), np.full(self.states, np.inf)])
        result = _minimise(np.concatenate([-self.worth, np.full(self.states, SHORTFALL)]), matrix,
                           np.concatenate([self.right, -np.array(floors) / self.unit]), np.column_stack([lower, upper]))
        return self._dollars(result.x[:len(self.need)])

    def _dollars(self, amounts: Any) -> list[int]:
        """Whole dollars, never above a budget or a gap, whatever the last bits of the solution say."""
        budgets, gaps, found = list(self.budgets), list(self.gaps), []
        for need, donor, amount in zip(self.need, self.donor, amounts, strict=True):
            usd = max(0, min(round(amount * self.unit), budgets[donor], gaps[need]))
            budgets[donor] -= usd
            gaps[need] -= usd
            found.append(usd)
        return found
