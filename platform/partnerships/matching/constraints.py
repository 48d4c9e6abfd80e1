"""What is never broken, whatever the score: named rules, whose names are reasons a person can be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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


@dataclass(frozen=True, slots=True)
class Rule:
    """A named condition that keeps a pair apart. `reads` names the side of the need it looks at.

    "partner": nothing of the need; "place": its State; "kinds"; "validity"; "partners": lists of partners kept with
    the need. A whole register is checked by asking once for each distinct value of a side.
    """

    name: str
    reads: str
    holds: Callable[[Need, Candidate, date], bool]


def is_open(offer: Offer, today: date) -> bool:
    """Tell whether an offer is still valid; its last day counts."""
    return offer.valid_until is None or offer.valid_until >= today


def is_over(need: Need, today: date) -> bool:
    """Tell whether a need's last day has passed."""
    return need.valid_until is not None and need.valid_until < today


def is_kind_impossible(need: Need, candidate: Candidate) -> bool:
    """The partner declared what it can give, and nothing of it is asked for."""
    return bool(need.kinds and candidate.kinds) and candidate.kinds.isdisjoint(need.kinds)


def is_unknown(candidate: Candidate) -> bool:
    """The partner never gave, offers nothing now and declared no priority: no reason to disturb it."""
    return not (candidate.has_given or candidate.offers or candidate.partner.has_priorities)


RULES: tuple[Rule, ...] = (
    Rule("self", "place", lambda need, one, _today: one.partner.ref == need.state),
    Rule("excluded-country", "place", lambda need, one, _today: need.state in one.partner.excluded_countries),
    Rule("excluded-partner", "partners", lambda need, one, _today: one.partner.ref in need.excluded_partners),
    Rule("need-expired", "validity", lambda need, _one, today: is_over(need, today)),
    Rule("kind-impossible", "kinds", lambda need, one, _today: is_kind_impossible(need, one)),
    Rule("already-supports", "partners", lambda need, one, _today: one.partner.ref in need.donors),
    Rule("declined", "partners", lambda need, one, _today: one.partner.ref in need.declined),
    Rule("nothing-known", "partner", lambda _need, one, _today: is_unknown(one)),
)
NOTHING_IN_COMMON = "nothing-in-common"  # found while scoring: only reasons that hold for anybody, or brakes outweigh
REASONS: tuple[str, ...] = (*(rule.name for rule in RULES), NOTHING_IN_COMMON)


def reading(side: str) -> tuple[Rule, ...]:
    """Return the rules that look at one side of the need."""
    return tuple(rule for rule in RULES if rule.reads == side)


def kept_apart(need: Need) -> frozenset[str]:
    """Return the partners that lists kept with the need rule out; the same as the rules that read "partners"."""
    return frozenset((*need.excluded_partners, *need.donors, *need.declined))


def broken(need: Need, candidate: Candidate, today: date, rules: Iterable[Rule] = RULES) -> tuple[str, ...]:
    """Return the names of every rule this pair breaks, in the order of `REASONS`; empty = may be scored."""
    return tuple(rule.name for rule in rules if rule.holds(need, candidate, today))
