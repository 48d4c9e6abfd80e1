"""The rules' arithmetic: what answers teach, urgency, the last yearly report, bounds, the ages of the whole desk."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.desk.whole import AGES, age, fits
from partnerships.followups.rules.learning import CREDIT, rising, weight
from partnerships.followups.rules.of_states import last_report
from partnerships.followups.rules.table import RULES, setting
from partnerships.followups.states import Dismissal, Reason

TODAY = date(2026, 11, 26)
ANSWERS = st.dictionaries(st.sampled_from(sorted(CREDIT)), st.integers(0, 1000))


def test_every_answer_has_its_credit():
    assert set(CREDIT) == {"taken", *(one.value for one in Dismissal)}


def test_a_rule_without_answers_stands_at_one_half_and_learns_slowly():
    assert weight({}) == 0.5
    assert weight({"taken": 1}) == pytest.approx(0.6)
    assert weight({"not-useful": 1}) == pytest.approx(0.4)
    assert weight({"not-now": 7}) == weight({"already-done": 3}) == 0.5
    assert weight({"taken": 6, "wrong-partner": 2}) == pytest.approx(8 / 12)


@given(ANSWERS)
def test_taking_raises_a_weight_and_refusing_lowers_it(answers):
    before = weight(answers)
    assert 0 < before < 1
    assert weight({**answers, "taken": answers.get("taken", 0) + 1}) > before
    assert weight({**answers, "not-useful": answers.get("not-useful", 0) + 1}) < before


def test_urgency_rises_to_one():
    assert [rising(value, 100) for value in (-5, 5, 50, 100, 900)] == [0.1, 0.1, 0.5, 1.0, 1.0]
    assert rising(3, 0) == 1.0


@pytest.mark.parametrize(("today", "days", "since"), [
    (date(2026, 11, 26), 60, date(2026, 4, 30)), (date(2026, 5, 10), 60, date(2025, 4, 30)),
    (date(2026, 6, 29), 60, date(2026, 4, 30)), (date(2026, 6, 28), 60, date(2025, 4, 30)),
    (date(2026, 2, 28), 300, date(2025, 4, 30)), (date(2026, 1, 1), 300, date(2024, 4, 30))])
def test_the_last_report(today, days, since):
    assert last_report(today, days) == since


def test_a_rule_follows_what_was_set_within_its_bounds():
    rule = RULES[Reason.NO_CONTACT]
    assert setting(rule, None) == (True, 30)
    assert setting(rule, SimpleNamespace(enabled=False, number=90)) == (False, 90)
    assert setting(rule, SimpleNamespace(enabled=True, number=10**6)) == (True, rule.most)
    assert all(one.least <= one.default <= one.most and one.least >= 1 for one in RULES.values())
    assert set(Reason) - RULES.keys() == {Reason.MEETING_ACTION, Reason.OWN}


def test_ages_of_the_whole_desk():
    ages = {days: age(TODAY + timedelta(days=days), TODAY) for days in (-31, -30, -1, 0, 14, 15)}
    assert ages == {-31: "long-overdue", -30: "overdue", -1: "overdue", 0: "soon", 14: "soon", 15: "later"}
    assert age(None, TODAY) == "later" and set(ages.values()) == set(AGES)
    line = SimpleNamespace(kind="match", owner=SimpleNamespace(ref="NOR"), age="soon", about=None)
    assert fits(line, {"kind": "match", "owner": "NOR", "age": "", "about": ""})
    assert not fits(line, {"kind": "", "owner": "", "age": "", "about": "KHM"})
