from dataclasses import replace

import pytest

from partnerships.matching import Gift, learning
from partnerships.matching.history import Ask, History, Place, complete_lists
from partnerships.matching.learning import examples, learn
from partnerships.matching.weights import TAUGHT, prior_weights

from .world import GIFTS

ASK = Ask("KHM", "survey-clearance", Place("142", "035", ("LAO",)))
PLACES = {
    "KHM": ASK.place,
    "LAO": Place("142", "035"),
    "MMR": Place("142", "035"),
    "COL": Place("019", "005"),
}
LATER = Gift("G90", "JPN", "KHM", 2020, 9e6, ("survey-clearance",), True)


def loyal(n_states: int = 12, years: range = range(2010, 2020)) -> list[Gift]:
    """Donors that never leave their one State, and one that visits a new State every year."""
    gifts = [Gift(f"L{s}-{y}", f"D{s}", f"S{s}", y, 1e6, (), True) for s in range(n_states) for y in years]
    return gifts + [Gift(f"W{y}", "WIDE", f"S{i}", y, 1e6, (), True) for i, y in enumerate(years)]


def test_a_history_knows_nothing_of_its_own_year_or_later() -> None:
    past = History(GIFTS, 2020, PLACES)
    leaky = History((*GIFTS, LATER, replace(LATER, ref="G91", year=2031)), 2020, PLACES)
    for donor in (*past.donors, "JPN"):
        assert past.values(donor, ASK) == leaky.values(donor, ASK)
    assert past.values("JPN", ASK)["gave-to-state"] == 0
    assert History((*GIFTS, LATER), 2021, PLACES).values("JPN", ASK)["gave-to-state"] > 0


def test_a_future_gift_changes_no_example_of_an_earlier_year() -> None:
    rows, gave = examples(GIFTS, PLACES)
    more_rows, more_gave = examples((*GIFTS, LATER), PLACES)
    assert more_rows[: len(rows)] == rows and more_gave[: len(gave)] == gave
    # The year it opens is read from what came before: its donor had never given to Cambodia.
    new = dict(zip(History(GIFTS, 2020, PLACES).donors, more_rows[len(rows) :], strict=True))
    assert new["JPN"][TAUGHT.index("gave-to-state")] == 0


def test_only_years_with_a_complete_list_teach() -> None:
    found = complete_lists(GIFTS)
    assert (2019, "KHM") in found
    assert (2018, "MMR") not in found
    mixed = (Gift("a", "NOR", "KHM", 2019, 1.0, (), True), Gift("b", "JPN", "KHM", 2019, 1.0, (), False))
    assert complete_lists(mixed) == {}


def test_who_only_announced_did_not_give() -> None:
    announced = (replace(GIFTS[0], ref="a", stage="announced"), replace(GIFTS[0], ref="b", donor="JPN"))
    assert complete_lists(announced) == {(2017, "KHM"): frozenset({"JPN"})}


def test_nothing_to_learn_from_leaves_the_priors() -> None:
    assert learn((), {}) == prior_weights()
    assert learn([replace(gift, list_complete=False) for gift in GIFTS], PLACES) == prior_weights()


def test_data_move_points_between_the_taught_terms_only() -> None:
    prior, learned = prior_weights(), learn(loyal(), {})
    stays, spreads = ("gave-to-state", "gave-regularly"), ("donor-breadth", "donor-budget")
    assert sum(learned[key] for key in stays) > sum(prior[key] for key in stays)
    assert all(learned[key] < prior[key] for key in spreads)
    assert all(weight >= 0 for weight in learned.values())
    assert abs(sum(learned[key] for key in TAUGHT) - sum(prior[key] for key in TAUGHT)) < 0.01
    assert {key: learned[key] for key in prior if key not in TAUGHT} == {
        key: prior[key] for key in prior if key not in TAUGHT
    }


def test_few_data_move_less_than_many() -> None:
    def distance(gifts: list[Gift]) -> float:
        learned = learn(gifts, {})
        return sum(abs(learned[key] - prior) for key, prior in prior_weights().items())

    assert 0 < distance(loyal(2, range(2018, 2020))) < distance(loyal())


def test_data_that_contradict_every_prior_leave_them_as_they_are() -> None:
    # Every donor leaves for a new State each year: having given before speaks against giving again.
    years = range(2010, 2019)
    fickle = [
        Gift(f"F{d}-{y}", f"D{d}", f"S{(d + y) % 10}", y, 1e6, (), True) for d in range(4) for y in years
    ]
    assert learn(fickle, {}) == prior_weights()


def test_a_reason_never_turns_into_a_brake(monkeypatch: pytest.MonkeyPatch) -> None:
    # Broad donors that never come back, and single gifts that are never repeated, with the hold of the
    # priors let go: only how widely a donor gives still speaks for a gift.
    monkeypatch.setattr(learning, "RIDGE", 1_000.0)
    turns = [(donor, year, turn) for donor in range(3) for year in range(2008, 2019) for turn in range(3)]
    gifts = [
        Gift(f"W{d}-{y}-{k}", f"W{d}", f"S{(3 * y + d + k) % 40}", y, 1e6, (), True) for d, y, k in turns
    ]
    gifts += [Gift(f"N{i}", f"N{i}", f"S{i}", 2008, 1e6, (), True) for i in range(40)]
    weights = learn(gifts, {})
    assert weights["gave-to-state"] == 0
    assert weights["donor-breadth"] + weights["donor-budget"] > 17  # their priors
    assert abs(sum(weights[key] for key in TAUGHT) - sum(prior_weights()[key] for key in TAUGHT)) < 0.01
