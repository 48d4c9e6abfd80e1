"""The slow pass: one pair read term by term, so that every point has its reason and its records."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .constraints import NOTHING_IN_COMMON, Candidate, broken
from .history import FACTS, Ask, History
from .records import Blocked, Need, Suggestion, Term
from .terms import NOT_ENOUGH_ALONE, READERS, Pair, uncontradicted, where

if TYPE_CHECKING:
    from .likeness import Texts

ROUND_VALUE = 6  # values are rounded, so that the last bits of a machine's arithmetic never change an order
FACTS_KEPT = 4096


def ask_of(need: Need) -> Ask:
    """Return the side of a need that history is compared with."""
    return Ask(need.state, need.theme, where(need))


class Scorer:
    """Scores one pair exactly. `off` names terms that are left out (the switch for urgency and few donors)."""

    def __init__(self, weights: Mapping[str, float], history: History, texts: Texts, today: date) -> None:
        self.weights: Mapping[str, float] = MappingProxyType(dict(weights))
        self.history, self.texts, self.today = history, texts, today
        self._facts: OrderedDict[tuple[Any, ...], tuple[Any, ...]] = OrderedDict()
        self._usual: dict[str, float | None] = {}

    def usual_gift(self, partner_ref: str) -> float | None:
        """Return the median known gift of a partner, in dollars; None where none is known."""
        if partner_ref not in self._usual:
            self._usual[partner_ref] = self.history.usual_gift(partner_ref)
        return self._usual[partner_ref]

    def history_values(self, partner_ref: str, need: Need) -> dict[str, float]:
        """Return the values of the history terms that speak, by term key."""
        values = self.history.values(partner_ref, ask_of(need))
        return {key: round(value, ROUND_VALUE) for key, value in values.items() if value}

    def score(self, need: Need, candidate: Candidate, off: Collection[str] = ()) -> Suggestion | Blocked:
        """Return the score of a pair with its terms, the facts that are costly to gather left out; or why not."""
        reasons = broken(need, candidate, self.today)
        if reasons:
            return Blocked(need.ref, candidate.partner.ref, reasons)
        terms = [term for term in self._terms(need, candidate) if term.points != 0 and term.key not in off]
        score = math.fsum(term.points for term in terms)
        grounds = any(term.points > 0 and term.key not in NOT_ENOUGH_ALONE for term in terms)
        if score <= 0 or not grounds:
            return Blocked(need.ref, candidate.partner.ref, (NOTHING_IN_COMMON,))
        ordered = tuple(sorted(terms, key=lambda term: (-abs(term.points), term.key)))
        return Suggestion(need.ref, candidate.partner.ref, score, ordered)

    def values(self, need: Need, candidate: Candidate) -> dict[str, float]:
        """Return the values of the terms that speak for a pair, by key, whatever the rules say: what training reads."""
        return {term.key: term.value for term in self._terms(need, candidate)}

    def _terms(self, need: Need, candidate: Candidate) -> list[Term]:
        values = self.history_values(candidate.partner.ref, need)
        terms = [self._term(key, value) for key, value in values.items()]
        words, meaning = self.texts.of_offers(need, uncontradicted(candidate.offers, need))
        pair = Pair(need, candidate, self.today, words, meaning, self.usual_gift(candidate.partner.ref))
        for key, reader in READERS.items():
            if found := reader.read(pair):
                terms.append(self._term(key, found.value, found.facts, found.evidence))
        return terms

    def _term(
        self,
        key: str,
        value: float,
        facts: Mapping[str, Any] = MappingProxyType({}),
        evidence: tuple[str, ...] = (),
    ) -> Term:
        value = round(value, ROUND_VALUE)
        return Term(key, self.weights[key], value, self.weights[key] * value, facts, evidence)

    def explained(self, suggestion: Suggestion, need: Need) -> Suggestion:
        """Add the facts that are costly to gather: only for what is shown, since most scored pairs never are."""
        terms = tuple(self._with_facts(term, need, suggestion.partner) for term in suggestion.terms)
        return replace(suggestion, terms=terms)

    def _with_facts(self, term: Term, need: Need, partner_ref: str) -> Term:
        if term.key in FACTS:
            facts, evidence = self._kept_facts(term.key, partner_ref, need)
            return replace(term, facts=facts, evidence=evidence)
        if term.key == "similar-words":
            shared = self.texts.shared_words(need, term.facts["offer"])
            return replace(term, facts={**term.facts, "words": shared})
        return term

    def _kept_facts(self, key: str, partner_ref: str, need: Need) -> tuple[Any, ...]:
        asked = (key, partner_ref, ask_of(need))
        if asked not in self._facts:
            self._facts[asked] = self.history.facts(key, partner_ref, ask_of(need))
            if len(self._facts) > FACTS_KEPT:
                self._facts.popitem(last=False)
        return self._facts[asked]
