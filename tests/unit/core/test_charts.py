"""Charts: the geometry of columns, for tests/unit/core/test_charts.py."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.core.charts import ColumnChart, nice_ticks, stack_by_donor, year_stride


def chart(*series, years=("2018", "2019")):
    return ColumnChart("t", "s", "u", years, series)


@given(st.floats(min_value=1e-6, max_value=1e12))
def test_ticks_start_at_zero_reach_the_maximum_and_stay_few(maximum):
    ticks = nice_ticks(maximum)
    assert ticks[0] == 0 and ticks[-1] >= maximum * (1 - 1e-6) and 2 <= len(ticks) <= 6


@pytest.mark.parametrize("wrong", [-1.0, math.nan, math.inf])
def test_an_axis_refuses_nonsense(wrong):
    with pytest.raises(ValueError, match="maximum"):
        nice_ticks(wrong)


def test_columns_stack_from_the_baseline_without_gap_or_overlap():
    plan = chart(("a", 1, (1.0, 2.0)), ("b", 2, (3.0, 0.0))).plan()
    first = [bar for bar in plan.bars if bar.x == plan.bars[0].x]
    assert [bar.css_index for bar in first] == [1, 2]
    assert first[1].y + first[1].height == pytest.approx(first[0].y, abs=0.02)
    assert len(plan.bars) == 3
    assert plan.bars[1].height == pytest.approx(3 * plan.bars[0].height, abs=0.05)


def test_right_to_left_mirrors_the_years_and_the_axis():
    one = chart(("a", 1, (1.0, 2.0)))
    ltr, rtl = one.plan(), one.plan(rtl=True)
    assert ltr.years[0].at < ltr.years[1].at and rtl.years[0].at > rtl.years[1].at
    assert ltr.axis_at < ltr.left and rtl.axis_at > rtl.right


def test_a_chart_without_data_still_has_an_axis():
    assert ColumnChart("t", "s", "u", (), ()).plan().bars == ()


@pytest.mark.parametrize("values", [(1.0,), (1.0, -2.0), (math.nan, 1.0)])
def test_series_that_cannot_be_stacked_are_refused(values):
    with pytest.raises(ValueError, match="a:"):
        chart(("a", 1, values))


def test_top_donors_and_all_others_keep_the_sum_and_show_empty_years():
    rows = [(2016, name, amount) for name, amount in zip("abcdefg", (7, 6, 5, 4, 3, 2, 1), strict=True)] + [(2018, "a", 1)]
    years, series = stack_by_donor(rows, others="others")
    assert years == ("2016", "2017", "2018")
    assert [label for label, _, _ in series] == ["a", "b", "c", "d", "e", "others"]
    assert series[-1][1] == 6 and series[-1][2] == (3.0, 0.0, 0.0)
    assert sum(math.fsum(values) for _, _, values in series) == pytest.approx(29)


def test_ties_go_by_name_and_no_rows_give_nothing():
    assert [s[0] for s in stack_by_donor([(2018, "b", 1), (2018, "a", 1)], others="o")[1]] == ["a", "b"]
    assert stack_by_donor([], others="o") == ((), ())


def test_many_years_are_named_sparsely_and_the_last_always():
    assert year_stride(14) == 1 and year_stride(15) == 2
    years = tuple(str(year) for year in range(2000, 2020))
    plan = ColumnChart("t", "s", "u", years, (("a", 1, (1.0,) * 20),)).plan()
    assert plan.years[-1].value == "2019" and len(plan.years) == 10
