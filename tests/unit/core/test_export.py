"""Cells of a file: no text is a formula for a spreadsheet, no value is lost, nothing breaks the file."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from zipfile import ZipFile

import openpyxl
import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from partnerships.core import export, hxl
from partnerships.core.lists import Page


@pytest.fixture
def bare():
    """An application of nothing but an address."""
    app = Flask(__name__)
    Babel(app)
    app.add_url_rule("/things/", "things.index", lambda: "")
    return app


def _send(bare, columns, rows, kind, address="/things/?theme=a%20b&page=3&as=csv", **more):
    with bare.test_request_context(address):
        return export.send("things", columns, rows, kind, **more)


def _book(answer):
    return openpyxl.load_workbook(io.BytesIO(answer.get_data()))


@pytest.mark.parametrize("text", ["=1+1", "+41 22", "-x", "@cmd", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\u200b=1",
                                  "\u202e=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20x", " \uff1d1", "\ufeff=1"])
def test_what_could_begin_a_formula_becomes_text(text):
    assert export.safe(text).startswith("'")


@pytest.mark.parametrize(("value", "said"), [
    (Decimal("-5.50"), "-5.5"), (-7, "-7"), (Decimal("2000000"), "2000000"), (Decimal("1E+3"), "1000"), (0, "0"), (None, ""),
    (date(2026, 4, 30), "2026-04-30"), (datetime(2026, 4, 30, 10, 5, 1, 9, tzinfo=UTC), "2026-04-30T10:05:01+00:00"),
    (("a", "b"), "a; b"), ("a=b", "a=b"), ("", ""), ("  ", "  "), ("\ud800x", "\ufffdx"), (Decimal("NaN"), "")])
def test_other_values_stay_what_they_are(value, said):
    assert export.safe(value) == said


@given(st.text())
def test_no_text_at_all_is_a_formula(text):
    cell = export.safe(text)
    shown = "".join(mark for mark in cell if unicodedata.category(mark)[0] not in "ZC")
    assert not shown.startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"))
    cell.encode()


def test_a_csv_has_its_mark_its_line_ends_and_its_rows(bare):
    columns = [("name", "Name", lambda row: row), ("twice", "=Twice", lambda row: row * 2)]
    answer = _send(bare, columns, ["a,b", "=x\ny"], "csv")
    raw = answer.get_data()
    assert raw.startswith(b"\xef\xbb\xbfName,'=Twice\r\n") and answer.mimetype == "text/csv"
    assert list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))) == [
        ["Name", "'=Twice"], ["a,b", "a,ba,b"], ["'=x\ny", "'=x\ny=x\ny"]]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="things-{date.today().isoformat()}.csv"'
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_an_xlsx_holds_text_as_text_numbers_as_numbers_days_as_days(bare):
    values = ["=HYPERLINK(\"x\")", "https://a.example", "12", Decimal("-2.5"), date(2026, 4, 30), date(1897, 1, 1), True, None,
              "nul\x00 and \ud800", "x" * 40_000]
    columns = [(f"c{number}", str(number), lambda row, at=number: row[at]) for number in range(len(values))]
    answer = _send(bare, columns, [values], "xlsx")
    row = next(_book(answer).worksheets[0].iter_rows(min_row=2))
    assert [cell.data_type for cell in row] == ["s", "s", "s", "n", "d", "s", "s", "n", "s", "s"]
    assert [cell.value for cell in row][:8] == [
        "=HYPERLINK(\"x\")", "https://a.example", "12", -2.5, datetime(2026, 4, 30), "1897-01-01", "yes", None]  # noqa: DTZ001
    assert row[8].value == "nul\ufffd and \ufffd" and len(row[9].value) == export.LONGEST + 1
    parts = ZipFile(io.BytesIO(answer.get_data()))
    for name in parts.namelist():
        assert b"<f>" not in parts.read(name) and "hyperlink" not in name.lower()
        assert b"TargetMode" not in parts.read(name), name


def test_the_second_sheet_says_what_this_is(bare):
    answer = _send(bare, [("a", "A", str)], Page([1, 2], 1, 7, 2), "xlsx", title="All things", notes=["Mind the gap."])
    book = _book(answer)
    assert book.sheetnames == ["List", "About"]
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    words = " ".join(str(cell.value) for row in book["About"].iter_rows() for cell in row)
    assert about["List"] == "All things" and about["Rows"] == "7 rows under these filters"
    assert about["Address with its filters"] == "http://localhost/things/?theme=a+b"
    assert "Only the first 2 of 7 rows" in words and "Mind the gap." in words and "everybody" in words


def test_a_cut_file_says_so_in_its_last_line(bare):
    rows = _send(bare, [("a", "A", str)], Page([1, 2], 1, 7, 2), "csv").get_data(as_text=True).splitlines()
    assert rows[-1].startswith(('"Only the first 2 of 7', "Only the first 2 of 7"))
    assert len(_send(bare, [("a", "A", str)], [1, 2], "csv").get_data(as_text=True).splitlines()) == 3


@pytest.mark.parametrize(("asked", "kind"), [("csv", "csv"), ("xlsx", "xlsx"), ("json", "json"), ("CSV", None), ("pdf", None),
                                             ("", None), ("csv\0", None)])
def test_only_three_kinds_of_file_are_known(bare, asked, kind):
    with bare.test_request_context("/things/", query_string={"as": asked}):
        assert export.wanted() == kind


def test_the_address_of_a_file_keeps_the_filters_and_drops_the_page(bare):
    with bare.test_request_context("/things/?theme=a&theme=b&page=4&q=%ED%A0%80"):
        assert export.url("xlsx", part="x").startswith("/things/?theme=a&theme=b&q=")
        assert export.url("xlsx", part="x").endswith("&as=xlsx&part=x") and "page" not in export.url("csv")


# The dictionary's hashtags. Source: HXL 1.1 hashtag dictionary (hxlstandard.org/standard/1-1final/dictionary).
WORDS = """access activity adm1 adm2 adm3 adm4 adm5 affected beneficiary capacity cause channel contact country crisis currency
    date delivery description event frequency geo group impact indicator inneed item loc meta modality need operations org output
    population reached region respondee sector service severity status subsector targeted value"""
DICTIONARY = set(WORDS.split())
LISTS_WITH_TAGS = {name: tags for name, tags in vars(hxl).items() if name.isupper() and not name.startswith("_")}


@pytest.mark.parametrize("name", sorted(LISTS_WITH_TAGS))
def test_every_hashtag_is_of_the_dictionary_and_of_its_pattern(name):
    tags = LISTS_WITH_TAGS[name]
    for key, tag in tags.items():
        assert re.fullmatch(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*", tag), (key, tag)
        assert tag[1:].split("+")[0] in DICTIONARY, (key, tag)
        attributes = tag.split("+")[1:]
        assert len(attributes) == len(set(attributes)), (key, tag)
    money = [tag for tag in tags.values() if tag.startswith("#value")]
    assert len(money) == len(set(money)), "two stages under one tag would be added together"


def test_a_row_of_hashtags_stands_under_the_headings_where_it_is_asked_for(bare):
    columns, tags = [("a", "Amount", Decimal), ("b", "Other", str)], {"a": "#value+usd"}
    asked = "/things/?as=csv&hxl=1"
    text = _send(bare, columns, ["1", "2"], "csv", asked, tags=tags).get_data(as_text=True)
    assert text.splitlines()[1:3] == ["#value+usd,", "1,1"]
    sheet = _book(_send(bare, columns, ["1", "2"], "xlsx", asked, tags=tags)).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()][1:3] == [["#value+usd", None], [1, "1"]]
    said = json.loads(_send(bare, columns, ["1"], "json", asked, tags=tags).get_data())
    assert [one["hxl"] for one in said["columns"]] == ["#value+usd", ""] and said["rows"] == [{"a": "1", "b": "1"}]
    for address, own in (("/things/?as=csv", tags), (asked, None), ("/things/?as=csv&hxl=2", tags)):
        assert "#value" not in _send(bare, columns, ["1"], "csv", address, tags=own).get_data(as_text=True)
    with bare.test_request_context(asked):
        assert "hxl" not in export.url("json") and export.url("csv", hxl="1").endswith("as=csv&hxl=1")


def test_json_holds_values_exactly_and_says_what_it_is(bare):
    values = {"amount": Decimal("1234567.50"), "whole": 7, "share": 0.5, "nothing": None, "no": False, "day": date(2026, 4, 30),
              "moment": datetime(2026, 4, 30, 10, 5, 1, 9, tzinfo=UTC), "codes": ("a", "=b"), "text": "=1+1", "nan": Decimal("NaN"),
              "inf": float("inf"), "right": "\u202b\u0639\u0631\u0628\u064a", "bad": "nul\x00 \ud800", "long": "x" * 40_000}
    columns = [(key, key.title(), lambda row, key=key: row[key]) for key in values]
    answer = _send(bare, columns, Page([values], 1, 3, 1), "json", title="All things", notes=["Mind the gap."])
    assert answer.mimetype == "application/json" and answer.headers["Content-Disposition"].endswith('.json"')
    said = json.loads(answer.get_data())
    assert said["rows"] == [{
        "amount": "1234567.5", "whole": 7, "share": 0.5, "nothing": None, "no": False, "day": "2026-04-30",
        "moment": "2026-04-30T10:05:01+00:00", "codes": ["a", "=b"], "text": "=1+1", "nan": None, "inf": None,
        "right": values["right"], "bad": "nul\ufffd \ufffd", "long": "x" * 40_000}]
    assert said["title"] == "All things" and said["total"] == 3 and said["language"] == "en" and "everybody" in said["holds"]
    assert said["address"] == "http://localhost/things/?theme=a+b" and said["notes"][:2] == [
        "Only the first 1 of 3 rows are in this file. Narrow the filters to get the others.", "Mind the gap."]
    assert said["columns"][0] == {"key": "amount", "heading": "Amount"}
    assert datetime.fromisoformat(said["made_at"]).tzinfo is not None


def test_a_list_without_rows_is_a_file_all_the_same(bare):
    columns = [("a", "A", str)]
    assert json.loads(_send(bare, columns, [], "json").get_data())["rows"] == []
    assert _send(bare, columns, [], "csv", "/things/?hxl=1", tags={"a": "#date"}).get_data(as_text=True).splitlines()[1] == "#date"
