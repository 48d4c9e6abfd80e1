"""The weights before history speaks: one row of data per term, in points; the positive ones sum to 100.

A prior is a judgement written down so that it can be argued with. `taught` says that past contributions can
correct it (see `learning`); the others describe things that no record of past contributions shows, so they
stay as written.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prior:
    """One term's starting weight in points, why it is what it is, and where that comes from."""

    key: str
    points: float
    taught: bool
    why: str
    source: str


_CONTRIBUTIONS = "Back-test on contributions 2009-2019 compiled from the Landmine Monitor's country profiles"
_REGISTERS = "Comparison of earlier registers and of how donors choose (domain notes of this project)"

PRIORS: tuple[Prior, ...] = (
    Prior(
        "gave-to-state", 24, True, "Donors go on where they are: the strongest single signal.", _CONTRIBUTIONS
    ),
    Prior(
        "donor-breadth",
        9,
        True,
        "A partner that gives in many States is likelier to give in one more.",
        _CONTRIBUTIONS,
    ),
    Prior(
        "active-in-region",
        5,
        True,
        "Partners with programmes nearby know the operators and the ground.",
        _CONTRIBUTIONS,
    ),
    Prior(
        "gave-to-neighbours",
        4,
        True,
        "Across the border the same contamination and operators are often met.",
        _CONTRIBUTIONS,
    ),
    Prior(
        "gave-for-theme",
        4,
        False,
        "A partner tends to stay with the work it has paid for. Past asks are not on record, so "
        "history cannot say how much: nearly all past gifts were for clearance.",
        _CONTRIBUTIONS,
    ),
    Prior(
        "offer-fits",
        11,
        False,
        "A standing offer is the partner's own word, and the most recent one.",
        _REGISTERS,
    ),
    Prior(
        "priority-place", 9, False, "Declared places decide first in most partners' procedures.", _REGISTERS
    ),
    Prior("priority-theme", 8, False, "Declared themes come next.", _REGISTERS),
    Prior(
        "similar-words",
        6,
        False,
        "Shared rare words show a fit finer than the theme; weaker than a declaration.",
        _REGISTERS,
    ),
    Prior("size-fits", 4, False, "A gift of the usual size needs no special decision.", _REGISTERS),
    Prior(
        "deadline-urgent",
        4,
        False,
        "Against concentration: a deadline under Article 5 is every State Party's concern.",
        "Convention, Articles 5 and 6",
    ),
    Prior(
        "few-donors", 4, False, "Against concentration: one donor or none leaves a State exposed.", _REGISTERS
    ),
    Prior(
        "priority-kind",
        3,
        False,
        "The kind is a hard condition already; an exact overlap adds a little.",
        _REGISTERS,
    ),
    Prior("language", 3, False, "A shared language lowers the cost of working together.", _REGISTERS),
    Prior(
        "multi-year",
        2,
        False,
        "Needs over several years are met best by partners that commit for several.",
        _REGISTERS,
    ),
)

BRAKES: tuple[Prior, ...] = (
    Prior(
        "outside-places",
        8,
        False,
        "The partner named other places: possible, but against its stated choice.",
        _REGISTERS,
    ),
    Prior(
        "outside-themes",
        6,
        False,
        "The partner named other themes: possible, but against its stated choice.",
        _REGISTERS,
    ),
    Prior(
        "size-differs", 4, False, "The need is smaller than the least the partner says it gives.", _REGISTERS
    ),
)

TAUGHT: tuple[str, ...] = tuple(prior.key for prior in PRIORS if prior.taught)


def prior_weights() -> dict[str, float]:
    """Return every term's weight in points before any history is read."""
    return {prior.key: float(prior.points) for prior in PRIORS + BRAKES}
