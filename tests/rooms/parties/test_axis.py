"""The time axis of deadlines: every mark inside, in order, none over another."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from partnerships.parties.axis import MARGIN, NEAR, STEP, WIDTH, axis

TODAY = date(2026, 11, 21)
DAYS = st.lists(st.dates(date(1999, 3, 1), date(2060, 12, 31)), min_size=1, max_size=12)


def test_nothing_to_draw():
    assert axis([], TODAY) is None


@given(DAYS, st.booleans())
def test_marks_keep_order_and_distance(days, rtl):
    found = axis(list(enumerate(sorted(days), start=1)), TODAY, rtl)
    places = [mark.x for mark in found.marks]
    assert places == sorted(places, reverse=rtl)
    assert all(MARGIN <= x <= WIDTH - MARGIN for x in [*places, found.today_x])
    assert all(0 < mark.y <= found.base for mark in found.marks)
    for one in found.marks:
        for other in found.marks:
            if one is not other and abs(one.x - other.x) < NEAR:
                assert abs(one.y - other.y) >= STEP


@given(DAYS)
def test_what_has_passed_stands_before_today(days):
    found = axis(list(enumerate(sorted(days), start=1)), TODAY)
    assert all((mark.x < found.today_x) == mark.passed or mark.x == found.today_x for mark in found.marks)


@given(DAYS, st.booleans(), st.integers(1, 3))
def test_extensions_lead_from_mark_to_mark_through_no_other(days, rtl, chains):
    """Deadlines of up to three articles: number n moves number n - chains."""
    numbered = list(enumerate(sorted(days), start=1))
    moved = {number: number - chains for number, _day in numbered if number > chains}
    found = axis(numbered, TODAY, rtl, moved)
    at = {mark.number: mark for mark in found.marks}
    assert {span.number: (span.x1, span.x2, span.y) for span in found.spans} == {
        new: (at[old].x, at[new].x, at[new].y) for new, old in moved.items()}
    for span in found.spans:
        assert span.days >= 0 and span.passed == at[span.number].passed
        low, high = sorted((span.x1, span.x2))
        for mark in found.marks:
            if mark.number not in (span.number, moved[span.number]) and mark.y == span.y:
                assert not low - NEAR < mark.x < high + NEAR or abs(mark.x - low) >= NEAR <= abs(mark.x - high)
    for one in found.marks:
        for other in found.marks:
            if one is not other and abs(one.x - other.x) < NEAR:
                assert abs(one.y - other.y) >= STEP
