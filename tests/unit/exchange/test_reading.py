"""Files of every kind and fault, read by their content: a clear refusal, never an exception of a library."""

from __future__ import annotations

import io
import struct
import zipfile

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as some

from partnerships.exchange import reading
from partnerships.exchange.reading import Unreadable


def texts(data: bytes, sheet: str = "") -> list[list[str]]:
    return [[cell.text for cell in cells] for _number, cells in reading.read(data, sheet).lines]


def book(fill, **sheets) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        fill(workbook)
    return out.getvalue()


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_text_in_any_usual_encoding_and_with_any_usual_mark(code, mark):
    data = mark.join(["État", "montant"]) + "\r\n\r\n" + mark.join(["Tchad", '"1 200' + mark + '5"']) + "\r\n"
    sheet = reading.read(data.encode(code))
    assert [number for number, _cells in sheet.lines] == [1, 3]  # a blank row counts, as in a spreadsheet program
    assert [cell.text for cell in sheet.lines[1][1]] == ["Tchad", f"1 200{mark}5".strip()]


@given(some.binary(max_size=400))
def test_whatever_the_bytes_the_answer_is_rows_or_words(data):
    try:
        assert reading.read(data).lines
    except Unreadable as error:
        assert len(str(error)) > 10


@given(some.binary(max_size=200), some.integers(0, 3000))
def test_a_damaged_workbook_is_refused_in_words(noise, where):
    data = bytearray(book(lambda workbook: workbook.add_worksheet().write_row(0, 0, ["State", "Amount"])))
    where %= len(data)
    data[where:where + len(noise)] = noise
    try:
        reading.read(bytes(data))
    except Unreadable as error:
        assert len(str(error)) > 10


def test_numbers_dates_formulas_and_errors_of_a_workbook():
    def fill(workbook):
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["a", 2100000.1, 0.1 + 0.2, 2027, True])
        sheet.write_datetime(1, 0, __import__("datetime").datetime(2027, 4, 30), workbook.add_format({"num_format": "dd/mm/yy"}))
        sheet.write_formula(1, 1, "=1+1", None, 2)
        sheet.write_string(1, 2, "=no formula")
    sheet = reading.read(book(fill))
    assert [(cell.kind, cell.text) for cell in sheet.lines[0][1]] == [
        ("text", "a"), ("number", "2100000.1"), ("number", "0.3"), ("number", "2027"), ("text", "True")]
    assert [(cell.kind, cell.text) for cell in sheet.lines[1][1]] == [
        ("date", "2027-04-30"), ("formula", "=1+1"), ("text", "=no formula")]


def test_merged_cells_name_their_range():
    def fill(workbook):
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["State", "Amount"])
        sheet.merge_range(1, 0, 2, 0, "Chad")
        sheet.write_row(1, 1, [5])
        sheet.write_row(2, 1, [6])
    assert reading.read(book(fill)).merged == {2: "A2:A3", 3: "A2:A3"}


def test_hidden_sheets_are_left_out_and_the_templates_sheet_is_preferred():
    def fill(workbook):
        workbook.add_worksheet("Cover").write(0, 0, "cover")
        hidden = workbook.add_worksheet("Secret")
        hidden.write(0, 0, "secret")
        hidden.hide()
        workbook.add_worksheet("Needs").write(0, 0, "needs")
    data = book(fill)
    assert texts(data) == [["cover"]] and texts(data, "Needs") == [["needs"]] and texts(data, "Secret") == [["cover"]]
    notes = " ".join(reading.read(data).notes)
    assert "Secret" in notes and "“Cover”" in notes


def refused(data: bytes) -> str:
    with pytest.raises(Unreadable) as error:
        reading.read(data)
    return str(error.value)


def test_too_many_rows_are_refused_without_reading_them_all():
    assert "more than 10000 rows" in refused(b"a,b\n" + b"1,2\n" * 1_000_000)

    def fill(workbook):
        sheet = workbook.add_worksheet()
        for row in range(10_050):
            sheet.write_row(row, 0, [row])
    assert "more than 10000 rows" in refused(book(fill))
    assert "larger than 10 megabytes" in refused(b"x" * (reading.LARGEST_FILE + 1))
    assert "more than 100 columns" in refused(b",".join([b"x"] * 101))


def archive(**entries: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    zeros = b"\0" * (8 * 1024 * 1024)
    data = book(lambda workbook: workbook.add_worksheet().write(0, 0, "x"))
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        for number in range(9):
            packed.writestr(f"xl/worksheets/sheet{number + 2}.xml", zeros)
    assert "Unpacked" in refused(out.getvalue())
    many = archive(**{f"f{number}": b"" for number in range(1100)})
    assert "Unpacked" in refused(many)


def test_a_size_that_the_archive_lies_about_is_no_way_round():
    """The list of entries says little, the entry holds much: what is read is what the list says, and the check sum fails."""
    data = bytearray(book(lambda workbook: workbook.add_worksheet().write_column(0, 0, ["x" * 30000] * 200)))
    listed = data.rindex(b"PK\x01\x02")
    while b"sharedStrings" not in data[listed:listed + 120]:
        listed = data.rindex(b"PK\x01\x02", 0, listed)
    struct.pack_into("<I", data, listed + 24, 10)
    assert "damaged" in refused(bytes(data))


def test_macros_old_kinds_passwords_and_other_archives():
    assert "macros" in refused(archive(xl__workbook="", **{"xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": b"x"}))
    assert ".xls)" in refused(reading.OLE + b"x" * 600)
    assert "password" in refused(reading.OLE + reading.ENCRYPTED + b"x" * 600)
    assert "no workbook" in refused(archive(**{"word/document.xml": b"<x/>"}))
    assert "neither" in refused(b"%PDF-1.7 ...") and "neither" in refused(b"a\0b")
    assert "empty" in refused(b"") and "empty" in refused(b"\n\n,,,\n")
    assert "quotation mark" in refused(b'a,b\n"c,d\n')


def test_entities_of_xml_are_never_expanded():
    data = book(lambda workbook: workbook.add_worksheet().write(0, 0, "x"))
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&a;</t></si></sst>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, bomb if entry.filename == "xl/sharedStrings.xml" else old.read(entry))
    assert "damaged" in refused(out.getvalue())
    assert openpyxl.DEFUSEDXML
