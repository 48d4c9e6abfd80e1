"""Assessed contributions: another stream than pledges altogether, seen by States Parties, recorded by the ISU."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from partnerships.assessments import service
from partnerships.assessments.models import Assessment
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db

GIVEN = {"party": "NOR", "year": "2026", "purpose": "Meeting of the States Parties", "currency": "USD", "amount": "12 345.67",
         "due_on": "2026-03-31", "paid_amount": "1000", "paid_on": "2026-02-01"}


@pytest.fixture
def isu(sign_in):
    return sign_in(Role.ISU_OFFICER)


@pytest.fixture
def one(make) -> Assessment:
    """What Norway is assessed."""
    party = make.party("NOR")
    found = service.record(SYSTEM, {"party": party, "party_id": party.id, "year": 2026, "purpose": "Meeting", "currency": "USD",
                                    "amount": Decimal("987654.32"), "paid_amount": Decimal(0)})
    db.session.commit()
    return found


def kept() -> list[Assessment]:
    db.session.expire_all()
    return list(db.session.scalars(select(Assessment)))


def test_the_isu_records_and_changes_it(isu):
    assert isu.post("/assessments/new", data=GIVEN).status_code == 303
    [found] = kept()
    assert (found.party.ref, found.amount, found.paid_amount, found.paid_on) == (
        "NOR", Decimal("12345.67"), Decimal(1000), date(2026, 2, 1))
    url = f"/assessments/{found.id}/edit"
    assert isu.post(url, data={**GIVEN, "paid_amount": "12345.67", "version": found.version}).status_code == 303
    assert kept()[0].paid_amount == Decimal("12345.67")
    crossed = isu.post(url, data={**GIVEN, "paid_amount": "5", "version": "1"})
    assert crossed.status_code == 409 and kept()[0].paid_amount == Decimal("12345.67")
    assert "12\u202f345.67" in isu.get("/assessments/?year=2026&party=NOR").get_data(as_text=True)
    assert "matches these filters" in isu.get("/assessments/?open=y").get_data(as_text=True)


def test_a_form_sent_twice_makes_one(isu):
    data = {**isu.fields("/assessments/new"), **GIVEN}
    for _click in range(2):
        assert isu.post("/assessments/new", data=data).status_code == 303
    assert len(kept()) == 1


@pytest.mark.parametrize(("values", "words"), [
    ({"amount": "0"}, "more than zero"), ({"amount": "-5"}, "cannot be negative"), ({"amount": ""}, "amount that is assessed"),
    ({"paid_amount": "99999"}, "more than was assessed"), ({"paid_on": ""}, "which day it came in"),
    ({"paid_on": "2099-01-01"}, "in the future"), ({"currency": "JPY"}, "fewer decimals"), ({"year": "1800"}, "1999 to 2060"),
    ({"party": "XXX"}, "Choose one of the list"), ({"purpose": ""}, "which meeting"), ({"source": "nowhere"}, "https://"),
])
def test_what_is_wrong_is_said_and_kept(isu, values, words):
    answer = isu.post("/assessments/new", data={**GIVEN, "note": "As invoiced", **values})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in page and "As invoiced" in page
    assert not kept()


def test_the_same_again_is_said(isu, one):
    answer = isu.post("/assessments/new", data={**GIVEN, "purpose": "Meeting"})
    assert answer.status_code == 422 and "already on record" in answer.get_data(as_text=True)


@pytest.mark.parametrize(("role", "party", "sees"), [
    (Role.FOCAL_POINT, "KHM", True), (Role.DONOR_OFFICER, "NOR", True), (Role.COMMITTEE_MEMBER, "CHE", True),
    (Role.DONOR_OFFICER, "USA", False), (Role.ORGANISATION_OFFICER, "GICHD", False)])
def test_people_of_states_parties_see_it_and_none_of_them_changes_it(sign_in, one, role, party, sees):
    client = sign_in(role, party)
    assert ("987\u202f654.32" in client.get("/assessments/").get_data(as_text=True)) is sees
    assert ("987654.32" in client.get("/assessments/?as=csv").get_data(as_text=True)) is sees
    assert client.get(f"/assessments/{one.id}/edit").status_code == 403
    assert client.post("/assessments/new", data=GIVEN).status_code == 403


def test_a_visitor_is_asked_to_sign_in(visitor, one):
    assert visitor.get("/assessments/").status_code == 303


def test_no_figure_of_pledges_knows_it(isu, one, visitor, make):
    pledge = make.pledge("NOR", conference=make.conference())
    pages = ("/pledges/", "/pledges/?as=csv", f"/pledges/{pledge.ref}", "/parties/NOR", "/insight/", "/conferences/compare",
             f"/conferences/{pledge.conference.ref}", f"/conferences/{pledge.conference.ref}/tally")
    for reader in (isu, visitor):
        for path in pages:
            page = reader.get(path).get_data(as_text=True)
            assert "987654" not in page.replace("\u202f", ""), path
