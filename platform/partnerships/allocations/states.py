"""The life of an allocation, a party's part in one, and the words for what the engine answers."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p


class AllocationStatus(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Part(StrEnum):
    """What a party has in a plan: a budget, or a need."""

    DONOR = "donor"
    STATE = "state"


LABELS = {
    AllocationStatus.DRAFT: _p("allocation status", "Not computed yet"),
    AllocationStatus.RUNNING: _p("allocation status", "Being computed"),
    AllocationStatus.DONE: _p("allocation status", "Computed"),
    AllocationStatus.FAILED: _p("allocation status", "Stopped before its end"),
}
STAGES = {
    "waiting": _p("stage", "Waiting for another plan to be computed"),
    "scores": _p("stage", "Scoring every need with every donor"),
    "floor": _p("stage", "Finding the highest floor that money can reach"),
    "plan": _p("stage", "Placing the budgets"),
    "whole": _p("stage", "Searching for grants that are large enough"),
}
# Why a State gets nothing, or less than the floor; codes of matching.allocation.Coverage.
STATE_REASONS = {
    "no-donor": _l("No donor of this plan may fund any of its needs."),
    "small-budgets": _l("The donors that may fund its needs hold less than its floor."),
    "minimum": _l("The smallest grant is larger than what could reach it."),
    "elsewhere": _l("The same money covers other States."),
}
# Why something of a need is left; codes of matching.allocation.Uncovered.
NEED_REASONS = {
    "no-donor": _l("No donor of this plan may fund it."),
    "minimum": _l("What is left is below the smallest grant."),
    "spent": _l("The donors that may fund it have nothing left."),
}
EMPTY_REASONS = {
    "nothing-asked": _l("None of the needs chosen has anything left to cover, or none states an amount."),
    "no-money": _l("No donor has a budget."),
    "no-pairs": _l("No donor of this plan may fund any of these needs: the engine sees no fit, or the earmarks leave none."),
}
