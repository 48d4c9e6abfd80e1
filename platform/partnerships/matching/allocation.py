"""Allocation: who could fund what, so that as much as possible of what is asked is covered. A what-if, no commitment.

A linear programme over the feasible pairs of a need and a donor, x being the dollars of a pair:

    most     sum of score/100 * x                    the value: a dollar counts by how well its pair fits
    within   sum over needs of x  <= budget          of each donor
             sum over donors of x <= gap             of each need
             sum over a State's needs of x >= floor  of each State, as far as it can be reached
             x >= 0

Money placed and value differ: a dollar at a score of 40 is a whole dollar placed and 0.40 of value. Budgets, gaps and
floors are whole dollars and form a network, so that the corner which HiGHS returns is whole too (Hoffman and Kruskal,
1956). A smallest grant makes each grant nothing or at least so much, which needs whole numbers and takes longer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .programme import Programme


# A search in whole numbers looks at the pairs that lack least in the linear plan. Measured with 200 donors, 2,000 needs
# and 45,000 pairs: 7 s and within 0.2 % of the bound; over all pairs 60 s did not even come near.
PROMISING = 4000


class Cancelled(Exception):
    """The caller's `cancelled` said yes between two stages."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What is still to be covered of one need, in US dollars; a part of a dollar is left out."""

    need: str
    state: str
    gap: float
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """What one donor could give, in US dollars. Earmarks limit it to what they name; empty = free."""

    donor: str
    amount: float
    themes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()

    def allows(self, ask: Ask) -> bool:
        """Tell whether the earmarks leave room for a need: its theme and its State, where any are named."""
        return (not self.themes or ask.theme in self.themes) and (not self.countries or ask.state in self.countries)


@dataclass(frozen=True, slots=True)
class Pair:
    """A need and a donor that no hard rule keeps apart, with the engine's score (100 = the best conceivable fit)."""

    need: str
    donor: str
    score: float


@dataclass(frozen=True, slots=True)
class Grant:
    """Whole US dollars that a donor could give to a need."""

    need: str
    donor: str
    usd: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """One State: whole dollars asked, placed, and aimed at by the floor.

    `reason` says why nothing, or less than the floor, reaches it: `no-donor` (no pair with a budget), `small-budgets`
    (the donors that may give to it hold less than its floor), `minimum` (the smallest grant is in the way) or
    `elsewhere` (the same money is shared with others); else it is empty.
    """

    state: str
    asked: int
    placed: int
    target: int
    reason: str

    @property
    def share(self) -> float:
        """The covered share of what is asked, 0 to 1."""
        return self.placed / self.asked

    @property
    def reached(self) -> bool:
        """Whether the floor is reached, to the dollar."""
        return self.placed >= self.target


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Dollars left of one need, and why: `no-donor`, `minimum` (grants too small) or `spent` (its donors are)."""

    need: str
    usd: int
    reason: str


@dataclass(frozen=True, slots=True)
class Pull:
    """The value that one more dollar for a State would cost: the dual of its floor."""

    state: str
    cost: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """Another way of placing the same budgets: its value, its dollars, and (State, dollars) of each State."""

    value: float
    placed: int
    by_state: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """An allocation, and what it is compared with.

    `value` is in dollars weighted by fit. `floor_price` is the value given up for the floor and `floor_share` the same
    as a share of the value without it; `pulls` names the States that ask most of it. With a smallest grant these three
    are those of the plan without one, and `minimum_price` is the value that the smallest grant then gives up.
    `gap`: no plan with this smallest grant can be better by more than this share. `status`: `best`, `near-best` (in
    whole numbers, see `gap`), `time-limit` (the same, and the time ended the search), `greedy` (nothing better was
    found in time), `nothing-asked`, `no-money` or `no-pairs`.
    """

    grants: tuple[Grant, ...]
    value: float
    placed: int
    asked: int
    budget: int
    covered: tuple[Coverage, ...]
    uncovered: tuple[Uncovered, ...]
    without_floor: Baseline
    greedy: Baseline
    status: str
    floor: float = 0.0
    floor_price: float = 0.0
    floor_share: float = 0.0
    pulls: tuple[Pull, ...] = ()
    minimum: int = 0
    minimum_price: float = 0.0
    gap: float = 0.0


def allocate(asks: Iterable[Ask], budgets: Iterable[Budget], pairs: Iterable[Pair], *, floor: float = 0.0,
             minimum: float = 0.0, time_limit_s: float = 60.0, progress: Callable[[str], None] | None = None,
             cancelled: Callable[[], bool] | None = None) -> Plan:
    """Place the budgets. The same input in any order gives the same plan.

    Args: asks, one a need; budgets, one a donor; pairs, the feasible ones only (earmarks are honoured here); floor, the
    share (0 to 1) of each State's gap to be reached where money can; minimum, dollars of the smallest grant (0 = any);
    time_limit_s, seconds for the search in whole numbers that a minimum needs; progress, told each stage (`floor`,
    `plan`, `whole`) as it begins; cancelled, asked before each stage.
    Raises ValueError for amounts, scores or shares that are no numbers or out of range, references given twice or not
    known, and a State that would fund itself; Cancelled when `cancelled` said yes.
    """
    if not 0 <= floor <= 1:
        raise ValueError(f"The floor is a share from 0 to 1; it is {floor}.")
    _check_amount("The smallest grant", minimum)
    _check_amount("The time limit", time_limit_s)
    problem = _Problem(_sorted("need", "gap", asks, "need", "gap"), _sorted("donor", "budget", budgets, "donor", "amount"),
                       list(pairs), floor, max(1, math.ceil(minimum)))
    if not problem.able:
        return problem.plan(problem.greedy, problem.nothing)

    def begin(stage: str) -> None:
        if cancelled is not None and cancelled():
            raise Cancelled
        if progress is not None:
            progress(stage)

    begin("floor")
    floors = problem.floors()
    begin("plan")
    placed = problem.linear(floors)
    if problem.minimum > 1:
        begin("whole")
        return problem.in_whole_numbers(floors, time_limit_s)
    return problem.plan(placed, "best")


Dollars = dict[tuple[int, int], int]  # by the indices of a need and a donor


class _Problem:
    """One allocation: the records sorted by reference, so that their order leaves no trace, and what is found."""

    def __init__(self, asks: list[Ask], budgets: list[Budget], pairs: list[Pair], floor: float, minimum: int) -> None:
        self.asks, self.budgets, self.floor, self.minimum = asks, budgets, floor, minimum
        self.gaps = [math.floor(ask.gap) for ask in asks]
        self.money = [math.floor(budget.amount) for budget in budgets]
        self.scores = self._scores(pairs)
        self.states = sorted({ask.state for ask, gap in zip(asks, self.gaps, strict=True) if gap})
        self.able = [pair for pair in self.scores if self._most(pair) >= minimum]
        self.loose: Dollars = {}
        self.linear_found: Dollars = {}
        self.alone: dict[str, int] = {}
        self.costs: dict[str, float] = {}
        self.lacks: dict[tuple[int, int], float] = {}

    def _scores(self, pairs: list[Pair]) -> dict[tuple[int, int], float]:
        """The score of each pair that the earmarks and the money allow, by need and donor."""
        needs = {ask.need: number for number, ask in enumerate(self.asks)}
        donors = {budget.donor: number for number, budget in enumerate(self.budgets)}
        found = {}
        for pair in sorted(pairs, key=lambda one: (one.need, one.donor)):
            _check_pair(pair, needs, donors)
            key = needs[pair.need], donors[pair.donor]
            ask, budget = self.asks[key[0]], self.budgets[key[1]]
            if ask.state == budget.donor:
                raise ValueError(f"{budget.donor} cannot fund its own need {ask.need}.")
            if key in found:
                raise ValueError(f"The pair {pair.need} and {pair.donor} is given twice.")
            if budget.allows(ask) and self._most(key) >= 1:
                found[key] = pair.score
        return found

    def _most(self, pair: tuple[int, int]) -> int:
        return min(self.gaps[pair[0]], self.money[pair[1]])

    @cached_property
    def asked(self) -> dict[str, int]:
        """Dollars asked by State."""
        found = dict.fromkeys(self.states, 0)
        for ask, gap in zip(self.asks, self.gaps, strict=True):
            if gap:
                found[ask.state] += gap
        return found

    @cached_property
    def targets(self) -> dict[str, int]:
        """Dollars that the floor aims at, by State."""
        return {state: math.ceil(round(self.floor * asked, 6)) for state, asked in self.asked.items()}

    @property
    def nothing(self) -> str:
        """Why there is nothing to place."""
        return "nothing-asked" if not self.states else "no-money" if not any(self.money) else "no-pairs"

    @cached_property
    def greedy(self) -> Dollars:
        """The best pair first, each as much as is left: what a person would do with the list of suggestions."""
        gaps, money, found = list(self.gaps), list(self.money), {}
        for need, donor in sorted(self.able, key=lambda pair: (-self.scores[pair], pair)):
            usd = min(gaps[need], money[donor])
            if usd >= self.minimum:
                found[need, donor] = usd
                gaps[need] -= usd
                money[donor] -= usd
        return found

    def _programme(self, pairs: Sequence[tuple[int, int]]) -> Programme:
        from .programme import Programme  # scipy is loaded only when there is something to solve

        place = {state: number for number, state in enumerate(self.states)}
        return Programme([(*pair, self.scores[pair] / 100) for pair in pairs], self.money, self.gaps,
                         [place.get(ask.state, 0) for ask in self.asks], len(place))

    @cached_property
    def _whole(self) -> Programme:
        return self._programme(list(self.scores))

    def floors(self) -> list[int]:
        """The highest floors that the budgets can keep together, in dollars, in the order of the States."""
        if not self.floor:
            return [0] * len(self.states)
        self.alone = dict(zip(self.states, self._whole.alone(), strict=True))
        return self._whole.highest_floors([min(self.targets[state], self.alone[state]) for state in self.states])

    def linear(self, floors: list[int]) -> Dollars:
        """The best plan without a smallest grant; beside it the one without a floor."""
        solved = self._whole.solve(floors)
        self.linear_found = self._by_pair(self.scores, solved.dollars)
        self.loose = self._by_pair(self.scores, self._whole.solve().dollars) if any(floors) else self.linear_found
        self.costs = dict(zip(self.states, solved.floor_costs, strict=True))
        self.lacks = dict(zip(self.scores, solved.lacks, strict=True))
        return self.linear_found

    def in_whole_numbers(self, floors: list[int], time_limit_s: float) -> Plan:
        """The best plan with a smallest grant that is found in the time."""
        pairs = sorted(sorted(self.able, key=lambda pair: (self.lacks[pair], pair))[:PROMISING])
        answer = self._programme(pairs).solve_whole(floors, self.minimum, time_limit_s)
        found = self._by_pair(pairs, answer[0]) if answer else {}
        if answer is None or (not self.floor and self.value(found) < self.value(self.greedy)):
            return self.plan(self.greedy, "greedy")
        return self.plan(found, "time-limit" if answer[1] else "near-best")

    @staticmethod
    def _by_pair(pairs: Iterable[tuple[int, int]], dollars: Iterable[int]) -> Dollars:
        return {pair: usd for pair, usd in zip(pairs, dollars, strict=True) if usd}

    def value(self, found: Dollars) -> float:
        """Dollars weighted by fit."""
        return math.fsum(self.scores[pair] / 100 * usd for pair, usd in found.items())

    def _by_state(self, found: Dollars) -> dict[str, int]:
        placed = dict.fromkeys(self.states, 0)
        for (need, _donor), usd in found.items():
            placed[self.asks[need].state] += usd
        return placed

    def _baseline(self, found: Dollars) -> Baseline:
        return Baseline(self.value(found), sum(found.values()), tuple(self._by_state(found).items()))

    def plan(self, found: Dollars, status: str) -> Plan:
        """The plan as it is handed back."""
        loose, linear, value = self.value(self.loose), self.value(self.linear_found), self.value(found)
        price, lost = max(0.0, loose - linear), max(0.0, linear - value) if self.minimum > 1 else 0.0
        pulls = sorted((Pull(state, cost) for state, cost in self.costs.items() if cost > 1e-9),
                       key=lambda pull: (-round(pull.cost, 9), pull.state))
        return Plan(
            grants=tuple(Grant(self.asks[need].need, self.budgets[donor].donor, usd)
                         for (need, donor), usd in sorted(found.items())),
            value=value, placed=sum(found.values()), asked=sum(self.gaps), budget=sum(self.money),
            covered=self._coverage(found), uncovered=self._uncovered(found), without_floor=self._baseline(self.loose),
            greedy=self._baseline(self.greedy), status=status, floor=self.floor, floor_price=price,
            floor_share=price / loose if loose else 0.0, pulls=tuple(pulls),
            minimum=self.minimum if self.minimum > 1 else 0, minimum_price=lost, gap=lost / linear if linear else 0.0)

    def _coverage(self, found: Dollars) -> tuple[Coverage, ...]:
        placed, linear = self._by_state(found), self._by_state(self.linear_found)
        courted = {self.asks[need].state for need, _donor in self.scores}

        def reason(state: str) -> str:
            least = max(1, self.targets[state])
            if placed[state] >= least:
                return ""
            if state not in courted:
                return "no-donor"
            if self.minimum > 1 and linear[state] > placed[state]:
                return "minimum"
            return "small-budgets" if self.alone.get(state, least) < least else "elsewhere"

        return tuple(Coverage(state, self.asked[state], placed[state], self.targets[state], reason(state))
                     for state in self.states)

    def _uncovered(self, found: Dollars) -> tuple[Uncovered, ...]:
        gaps, money = list(self.gaps), list(self.money)
        for (need, donor), usd in found.items():
            gaps[need] -= usd
            money[donor] -= usd
        donors: dict[int, list[int]] = {}
        for need, donor in self.scores:
            donors.setdefault(need, []).append(donor)

        def reason(need: int) -> str:
            if need not in donors:
                return "no-donor"
            return "minimum" if self.minimum > 1 and any(money[donor] for donor in donors[need]) else "spent"

        return tuple(Uncovered(ask.need, gap, reason(number))
                     for number, (ask, gap) in enumerate(zip(self.asks, gaps, strict=True)) if gap)


def _check_amount(name: str, amount: float) -> None:
    if not (math.isfinite(amount) and amount >= 0):
        raise ValueError(f"{name} must be zero or more, and a number; it is {amount}.")


def _check_pair(pair: Pair, needs: dict[str, int], donors: dict[str, int]) -> None:
    if pair.need not in needs:
        raise ValueError(f"A pair names the need {pair.need}, which asks for nothing here.")
    if pair.donor not in donors:
        raise ValueError(f"A pair names the donor {pair.donor}, which has no budget here.")
    _check_amount(f"The score of {pair.need} and {pair.donor}", pair.score)


def _sorted(kind: str, what: str, records: Iterable[Any], ref: str, amount: str) -> list[Any]:
    """The records by reference, each once and with an amount that is one."""
    found = sorted(records, key=attrgetter(ref))
    for number, record in enumerate(found):
        _check_amount(f"The {what} of {getattr(record, ref)}", getattr(record, amount))
        if number and getattr(record, ref) == getattr(found[number - 1], ref):
            raise ValueError(f"The {kind} {getattr(record, ref)} is given twice.")
    return found
