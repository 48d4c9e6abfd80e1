"""Why not, and what would change it: told from the same scores, and true when tried."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from partnerships.matching import Blocked, Matcher, Partner, Suggestion
from partnerships.matching.explain import changes, standing

from .world import GIFTS, NEED, NEEDS, OFFERS, PARTNERS, TODAY
from .worlds import gifts, language, needs, offers, partners


def crowd(count: int) -> list[Partner]:
    return [Partner(f"P{number:02}", f"Partner {number}", False, themes=("survey-clearance",), regions=("035",))
            for number in range(count)]


@pytest.fixture(scope="module")
def crowded() -> Matcher:
    """Twelve partners that declared the theme and the place, and one that declared only the theme."""
    faint = Partner("FAINT", "A faint fit", False, themes=("survey-clearance",), kinds=("training",))
    shut = Partner("SHUT", "Kept out", False, excluded_countries=("KHM",), themes=("survey-clearance",))
    return Matcher.fit(GIFTS, [*PARTNERS, *crowd(12), faint, shut], OFFERS, NEEDS, today=TODAY)


def test_a_suggested_partner_has_its_rank_and_nothing_to_go(crowded: Matcher) -> None:
    found = standing(crowded, NEED, "NOR")
    assert found.is_suggested and found.rank <= 10 and found.to_go == 0 and found.reasons == ()


def test_a_partner_further_down_is_told_how_far_and_in_which_terms(crowded: Matcher) -> None:
    need = replace(NEED, kinds=())
    found = standing(crowded, need, "FAINT")
    order = [partner for partner, _score in crowded.standing(need)]
    assert not found.is_suggested and found.rank == order.index("FAINT") + 1 and found.of == len(order)
    scores = dict(crowded.standing(need))
    assert found.to_go == pytest.approx(scores[order[9]] - scores["FAINT"])
    assert found.short[0].key == "priority-place"
    assert all(short.usual - short.points >= 0.5 for short in found.short)


def test_a_partner_that_a_rule_keeps_out_is_told_the_rule(crowded: Matcher) -> None:
    found = standing(crowded, NEED, "SHUT")
    assert (found.rank, found.reasons, found.is_suggested) == (0, ("excluded-country",), False)
    with pytest.raises(LookupError):
        standing(crowded, NEED, "NOBODY")


def test_what_would_change_it_is_true_when_tried(crowded: Matcher) -> None:
    """The partner gives training only; the need asks for money only."""
    (change,) = [one for one in changes(crowded, NEED, "FAINT") if one.key == "ask-kind"]
    assert change.facts == {"kind": "training"}
    tried = replace(NEED, kinds=("money", "training"))
    score = crowded.score(tried, "FAINT")
    assert isinstance(score, Suggestion) and change.gain == pytest.approx(score.score)
    assert [partner for partner, _score in crowded.standing(tried)][change.rank - 1] == "FAINT"


def test_an_expired_need_would_have_to_be_renewed(crowded: Matcher) -> None:
    over = replace(NEED, valid_until=date(2020, 1, 1))
    assert standing(crowded, over, "NOR").reasons == ("need-expired",)
    assert changes(crowded, over, "NOR")[0].key == "renew"
    assert "renew" not in {one.key for one in changes(crowded, NEED, "NOR")}


def test_amounts_years_and_languages_that_would_help(crowded: Matcher) -> None:
    bare = replace(NEED, gap_usd=None, years=1, language="en", state_languages=("km",))
    assert {"state-amount", "several-years"} <= {one.key for one in changes(crowded, bare, "FUND")}
    small = replace(NEED, gap_usd=50_000.0, years=1)
    assert "join" in {one.key for one in changes(crowded, small, "FUND")}
    foreign = replace(NEED, language="ru", state_languages=())
    assert "language" in {one.key for one in changes(crowded, foreign, "FUND")}


@settings(max_examples=15, deadline=None, derandomize=True)
@given(gifts, partners, offers, needs)
def test_every_change_that_is_told_gains_what_it_says(g: tuple, p: tuple, o: tuple, n: tuple) -> None:
    fitted = Matcher.fit(g, p, o, n, today=TODAY, language=language(*n, *o))
    for need in n[:2]:
        for partner in p:
            found = standing(fitted, need, partner.ref)
            blocked = fitted.score(need, partner.ref)
            assert isinstance(blocked, Blocked) == (found.rank == 0)
            told = changes(fitted, need, partner.ref)
            assert all(one.gain > 0 and one.rank >= 1 for one in told)
            assert [one.gain for one in told] == sorted((one.gain for one in told), reverse=True)
