"""The Committee's desk: a file per State, text drafted from figures, edited by people, kept, and taken along as a document."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from docx import Document
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.observations.models import Observation


@pytest.fixture
def member(sign_in):
    return sign_in(Role.COMMITTEE_MEMBER, "CHE")


def text_of(client, url: str) -> str:
    return client.get(url).get_data(as_text=True)


def test_a_draft_speaks_of_the_figures(make, member):
    need = make.need("KHM")
    make.pledge("NOR", need=need, currency="USD", amount=Decimal(250_000))
    text = text_of(member, "/observations/KHM")
    assert "Cambodia has one open need in this register" in text
    assert "announced 250" in text and "Landmine Monitor" in text
    assert 'href="/observations/KHM"' in text_of(member, "/observations/")


def test_a_person_edits_it_and_the_record_keeps_who(make, member, sign_in):
    make.need("KHM")
    member.post("/observations/KHM", data={**member.fields("/observations/KHM"), "text": "First.\n\nSecond."})
    kept = db.session.scalars(select(Observation)).one()
    assert (kept.text, kept.party.ref, kept.author.party.ref) == ("First.\n\nSecond.", "KHM", "CHE")
    isu = sign_in(Role.ISU_OFFICER, "ISU")
    assert "First." in text_of(isu, "/observations/KHM") and "written, figures of" in text_of(isu, "/observations/")
    empty = member.post("/observations/KHM", data={**member.fields("/observations/KHM"), "text": " "})
    assert empty.status_code == 422 and "Write the observations" in empty.get_data(as_text=True)


def test_two_who_write_at_once_see_both(make, member, sign_in):
    isu = sign_in(Role.ISU_OFFICER, "ISU")
    mine, theirs = member.fields("/observations/KHM"), isu.fields("/observations/KHM")
    member.post("/observations/KHM", data={**mine, "text": "Mine"})
    answer = isu.post("/observations/KHM", data={**theirs, "text": "Theirs"})
    assert answer.status_code == 409 and "Mine" in answer.get_data(as_text=True)
    assert db.session.scalars(select(Observation)).one().text == "Mine"


def test_the_document_holds_the_text_and_each_figures_source(make, member):
    need = make.need("KHM")
    make.observation("KHM", "One thing.\n\nAnother <b>thing</b>.")
    answer = member.get("/observations/KHM/document")
    assert answer.mimetype.endswith("wordprocessingml.document")
    assert "observations-KHM" in answer.headers["Content-Disposition"]
    paper = Document(io.BytesIO(answer.data))
    words = [paragraph.text for paragraph in paper.paragraphs]
    assert "One thing." in words and "Another <b>thing</b>." in words
    rows = {row.cells[0].text: (row.cells[1].text, row.cells[2].text) for row in paper.tables[0].rows}
    assert rows["Open needs"][0] == "1" and rows["Open needs"][1].startswith("This register on")
    assert all(source for _value, source in rows.values())
    assert need.party.ref == "KHM"


def test_the_document_reads_from_right_to_left_in_arabic(make, member):
    make.need("KHM")
    paper = Document(io.BytesIO(member.get("/observations/KHM/document?lang=ar").data))
    assert all(paragraph._p.pPr is not None and paragraph._p.pPr.xml.count("<w:bidi/>") == 1
               for paragraph in paper.paragraphs if paragraph.text)


def test_what_the_committee_may_not_see_is_in_no_draft(make, member, sign_in):
    make.need("KHM", visibility=Visibility.ISU)
    assert "has no open need in this register" in text_of(member, "/observations/KHM")
    assert "has one open need" in text_of(sign_in(Role.ISU_OFFICER, "ISU"), "/observations/KHM")


@pytest.mark.parametrize(("role", "party"), [(Role.FOCAL_POINT, "KHM"), (Role.DONOR_OFFICER, "NOR"), (None, None)])
def test_nobody_else_comes_in(make, sign_in, visitor, role, party):
    make.observation("KHM", "Between ourselves")
    client = sign_in(role, party) if role else visitor
    for url in ("/observations/", "/observations/KHM", "/observations/KHM/document"):
        assert client.get(url).status_code in (303, 403)
    assert "Between ourselves" not in text_of(client, "/parties/KHM")
    assert "observations of the Committee" not in text_of(client, "/parties/KHM")


@pytest.mark.parametrize("ref", ["XXX", "GICHD"])
def test_only_states_have_a_file(member, ref):
    assert member.get(f"/observations/{ref}").status_code == 404
