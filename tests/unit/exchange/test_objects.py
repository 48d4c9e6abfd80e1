"""JSON as a table: our own lists and plain arrays; what cannot be one row of plain values is refused in words."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from partnerships.exchange import objects, sources
from partnerships.exchange.models import ImportOf
from partnerships.exchange.reading import Cell, Unreadable


def cells(data: bytes) -> list[list[tuple[str, str]]]:
    return [[(cell.kind, cell.text) for cell in line] for _number, line in sources.read(data, ImportOf.NEEDS).lines]


def test_rows_of_our_own_lists_and_a_plain_array_are_one_table():
    rows = [{"state": "Chad", "asked": 1200000.5, "note": None}, {"state": "Angola", "open": True}]
    plain, own = json.dumps(rows).encode(), json.dumps({"about": "x", "rows": rows}).encode()
    assert cells(plain) == cells(own) == [
        [("text", "state"), ("text", "asked"), ("text", "note"), ("text", "open")],
        [("text", "Chad"), ("number", "1200000.5")], [("text", "Angola"), ("text", ""), ("text", ""), ("text", "true")]]
    sheet = objects.read(own)
    assert sheet.headed and [number for number, _cells in sheet.lines] == [0, 1, 2] and sheet.notes == ["Not read: about."]


def test_numbers_are_exact():
    found = cells(b'[{"a": 0.1000000000000000055, "b": 12345678901234567890.001, "c": 1e3, "d": 1e-50, "e": 1E+400}]')[1]
    assert [text for _kind, text in found] == [
        "0.1000000000000000055", "12345678901234567890.001", "1000", "0." + "0" * 49 + "1", "1E+400"]


@pytest.mark.parametrize("code", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-32-be"])
def test_other_encodings_are_read_and_wide_ones_said(code):
    sheet = objects.read('[{"état": "Côte d’Ivoire"}]'.encode(code))
    assert sheet.lines[1][1] == [Cell("text", "Côte d’Ivoire")]
    assert (code[:6].upper() in " ".join(sheet.notes)) is (code != "utf-8-sig")


REFUSED = {
    b'[{"a": 1, "a": 2}]': "the key “a” twice", b'[{"a": NaN}]': "“NaN” is no number", b'[{"a": -Infinity}]': "“-Infinity”",
    b'[{"a": 1},]': "no valid JSON: line 1", b'[{"a": 1': "no valid JSON", b"[1, 2]": "Row 1 is no object", b"[[1]]": "Row 1 is no",
    b'{"rows": 5}': "holds no table", b'{"a": {"b": 1}}': "holds no table", b"[" * 100_000: "nested deeper", b"[]": "empty",
    b'[{"a": ' + b"9" * 100 + b"}]": "more than 60 digits", '[{"é": 1}]'.encode("latin-1"): "holds bytes that are none",
    b'[{"a": {"b":' + b'{"c":' * 5000 + b"1" + b"}" * 5001 + b"}]": "nested deeper",
    b"[" + b'{"a":1},' * 10_001 + b'{"a":1}]': "more than 10000 rows", b"[" + b"{}," * 31_000 + b"{}]": "more than 10000 rows",
    json.dumps([{f"k{number}": 1 for number in range(101)}]).encode(): "more than 100 columns",
}


@pytest.mark.parametrize("data", REFUSED, ids=lambda data: data[:20].decode("latin-1"))
def test_what_is_no_table_is_refused_in_words(data):
    with pytest.raises(Unreadable) as error:
        sources.read(data, ImportOf.NEEDS)
    assert REFUSED[data] in str(error.value)


def test_a_key_that_comes_twice_among_very_many_is_found_in_one_pass():
    pairs = ",".join(f'"{number:x}":null' for number in range(100_000))
    begun = time.process_time()
    with pytest.raises(Unreadable, match="twice"):
        sources.read(f'[{{{pairs},"{99_999:x}":null}}]'.encode(), ImportOf.NEEDS)
    assert time.process_time() - begun < 10  # comparing each with each took minutes


def test_more_numbers_than_any_table_holds_are_refused_while_they_are_read(monkeypatch):
    monkeypatch.setattr(objects, "MOST_NUMBERS", 100)
    assert sources.read(b'[{"a": 1}' + b', {"a": 1}' * 99 + b"]", ImportOf.NEEDS).lines
    with pytest.raises(Unreadable, match="more than"):
        sources.read(b'[{"a": [' + b"1," * 100 + b"1]}]", ImportOf.NEEDS)


def test_nested_values_stay_with_their_row():
    found = cells(b'[{"a": [1, 2], "b": {"c": 1}, "d": "x", "e": ["money", "training"]}]')[1]
    assert [kind for kind, _text in found] == ["nested", "nested", "text", "text"] and found[3][1] == "money; training"


def test_our_own_lists_write_exact_numbers_as_texts():
    assert cells(b'{"columns": [], "rows": [{"asked": "1250.125"}]}')[1] == [("number", "1250.125")]
    assert cells(b'{"rows": [{"asked": "1250.125"}]}')[1] == [("text", "1250.125")]  # thousands, perhaps: the column decides


@given(some.recursive(
    some.none() | some.booleans() | some.floats() | some.integers() | some.text(),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(), inner, max_size=4), max_leaves=12))
def test_whatever_the_json_the_answer_is_rows_or_words(value):
    data = json.dumps(value).encode()
    try:
        assert sources.read(data, ImportOf.NEEDS).lines
    except Unreadable as error:
        assert len(str(error)) > 10


def test_tables_that_begin_like_json_stay_tables():
    assert not objects.holds(b"[Country],Year\n") and not objects.holds(b"State,{x}\n") and objects.holds(b'\xef\xbb\xbf [\n {"a"')
