"""The matching engine: which partner fits which need, as an exact sum of reasons a person can check.

Importing it is cheap: scikit-learn is loaded by the first fit that has something to learn or to index.
"""

from .constraints import REASONS
from .engine import Matcher
from .records import Blocked, Gift, Need, Offer, Partner, Suggestion, Term

__all__ = ["REASONS", "Blocked", "Gift", "Matcher", "Need", "Offer", "Partner", "Suggestion", "Term"]
