"""Reading what people type: amounts, text, addresses to go on to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.core.forms import parse_amount
from partnerships.core.text import clean, one_line
from partnerships.core.web import own_path


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("2100000", "2100000"),
        ("2 100 000", "2100000"),
        ("2,100,000", "2100000"),
        ("2\u202f100\u202f000.50", "2100000.50"),
        ("1,000.5", "1000.5"),
        ("٢١٠٠٠٠٠", "2100000"),
        ("۱۲۳٫۵", "123.5"),
        ("1'000", "1000"),
        ("−5", "-5"),
        ("1500.25", "1500.25"),
    ],
)
def test_amounts_in_many_hands(typed, amount):
    assert parse_amount(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed", ["", "a lot", "1,5", "1.2345", "1.000.000,50", "1e9", "NaN", "Infinity", "--3", "12,34,567", "½", "²"]
)
def test_ambiguous_amounts_are_refused(typed):
    with pytest.raises(ValueError, match="Write the amount"):
        parse_amount(typed)


@given(st.decimals(min_value=0, max_value=10**11, places=2))
def test_what_is_written_is_read(amount):
    assert parse_amount(f"{amount:,f}") == amount


@given(st.text())
def test_any_text_is_an_amount_or_refused_with_words(typed):
    try:
        assert isinstance(parse_amount(typed), Decimal)
    except ValueError as error:
        assert "Write the amount" in str(error)


@given(st.text())
def test_cleaned_text_has_no_marks_that_mislead_and_is_stable(text):
    cleaned = clean(text) or ""
    assert not set(cleaned) & set("\x00\x07\x1b\u202a\u202e\u2066\u2069")
    assert clean(cleaned) == cleaned
    assert "\n" not in (one_line(text) or "")


def test_right_to_left_text_is_kept():
    assert clean("  دعم مراكز الأطراف الصناعية ") == "دعم مراكز الأطراف الصناعية"


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/needs/?page=2", True),
        ("/", True),
        ("//evil.example", False),
        ("https://evil.example", False),
        ("javascript:alert(1)", False),
        ("/\\evil.example", False),
        ("/a\nb", False),
        ("", False),
        (None, False),
        ("needs", False),
    ],
)
def test_goes_on_to_this_site_only(target, kept):
    assert (own_path(target) == target) is kept or target in ("", None)
    assert bool(own_path(target)) is kept
