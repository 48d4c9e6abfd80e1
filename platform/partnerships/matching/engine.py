"""The engine's face: learn from what is known today, then rank, explain and refuse."""

from __future__ import annotations

import hashlib
import heapq
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from .constraints import NOTHING_IN_COMMON, Candidate, broken, is_open
from .history import FACTS, Ask, History, Place
from .learning import learn
from .records import Blocked, Gift, Need, Offer, Partner, Suggestion, Term
from .terms import LEVELS, NOT_ENOUGH_ALONE, READERS, Pair, match_place, where
from .text import Texts

ROUND_VALUE = 6  # values are rounded, so that the last bits of a machine's arithmetic never change an order
TEXT_SHARE, THEME_SHARE, PLACE_SHARE = 0.6, 0.25, 0.15  # what makes two needs alike


@dataclass(frozen=True, slots=True)
class _World:
    """The records of one fit, sorted by reference: the input's order leaves no trace."""

    gifts: tuple[Gift, ...]
    partners: tuple[Partner, ...]
    offers: tuple[Offer, ...]
    needs: tuple[Need, ...]

    def digest(self, *more: Any) -> str:
        """Return 16 hexadecimal digits that change with any record, or with anything else that is given."""
        return hashlib.sha256(repr((self, more)).encode()).hexdigest()[:16]


def _sorted(kind: str, records: Iterable[Any]) -> tuple[Any, ...]:
    ordered = tuple(sorted(records, key=lambda record: record.ref))
    for one, other in pairwise(ordered):
        if one.ref == other.ref:
            raise ValueError(f"Two {kind} share the reference {one.ref}.")
    return ordered


def _text(record: Need | Offer) -> str:
    return f"{record.title}\n{record.text}"


def _ask(need: Need) -> Ask:
    return Ask(need.state, need.theme, where(need))


def _places(world: _World) -> dict[str, Place]:
    """Where States are: from their records, then from their needs, which also know the neighbours."""
    places = {state.ref: Place(state.region, state.subregion) for state in world.partners if state.is_state}
    return places | {need.state: where(need) for need in world.needs}


def _this_history(gifts: tuple[Gift, ...], today: date, places: Mapping[str, Place]) -> History:
    """Count age from the end of the records: that none followed does not say that nothing was given."""
    years = [gift.year for gift in gifts]
    return History(gifts, max(years) + 1 if years else today.year + 1, places)


class Matcher:
    """A fitted engine: immutable, the same everywhere for the same input. Make one with `Matcher.fit`."""

    def __init__(self, world: _World, weights: Mapping[str, float], today: date) -> None:
        self._today = today
        self.weights: Mapping[str, float] = MappingProxyType(dict(weights))
        self.version = world.digest(sorted(weights.items()), today)
        self._needs = world.needs
        self._need_of = {need.ref: need for need in world.needs}
        self._history = _this_history(world.gifts, today, _places(world))
        offers = [offer for offer in world.offers if is_open(offer, today)]
        self._candidates = {
            partner.ref: Candidate(
                partner,
                tuple(o for o in offers if o.partner == partner.ref),
                bool(self._history.gifts(partner.ref)),
            )
            for partner in world.partners
        }
        self._usual_gift = {ref: self._history.usual_gift(ref) for ref in self._candidates}
        self._texts = Texts(
            {
                **{f"need {need.ref}": _text(need) for need in world.needs},
                **{f"offer {offer.ref}": _text(offer) for offer in offers},
            }
        )

    @classmethod
    def fit(
        cls,
        gifts: Iterable[Gift],
        partners: Iterable[Partner],
        offers: Iterable[Offer],
        needs: Iterable[Need],
        *,
        today: date,
    ) -> Matcher:
        """Learn the weights from the gifts and index the rest.

        Args: gifts, those dated after `today.year` are left out; partners, also affected States (they place
        the recipients); offers, expired ones are ignored; needs, those that `needs_for` and `similar_needs`
        answer with; today, the date that deadlines and validity are read against.
        Raises ValueError when two records of a kind share a reference.
        """
        past = (gift for gift in gifts if gift.year <= today.year)
        world = _World(
            _sorted("gifts", past),
            _sorted("partners", partners),
            _sorted("offers", offers),
            _sorted("needs", needs),
        )
        return cls(world, learn(world.gifts, _places(world)), today)

    def partners_for(self, need: Need, *, limit: int = 10) -> list[Suggestion]:
        """Return the best partners for a need, best first, ties by reference; a draft is welcome too."""
        likeness = self._likeness(need)
        found = (self._score(need, candidate, likeness) for candidate in self._candidates.values())
        return self._best(found, limit, {need.ref: need})

    def needs_for(self, partner_ref: str, *, limit: int = 10) -> list[Suggestion]:
        """Return the fitted needs that suit a partner best, best first, ties by reference.

        Raises LookupError for a partner that was not in the fit.
        """
        candidate = self._candidate(partner_ref)
        found = (
            self._score(need, candidate, self._likeness(need) if candidate.offers else {})
            for need in self._needs
        )
        return self._best(found, limit, self._need_of)

    def score(self, need: Need, partner_ref: str) -> Suggestion | Blocked:
        """Return the explained score of one pair, or every reason why it cannot be suggested.

        Raises LookupError for a partner that was not in the fit.
        """
        result = self._score(need, self._candidate(partner_ref), self._likeness(need))
        return result if isinstance(result, Blocked) else self._explained(result, need)

    def similar_needs(self, need: Need, *, limit: int = 3) -> list[tuple[str, float]]:
        """Return (reference, likeness in (0, 1]) of other open needs: by words, theme and area, likest
        first."""
        likeness = self._likeness(need)
        found = []
        for other in self._needs:
            if other.ref == need.ref or (other.valid_until is not None and other.valid_until < self._today):
                continue
            place = match_place(need, (other.state,), (other.subregion, other.region))
            value = (
                TEXT_SHARE * likeness.get(f"need {other.ref}", 0.0)
                + THEME_SHARE * (other.theme == need.theme)
                + PLACE_SHARE * (LEVELS[place[1]] if place else 0)
            )
            if value > 0:
                found.append((other.ref, round(value, ROUND_VALUE)))
        return heapq.nsmallest(limit, found, key=lambda item: (-item[1], item[0]))

    def _candidate(self, partner_ref: str) -> Candidate:
        if partner_ref not in self._candidates:
            raise LookupError(f"There is no partner with the reference {partner_ref} in this fit.")
        return self._candidates[partner_ref]

    def _likeness(self, need: Need) -> dict[str, float]:
        return self._texts.similarities(_text(need))

    def _score(self, need: Need, candidate: Candidate, likeness: Mapping[str, float]) -> Suggestion | Blocked:
        reasons = broken(need, candidate, self._today)
        if reasons:
            return Blocked(need.ref, candidate.partner.ref, reasons)
        terms = self._history_terms(need, candidate.partner.ref) + self._other_terms(
            need, candidate, likeness
        )
        terms = [term for term in terms if term.points != 0]
        score = math.fsum(term.points for term in terms)
        grounds = any(term.points > 0 and term.key not in NOT_ENOUGH_ALONE for term in terms)
        if score <= 0 or not grounds:
            return Blocked(need.ref, candidate.partner.ref, (NOTHING_IN_COMMON,))
        ordered = tuple(sorted(terms, key=lambda term: (-abs(term.points), term.key)))
        return Suggestion(need.ref, candidate.partner.ref, score, ordered)

    def _term(
        self,
        key: str,
        value: float,
        facts: Mapping[str, Any] = MappingProxyType({}),
        evidence: tuple[str, ...] = (),
    ) -> Term:
        value = round(value, ROUND_VALUE)
        return Term(key, self.weights[key], value, self.weights[key] * value, facts, evidence)

    def _history_terms(self, need: Need, partner_ref: str) -> list[Term]:
        values = self._history.values(partner_ref, _ask(need))
        return [self._term(key, value) for key, value in values.items() if value]

    def _other_terms(self, need: Need, candidate: Candidate, likeness: Mapping[str, float]) -> list[Term]:
        of_offers = {
            offer.ref: likeness[key]
            for offer in candidate.offers
            if (key := f"offer {offer.ref}") in likeness
        }
        pair = Pair(need, candidate, self._today, of_offers, self._usual_gift[candidate.partner.ref])
        read = ((key, reader(pair)) for key, reader in READERS.items())
        return [
            self._term(key, reading.value, reading.facts, reading.evidence)
            for key, reading in read
            if reading
        ]

    def _best(
        self, found: Iterable[Suggestion | Blocked], limit: int, needs: Mapping[str, Need]
    ) -> list[Suggestion]:
        suggestions = (result for result in found if isinstance(result, Suggestion))
        best = heapq.nsmallest(limit, suggestions, key=lambda s: (-s.score, s.partner, s.need))
        return [self._explained(suggestion, needs[suggestion.need]) for suggestion in best]

    def _explained(self, suggestion: Suggestion, need: Need) -> Suggestion:
        """Add the facts that are costly to gather: only now, since most scored pairs are never shown."""
        terms = tuple(self._with_facts(term, need, suggestion.partner) for term in suggestion.terms)
        return replace(suggestion, terms=terms)

    def _with_facts(self, term: Term, need: Need, partner_ref: str) -> Term:
        if term.key in FACTS:
            facts, evidence = self._history.facts(term.key, partner_ref, _ask(need))
            return replace(term, facts=facts, evidence=evidence)
        if term.key == "similar-words":
            shared = self._texts.shared_words(_text(need), f"offer {term.facts['offer']}")
            return replace(term, facts={**term.facts, "words": shared})
        return term
