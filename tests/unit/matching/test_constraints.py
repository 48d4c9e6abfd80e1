from dataclasses import replace
from datetime import date

import pytest

from partnerships.matching import REASONS, Blocked, Matcher, Partner, Suggestion

from .world import GIFTS, NEED, NEEDS, OFFERS, PARTNERS, TODAY


@pytest.mark.parametrize(
    ("partner", "reason"),
    [
        ("KHM", "self"),
        ("EXC", "excluded-country"),
        ("GEAR", "kind-impossible"),
        ("NEW", "nothing-known"),
        ("OLD", "nothing-known"),  # its only offer ended yesterday
        ("FAR", "nothing-in-common"),
    ],
)
def test_each_partner_is_kept_out_for_its_own_reason(matcher: Matcher, partner: str, reason: str) -> None:
    result = matcher.score(NEED, partner)
    assert isinstance(result, Blocked)
    assert reason in result.reasons
    assert set(result.reasons) <= set(REASONS)
    assert partner not in {s.partner for s in matcher.partners_for(NEED, limit=99)}
    assert NEED.ref not in {s.need for s in matcher.needs_for(partner, limit=99).shown}


def test_a_partner_that_pledged_already_is_not_suggested_again(matcher: Matcher) -> None:
    pledged = replace(NEED, donors=("NOR",))
    assert matcher.score(pledged, "NOR") == Blocked("KHM-1", "NOR", ("already-supports",))
    assert "NOR" not in {s.partner for s in matcher.partners_for(pledged, limit=99)}
    assert "NOR" in {s.partner for s in matcher.partners_for(NEED, limit=99)}


def test_the_last_day_of_a_need_counts_and_the_next_does_not(matcher: Matcher) -> None:
    assert isinstance(matcher.score(NEED, "NOR"), Suggestion)
    over = replace(NEED, valid_until=date(2020, 5, 31))
    assert matcher.score(over, "NOR") == Blocked("KHM-1", "NOR", ("need-expired",))
    assert matcher.partners_for(over) == []


def test_every_broken_rule_is_named_in_a_fixed_order(matcher: Matcher) -> None:
    bad = replace(NEED, valid_until=date(2020, 1, 1), donors=("EXC",))
    assert matcher.score(bad, "EXC") == Blocked(
        "KHM-1", "EXC", ("excluded-country", "need-expired", "already-supports")
    )


def test_an_open_offer_widens_the_kinds_a_partner_can_give() -> None:
    gear = replace(OFFERS[0], ref="O9", partner="GEAR", kinds=("money",))
    wider = Matcher.fit(GIFTS, PARTNERS, (*OFFERS, gear), NEEDS, today=TODAY)
    assert isinstance(wider.score(NEED, "GEAR"), Suggestion)


def test_an_offer_open_to_any_kind_contradicts_none() -> None:
    offers = (replace(OFFERS[0], kinds=("equipment",)), replace(OFFERS[0], ref="O9", kinds=()))
    closed = Matcher.fit(GIFTS, PARTNERS, offers[:1], NEEDS, today=TODAY).score(NEED, "OFF")
    assert closed == Blocked("KHM-1", "OFF", ("kind-impossible",))
    assert isinstance(Matcher.fit(GIFTS, PARTNERS, offers, NEEDS, today=TODAY).score(NEED, "OFF"), Suggestion)


def test_a_need_that_names_no_kind_blocks_nobody_by_kind(matcher: Matcher) -> None:
    assert isinstance(matcher.score(replace(NEED, kinds=()), "GEAR"), Suggestion)


def test_an_unknown_reference_is_an_error_in_words(matcher: Matcher) -> None:
    with pytest.raises(LookupError, match="no partner with the reference XYZ"):
        matcher.score(NEED, "XYZ")
    with pytest.raises(LookupError, match="XYZ"):
        matcher.needs_for("XYZ")


def test_the_last_day_of_an_offer_counts() -> None:
    last_day = replace(OFFERS[2], valid_until=TODAY)
    fitted = Matcher.fit(GIFTS, PARTNERS, (last_day,), NEEDS, today=TODAY)
    assert isinstance(fitted.score(NEED, "OLD"), Suggestion)


def test_what_would_hold_for_anybody_is_no_ground_alone() -> None:
    anybody = Partner("ANY", "Anybody", False, languages=("km",), amount_min=1.0, multi_year=True)
    fitted = Matcher.fit((), (anybody,), (), (), today=TODAY)
    assert fitted.score(NEED, "ANY") == Blocked("KHM-1", "ANY", ("nothing-in-common",))
    named = replace(anybody, themes=("survey-clearance",))
    assert isinstance(Matcher.fit((), (named,), (), (), today=TODAY).score(NEED, "ANY"), Suggestion)
