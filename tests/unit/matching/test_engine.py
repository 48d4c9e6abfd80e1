import math
import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships.matching import Gift, Matcher, Partner, Suggestion

from .world import GIFTS, NEED, NEEDS, OFFERS, PARTNERS, TODAY
from .worlds import gifts, language, needs, offers, partners


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(gifts, partners, offers, needs)
def test_the_score_is_exactly_the_sum_of_what_is_shown(g: tuple, p: tuple, o: tuple, n: tuple) -> None:
    fitted = Matcher.fit(g, p, o, n, today=TODAY, language=language(*n, *o))
    for need in n:
        ranked = fitted.partners_for(need, limit=99)
        assert [(-s.score, s.partner) for s in ranked] == sorted((-s.score, s.partner) for s in ranked)
        results = {partner.ref: fitted.score(need, partner.ref) for partner in p}
        assert {s.partner: s for s in ranked} == {
            r: s for r, s in results.items() if isinstance(s, Suggestion)
        }
        for suggestion in ranked:
            check_exact(suggestion)
            assert suggestion in fitted.needs_for(suggestion.partner, limit=99).shown


def check_exact(suggestion: Suggestion) -> None:
    terms = suggestion.terms
    assert suggestion.score == math.fsum(term.points for term in terms)
    assert 0 < suggestion.score <= 100.01
    assert list(terms) == sorted(terms, key=lambda term: (-abs(term.points), term.key))
    assert len({term.key for term in terms}) == len(terms)
    for term in terms:
        assert term.points == term.weight * term.value != 0
        assert -1 <= term.value <= 1 and term.weight > 0
        assert term.facts


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_the_order_of_the_input_leaves_no_trace(seed: int) -> None:
    shuffle = random.Random(seed)
    mixed = [shuffle.sample(records, len(records)) for records in (GIFTS, PARTNERS, OFFERS, NEEDS)]
    words = language(*NEEDS, *OFFERS)
    one = Matcher.fit(GIFTS, PARTNERS, OFFERS, NEEDS, today=TODAY, language=words)
    other = Matcher.fit(*mixed, today=TODAY, language=words)
    assert one.version == other.version and one.weights == other.weights
    assert one.partners_for(NEED, limit=99) == other.partners_for(NEED, limit=99)
    assert one.needs_for("NOR", limit=99) == other.needs_for("NOR", limit=99)
    assert one.similar_needs(NEED) == other.similar_needs(NEED)


def test_the_golden_order(matcher: Matcher) -> None:
    ranked = [s.partner for s in matcher.partners_for(NEED, limit=99)]
    # A fund that declared all that is asked for; a steady donor; an adviser's offer; a large donor; one of elsewhere.
    assert ranked == ["FUND", "NOR", "OFF", "JPN", "ESP"]
    assert matcher.needs_for("ESP", limit=1).shown[0].need == "COL-1"
    assert [s.need for s in matcher.needs_for("JPN", limit=99).shown] == ["LAO-1", "COL-1", "KHM-1"]
    assert matcher.partners_for(NEED, limit=2) == matcher.partners_for(NEED, limit=99)[:2]


def test_equal_scores_are_ordered_by_reference() -> None:
    twins = [Partner(ref, ref, False, themes=("survey-clearance",)) for ref in ("B", "C", "A")]
    fitted = Matcher.fit((), twins, (), (), today=TODAY)
    assert [s.partner for s in fitted.partners_for(NEED)] == ["A", "B", "C"]


def test_gifts_of_coming_years_are_not_history() -> None:
    future = Gift("G80", "JPN", "KHM", 2021, 9e6, ("survey-clearance",), True)
    this_year = replace(future, year=2020)
    now = Matcher.fit(GIFTS, PARTNERS, OFFERS, NEEDS, today=TODAY)
    with_future = Matcher.fit((*GIFTS, future), PARTNERS, OFFERS, NEEDS, today=TODAY)
    with_this = Matcher.fit((*GIFTS, this_year), PARTNERS, OFFERS, NEEDS, today=TODAY)
    assert with_future.partners_for(NEED) == now.partners_for(NEED)
    assert with_future.version == now.version
    assert with_this.version != now.version
    keys = [term.key for term in with_this.score(NEED, "JPN").terms]  # type: ignore[union-attr]
    assert "gave-to-state" in keys


@pytest.mark.parametrize(
    ("kind", "position", "changed"),
    [
        ("gift", 0, (replace(GIFTS[0], amount_usd=1.0), *GIFTS[1:])),
        ("partner", 1, (replace(PARTNERS[0], region="142"), *PARTNERS[1:])),
        ("offer", 2, (replace(OFFERS[0], text="Other words"), *OFFERS[1:])),
        ("need's words", 3, (replace(NEED, text="Other words"), *NEEDS[1:])),
    ],
)
def test_any_changed_record_is_another_version(
    matcher: Matcher, kind: str, position: int, changed: tuple
) -> None:
    records = [GIFTS, PARTNERS, OFFERS, NEEDS]
    assert Matcher.fit(*records, today=TODAY).version == matcher.version
    records[position] = changed
    assert Matcher.fit(*records, today=TODAY).version != matcher.version, kind
    assert Matcher.fit(GIFTS, PARTNERS, OFFERS, NEEDS, today=date(2020, 6, 2)).version != matcher.version


def test_a_draft_outside_the_fit_is_matched_and_does_not_change_the_engine(matcher: Matcher) -> None:
    version, before = matcher.version, matcher.partners_for(NEED)
    draft = replace(NEED, ref="draft", title="", text="")
    assert "similar-words" not in {t.key for s in matcher.partners_for(draft) for t in s.terms}
    assert matcher.version == version and matcher.partners_for(NEED) == before


def test_an_empty_world_answers_with_nothing() -> None:
    empty = Matcher.fit((), (), (), (), today=TODAY)
    assert empty.partners_for(NEED) == [] and empty.similar_needs(NEED) == []


def test_two_records_with_one_reference_are_refused() -> None:
    with pytest.raises(ValueError, match="Two partners share the reference NOR"):
        Matcher.fit(GIFTS, (PARTNERS[6], PARTNERS[6]), (), (), today=TODAY)


def test_similar_needs_are_open_others_likest_first(matcher: Matcher) -> None:
    found = matcher.similar_needs(NEED)
    assert [ref for ref, _ in found] == ["LAO-1"]  # Colombia's shares nothing, the other of Lao PDR is over
    assert 0 < found[0][1] <= 1
    twin = replace(NEED, ref="KHM-2")
    assert matcher.similar_needs(twin)[0] == ("KHM-1", 1.0)
    assert len(matcher.similar_needs(twin, limit=1)) == 1
