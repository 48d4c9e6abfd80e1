"""What differs between two texts and between two tables."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from partnerships.amendments.diff import ADDED, CHANGED, REMOVED, SAME, Line, Piece, rows, side, whole, words

TEXTS = st.text(st.sampled_from("abc \n,1\u0661"), max_size=60)


def joined(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def test_words_that_came_and_went():
    assert words("Clear the old mined area", "Clear the whole mined area") == [
        Piece(SAME, "Clear the "), Piece(REMOVED, "old "), Piece(ADDED, "whole "), Piece(SAME, "mined area")]
    assert words("same", "same") == [Piece(SAME, "same")]
    assert words("", "new words") == [Piece(ADDED, "new words")]
    assert words("", "") == []


def test_a_text_written_anew_is_shown_whole():
    assert words("one two three the end", "completely other words in the") == [
        Piece(REMOVED, "one two three the end"), Piece(ADDED, "completely other words in the")]


@given(TEXTS, TEXTS)
def test_each_side_is_the_whole_text(old, new):
    for found in (words(old, new), whole(old, new)):
        assert joined(side(found, REMOVED)) == old
        assert joined(side(found, ADDED)) == new


def test_long_texts_that_repeat_themselves_are_compared_too():
    old, new = "mine area " * 2000, "area mine " * 2000
    found = words(old, new)
    assert joined(side(found, REMOVED)) == old and joined(side(found, ADDED)) == new


def test_lines_are_matched_by_what_they_are_about():
    before = [Line(2027, ("2027", "100")), Line(2028, ("2028", "200")), Line(2029, ("2029", "50"))]
    after = [Line(2028, ("2028", "250")), Line(2029, ("2029", "50")), Line(2030, ("2030", "75"))]
    found = rows(before, after, [False, False])
    assert [row.mark for row in found] == [REMOVED, CHANGED, SAME, ADDED]
    assert found[1].cells[1] == (Piece(REMOVED, "200"), Piece(ADDED, "250"))


def test_two_lines_about_the_same_stay_two():
    before = [Line("x", ("x", "1")), Line("x", ("x", "2"))]
    assert [row.mark for row in rows(before, before, [False, False])] == [SAME, SAME]
    assert [row.mark for row in rows(before, before[:1], [False, False])] == [SAME, REMOVED]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2))), st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2))))
def test_no_line_is_lost(old, new):
    before, after = ([Line(key, (str(key), str(value))) for key, value in side] for side in (old, new))
    found = rows(before, after, [False, False])
    marks = [row.mark for row in found]
    assert len(before) == len(found) - marks.count(ADDED)
    assert len(after) == len(found) - marks.count(REMOVED)
