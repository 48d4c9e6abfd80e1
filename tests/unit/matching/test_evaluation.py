"""The back-test: its measures by hand, no leakage, and the published figures on the real records."""

import json
import random
from collections.abc import Iterable
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from partnerships.matching import Gift, evaluation
from partnerships.matching.evaluation import average_precision, backtest, read_gifts, top_five
from partnerships.settings import ROOT

REAL = ROOT.parent / "shared" / "data" / "funding_history_2009_2019.csv"
needs_real = pytest.mark.skipif(not REAL.exists(), reason="../shared with the real records is not there")


def gift(year: int, donor: str, recipient: str = "KHM", usd: float = 1e6, complete: bool = True) -> Gift:
    return Gift(f"{year}{donor}{recipient}", donor, recipient, year, usd, (), complete)


def small_world(years: Iterable[int] = range(2012, 2019)) -> list[Gift]:
    chance = random.Random(3)
    return [
        gift(year, donor, recipient, chance.uniform(1e4, 1e7))
        for year in years for recipient in ("KHM", "COL", "AGO") for donor in ("AUS", "DEU", "JPN", "NOR", "USA")
        if chance.random() < 0.5
    ]  # fmt: skip


def dumped(report: dict) -> str:
    return json.dumps(report, indent=1)


def test_average_precision_by_hand() -> None:
    assert average_precision([True, False, True]) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([False, False, True]) == pytest.approx(1 / 3)
    assert average_precision([True, True, False]) == 1
    assert average_precision([False]) == 0


def test_the_top_five_are_counted_over_what_could_be_there() -> None:
    assert top_five([True, False, False, False, False, True]) == 0.5
    assert top_five([True] * 6) == 1
    assert top_five([False, True]) == 1
    assert top_five([False] * 3) == 0


@pytest.mark.parametrize(("n", "hits"), [(1, 1), (4, 1), (5, 2), (7, 3), (7, 7)])
def test_random_order_is_the_mean_over_all_orders(n: int, hits: int) -> None:
    orders = list(permutations([True] * hits + [False] * (n - hits)))
    for closed, measure in (
        (evaluation.random_precision, average_precision),
        (evaluation.random_top_five, top_five),
    ):
        assert closed(n, hits) == pytest.approx(sum(measure(order) for order in orders) / len(orders))


def test_candidates_cold_pairs_and_ties_by_reference() -> None:
    gifts = [gift(2010, "NOR"), gift(2010, "JPN", "COL"), gift(2010, "DEU", "COL"), gift(2011, "NOR"), gift(2011, "NEW")]
    report = backtest(gifts, gifts, {}, years=[2011])
    assert report["engine"]["n"] == 1
    popularity = report["popularity"]["per_recipient_year"][0]
    # DEU, JPN and NOR are equally popular, and NEW is unknown: the order is DEU, JPN, NOR, NEW.
    assert popularity["ap"] == pytest.approx((1 / 3 + 2 / 4) / 2, abs=1e-6)
    assert popularity["cold_ap"] == pytest.approx(1 / 3, abs=1e-6)  # NOR gave before, so DEU, JPN, NEW
    assert report["previous"]["per_recipient_year"][0]["ap"] == pytest.approx((1 + 2 / 4) / 2, abs=1e-6)
    assert report["random"]["per_recipient_year"][0]["cold_ap"] == pytest.approx((1 + 1 / 2 + 1 / 3) / 3, abs=1e-6)


def test_faded_amounts_rank_by_the_state_and_then_by_all() -> None:
    gifts = [gift(2010, "AUS", usd=10.0), gift(2010, "JPN", "COL", 9e6), gift(2010, "NOR", "COL", 9e5), gift(2011, "JPN")]
    row = backtest(gifts, gifts, {}, years=[2011])["decayed"]["per_recipient_year"][0]
    assert (row["ap"], row["cold_ap"]) == (0.5, 1.0)  # AUS, JPN, NOR; without AUS: JPN, NOR


def test_no_first_gift_means_no_cold_measure() -> None:
    gifts = [gift(2010, "NOR"), gift(2010, "JPN", "COL"), gift(2011, "NOR")]
    report = backtest(gifts, gifts, {})
    assert report["engine"]["cold_map"] is None and report["engine"]["n_cold"] == 0
    assert set(report["engine"]["difference"]) == {"map"}


def test_a_list_that_is_not_complete_is_not_ranked() -> None:
    gifts = [gift(2010, "NOR"), gift(2011, "NOR", complete=False), gift(2010, "JPN", "COL")]
    with pytest.raises(ValueError, match="No recipient and year can be ranked"):
        backtest(gifts, gifts, {})


def test_a_future_gift_changes_nothing_wherever_it_is_planted() -> None:
    world = small_world()
    before = dumped(backtest(world, world, {}, years=[2016, 2017]))
    for planted in (
        gift(2018, "FUT", "KHM", 9e9), gift(2018, "NOR", "AGO", 9e9, complete=False), gift(2030, "AUS", "COL", 9e9),
    ):  # fmt: skip
        assert dumped(backtest([*world, planted], world, {}, years=[2016, 2017])) == before
        assert dumped(backtest(world, [*world, planted], {}, years=[2016, 2017])) == before


def test_a_gift_of_the_ranked_year_to_another_state_changes_nothing() -> None:
    world = [one for one in small_world() if (one.recipient, one.year) != ("AGO", 2017)]
    before = backtest(world, world, {}, years=[2017])
    same_year = gift(2017, "AUS", "AGO", 9e9, complete=False)
    assert dumped(backtest([*world, same_year], world, {}, years=[2017])) == dumped(before)


def test_an_earlier_gift_does_change_the_ranking() -> None:
    world = small_world()
    more = [*world, *(gift(2015, donor, "AGO", 9e8, complete=False) for donor in ("NEW", "OLD"))]
    assert dumped(backtest(more, world, {}, years=[2016])) != dumped(backtest(world, world, {}, years=[2016]))


def test_one_file_twice_or_cut_in_two_or_overlapping_is_the_same() -> None:
    world = small_world()
    old, new = [g for g in world if g.year < 2016], [g for g in world if g.year >= 2016]
    whole = dumped(backtest(world, world, {}, years=[2016, 2017, 2018]))
    assert dumped(backtest(old, new, {})) == whole
    assert dumped(backtest([replace(g, ref="x" + g.ref) for g in world], new, {})) == whole
    assert dumped(backtest((), world, {}, years=[2016, 2017, 2018])) == whole


def test_the_interval_is_paired_and_seeded() -> None:
    assert evaluation.difference([0.5, 0.9], [0.4, 0.8]) == {"mean": 0.1, "low": 0.1, "high": 0.1}
    mixed = evaluation.difference([1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 0.0])
    assert mixed == evaluation.difference([1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 0.0])
    assert mixed["low"] < mixed["mean"] == 0.5 < mixed["high"]


HEADER = "year,donor,donor_iso3,recipient,recipient_iso3,amount_usd,donor_list_complete\n"


def test_only_states_and_the_european_union_are_read(tmp_path: Path) -> None:
    file = tmp_path / "h.csv"
    file.write_text(
        HEADER + "2010,European Union,,Chad,TCD,,yes\n2010,OFID,,Chad,TCD,5,yes\n2010,Norway,NOR,Elsewhere,,5,yes\n"
        "2010,Norway,NOR,Chad,TCD,5.5,no\n", encoding="utf-8")
    assert [(g.donor, g.recipient, g.amount_usd, g.list_complete) for g in read_gifts(file)] == [
        ("EU", "TCD", None, True), ("NOR", "TCD", 5.5, False)]  # fmt: skip


@needs_real
def test_the_real_records_give_the_published_baselines_and_the_engine_beats_them() -> None:
    from partnerships.cli.backtest import places

    gifts = read_gifts(REAL)
    report = backtest(gifts, gifts, places(), years=range(2014, 2020))
    assert (report["engine"]["n"], report["engine"]["n_cold"]) == (46, 39)
    published = {"random": 0.43, "popularity": 0.69, "previous": 0.76, "decayed": 0.76}
    for name, value in published.items():
        # Random differs most: ours is the exact expectation.
        assert report[name]["map"] == pytest.approx(value, abs=0.045 if name == "random" else 0.02)
    assert report["decayed"]["cold_map"] == pytest.approx(0.40, abs=0.02)
    assert report["decayed"]["p5"] == pytest.approx(0.78, abs=0.01)
    assert report["engine"]["map"] >= 0.79 and report["engine"]["cold_map"] >= 0.46
    for measure in ("map", "cold_map"):
        assert all(report["engine"][measure] > report[name][measure] for name in evaluation.BASELINES)
        assert report["engine"]["difference"][measure]["low"] > 0
