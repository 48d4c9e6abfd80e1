"""The values of history, worked out by hand."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.matching import Gift
from partnerships.matching.history import FACTS, STAGE_SHARE, Ask, History, Place, size
from partnerships.matching.records import STAGES

PLACES = {
    "KHM": Place("142", "035", ("LAO",)), "LAO": Place("142", "035"), "MMR": Place("142", "035"),
    "COL": Place("019", "005"),
}  # fmt: skip
KHM = Ask("KHM", "risk-education", PLACES["KHM"])


def gift(donor: str, state: str, year: int, usd: float | None = 1e6, complete: bool = True, stage: str = "paid") -> Gift:
    return Gift(f"{donor}{state}{year}", donor, state, year, usd, ("risk-education",), complete, stage)


def read(gifts: list[Gift], donor: str = "NOR", as_of: int = 2020) -> dict[str, float]:
    return History(gifts, as_of, PLACES).values(donor, KHM)


def test_amounts_fade_by_half_in_two_years_and_are_read_on_a_log_scale() -> None:
    new, old = read([gift("NOR", "KHM", 2019)]), read([gift("NOR", "KHM", 2017)])
    assert new["gave-to-state"] == pytest.approx(math.log1p(100) / math.log1p(5_000))
    assert old["gave-to-state"] == pytest.approx(math.log1p(50) / math.log1p(5_000))
    assert new["donor-budget"] == pytest.approx(math.log1p(100) / math.log1p(50_000))
    assert size(0.0, 5e7) == 0 and size(5e7, 5e7) == size(9e9, 5e7) == 1


def test_an_agreed_gift_counts_half_and_an_unknown_amount_as_a_small_project() -> None:
    assert read([gift("NOR", "KHM", 2019, stage="agreed")]) == pytest.approx(
        read([gift("NOR", "KHM", 2019, 5e5)]) | {"gave-for-theme": 0.5 / 20.5, "gave-regularly": 0.5 / 1.7}
    )
    assert read([gift("NOR", "KHM", 2019, None)]) == read([gift("NOR", "KHM", 2019, 150_000.0)])


def test_regularity_counts_the_years_in_which_the_donors_are_known() -> None:
    steady = [gift("NOR", "KHM", year) for year in (2018, 2019)]
    faded = 1 + 0.5**0.5
    assert read(steady)["gave-regularly"] == pytest.approx(faded / (faded + 0.7))
    # A complete list without it counts against it; an incomplete one, of which it is not part, says nothing.
    absent = [*steady, gift("JPN", "KHM", 2017)]
    assert read(absent)["gave-regularly"] == pytest.approx(faded / (faded + 0.5 + 0.7))
    silent = [*steady, gift("JPN", "KHM", 2017, complete=False)]
    assert read(silent) == read(steady)
    facts, refs = History(absent, 2020, PLACES).facts("gave-regularly", "NOR", KHM)
    assert facts == {"state": "KHM", "given": 2, "years": 3, "first_year": 2017, "last_year": 2019,
                     "amount_usd": 2e6, "stage": "paid"}
    assert refs == ("NORKHM2019", "NORKHM2018")


def test_breadth_is_the_share_of_other_states_lists() -> None:
    gifts = [gift("NOR", "COL", 2019), gift("JPN", "MMR", 2019), gift("JPN", "KHM", 2019), gift("NOR", "LAO", 2018, 1.0, False)]
    assert read(gifts)["donor-breadth"] == pytest.approx(1 / (2 + 2))
    facts, _ = History(gifts, 2020, PLACES).facts("donor-breadth", "NOR", KHM)
    assert facts == {"states": 2, "last_year": 2019, "named": 1, "lists": 2}


def test_a_border_and_an_area_are_read_apart() -> None:
    border, area = read([gift("NOR", "LAO", 2019)]), read([gift("NOR", "MMR", 2019)])
    assert border["gave-to-neighbours"] == area["active-in-region"] > 0
    assert border["active-in-region"] == area["gave-to-neighbours"] == 0
    assert read([gift("NOR", "COL", 2019)])["active-in-region"] == 0


def test_the_newest_three_years_stand_for_the_budget() -> None:
    gifts = [gift("NOR", "COL", 2019, 2e6), gift("NOR", "LAO", 2019, None), gift("NOR", "KHM", 2018, 9e6),
             gift("NOR", "COL", 2016, 5e6), gift("NOR", "TJK", 2015, 7e6)]
    facts, refs = History(gifts, 2020, PLACES).facts("donor-budget", "NOR", KHM)
    assert facts == {"years": 3, "first_year": 2016, "last_year": 2019, "states": 3, "amount_usd": 16e6,
                     "stage": "paid"}
    assert refs == ("NORCOL2019", "NORLAO2019", "NORKHM2018", "NORCOL2016")


gifts_of_all = st.lists(
    st.builds(
        gift, st.sampled_from(("NOR", "JPN")), st.sampled_from(sorted(PLACES)), st.integers(2009, 2021),
        st.none() | st.floats(0, 1e15), st.booleans(), st.sampled_from(STAGES),
    ), max_size=12,
)  # fmt: skip


@settings(max_examples=80, deadline=None, derandomize=True)
@given(gifts_of_all, st.sampled_from(("NOR", "JPN", "XXX")), st.sampled_from(sorted(PLACES)))
def test_values_stay_within_bounds_and_come_with_facts(gifts: list[Gift], donor: str, state: str) -> None:
    gifts = [replace(one, ref=f"{number}") for number, one in enumerate(gifts)]
    history, ask = History(gifts, 2020, PLACES), Ask(state, "risk-education", PLACES[state])
    values = history.values(donor, ask)
    assert values.keys() == FACTS.keys()
    assert values == History(list(reversed(gifts)), 2020, PLACES).values(donor, ask)
    for key, value in values.items():
        assert 0 <= value <= 1
        if value:
            assert history.facts(key, donor, ask)[0]


def test_years_without_any_record_do_not_make_the_past_older():
    gifts = [Gift("1", "NOR", "KHM", 2018, 1e6, (), True), Gift("2", "NOR", "KHM", 2019, 1e6, (), True)]
    later = Gift("3", "JPN", "LAO", 2026, 1e6, (), False)
    ask = Ask("KHM", "", Place())
    alone = History(gifts, 2020, {}).values("NOR", ask)["gave-regularly"]
    with_gap = History([*gifts, later], 2027, {}).values("NOR", ask)["gave-regularly"]
    five_on = History([*gifts, *(replace(later, ref=f"4{year}", year=year) for year in range(2020, 2027))], 2027, {})
    assert alone > with_gap > five_on.values("NOR", ask)["gave-regularly"]


def test_what_is_only_agreed_is_never_told_as_given():
    agreed = gift("NOR", "KHM", 2019, usd=9e6, stage="agreed")
    alone, refs = History([agreed], 2020, PLACES).facts("gave-to-state", "NOR", KHM)
    assert alone["stage"] == "agreed" and refs == (agreed.ref,)
    beside = History([agreed, gift("NOR", "KHM", 2018)], 2020, PLACES)
    facts, refs = beside.facts("gave-to-state", "NOR", KHM)
    assert (facts["stage"], facts["amount_usd"], facts["last_year"]) == ("paid", 1e6, 2018)
    assert beside.facts("donor-budget", "NOR", KHM)[0]["amount_usd"] == 1e6  # 2018; what is agreed stands apart


def test_the_surer_a_gift_the_more_it_counts():
    assert tuple(STAGE_SHARE) == STAGES and STAGE_SHARE["paid"] == 1
    found = [read([gift("NOR", "KHM", 2019, stage=stage)]) for stage in STAGES]
    for key in ("gave-to-state", "gave-regularly", "gave-for-theme", "donor-budget"):
        values = [one[key] for one in found]
        assert values == sorted(values, reverse=True) and len(set(values)) == 4 and values[-1] > 0, key
    with_words = [gift("NOR", "KHM", 2019), replace(gift("NOR", "KHM", 2019, stage="announced"), ref="words")]
    assert read(with_words)["gave-regularly"] == found[0]["gave-regularly"], "a year counts once, by its surest gift"


def test_words_alone_are_told_by_their_stage_and_say_nothing_of_size_or_breadth():
    gifts = [gift("NOR", "KHM", 2019, 9e6, stage="announced"), replace(gift("NOR", "KHM", 2019, 4e6, stage="confirmed"), ref="c")]
    history = History(gifts, 2020, PLACES)
    facts, refs = history.facts("gave-to-state", "NOR", KHM)
    assert (facts["stage"], facts["amount_usd"], refs) == ("confirmed", 4e6, ("c",))
    assert history.usual_gift("NOR") is None
    listed = [*gifts, gift("NOR", "COL", 2018), gift("NOR", "LAO", 2018, stage="announced")]
    assert History(listed, 2020, PLACES).facts("donor-breadth", "NOR", KHM)[0]["states"] == 1


def test_a_stage_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="stage must be one of paid, agreed, confirmed, announced"):
        gift("NOR", "KHM", 2019, stage="pledged")
