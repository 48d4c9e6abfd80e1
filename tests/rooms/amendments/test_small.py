"""Which changes are small: plain rules over two contents."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.amendments import small
from partnerships.core.visibility import Visibility

BEFORE: dict[str, Any] = {
    "title": "Clear confirmed hazardous areas in Bavel", "theme": "survey-clearance", "kinds": ["money"],
    "summary": "Clearance of 14 confirmed hazardous areas near villages, so that 1,200 families can farm again and "
               "children can walk to school without fear of mines beside the path.",
    "place": "Battambang", "article": "5", "obligation_id": None, "deadline": "2027-12-31", "currency": "USD",
    "beneficiaries": "", "language": "en", "contact_name": "Mine action authority", "contact_email": "contact@a.example",
    "valid_until": "2027-12-31", "visibility": "parties", "amounts_visibility": "parties", "details_visibility": "parties",
    "excluded_partners": [], "channels": [], "national_note": "", "risks": "", "gender_analysis": "", "sustainability": "",
    "plan_title": "", "plan_year": 2025, "plan_url": "",
    "amounts": [{"first_year": 2027, "last_year": 2027, "amount": "1000000", "national_share": "0"}],
    "work": [], "people": [], "costs": [], "covered": [], "programme": [],
}
# What a partner decides by. A change of any of these is never small, whatever else changes with it.
WEIGHTY: dict[str, st.SearchStrategy[Any]] = {
    "amounts": st.integers(0, 10**9).map(lambda amount: [
        {"first_year": 2027, "last_year": 2027, "amount": str(amount), "national_share": "0"}]),
    "deadline": st.dates().map(str), "valid_until": st.dates().map(str), "theme": st.sampled_from(["risk-education", None]),
    "kinds": st.lists(st.sampled_from(["money", "training"]), unique=True), "plan_year": st.integers(1997, 2100),
    "currency": st.sampled_from(["EUR", "CHF"]), "plan_url": st.just("https://plan.example/"), "language": st.just("fr"),
    **dict.fromkeys(("visibility", "amounts_visibility", "details_visibility"), st.sampled_from([one.value for one in Visibility])),
    "excluded_partners": st.just(["NOR"]), "channels": st.just(["un"]), "article": st.just("6.3"),
    "people": st.just([{"reached": "survivors", "sex": "all", "age": "all", "disability": "all", "number": 20}]),
    "costs": st.just([{"year": 2027, "kind": "staff", "amount": "1", "note": ""}]),
    "covered": st.just([{"by_whom": "x", "year": None, "amount": "1", "note": ""}]),
    "programme": st.just([{"part": "a", "text": "x"}]),
    "work": st.just([{"year": 2027, "area": "x", "contamination": [], "suspected_m2": 1, "confirmed_m2": 0,
                      "cancelled_m2": 0, "reduced_m2": 0, "cleared_m2": 0}]),
}


def changed(**values: Any) -> dict[str, Any]:
    return {**BEFORE, **values}


def typo() -> str:
    return BEFORE["summary"].replace("villages", "vilages")


def test_a_new_contact_is_small_and_nothing_else_is_in_it():
    assert small.only_contact(BEFORE, changed(contact_name="Another office"))
    assert small.only_contact(BEFORE, {"contact_email": "other@a.example"})
    assert small.is_small(BEFORE, {"contact_email": "other@a.example"})
    assert not small.only_contact(BEFORE, changed(contact_name="Another office", place="Pailin"))


def test_nothing_is_no_small_change():
    assert not small.only_contact(BEFORE, BEFORE)
    assert not small.only_texts(BEFORE, BEFORE)
    assert not small.is_small(BEFORE, BEFORE)


def test_a_slip_of_the_pen_is_small_with_or_without_a_contact():
    assert small.is_small(BEFORE, changed(summary=typo()))
    assert small.is_small(BEFORE, {"summary": typo()})
    assert small.is_small(BEFORE, changed(summary=typo(), contact_name="Another office"))
    assert not small.only_contact(BEFORE, changed(summary=typo()))


def test_another_text_is_not_small():
    assert not small.is_small(BEFORE, changed(summary="Something else altogether, with 14 areas and 1,200 families."))
    assert not small.is_small(BEFORE, changed(risks="The rains may come early."))
    assert not small.is_small(BEFORE, changed(place=""))


@pytest.mark.parametrize("summary", [BEFORE["summary"].replace("14", "15"), BEFORE["summary"].replace("1,200", "1,20"),
                                     BEFORE["summary"] + " 7", BEFORE["summary"].replace("14", "\u0661\u0665")])
def test_another_figure_in_a_text_is_never_small(summary):
    assert small.nearly_same(BEFORE["summary"], summary)
    assert not small.is_small(BEFORE, changed(summary=summary))


def test_the_same_figure_in_another_script_is_the_same_figure():
    assert small.same_numbers("14 areas", "\u0661\u0664 areas")


@given(st.data())
def test_what_a_partner_decides_by_is_never_small(data):
    key = data.draw(st.sampled_from(sorted(WEIGHTY)))
    value = data.draw(WEIGHTY[key].filter(lambda one: one != BEFORE[key]))
    beside = data.draw(st.sampled_from([{}, {"summary": typo()}, {"contact_name": "Another office"}]))
    assert not small.is_small(BEFORE, changed(**{key: value}, **beside)), key
    assert not small.only_contact(BEFORE, changed(**{key: value}, **beside)), key


@given(st.sampled_from(small.TEXTS), st.text(max_size=300), st.text(max_size=300))
def test_a_small_text_keeps_its_figures_and_its_length(key, old, new):
    if small.is_small({**BEFORE, key: old}, {key: new}):
        assert small.digits(old) == small.digits(new)
        assert abs(len(old) - len(new)) <= 0.11 * (len(old) + len(new))
