"""Headings in any order and language, with their units; questions where two columns could be one."""

from __future__ import annotations

import pytest

from partnerships.exchange import columns
from partnerships.exchange.columns import BadMapping, Column
from partnerships.exchange.headings import FIELDS, LANGUAGES, OWN


@pytest.mark.parametrize("what", ["needs", "offers"])
def test_every_heading_of_our_own_template_is_known_in_every_language(what):
    for place, _language in enumerate(LANGUAGES):
        headings = [OWN[name][place] for name in FIELDS[what]]
        found = columns.guess(headings, what)
        assert [found.columns[at].field for at in range(len(headings))] == list(FIELDS[what]), found


@pytest.mark.parametrize(("heading", "column"), [
    ("requirements_usd", Column("amount", None, "USD")), ("Amount (EUR)", Column("amount", None, "EUR")),
    ("USD '000", Column("amount", None, "USD", 1000)), ("Amount in thousands of USD", Column("amount", None, "USD", 1000)),
    ("Montant requis (en milliers)", Column("amount", None, "", 1000)), ("Amount 2028", Column("amount", 2028)),
    ("national share 2028", Column("national_share", 2028)), ("PAÍS", Column("country")), ("country_iso3", Column("country")),
    ("from_year", Column("first_year")), ("المبلغ المطلوب", Column("amount")), ("Год", Column("year")),
    ("所需金额", Column("amount")),
    ("of_which_national", Column("national_share")), ("source_url", Column("source")),
    ("funding_usd", None), ("percent_funded", None), ("Year 2028", None), ("", None)])
def test_what_a_heading_says(heading, column):
    assert columns.recognise(heading, "needs") == column


def test_two_columns_for_one_field_are_a_question():
    found = columns.guess(["State", "Amount", "Budget", "plan_id", "plan_code", "colour"], "needs")
    assert found.of("amount") == [] and "Amount, Budget" in found.questions[0]
    assert found.of("external_id") == [3, 4] and found.notes == ["Not read: colour."]
    put_right = columns.chosen(["State", "Amount", "Budget"], {"amount": "Budget"}, "needs")
    assert put_right.of("amount") == [2] and not put_right.questions


def test_a_mapping_may_be_given_either_way_round():
    headings = ["Land", "Summe EUR", "Jahr"]
    one = columns.chosen(headings, {"country": "Land", "amount": "Summe EUR", "year": "Jahr"}, "needs")
    other = columns.chosen(headings, {"Land": "country", "Summe EUR": "amount", "Jahr": "year"}, "needs")
    assert one.columns == other.columns == {0: Column("country"), 1: Column("amount", None, "EUR"), 2: Column("year")}
    left_out = columns.chosen(["State", "Amount"], {"Amount": ""}, "needs")
    assert left_out.of("amount") == [] and left_out.notes == ["Not read: Amount."]


@pytest.mark.parametrize("given", [{"country": "Nowhere"}, {"colour": "Land"}, {"country": 5}, {5: "x"}])
def test_a_mapping_that_does_not_fit_is_refused_in_words(given):
    with pytest.raises(BadMapping):
        columns.chosen(["Land"], given, "needs")


def test_headings_may_stand_below_a_title():
    from partnerships.exchange.reading import Cell
    lines = [(1, [Cell("text", "Needs of Chad")]), (3, [Cell("text", "State"), Cell("text", "Year")]), (4, [Cell("text", "TCD")])]
    assert columns.heading_row(lines, "needs") == 1
