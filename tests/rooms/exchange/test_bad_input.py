"""What goes wrong with real files, on the page and on the command: a clear report, nothing lost, nothing half-imported."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import xlsxwriter
from sqlalchemy import func, select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.exchange import sample
from partnerships.exchange.models import Import
from partnerships.needs.models import Need
from tests.rooms.exchange.conftest import csv_of

HEAD = ["State", "Title", "Year", "Amount", "Currency", "Source"]
SOURCE = "https://documents.example/plan"


def row(**changes):
    values = {"State": "Chad", "Title": "Clearance", "Year": 2027, "Amount": 5000, "Currency": "USD", "Source": SOURCE, **changes}
    return [values[name] for name in HEAD]


def book(fill) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        fill(sheet)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO(book(lambda sheet: None))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/zeros.bin", b"\0" * 70_000_000)
    return out.getvalue()


def macros() -> bytes:
    out = io.BytesIO(book(lambda sheet: sheet.write_row(1, 0, row())))
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"x")
    return out.getvalue()


WHOLE = {
    "a million rows": (lambda: b"State,Year\n" + b"TCD,1\n" * 1_000_000, "Split the file"),
    "a zip bomb": (bomb, "larger than the register takes"),
    "macros": (macros, "without macros"),
    "a picture": (lambda: b"\x89PNG\r\n\0\0", "neither a workbook"),
    "nothing": (lambda: b"", "The file is empty"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_cannot_be_taken_is_refused_as_a_whole(importing, command, name):
    make, words = WHOLE[name]
    data = make()
    answer = importing(Role.ISU_OFFICER).send(data, name="needs.xlsx")
    assert answer.status_code == 422 and words in answer.get_data(as_text=True)
    code, report = command(data)
    assert code == 2 and report["rows"] == [] and words in report["words"]
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Import)) == 0


def test_a_request_larger_than_any_file_is_refused_before_it_is_read(importing):
    assert importing(Role.ISU_OFFICER).send(b"x" * 13_000_000).status_code == 413


ROWS = [
    (row(Amount="-5"), "rejected", "cannot be negative"), (row(Amount="=1+1"), "rejected", "no amount"),
    (row(Currency="DEM"), "rejected", "DEM ceased in 2002: give the amount in EUR"),
    (row(Currency=""), "rejected", "in which currency"),
    (row(State="Ruritania"), "rejected", "no State known here"), (row(State=""), "rejected", "no State is named"),
    (row(Year="soon"), "rejected", "is no year"), (row(Year=""), "rejected", "of no year"),
    (row(Source=""), "rejected", "names no source"),
    (row(Title="x" * 161), "rejected", "at most 160 characters"), (row(Title="y" * 20_000), "rejected", "longer than the register"),
    (row(Amount="5000,555"), "rejected", "fewer decimals"), (row(Amount="9" * 30), "rejected", "number of zeros"),
    (row(Year="2030-2027"), "rejected", "wrong order"),
    (row(State="Côte d’Ivoire", Amount="١٢٬٣٤٥٫٥٠"), "created", "12 345.5 USD"),
    (row(State="Congo, Democratic Republic of", Year="٢٠٢٧"), "created", "2027"),
    (row(State="乍得", Title="x\x07\u202ey"), "created", "Chad"),
    (row(Title="2", Amount="1.5 million"), "created", "1 500 000 USD"), (row(Title="3", Amount=""), "created", "no amount stated"),
    (row(Title="\ud800".encode("utf-8", "replace").decode()), "created", ""),
]


def test_each_row_has_its_own_fate_and_words(command, importing):
    code, report = command(csv_of(HEAD, *[values for values, _fate, _words in ROWS]))
    assert code == 0 and [one["row"] for one in report["rows"]] == list(range(2, len(ROWS) + 2))
    for one, (values, fate, words) in zip(report["rows"], ROWS, strict=True):
        assert one["result"] == fate and words in one["words"].replace("\u202f", " "), (values, one)
    kept = db.session.scalar(select(func.count(Need.id)).where(Need.import_key.is_not(None)))
    assert kept == sum(fate == "created" for _values, fate, _words in ROWS)


def test_a_dry_run_keeps_nothing(command):
    code, report = command(csv_of(HEAD, row()), "--dry-run")
    assert code == 0 and report["rows"][0]["result"] == "created" and report["dry_run"]
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Import)) == 0
    assert command(csv_of(HEAD, row()))[1]["rows"][0]["result"] == "created"


def test_doubled_rows(command):
    head = [*HEAD, "id"]
    rows = [[*row(), "1"], [*row(), "1"], [*row(), "2"], [*row(Amount=7), "2"], [*row(Year=2028), "2"]]
    found = command(csv_of(head, *rows))[1]["rows"]
    assert [one["result"] for one in found] == ["created", "unchanged", "rejected", "rejected", "created"]
    assert "The same as row 2" in found[1]["words"]
    assert all("Rows 4 and 5" in one["words"] for one in found[2:4])


def test_amounts_in_thousands_and_amounts_that_look_like_it(command):
    head = ["State", "Title", "Year", "Amount in thousands of USD", "Source"]
    found = command(csv_of(head, ["Chad", "Clearance", 2027, "1 250", SOURCE]))[1]
    assert "multiplied by 1 000" in " ".join(found["notes"]) and "1 250 000 USD" in found["rows"][0]["words"].replace("\u202f", " ")
    found = command(csv_of(HEAD, row(Amount=2_000_000), row(Title="Small", Amount=250)))[1]
    assert found["rows"][1]["result"] == "created" and "is it in thousands?" in found["rows"][1]["words"]


def test_formulas_merged_cells_and_dates_as_text_in_a_workbook(importing):
    def fill(sheet):
        sheet.write_row(1, 0, row())
        sheet.write_formula(1, 3, "=2+3", None, 5)
        sheet.write_row(2, 0, row(Year="2027-04-30"))
        sheet.write_row(4, 0, row(Title="Merged"))
        sheet.write_row(5, 1, row()[1:])
        sheet.merge_range(4, 0, 5, 0, "Chad")
    here = importing(Role.ISU_OFFICER)
    found = here.rows(here.preview(book(fill), name="needs.xlsx"))
    assert [fate for fate, _words in found] == ["Not taken", "New", "Not taken", "Not taken"]
    assert "Row 2, column Amount: holds a formula" in found[0][1]
    assert all("merged cells A5:A6" in words for _fate, words in found[2:])


def test_a_mapping_on_the_command_line(command, tmp_path):
    data = csv_of(["Land", "Titel", "Jahr", "Summe EUR", "Beleg"], ["Chad", "Clearance", 2027, 500, SOURCE])
    assert command(data)[1]["rows"][0]["result"] == "rejected"
    mapping = tmp_path / "m.json"
    mapping.write_text(json.dumps({"country": "Land", "Titel": "title", "year": "Jahr", "amount": "Summe EUR", "source": "Beleg"}))
    assert command(data, "--mapping", str(mapping))[1]["rows"][0]["result"] == "created"
    for wrong in ('{"country": "Nowhere"}', "[1]", "{", '{"country": 5}'):
        mapping.write_text(wrong)
        code, report = command(data, "--mapping", str(mapping))
        assert code == 2 and report["rows"] == [] and report["words"]


def test_one_source_for_a_whole_file(command):
    data = csv_of(HEAD, row(Source=""))
    assert command(data)[1]["rows"][0]["result"] == "rejected"
    assert command(data, "--source", SOURCE)[1]["rows"][0]["result"] == "created"


def test_years_in_the_headings_are_years_of_one_need(command):
    data = csv_of(["State", "Title", "Amount 2027 USD", "Amount 2028 USD", "Source"], ["Chad", "Clearance", "5", "7", SOURCE])
    assert command(data)[1]["rows"][0]["result"] == "created"
    need = db.session.scalars(select(Need).where(Need.import_key.is_not(None))).one()
    assert [(line.first_year, int(line.amount)) for line in need.amounts] == [(2027, 5), (2028, 7)] and need.asked == 12
    assert command(data)[1]["rows"][0]["result"] == "unchanged"


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_our_own_template_comes_back(importing, language):
    here = importing(Role.ISU_OFFICER)
    for kind in ("csv", "xlsx"):
        answer = here.client.get(f"/exchange/template/needs.{kind}?lang={language}")
        assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
        text = here.client.get(here.preview(answer.data, name=f"t.{kind}")).get_data(as_text=True)
        assert "The example of the template: not read." in text and "Not read:" not in text
    assert here.client.get("/exchange/template/needs.exe").status_code == 404
    assert set(sample.NOTES) >= set(sample.FIELDS["needs"]) | set(sample.FIELDS["offers"])


@pytest.mark.parametrize("by", ["colour", "country,country", ""])
def test_totals_by_what_does_not_exist(app, tmp_path, by):
    done = app.test_cli_runner().invoke(args=["insight", "totals", "--of", "needs", "--by", by, "--json", str(tmp_path / "x")])
    assert done.exit_code == 2 and "country, year" in done.output


def test_totals_never_add_currencies_and_never_split_a_span(command, totals):
    command(csv_of(HEAD, row(Title="a"), row(Title="b", Currency="EUR"), row(Title="c"), row(Title="d", Year="2027-2029", Amount=9),
                   row(Title="e", Amount="")))
    assert [one for one in totals("country,year") if one["country"] == "TCD"] == [
        {"country": "TCD", "year": 2027, "amount": "5000", "currency": "EUR", "count": 1},
        {"country": "TCD", "year": 2027, "amount": "10000", "currency": "USD", "count": 2},
        {"country": "TCD", "year": "2027-2029", "amount": "9", "currency": "USD", "count": 1}]
    assert [(one["currency"], one["amount"], one["count"]) for one in totals("country") if one["country"] == "TCD"] == [
        ("EUR", "5000", 1), ("USD", "10009", 4)]
    assert {one["year"] for one in totals("year")} >= {2027, "2027-2029", "2017-2025"}
