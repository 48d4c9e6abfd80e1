"""The matching engine: which partner fits which need, as an exact sum of reasons a person can check.

Importing it is cheap: numpy and scikit-learn are loaded by the first fit.
"""

from typing import TYPE_CHECKING

from .constraints import REASONS
from .records import STAGES, Blocked, Gift, Need, Offer, Partner, Ranked, Suggestion, Term

if TYPE_CHECKING:
    from .engine import Matcher

__all__ = ["REASONS", "STAGES", "Blocked", "Gift", "Matcher", "Need", "Offer", "Partner", "Ranked", "Suggestion", "Term"]


def __getattr__(name: str) -> object:
    """Load the engine when it is asked for."""
    if name == "Matcher":
        from .engine import Matcher

        return Matcher
    raise AttributeError(name)
