"""The quick pass against the slow one, the delta against a full fit, and lists that are not all of one State."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from partnerships.matching import Blocked, Gift, Matcher, Need, Partner
from partnerships.matching.ranking import MARGIN

from .world import GIFTS, NEED, NEEDS, OFFERS, PARTNERS, TODAY
from .worlds import DONORS, gifts, language, needs, offers, partners

many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def everything(matcher: Matcher) -> list[object]:
    """What a matcher answers, for comparing two of them."""
    own = matcher._register.needs()
    return [
        [matcher.needs_for(ref, limit=3) for ref in DONORS if ref in matcher._candidates],
        [(matcher.partners_for(need), matcher.offers_for(need), matcher.similar_needs(need)) for need in
         sorted(own, key=lambda need: need.ref)],
        [matcher.needs_for_offer(ref) for ref in sorted(matcher._of_offer)],
    ]


@many
@given(gifts, partners, offers, needs)
def test_the_quick_pass_agrees_with_the_slow_one(g: tuple, p: tuple, o: tuple, n: tuple) -> None:
    fitted = Matcher.fit(g, p, o, n, today=TODAY, language=language(*n, *o))
    part = fitted._register.base
    for partner in p:
        candidate = fitted.candidate(partner.ref)
        quick = part.quick(fitted._scorer, candidate, ())
        for need, points in zip(part.table.needs, quick.tolist(), strict=True):
            exact = fitted.score(need, partner.ref)
            if isinstance(exact, Blocked):
                assert points < MARGIN, (need, partner, exact)
            else:
                assert points == pytest.approx(exact.score, abs=MARGIN)


@many
@given(gifts, partners, offers, needs, needs)
def test_a_delta_answers_as_a_full_fit_does(g: tuple, p: tuple, o: tuple, n: tuple, more: tuple) -> None:
    known = language(*n, *o)
    changed = [replace(need, ref=f"R{number + 2}") for number, need in enumerate(more)]
    removed = ["R0", "R99"]
    kept = [need for need in n if need.ref not in {*removed, *(one.ref for one in changed)}]
    grown = Matcher.fit(g, p, o, n, today=TODAY, language=known).updated(changed, removed)
    whole = Matcher.fit(g, p, o, [*kept, *changed], today=TODAY, language=known)
    again = grown.updated(changed[:1], [])
    assert everything(grown) == everything(again)
    ranked = {ref: grown.needs_for(ref, limit=4) for ref in DONORS}
    assert ranked == {ref: whole.needs_for(ref, limit=4) for ref in DONORS}
    for need in whole._register.needs():
        assert grown.partners_for(need) == whole.partners_for(need)
        assert grown.similar_needs(need) == whole.similar_needs(need)


def test_the_matcher_before_a_change_goes_on_as_it_was(matcher: Matcher) -> None:
    before = everything(matcher)
    new = replace(NEED, ref="KHM-9", title="Nine")
    after = matcher.updated([new], ["COL-1"])
    assert everything(matcher) == before
    assert "KHM-9" in {one.need for one in after.needs_for("NOR").shown}
    assert "COL-1" not in {one.need for one in after.needs_for("ESP").shown}
    assert after.delta_share == pytest.approx(1 / 4)
    assert matcher.delta_share == 0


def crowd(state: str, count: int, **values: object) -> list[Need]:
    return [replace(NEED, ref=f"{state}-{number:03}", state=state, **values) for number in range(count)]


def test_a_list_is_not_all_of_one_state_while_others_could_fill_it() -> None:
    others = [replace(NEED, ref=f"{state}-900", state=state, neighbours=()) for state in
              ("LAO", "MMR", "COL", "THA", "VNM", "TJK", "ANG", "TCD")]
    fitted = Matcher.fit(GIFTS, PARTNERS, OFFERS, [*crowd("KHM", 40), *others], today=TODAY)
    found = fitted.needs_for("NOR", limit=10)
    states = [one.need[:3] for one in found.shown]
    assert states.count("KHM") == 3 and len(states) == 10
    assert found.held_back == {"KHM": 37}
    assert [one.need for one in found.shown][:3] == ["KHM-000", "KHM-001", "KHM-002"]


def test_where_one_state_has_all_needs_the_list_is_full_all_the_same() -> None:
    found = Matcher.fit(GIFTS, PARTNERS, OFFERS, crowd("KHM", 12), today=TODAY).needs_for("NOR", limit=10)
    assert [one.need for one in found.shown] == [f"KHM-{number:03}" for number in range(10)]
    assert found.held_back == {"KHM": 2}


def test_the_same_need_pasted_500_times_takes_no_more_room_than_three() -> None:
    fitted = Matcher.fit(GIFTS, PARTNERS, OFFERS, [*crowd("KHM", 500), *NEEDS[1:]], today=TODAY)
    found = fitted.needs_for("JPN", limit=10)
    assert [one.need for one in found.shown if one.need.startswith("KHM")] == ["KHM-000", "KHM-001", "KHM-002", "KHM-003"]


def test_the_switch_leaves_urgency_and_few_donors_out(matcher: Matcher) -> None:
    on, off = (matcher.needs_for("NOR", off=off).shown[0] for off in ((), ("deadline-urgent", "few-donors")))
    assert {"deadline-urgent", "few-donors"} <= {term.key for term in on.terms}
    assert {"deadline-urgent", "few-donors"}.isdisjoint({term.key for term in off.terms})
    assert off.score < on.score


def test_what_either_side_excludes_never_appears() -> None:
    shut = replace(NEED, excluded_partners=("NOR",), declined=("JPN",))
    fitted = Matcher.fit(GIFTS, PARTNERS, OFFERS, [shut, *NEEDS[1:]], today=TODAY)
    assert {"NOR", "JPN", "EXC"}.isdisjoint({one.partner for one in fitted.partners_for(shut, limit=99)})
    for partner in ("NOR", "JPN", "EXC"):
        assert shut.ref not in {one.need for one in fitted.needs_for(partner, limit=99).shown}
    assert fitted.score(shut, "NOR") == Blocked("KHM-1", "NOR", ("excluded-partner",))
    assert fitted.score(shut, "JPN") == Blocked("KHM-1", "JPN", ("declined",))


def test_offers_answer_for_themselves(matcher: Matcher) -> None:
    found = matcher.offers_for(NEED)
    assert [one.offer for one in found] == ["O1"]
    assert {term.facts["offer"] for term in found[0].terms if "offer" in term.facts} == {"O1"}
    assert [one.need for one in matcher.needs_for_offer("O2").shown] == ["COL-1"]
    with pytest.raises(LookupError, match="O9"):
        matcher.needs_for_offer("O9")


@pytest.mark.parametrize("points", [0.0, math.nan, -1.0, "many"])
def test_weights_that_cannot_be_are_refused(matcher: Matcher, points: object) -> None:
    with pytest.raises(ValueError, match="weight"):
        Matcher.fit(GIFTS, PARTNERS, OFFERS, NEEDS, today=TODAY, weights=dict.fromkeys(matcher.weights, points))


def test_a_term_with_no_weight_does_not_speak(matcher: Matcher) -> None:
    mute = Matcher.fit(GIFTS, PARTNERS, OFFERS, NEEDS, today=TODAY, weights={**matcher.weights, "offer-fits": 0.0})
    assert "offer-fits" in {term.key for one in matcher.partners_for(NEED) for term in one.terms}
    assert "offer-fits" not in {term.key for one in mute.partners_for(NEED) for term in one.terms}
    assert mute.version != matcher.version


def test_columns_are_plain_numbers(matcher: Matcher) -> None:
    table = matcher._register.base.table
    assert table.fit.dtype == table.speech.codes.dtype == np.intp  # what numpy takes without a copy
    assert [need.ref for need in table.needs] == ["COL-1", "KHM-1", "LAO-1", "LAO-2"]


def test_size_does_not_hide_those_with_ties_of_their_own() -> None:
    """A giant that never came near is suggested for its size alone; a small neighbour's friend comes next to it."""
    giant = [Gift(f"B{number}", "BIG", state, 2019, 5e8, (), False) for number, state in enumerate(("COL", "AGO", "TCD", "SSD"))]
    small = Gift("S1", "SMALL", "LAO", 2019, 1e5, (), False)
    partners = [*PARTNERS, Partner("BIG", "Big", False), Partner("SMALL", "Small", False, regions=("035",))]
    fitted = Matcher.fit([*GIFTS, *giant, small], partners, OFFERS, NEEDS, today=TODAY)
    order = [one.partner for one in fitted.partners_for(NEED, limit=99)]
    others = fitted.others_for(NEED, {order[0]}, limit=99)
    rank = {one.partner: place for place, one in enumerate(others)}
    assert rank["SMALL"] < rank.get("BIG", 99)
    assert all(one == fitted.score(NEED, one.partner) for one in others)  # the score shown is whole
    assert order[0] not in rank
