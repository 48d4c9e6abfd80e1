"""The golden world: each term appears for the right reason, with facts a person can check."""

from dataclasses import replace
from datetime import date

import pytest

from partnerships.matching import Blocked, Gift, Matcher, Need, Suggestion, Term
from partnerships.matching.weights import BRAKES, PRIORS

from .world import GIFTS, NEED, NEEDS, OFFERS, PARTNERS, TODAY


def terms(matcher: Matcher, need: Need, partner: str) -> dict[str, Term]:
    result = matcher.score(need, partner)
    assert isinstance(result, Suggestion), result
    return {term.key: term for term in result.terms}


def test_history_terms_name_the_gifts_behind_them(matcher: Matcher) -> None:
    found = terms(matcher, NEED, "NOR")
    assert found["gave-to-state"].facts == {
        "state": "KHM",
        "count": 2,
        "first_year": 2017,
        "last_year": 2019,
        "amount_usd": 2_000_000.0,
        "top_theme": "survey-clearance",
        "stage": "paid",
    }
    assert found["gave-to-state"].evidence == ("G02", "G01")
    assert found["gave-to-neighbours"].facts == {
        "states": ("LAO",), "count": 1, "last_year": 2018, "stage": "paid"}
    assert found["gave-to-neighbours"].evidence == ("G03",)
    # Lao PDR borders Cambodia, so that only Myanmar counts as elsewhere in South-eastern Asia.
    assert found["active-in-region"].facts == {
        "region": "035",
        "states": ("MMR",),
        "count": 1,
        "last_year": 2018,
        "stage": "paid",
    }
    assert found["gave-for-theme"].facts == {
        "theme": "survey-clearance", "count": 3, "last_year": 2019, "stage": "paid"}
    assert found["gave-for-theme"].evidence == ("G02", "G03", "G01")
    assert found["donor-breadth"].facts == {"states": 2, "last_year": 2018, "named": 1, "lists": 4}
    assert found["gave-regularly"].facts == {
        "state": "KHM",
        "given": 2,
        "years": 2,
        "first_year": 2017,
        "last_year": 2019,
        "amount_usd": 2_000_000.0,
        "stage": "paid",
    }
    assert found["donor-budget"].facts == {
        "years": 3, "first_year": 2017, "last_year": 2019, "states": 3, "amount_usd": 2_400_000.0, "stage": "paid"}
    assert found["donor-budget"].evidence == ("G02", "G03", "G04", "G01")
    assert found["size-fits"].facts == {
        "gap_usd": 3_000_000.0,
        "yearly_usd": 1_000_000.0,
        "typical_usd": 900_000.0,
        "declared": False,
    }
    assert "language" not in found  # what a need is written in says nothing of the State
    unknown = terms(matcher, replace(NEED, state_languages=()), "NOR")["language"]
    assert (unknown.value, unknown.facts) == (0.5, {"languages": ("en",), "of_state": False})
    assert "offer-fits" not in found and "priority-theme" not in found


def test_declared_terms_without_any_history(matcher: Matcher) -> None:
    found = terms(matcher, NEED, "FUND")
    assert set(found) == {
        "priority-theme", "priority-place", "priority-kind", "size-fits",
        "language", "multi-year", "deadline-urgent", "few-donors",
    }  # fmt: skip
    assert found["priority-theme"].facts == {"theme": "survey-clearance"}
    assert found["priority-place"].facts == {"place": "035", "level": "subregion"}
    assert found["priority-kind"].facts == {"kinds": ("money",)}
    assert found["language"].facts == {"languages": ("km",), "of_state": True}
    assert found["size-fits"].facts["typical_usd"] == 600_000.0
    assert found["size-fits"].facts["declared"] is True
    assert found["multi-year"].facts == {"years": 3}
    assert found["deadline-urgent"].facts == {"days": 365, "date": date(2021, 6, 1)}
    assert found["deadline-urgent"].value == pytest.approx(2 / 3, abs=1e-6)
    assert found["few-donors"].facts == {"donors": 0}


def test_an_offer_fits_by_what_it_names_and_shares_words(matcher: Matcher) -> None:
    found = terms(matcher, NEED, "OFF")
    assert found["offer-fits"].facts == {
        "offer": "O1",
        "theme": "survey-clearance",
        "place": "KHM",
        "level": "country",
        "kinds": ("money",),
    }
    assert found["offer-fits"].value == 1.0
    assert found["offer-fits"].evidence == ("O1",)
    words = [word for word, _ in found["similar-words"].facts["words"]]
    assert set(words) == {"technical", "survey", "rice", "fields"}
    assert sum(share for _, share in found["similar-words"].facts["words"]) == pytest.approx(1, abs=1e-3)
    assert found["similar-words"].evidence == ("O1",)


def test_an_offer_that_leaves_sides_open_fits_less_and_one_that_contradicts_not_at_all() -> None:
    open_offer = replace(OFFERS[0], themes=(), kinds=(), countries=())
    fitted = Matcher.fit(GIFTS, PARTNERS, (open_offer,), NEEDS, today=TODAY)
    found = terms(fitted, NEED, "OFF")["offer-fits"]
    assert found.value == 0.4
    assert (found.facts["theme"], found.facts["place"], found.facts["kinds"]) == (None, None, ())
    for wrong in (
        {"themes": ("victim-assistance",)},
        {"countries": ("COL",)},
        {"regions": ("019",), "countries": ()},
    ):
        other = Matcher.fit(GIFTS, PARTNERS, (replace(OFFERS[0], **wrong),), NEEDS, today=TODAY)
        # Its words do not count either: nothing is left that speaks for the pair.
        assert other.score(NEED, "OFF") == Blocked(NEED.ref, "OFF", ("nothing-in-common",))


def test_brakes_count_against_a_partner_and_say_what_it_named() -> None:
    gift = Gift("G99", "FAR", "KHM", 2019, 60_000_000.0, (), False)
    fitted = Matcher.fit((*GIFTS, gift), PARTNERS, OFFERS, NEEDS, today=TODAY)
    found = terms(fitted, NEED, "FAR")
    assert found["outside-places"].facts == {"countries": ("COL",), "regions": ()}
    assert found["outside-themes"].facts == {"themes": ("victim-assistance",)}
    assert found["size-differs"].facts == {"gap_usd": 3_000_000.0, "amount_min": 50_000_000.0}
    assert {term.key for term in found.values() if term.points < 0} == {brake.key for brake in BRAKES}


def test_an_open_offer_lifts_the_brakes_it_answers() -> None:
    offer = replace(OFFERS[0], ref="O9", partner="FAR")
    found = terms(Matcher.fit(GIFTS, PARTNERS, (offer,), NEEDS, today=TODAY), NEED, "FAR")
    assert "outside-places" not in found and "outside-themes" not in found


def test_urgency_and_few_donors_fade(matcher: Matcher) -> None:
    passed = terms(matcher, replace(NEED, deadline=date(2020, 1, 1)), "NOR")["deadline-urgent"]
    assert (passed.value, passed.facts["days"]) == (1.0, -152)
    assert "deadline-urgent" not in terms(matcher, replace(NEED, deadline=date(2024, 1, 1)), "NOR")
    assert "deadline-urgent" not in terms(matcher, replace(NEED, deadline=None), "NOR")
    assert terms(matcher, replace(NEED, donors=("ESP",)), "NOR")["few-donors"].value == 0.5
    assert "few-donors" not in terms(matcher, replace(NEED, donors=("ESP", "JPN", "FUND")), "NOR")


def test_a_recent_gift_counts_more_than_the_same_gift_long_ago_and_a_second_one_adds() -> None:
    old, new = (Gift(f"G{year}", f"D{year}", "KHM", year, 500_000.0, (), False) for year in (2010, 2019))
    second = replace(new, ref="Gx", donor="D2010")
    partners = (*PARTNERS, *(replace(PARTNERS[-1], ref=f"D{y}", kinds=(), themes=()) for y in (2010, 2019)))
    one = Matcher.fit((old, new), partners, (), NEEDS, today=TODAY)
    two = Matcher.fit((old, new, second), partners, (), NEEDS, today=TODAY)
    value = {key: terms(one, NEED, key)["gave-to-state"].value for key in ("D2010", "D2019")}
    assert 0 < value["D2010"] < value["D2019"] < terms(two, NEED, "D2010")["gave-to-state"].value < 1


def test_the_country_named_counts_more_than_its_region(matcher: Matcher) -> None:
    fund = next(partner for partner in PARTNERS if partner.ref == "FUND")
    values = []
    for places in ({"countries": ("KHM",)}, {"regions": ("035",)}, {"regions": ("142",)}):
        named = replace(fund, **{"countries": (), "regions": (), **places})
        values.append(
            terms(Matcher.fit((), (named,), (), (), today=TODAY), NEED, "FUND")["priority-place"].value
        )
    assert values == [1.0, 0.8, 0.5]


def test_the_priors_are_a_whole_of_one_hundred_and_say_why() -> None:
    assert sum(prior.points for prior in PRIORS) == 100
    assert len({prior.key for prior in PRIORS + BRAKES}) == len(PRIORS + BRAKES)
    assert all(prior.points > 0 and prior.why and prior.source for prior in PRIORS + BRAKES)
