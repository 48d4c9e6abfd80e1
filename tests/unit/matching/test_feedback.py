"""Answers move the weights a little, and nobody alone moves them far."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.matching import feedback
from partnerships.matching.feedback import Answer, example_weights, moved
from partnerships.matching.weights import BRAKES, prior_weights

WEIGHTS = prior_weights()
BRAKE_KEYS = {brake.key for brake in BRAKES}


def answer(number: int, verdict: str, **values: float) -> Answer:
    return Answer({key.replace("_", "-"): value for key, value in values.items()}, verdict,
                  f"P{number % 6}", f"A{number % 12}")  # fmt: skip


def crowd(n: int = 60) -> list[Answer]:
    """Six parties that agree where an offer fits, and decline where only the past speaks."""
    return [answer(i, "agreed", offer_fits=1.0) if i % 2 else answer(i // 2, "declined", gave_regularly=0.8) for i in range(n)]


def distance(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(abs(one[key] - other[key]) for key in one)


def test_no_answers_no_change() -> None:
    assert moved(WEIGHTS, ()) == WEIGHTS


def test_answers_move_the_terms_they_speak_for() -> None:
    after = moved(WEIGHTS, crowd())
    assert after["offer-fits"] > WEIGHTS["offer-fits"]
    assert after["gave-regularly"] < WEIGHTS["gave-regularly"]
    assert distance(moved(WEIGHTS, crowd(20)), WEIGHTS) < distance(after, WEIGHTS)


def test_a_brake_that_people_overrule_grows_lighter() -> None:
    said = [answer(i, "agreed" if i % 2 else "declined", offer_fits=0.5, outside_themes=-(i % 2)) for i in range(60)]
    assert moved(WEIGHTS, said)["outside-themes"] < WEIGHTS["outside-themes"]


def test_too_few_answers_or_parties_move_nothing() -> None:
    assert moved(WEIGHTS, crowd(19)) == WEIGHTS
    assert moved(WEIGHTS, crowd(20)) != WEIGHTS
    two = [replace(one, party=f"P{number % 2}") for number, one in enumerate(crowd(200))]
    assert moved(WEIGHTS, two) == WEIGHTS


def test_what_an_account_and_a_party_say_in_all_is_capped() -> None:
    loud = [answer(0, "declined", language=1.0)] * 500
    assert sum(example_weights(loud)) == pytest.approx(feedback.ACCOUNT_CAP)
    party = [replace(loud[0], account=f"A{number}") for number in range(500)]
    assert sum(example_weights(party)) == pytest.approx(feedback.PARTY_CAP)
    quiet = example_weights([*loud, answer(1, "interest"), answer(2, "not-relevant")])
    assert quiet[-2:] == [0.6, 0.4]


def test_a_loud_account_moves_no_more_with_500_answers_than_with_three() -> None:
    def heard(times: int) -> dict[str, float]:
        return moved(WEIGHTS, [*crowd(), *[Answer({"offer-fits": 1.0}, "declined", "LOUD", "one")] * times])

    assert heard(500) == heard(5_000) == heard(3)
    assert distance(heard(500), heard(0)) < distance(heard(0), WEIGHTS)


values = st.dictionaries(st.sampled_from(sorted(WEIGHTS)), st.floats(-1, 1), max_size=6)
answers = st.lists(
    st.builds(Answer, values, st.sampled_from(sorted(feedback.VERDICTS)), st.sampled_from("PQRS"), st.sampled_from("abcdef")),
    min_size=15, max_size=40,
)  # fmt: skip


@settings(max_examples=40, deadline=None, derandomize=True)
@given(answers, st.randoms(use_true_random=False))
def test_order_leaves_no_trace_limits_hold_and_the_sum_stays(said: list[Answer], shuffle: random.Random) -> None:
    after = moved(WEIGHTS, said)
    assert moved(WEIGHTS, shuffle.sample(said, len(said))) == after
    for key, before in WEIGHTS.items():
        assert 0.5 * before - 0.001 <= after[key] <= 2 * before + 0.001
    assert sum(after[key] for key in WEIGHTS if key not in BRAKE_KEYS) == pytest.approx(100, abs=0.02)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(values, st.sampled_from(sorted(feedback.VERDICTS)))
def test_nobody_alone_moves_a_crowd_far(loud: dict[str, float], verdict: str) -> None:
    before = moved(WEIGHTS, crowd())
    after = moved(WEIGHTS, [*crowd(), *[Answer(loud, verdict, "LOUD", "one")] * 50])
    assert all(abs(after[key] - before[key]) < 0.07 * WEIGHTS[key] for key in WEIGHTS)


def test_a_weight_of_zero_stays_zero() -> None:
    without = {**WEIGHTS, "language": 0.0}
    assert moved(without, crowd())["language"] == 0.0


@pytest.mark.parametrize(
    ("given_values", "verdict", "words"),
    [
        ({"offer-fits": 1.0}, "perhaps", "not perhaps"),
        ({"charm": 1.0}, "agreed", "no term called charm"),
        ({"offer-fits": float("nan")}, "agreed", "between -1 and 1"),
        ({"offer-fits": 2.0}, "agreed", "between -1 and 1"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(given_values: dict[str, float], verdict: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Answer(given_values, verdict, "P", "A")
