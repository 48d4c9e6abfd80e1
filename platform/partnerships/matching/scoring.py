"""The slow pass: one pair read term by term, so that every point has its reason and its records."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .constraints import NOTHING_IN_COMMON, RULES, Candidate, Rule, broken
from .history import FACTS, Ask, History
from .records import Blocked, Need, Suggestion, Term
from .terms import NOT_ENOUGH_ALONE, SIDES, Pair, reading, uncontradicted, where

if TYPE_CHECKING:
    from .likeness import Reading, Texts

ROUND_VALUE = 6  # values are rounded, so that the last bits of a machine's arithmetic never change an order
READINGS_KEPT = 200_000


def ask_of(need: Need) -> Ask:
    """Return the side of a need that history is compared with."""
    return Ask(need.state, need.theme, where(need))


class Scorer:
    """Scores one pair exactly. `off` names terms that are left out (the switch for urgency and few donors)."""

    def __init__(self, weights: Mapping[str, float], history: History, texts: Texts, today: date) -> None:
        self.weights: Mapping[str, float] = MappingProxyType(dict(weights))
        self.history, self.texts, self.today = history, texts, today
        self._told: dict[tuple[str, Ask], dict[str, Term]] = {}
        self._usual: dict[str, float | None] = {}
        self._kept: dict[tuple[Any, ...], tuple[Term, ...]] = {}

    def usual_gift(self, partner_ref: str) -> float | None:
        """Return the median known gift of a partner, in dollars; None where none is known."""
        if partner_ref not in self._usual:
            self._usual[partner_ref] = self.history.usual_gift(partner_ref)
        return self._usual[partner_ref]

    def history_values(self, partner_ref: str, need: Need) -> dict[str, float]:
        """Return the values of the history terms that speak, by term key."""
        values = self.history.values(partner_ref, ask_of(need))
        return {key: round(value, ROUND_VALUE) for key, value in values.items() if value}

    def score(
        self, need: Need, candidate: Candidate, off: Collection[str] = (), text: Reading | None = None,
        rules: tuple[Rule, ...] = RULES,
    ) -> Suggestion | Blocked:
        """Return the score of a pair with its terms, the facts that are costly to gather left out; or why not.

        Args: off, terms to leave out; text, how the need reads, where that was found before; rules, those that were
        not asked before.
        """
        reasons = broken(need, candidate, self.today, rules)
        if reasons:
            return Blocked(need.ref, candidate.partner.ref, reasons)
        terms = [term for term in self._terms(need, candidate, text) if term.points != 0 and term.key not in off]
        score = math.fsum(term.points for term in terms)
        grounds = any(term.points > 0 and term.key not in NOT_ENOUGH_ALONE for term in terms)
        if score <= 0 or not grounds:
            return Blocked(need.ref, candidate.partner.ref, (NOTHING_IN_COMMON,))
        ordered = tuple(sorted(terms, key=lambda term: (-abs(term.points), term.key)))
        return Suggestion(need.ref, candidate.partner.ref, score, ordered)

    def values(self, need: Need, candidate: Candidate) -> dict[str, float]:
        """Return the values of the terms that speak for a pair, by key, whatever the rules say: what training reads."""
        return {term.key: term.value for term in self._terms(need, candidate, None)}

    def _terms(self, need: Need, candidate: Candidate, text: Reading | None) -> list[Term]:
        text = text or self.texts.reading(need)
        words, meaning = text.percents(uncontradicted(candidate.offers, need)) if candidate.offers else ({}, {})
        pair = Pair(need, candidate, self.today, words, meaning, self.usual_gift(candidate.partner.ref))
        terms = [term for side, value in SIDES.items() for term in self._steady(side, value(need), pair)]
        for side in ("size", "need", "text"):
            terms += self._read(side, pair)
        return terms

    def _steady(self, side: str, value: Any, pair: Pair) -> tuple[Term, ...]:
        """The terms of a side that reads the same for every need of the same value, read once and kept."""
        asked = (side, pair.candidate.partner.ref, tuple(offer.ref for offer in pair.candidate.offers), value)
        kept = self._kept.get(asked)
        if kept is None:
            found = self._read(side, pair)
            if side == "ground":
                values = self.history_values(pair.candidate.partner.ref, pair.need)
                found = [*(self._term(key, value) for key, value in values.items()), *found]
            if len(self._kept) > READINGS_KEPT:
                self._kept.clear()
            kept = self._kept[asked] = tuple(found)
        return kept

    def _read(self, side: str, pair: Pair) -> list[Term]:
        read = ((key, reader(pair)) for key, reader in reading(side).items())
        return [self._term(key, found.value, found.facts, found.evidence) for key, found in read if found]

    def _term(
        self,
        key: str,
        value: float,
        facts: Mapping[str, Any] = MappingProxyType({}),
        evidence: tuple[str, ...] = (),
    ) -> Term:
        value = round(value, ROUND_VALUE)
        return Term(key, self.weights[key], value, self.weights[key] * value, facts, evidence)

    def explained(self, suggestion: Suggestion, need: Need, text: Reading | None = None) -> Suggestion:
        """Add the facts that are costly to gather: only for what is shown, since most scored pairs never are."""
        told = self._told_of(suggestion, need)
        terms = tuple(told.get(term.key) or self._with_words(term, need, text) for term in suggestion.terms)
        return Suggestion(suggestion.need, suggestion.partner, suggestion.score, terms, suggestion.offer)

    def _told_of(self, suggestion: Suggestion, need: Need) -> dict[str, Term]:
        """The history terms of a pair with their facts: the same for every need of the State and theme."""
        ask = ask_of(need)
        asked = (suggestion.partner, ask)
        kept = self._told.get(asked)
        if kept is None:
            kept = {}
            for term in suggestion.terms:
                if term.key in FACTS:
                    facts, evidence = self.history.facts(term.key, suggestion.partner, ask)
                    kept[term.key] = Term(term.key, term.weight, term.value, term.points, facts, evidence)
            if len(self._told) > READINGS_KEPT:
                self._told.clear()
            self._told[asked] = kept
        return kept

    def _with_words(self, term: Term, need: Need, text: Reading | None) -> Term:
        if term.key != "similar-words":
            return term
        shared = (text or self.texts.reading(need)).shared_words(term.facts["offer"])
        return Term(term.key, term.weight, term.value, term.points, {**term.facts, "words": shared}, term.evidence)
