"""Training as data: the shipped file, its card, and what is refused."""

import json
from dataclasses import replace
from datetime import date

import pytest

from partnerships.matching import Gift, training
from partnerships.matching.card import card
from partnerships.matching.feedback import Answer
from partnerships.matching.training import from_json, to_json, train
from partnerships.matching.weights import SHIPPED, Weights, checked, prior_weights, shipped
from partnerships.settings import ROOT

from .world import GIFTS, TODAY

ANSWERS = [Answer({"offer-fits": 1.0}, "agreed" if n % 3 else "declined", f"P{n % 5}", f"A{n}") for n in range(40)]


def test_the_shipped_weights_load_and_the_card_is_what_they_say() -> None:
    trained = from_json(SHIPPED.read_text(encoding="utf-8"))
    assert shipped() == Weights.of(trained.weights)
    assert shipped().version == trained.version
    assert (ROOT / "docs" / "model-card.md").read_text(encoding="utf-8") == card(trained)
    assert trained.priors == prior_weights(), "the priors changed: run flask matching train"


def test_the_shipped_weights_are_what_the_seed_teaches() -> None:
    from partnerships.cli.backtest import places
    from partnerships.cli.matching import seed_gifts

    written = from_json(SHIPPED.read_text(encoding="utf-8"))
    again = train(seed_gifts(), places(), today=written.trained_on)
    assert again.weights == pytest.approx(written.weights, abs=0.01)
    assert again.data == written.data
    assert again.metrics["n"] == 46
    assert again.metrics["rankings"]["engine"]["map"] == pytest.approx(written.metrics["rankings"]["engine"]["map"], abs=1e-3)
    assert again.metrics["rankings"]["engine"]["cold_map"] >= 0.46


def test_what_is_written_is_read_again_and_the_order_of_gifts_leaves_no_trace() -> None:
    trained = train(GIFTS, {}, today=TODAY, answers=ANSWERS)
    assert from_json(to_json(trained)) == trained
    assert to_json(train(tuple(reversed(GIFTS)), {}, today=TODAY, answers=ANSWERS[::-1])) == to_json(trained)
    later = replace(GIFTS[0], ref="G99", year=TODAY.year + 1)
    assert to_json(train((*GIFTS, later), {}, today=TODAY, answers=ANSWERS)) == to_json(trained)
    assert trained.data["answers"] == 40 and trained.data["answers_counted"]
    assert trained.weights["offer-fits"] != prior_weights()["offer-fits"]


def test_another_gift_is_another_training_set() -> None:
    digest = train(GIFTS, {}, today=TODAY).data["digest"]
    assert train(GIFTS[1:], {}, today=TODAY).data["digest"] != digest


@pytest.mark.parametrize("gifts", [(), GIFTS[:1]])
def test_too_little_to_measure_leaves_the_priors_and_says_so(gifts: tuple[Gift, ...]) -> None:
    trained = train(gifts, {}, today=TODAY)
    assert trained.weights == prior_weights() and trained.metrics == {}
    assert "Not measured" in card(trained)
    assert from_json(to_json(trained)) == trained


def test_the_card_names_every_term_every_baseline_and_the_interval() -> None:
    words = card(from_json(SHIPPED.read_text(encoding="utf-8")))
    assert all(f"| {key} |" in words for key in prior_weights())
    assert words.count("95 % interval") == 2
    assert all(name in words for name in ("random order", "popularity", "gave to this State before", "log amount"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"charm": 1.0}, "no term called charm"),
        ({"offer-fits": None}, "offer-fits must be a number"),
        ({"offer-fits": float("nan")}, "offer-fits must be a number of zero or more"),
        ({"offer-fits": float("inf")}, "offer-fits must be a number of zero or more"),
        ({"offer-fits": -1.0}, "offer-fits must be a number of zero or more"),
        ({"offer-fits": True}, "offer-fits must be a number"),
        (dict.fromkeys(prior_weights(), 0.0), "Every weight is zero"),
    ],
)
def test_weights_that_make_no_sense_are_refused(change: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        checked({**prior_weights(), **change})
    whole = json.loads(to_json(train((), {}, today=TODAY)))
    for key, value in change.items():
        whole["terms"][key] = {"prior": 1.0, "points": value}
    with pytest.raises(ValueError, match=words):
        from_json(json.dumps(whole))


def test_a_missing_weight_is_refused() -> None:
    points = prior_weights()
    del points["language"]
    with pytest.raises(ValueError, match="term language is missing"):
        checked(points)


def test_other_files_are_refused() -> None:
    whole = json.loads(to_json(train((), {}, today=TODAY)))
    edited = {**whole, "terms": {**whole["terms"], "language": {"prior": 3.0, "points": 9.0}}}
    for text, words in (
        ("", "no JSON"),
        ("[]", f"not in format {training.FORMAT}"),
        (json.dumps({**whole, "format": 99}), "not in format"),
        (json.dumps({**whole, "terms": [1]}), "damaged"),
        (json.dumps({**whole, "trained_on": None}), "damaged"),
        (json.dumps({key: value for key, value in whole.items() if key != "data"}), "damaged"),
        (json.dumps(edited), "was changed"),
    ):
        with pytest.raises(ValueError, match=words):
            from_json(text)


def test_the_date_is_all_that_differs_between_two_days() -> None:
    one, other = (to_json(train(GIFTS, {}, today=date(2021, 1, day))) for day in (1, 2))
    assert one.replace("2021-01-01", "2021-01-02") == other != one
