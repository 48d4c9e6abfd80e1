"""The engine's face: from records to suggestions, both ways, each an exact and explained sum.

A `Matcher` is immutable. It holds the model (weights, past gifts, partners and their open offers) and the needs in two
tables: a large base and a small delta of what is new. `updated` makes the next one beside it, sharing the base.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

from .constraints import Candidate, is_open, is_over
from .history import History, Place
from .likeness import Language, Texts, text_of
from .records import Blocked, Gift, Need, Offer, Partner, Ranked, Suggestion
from .register import Register
from .scoring import ROUND_VALUE, Scorer
from .terms import LEVELS, match_place, where
from .weights import Weights, shipped

WORDS_SHARE, MEANING_SHARE, THEME_SHARE, PLACE_SHARE = 0.25, 0.35, 0.25, 0.15  # what makes two needs alike
SIZE = ("donor-breadth", "donor-budget")  # the terms that favour large donors, whatever the need
VARIETY = 0.3  # no State has more than this share of a list of needs while others could fill it


def _sorted(kind: str, records: Iterable[Any]) -> tuple[Any, ...]:
    ordered = tuple(sorted(records, key=lambda record: record.ref))
    for one, other in pairwise(ordered):
        if one.ref == other.ref:
            raise ValueError(f"Two {kind} share the reference {one.ref}.")
    return ordered


def _digest(records: Any) -> str:
    return hashlib.sha256(repr(records).encode()).hexdigest()[:8]


@lru_cache(maxsize=4)
def _past(gifts: tuple[Gift, ...], year: int, places: tuple[tuple[str, Place], ...]) -> tuple[History, str]:
    """The history that gifts up to a year make, and their digest: the same for most readers, and most of the work of a model.

    Age counts from the end of the records: that none followed does not say that nothing was given.
    """
    known = _sorted("gifts", (gift for gift in gifts if gift.year <= year))
    return History(known, max((gift.year for gift in known), default=year) + 1, dict(places)), _digest(known)


def places_of(partners: Iterable[Partner], needs: Iterable[Need]) -> dict[str, Place]:
    """Return where States are: from their records, then from their needs, which also know the neighbours."""
    places = {state.ref: Place(state.region, state.subregion) for state in partners if state.is_state}
    return places | {need.state: where(need) for need in needs}


@dataclass(frozen=True, slots=True)
class Model:
    """The partners' side of a fit, and how a pair is scored."""

    candidates: Mapping[str, Candidate]
    scorer: Scorer
    version: str

    @classmethod
    def of(
        cls,
        gifts: Iterable[Gift],
        partners: Iterable[Partner],
        offers: Iterable[Offer],
        *,
        today: date,
        language: Language,
        weights: Mapping[str, float] | None = None,
        places: Mapping[str, Place],
    ) -> Model:
        """Learn what the records say of each partner.

        Args: gifts, those dated after `today.year` are left out; partners, also affected States; offers, expired ones
        are ignored; today, the date that deadlines and validity are read against; language, vocabulary and encoder;
        weights, the shipped ones when not given; places, where States are.
        Raises ValueError when two records of a kind share a reference, and for weights that cannot be.
        """
        history, learned = _past(tuple(gifts), today.year, tuple(places.items()))
        partners = _sorted("partners", partners)
        standing = [offer for offer in _sorted("offers", offers) if is_open(offer, today)]
        kept = shipped() if weights is None else Weights.of(weights)
        candidates = {
            one.ref: Candidate(one, tuple(o for o in standing if o.partner == one.ref), bool(history.gifts(one.ref)))
            for one in partners
        }
        seen = _digest((learned, partners, standing, today))
        version = "/".join((kept.version, language.version, seen))
        return cls(candidates, Scorer(kept.points, history, Texts(language, standing), today), version)


class Matcher:
    """A fitted engine: the same everywhere for the same input. Make one with `Matcher.fit`."""

    def __init__(self, model: Model, register: Register) -> None:
        self._candidates, self._scorer, self.version = model.candidates, model.scorer, model.version
        self._register, self._model = register, model
        self._of_offer = {
            offer.ref: replace(one, offers=(offer,)) for one in self._candidates.values() for offer in one.offers
        }
        self.weights: Mapping[str, float] = model.scorer.weights

    @classmethod
    def fit(
        cls,
        gifts: Iterable[Gift],
        partners: Iterable[Partner],
        offers: Iterable[Offer],
        needs: Iterable[Need],
        *,
        today: date,
        weights: Mapping[str, float] | None = None,
        language: Language | None = None,
    ) -> Matcher:
        """Index the records under weights that were learned before.

        Args: as of `Model.of`; needs, those that `needs_for` and `similar_needs` answer with; language, made from
        these texts when not given.
        Raises ValueError when two records of a kind share a reference.
        """
        needs, offers = _sorted("needs", needs), _sorted("offers", offers)
        language = language or Language.of([*needs, *offers])
        partners = list(partners)
        model = Model.of(gifts, partners, offers, today=today, language=language, weights=weights,
                         places=places_of(partners, needs))
        register = Register.of(needs, model.scorer)
        register.read_offers()
        return cls(model, register)

    def updated(self, changed: Iterable[Need] = (), removed: Collection[str] = ()) -> Matcher:
        """Return an engine that also knows these needs, or knows them anew, and has forgotten others.

        It answers as a full fit with the same language would; the large base is shared, not copied.
        """
        register = self._register.updated(_sorted("needs", changed), removed)
        return Matcher(self._model, register)

    @property
    def delta_share(self) -> float:
        """The share of needs in the delta; past a twentieth it is time to fit anew."""
        return self._register.delta_share

    def partners_for(self, need: Need, *, limit: int = 10) -> list[Suggestion]:
        """Return the best partners for a need, best first, ties by reference; a draft is welcome too."""
        return self._best((self._scorer.score(need, one) for one in self._candidates.values()), limit, {need.ref: need})

    def others_for(self, need: Need, shown: Collection[str], *, limit: int = 3) -> list[Suggestion]:
        """Return partners with ties of their own that size hides: the best beside `shown` when nobody's size counts.

        Their scores are whole, size and all; only who is chosen, and the order, leave it out (`SIZE`).
        """
        found = [(one.partner, one.score) for ref, candidate in self._candidates.items() if ref not in shown
                 and isinstance(one := self._scorer.score(need, candidate, SIZE), Suggestion)]
        best = heapq.nsmallest(limit, found, key=lambda item: (-item[1], item[0]))
        whole = (self.score(need, ref) for ref, _score in best)
        return [one for one in whole if isinstance(one, Suggestion)]

    def offers_for(self, need: Need, *, limit: int = 10) -> list[Suggestion]:
        """Return the open offers that suit a need best, each read without its partner's other offers."""
        found = (
            replace(result, offer=ref)
            for ref, one in self._of_offer.items()
            if isinstance(result := self._scorer.score(need, one), Suggestion) and _speaks(result)
        )
        return self._best(found, limit, {need.ref: need})

    def needs_for(self, partner_ref: str, *, limit: int = 10, off: Collection[str] = ()) -> Ranked:
        """Return the known needs that suit a partner best, varied: see `VARIETY`.

        Args: off, keys of "deadline-urgent" and "few-donors" to leave out of the score.
        Raises LookupError for a partner that was not in the fit.
        """
        return self._register.best_for(self._candidate(partner_ref), limit, VARIETY, off)

    def needs_for_offer(self, offer_ref: str, *, limit: int = 10) -> Ranked:
        """Return the known needs that suit an open offer best. Raises LookupError for an offer not in the fit."""
        if offer_ref not in self._of_offer:
            raise LookupError(f"There is no open offer with the reference {offer_ref} in this fit.")
        found = self._register.best_for(self._of_offer[offer_ref], limit, VARIETY)
        shown = tuple(replace(one, offer=offer_ref) for one in found.shown if _speaks(one))
        return replace(found, shown=shown)

    def score(self, need: Need, partner_ref: str) -> Suggestion | Blocked:
        """Return the explained score of one pair, or every reason why it cannot be suggested.

        Raises LookupError for a partner that was not in the fit.
        """
        result = self._scorer.score(need, self._candidate(partner_ref))
        return result if isinstance(result, Blocked) else self._scorer.explained(result, need)

    def values(self, need: Need, partner_ref: str) -> dict[str, float]:
        """Return the term values of a pair, by key, also of one that a rule keeps apart: what training reads.

        Raises LookupError for a partner that was not in the fit.
        """
        return self._scorer.values(need, self._candidate(partner_ref))

    def strongest(self, refs: Collection[str], *, limit: int = 3) -> dict[str, list[Suggestion]]:
        """Return the best partners of many known needs at once, as `partners_for` ranks them, without costly facts."""
        return self._register.strongest(self._candidates.values(), refs, limit)

    def standing(self, need: Need) -> list[tuple[str, float]]:
        """Return (partner, score) of every partner that may be suggested for a need, best first."""
        found = (self._scorer.score(need, one) for one in self._candidates.values())
        scores = [(one.partner, one.score) for one in found if isinstance(one, Suggestion)]
        return sorted(scores, key=lambda one: (-one[1], one[0]))

    def candidate(self, partner_ref: str) -> Candidate:
        """Return a partner as the rules see it. Raises LookupError for one that was not in the fit."""
        return self._candidate(partner_ref)

    def usual_gift(self, partner_ref: str) -> float | None:
        """Return the median known gift of a partner, in dollars; None where none is known."""
        return self._scorer.usual_gift(partner_ref)

    def similar_needs(self, need: Need, *, limit: int = 3) -> list[tuple[str, float]]:
        """Return (reference, likeness in (0, 1]) of other open needs: by words, meaning, theme and area, likest first."""
        found = []
        for other, words, meaning in self._register.alike(text_of(need)):
            if other.ref == need.ref or is_over(other, self._scorer.today):
                continue
            place = match_place(need, (other.state,), (other.subregion, other.region))
            value = (
                WORDS_SHARE * words / 100
                + MEANING_SHARE * meaning / 100
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

    def _best(
        self, found: Iterable[Suggestion | Blocked], limit: int, needs: Mapping[str, Need]
    ) -> list[Suggestion]:
        suggestions = (result for result in found if isinstance(result, Suggestion))
        best = heapq.nsmallest(limit, suggestions, key=lambda s: (-s.score, s.partner, s.need, s.offer))
        return [self._scorer.explained(suggestion, needs[suggestion.need]) for suggestion in best]


def _speaks(suggestion: Suggestion) -> bool:
    """Whether the offer itself says something for the pair: only then is the offer the answer."""
    return any(term.key in ("offer-fits", "similar-words", "similar-meaning") for term in suggestion.terms)
