"""The other questions: why is a partner not suggested, what holds it back, and what would change that?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

from .constraints import Candidate
from .engine import Matcher
from .records import Blocked, Need, Suggestion

AMONG = 10  # a partner among the first ten is suggested
LEAST_GAIN = 0.05  # points: a smaller gain is not worth a sentence
SHORT_TERMS = 4

Variation = Iterator[tuple[str, dict[str, Any], Need]]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A term in which a partner stays behind: its points, and the mean of the partners that are suggested."""

    key: str
    points: float
    usual: float


@dataclass(frozen=True, slots=True)
class Change:
    """Something the State could do: `key` and `facts` say what; what it would do to score and rank."""

    key: str
    facts: Mapping[str, Any]
    gain: float
    rank: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a partner stands for a need.

    `reasons`: rules that keep it out, else empty. `rank` of `of` partners, 0 when kept out. `to_go`: points to the
    last one suggested, 0 when it is suggested itself. `short`: the terms that hold it back, largest first.
    """

    partner: str
    reasons: tuple[str, ...]
    rank: int
    of: int
    to_go: float
    short: tuple[Shortfall, ...]

    @property
    def is_suggested(self) -> bool:
        """Whether it is among the first ten."""
        return 0 < self.rank <= AMONG


def standing(matcher: Matcher, need: Need, partner_ref: str) -> Standing:
    """Tell where a partner stands for a need, and why not higher.

    Raises LookupError for a partner that was not in the fit.
    """
    own = matcher.score(need, partner_ref)
    ranks = matcher.standing(need)
    if isinstance(own, Blocked):
        return Standing(partner_ref, own.reasons, 0, len(ranks), 0.0, ())
    rank = [partner for partner, _score in ranks].index(partner_ref) + 1
    first = ranks[:AMONG]
    to_go = max(0.0, first[-1][1] - own.score) if rank > AMONG else 0.0
    others = [found for partner, _score in first if partner != partner_ref
              and isinstance(found := matcher.score(need, partner), Suggestion)]
    return Standing(partner_ref, (), rank, len(ranks), to_go, _short(own, others))


def _short(own: Suggestion, others: list[Suggestion]) -> tuple[Shortfall, ...]:
    if not others:
        return ()
    mine = {term.key: term.points for term in own.terms}
    theirs = [{term.key: term.points for term in one.terms} for one in others]
    keys = sorted({key for one in theirs for key in one} | set(mine))
    short = [Shortfall(key, mine.get(key, 0.0), fmean(one.get(key, 0.0) for one in theirs)) for key in keys]
    behind = [one for one in short if one.usual - one.points >= 0.5]
    return tuple(sorted(behind, key=lambda one: (one.points - one.usual, one.key))[:SHORT_TERMS])


def changes(matcher: Matcher, need: Need, partner_ref: str) -> tuple[Change, ...]:
    """Tell what the State could do so that a partner fits better, the largest gain first.

    Each change is tried on a copy of the need; those that gain nothing are not told. Raises LookupError.
    """
    candidate = matcher.candidate(partner_ref)
    now = matcher.score(need, partner_ref)
    before = now.score if isinstance(now, Suggestion) else 0.0
    found = []
    for key, facts, other in _variations(need, candidate, matcher.usual_gift(partner_ref)):
        then = matcher.score(other, partner_ref)
        if isinstance(then, Suggestion) and then.score - before >= LEAST_GAIN:
            rank = [partner for partner, _score in matcher.standing(other)].index(partner_ref) + 1
            found.append(Change(key, facts, then.score - before, rank))
    return tuple(sorted(found, key=lambda change: (-change.gain, change.key, repr(change.facts))))


def _variations(need: Need, one: Candidate, usual: float | None) -> Variation:
    for vary in (_renewed, _other_kind, _with_amount, _longer, _larger, _other_language):
        yield from vary(need, one, usual)


def _renewed(need: Need, _one: Candidate, _usual: float | None) -> Variation:
    if need.valid_until is not None:
        yield "renew", {"valid_until": need.valid_until}, replace(need, valid_until=None)


def _other_kind(need: Need, one: Candidate, _usual: float | None) -> Variation:
    if need.kinds:
        for kind in sorted(one.kinds - set(need.kinds)):
            yield "ask-kind", {"kind": kind}, replace(need, kinds=(*need.kinds, kind))


def _with_amount(need: Need, one: Candidate, usual: float | None) -> Variation:
    amount = one.partner.amount_min or usual
    if need.gap_usd is None and amount:
        yield "state-amount", {"usual_usd": amount}, replace(need, gap_usd=amount * need.years)


def _longer(need: Need, one: Candidate, _usual: float | None) -> Variation:
    if need.years == 1 and one.partner.multi_year:
        yield "several-years", {}, replace(need, years=3, gap_usd=None if need.gap_usd is None else need.gap_usd * 3)


def _larger(need: Need, one: Candidate, _usual: float | None) -> Variation:
    least = one.partner.amount_min
    if least and need.gap_usd and need.gap_usd < least:
        yield "join", {"amount_min": least}, replace(need, gap_usd=least)


def _other_language(need: Need, one: Candidate, _usual: float | None) -> Variation:
    spoken = {*one.partner.languages, *(code for offer in one.offers for code in offer.languages)}
    if need.language not in spoken and spoken.isdisjoint(need.state_languages):
        for code in sorted(spoken)[:1]:
            yield "language", {"language": code}, replace(need, language=code)
