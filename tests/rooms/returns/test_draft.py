"""The draft of Form J: every figure is a record's, what is not known is a bracket, and only the State and the ISU see it."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from docx import Document
from docx.oxml.ns import qn

from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.models import PeopleLine
from partnerships.needs.states import Age, Disability, Reached, Sex
from partnerships.pledges import payments, service
from partnerships.pledges.states import PledgeKind

YEAR = 2024


@pytest.fixture
def focal(sign_in):
    return sign_in(Role.FOCAL_POINT, "KHM")


def paper_of(client, state: str = "KHM", query: str = ""):
    answer = client.get(f"/returns/{state}/form-j/document?year={YEAR}{query}")
    assert answer.status_code == 200 and answer.mimetype.endswith("wordprocessingml.document")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert f'filename="form-j-draft-{state}-{YEAR}.docx"' in answer.headers["Content-Disposition"]
    return Document(io.BytesIO(answer.get_data()))


def cells(paper) -> list[tuple[str, ...]]:
    return [tuple(cell.text.replace("\u202f", " ").replace("\u00a0", " ") for cell in row.cells)
            for table in paper.tables for row in table.rows[1:]]


def received(make, donor: str, currency: str, amount: int, paid: int, **values):
    """A pledge to Cambodia's need with an agreement and a payment in the year."""
    pledge = make.pledge(donor, currency=currency, amount=Decimal(amount), announced_on=date(YEAR, 2, 1), **values)
    service.move(pledge, "agreed", SYSTEM, on=date(YEAR, 3, 1))
    payments.pay(pledge, SYSTEM, amount=Decimal(paid), paid_on=date(YEAR, 5, 2))
    db.session.commit()
    return pledge


def test_the_figures_are_those_of_the_records(make, focal):
    need = make.need("KHM", theme="victim-assistance", amounts=[(2027, 2027, Decimal(900_000), Decimal(250_000))])
    need.people += [PeopleLine(reached=Reached.SURVIVORS, sex=sex, age=Age.ADULTS, disability=Disability.ALL, number=number)
                    for sex, number in ((Sex.FEMALE, 40), (Sex.MALE, 2_060))]
    db.session.commit()
    own = [received(make, "NOR", "NOK", 1_000_000, 400_000, need=need), received(make, "SWE", "NOK", 500_000, 500_000, need=need),
           received(make, "JPN", "JPY", 7_000_000, 3_000_000, need=need)]
    paper = paper_of(focal)
    table = cells(paper)
    values = {words: value for words, value, _source in table}
    for pledge, paid in zip(own, ("400 000 NOK", "500 000 NOK", "3 000 000 JPY"), strict=True):
        assert [value for words, value in values.items() if pledge.ref in words] == [paid]
    sums = [value for words, value, _source in table if words.endswith("all donors")]
    assert sums == ["3 000 000 JPY", "900 000 NOK"], "a line a currency, in the year"
    signed = [value for words, value, _source in table if words == "Pledges under signed agreements"]
    assert sorted(signed) == ["4 000 000 JPY", "600 000 NOK"], "what is paid stands in no other stage"
    assert values[f"{need.ref}: {need.title}"] == "900 000 USD asked, of which the State covers 250 000 USD"
    assert values[f"{need.ref}: Survivors"] == "2 100"
    assert all(source.strip() for _words, _value, source in table), "each figure has its source"
    assert any("Updated Article 5 work plan" in words and "as of 18 June 2024" in source for words, _value, source in table)


def test_it_is_marked_a_draft_and_leaves_brackets_where_nothing_is_known(make, focal, sign_in):
    paper = paper_of(focal)
    text = [paragraph.text for paragraph in paper.paragraphs]
    assert text[0] == f"Article 7 report, Form J: Cambodia, {YEAR}" and "DRAFT, not handed in" in text
    assert "DRAFT, not handed in" in paper.sections[0].header.paragraphs[0].text
    assert any("30 April 2025" in line for line in text)
    heads = [paragraph.text for paragraph in paper.paragraphs if paragraph.style.name == "Heading 2"]
    assert len(heads) == 9 and heads[5] == "6. Victim assistance"
    empty = paper_of(sign_in(Role.ISU_OFFICER), "TUV")
    assert not empty.tables
    brackets = [paragraph.text for paragraph in empty.paragraphs if paragraph.text.startswith("[")]
    assert len(brackets) >= 14 and all(line.endswith("]") for line in brackets)
    assert any("No obligation of the State is on record" in line for line in brackets)
    assert any("totals, never a person" in line for line in brackets)


def test_bad_text_breaks_no_document_and_what_is_not_public_says_so(make, focal):
    need = make.need("KHM", title="=cmd|' /C calc'!A0 \u0639\u0631\u0628\u064a", language="ar", visibility=Visibility.PARTIES)
    page = focal.get(f"/returns/KHM/form-j?year={YEAR}").get_data(as_text=True)
    assert "not public here" in page and "&#39; /C calc" in page
    make.pledge("NOR", need=need, kind=PledgeKind.IN_KIND, amount=None, currency="",
                visibility=Visibility.PARTIES, statement="\x0b\x01 " + "long " * 4000)
    paper = paper_of(focal)
    row = next(row for table in paper.tables for row in table.rows if need.ref in row.cells[0].text)
    assert row.cells[0].text == f"{need.ref}: {need.title}" and row.cells[2].text.endswith("not public here")
    assert row.cells[0].paragraphs[0]._p.pPr.find(qn("w:bidi")) is not None
    assert any("long long" in value and "\ufffd" in value for _words, value, _source in cells(paper))


def test_in_a_language_written_from_right_to_left_all_of_it_turns(focal):
    paper = paper_of(focal, query="&lang=ar")
    assert all(paragraph._p.pPr.find(qn("w:bidi")) is not None for paragraph in paper.paragraphs)
    assert all(table._tbl.tblPr.find(qn("w:bidiVisual")) is not None for table in paper.tables)
    assert paper.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:bidi")) == "ar"


def test_nobody_but_the_states_focal_point_and_the_isu_sees_it(visitor, sign_in, focal):
    addresses = ("/returns/KHM/form-j", "/returns/KHM/form-j/document")
    for address in addresses:
        assert visitor.get(address).status_code == 303
        for role, party in ((Role.FOCAL_POINT, "AGO"), (Role.DONOR_OFFICER, "NOR"), (Role.COMMITTEE_MEMBER, "CHE"),
                            (Role.ORGANISATION_OFFICER, "GICHD")):
            assert sign_in(role, party).get(address).status_code == 403, (address, role)
        assert focal.get(address).status_code == 200 and sign_in(Role.ISU_OFFICER).get(address).status_code == 200
    isu = sign_in(Role.ISU_OFFICER)
    assert isu.get("/returns/GICHD/form-j").status_code == 404 and isu.get("/returns/XXX/form-j").status_code == 404
    assert "Draft of Form J" in focal.get("/parties/KHM").get_data(as_text=True)
    assert "Draft of Form J" not in focal.get("/parties/AGO").get_data(as_text=True)


def test_the_page_of_returns_leads_each_to_what_is_theirs(sign_in, focal, visitor):
    page = focal.get("/returns/").get_data(as_text=True)
    assert f"/returns/KHM/form-j/document?year={date.today().year - 1}" in page and "donor=KHM" in page
    donor = sign_in(Role.DONOR_OFFICER, "NOR").get("/returns/").get_data(as_text=True)
    assert "form-j" not in donor and "/returns/fts?donor=NOR" in donor
    isu = sign_in(Role.ISU_OFFICER)
    assert 'name="state"' in isu.get("/returns/").get_data(as_text=True)
    assert isu.get("/returns/?state=KHM").headers["Location"].endswith("/returns/KHM/form-j")
    assert visitor.get("/returns/").status_code == 303
    assert sign_in(Role.COMMITTEE_MEMBER, "CHE").get("/returns/").status_code == 403
    assert "/returns/" in focal.get("/desk/").get_data(as_text=True)


@pytest.mark.parametrize("year", ["", "x", "1066", "99999999999999999999", "2024\0"])
def test_a_year_that_is_none_means_the_last_one(focal, year):
    page = focal.get("/returns/KHM/form-j", query_string={"year": year}).get_data(as_text=True)
    assert f"Form J: Cambodia, {date.today().year - 1}" in page
