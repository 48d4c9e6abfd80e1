"""What is never broken, whatever the score: named rules, whose names are reasons a person can be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .records import Need, Offer, Partner


@dataclass(frozen=True, slots=True)
class Candidate:
    """A partner as the rules see it: its record, its offers still open, and whether it ever gave."""

    partner: Partner
    offers: tuple[Offer, ...]
    has_given: bool

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind of assistance it declared, in its priorities or an open offer; empty = not declared."""
        if not self.partner.kinds and any(not offer.kinds for offer in self.offers):
            return frozenset()  # an offer open to any kind cannot be contradicted by another that names one
        return frozenset(self.partner.kinds).union(*(offer.kinds for offer in self.offers))


def is_open(offer: Offer, today: date) -> bool:
    """Tell whether an offer is still valid; its last day counts."""
    return offer.valid_until is None or offer.valid_until >= today


def is_self(need: Need, candidate: Candidate, today: date) -> bool:
    """A State is not its own partner."""
    return candidate.partner.ref == need.state


def is_excluded(need: Need, candidate: Candidate, today: date) -> bool:
    """The partner said that it cannot support this State."""
    return need.state in candidate.partner.excluded_countries


def is_expired(need: Need, candidate: Candidate, today: date) -> bool:
    """The need's last day has passed."""
    return need.valid_until is not None and need.valid_until < today


def is_kind_impossible(need: Need, candidate: Candidate, today: date) -> bool:
    """The partner declared what it can give, and nothing of it is asked for."""
    return bool(need.kinds and candidate.kinds) and candidate.kinds.isdisjoint(need.kinds)


def already_supports(need: Need, candidate: Candidate, today: date) -> bool:
    """The partner has pledged to this need: nothing new to suggest."""
    return candidate.partner.ref in need.donors


def is_unknown(need: Need, candidate: Candidate, today: date) -> bool:
    """The partner never gave, offers nothing now and declared no priority: no reason to disturb it."""
    return not (candidate.has_given or candidate.offers or candidate.partner.has_priorities)


NOTHING_IN_COMMON = (
    "nothing-in-common"  # found while scoring: only reasons that hold for anybody, or brakes outweigh
)

RULES: dict[str, Callable[[Need, Candidate, date], bool]] = {
    "self": is_self,
    "excluded-country": is_excluded,
    "need-expired": is_expired,
    "kind-impossible": is_kind_impossible,
    "already-supports": already_supports,
    "nothing-known": is_unknown,
}

REASONS: tuple[str, ...] = (*RULES, NOTHING_IN_COMMON)


def broken(need: Need, candidate: Candidate, today: date) -> tuple[str, ...]:
    """Return the codes of every rule this pair breaks, in the order of `REASONS`; empty = may be scored."""
    return tuple(code for code, rule in RULES.items() if rule(need, candidate, today))
