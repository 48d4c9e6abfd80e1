"""A new need begins with what the register knows: the last contact, an earlier need, the programme of Article 6.7."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.needs import content
from partnerships.needs.models import Need
from partnerships.needs.states import CostKind, NeedStatus

YEAR = date.today().year + 1
LAST = YEAR - 1


@pytest.fixture
def earlier(make):
    """Last year's need of Cambodia, with a second part."""
    need = make.need(amounts=[(LAST, LAST, Decimal(900), Decimal(100)), (YEAR, YEAR, Decimal(400), Decimal(0))],
                     contact_name="Planning unit", contact_email="planning@authority.example")
    content.apply(need, content.packed({
        "work": [{"year": LAST, "area": "Bavel", "contamination": ("ap-mines",), "suspected_m2": 0, "confirmed_m2": 500,
                  "cancelled_m2": 0, "reduced_m2": 0, "cleared_m2": 500}],
        "costs": [{"year": LAST, "kind": CostKind.STAFF, "amount": Decimal(300), "note": ""},
                  {"year": YEAR, "kind": CostKind.STAFF, "amount": Decimal(400), "note": ""}],
        "covered": [{"by_whom": "A donor", "year": None, "amount": Decimal(50), "note": ""}], "risks": "Floods",
    }))
    db.session.commit()
    return need


def newest() -> Need:
    return db.session.scalars(select(Need).order_by(Need.id.desc())).first()


def test_the_contact_of_the_last_need_is_proposed(sign_in, earlier):
    fields = sign_in(Role.FOCAL_POINT).fields("/needs/new")
    assert (fields["contact_name"], fields["contact_email"]) == ("Planning unit", "planning@authority.example")


def test_an_earlier_need_moves_its_years_on_and_nothing_is_kept_before_saving(sign_in, earlier):
    client = sign_in(Role.FOCAL_POINT)
    page = client.get("/needs/new").get_data(as_text=True)
    assert f"/needs/new?from={earlier.ref}" in page and earlier.title in page
    url = f"/needs/new?from={earlier.ref}"
    fields = client.fields(url)
    assert "with the years moved on" in client.get(url).get_data(as_text=True) and newest().id == earlier.id
    assert fields["title"] == earlier.title and fields["valid_until"] == f"{YEAR}-12-31"
    assert [(fields[f"years-{row}-year"], fields[f"years-{row}-amount"]) for row in range(2)] == [
        (str(YEAR), "900"), (str(YEAR + 1), "400")]
    assert client.post("/needs/new", data={**fields, "years-1-amount": "350", "submit": "1"}).status_code == 303
    made = content.snapshot(newest())
    assert newest().id != earlier.id and newest().status is NeedStatus.SUBMITTED
    assert [line["year"] for line in made["work"]] == [YEAR] and made["risks"] == "Floods"
    assert [line["by_whom"] for line in made["covered"]] == ["A donor"]
    assert [(line["year"], line["amount"]) for line in made["costs"]] == [(YEAR, "300")], "costs never exceed the new amount"


def test_amounts_in_another_currency_stay_behind(sign_in, earlier):
    client = sign_in(Role.FOCAL_POINT)
    client.post("/needs/new", data={**client.fields(f"/needs/new?from={earlier.ref}"), "currency": "EUR", "save": "1"})
    assert newest().currency == "EUR" and not newest().costs and not newest().covered and newest().work


def test_only_the_states_own_needs_on_record_are_a_start(sign_in, make, earlier):
    client = sign_in(Role.FOCAL_POINT)
    for ref in (make.need("AGO").ref, make.need("KHM", NeedStatus.DRAFT).ref, "no-such", "%00"):
        assert client.get(f"/needs/new?from={ref}").status_code == 404
    theirs = make.need("AGO", title="Angola's own words")
    client.post("/needs/new", data={"title": "Ours", "start": theirs.ref, "visibility": "public", "save": "1"})
    assert newest().title == "Ours" and not newest().work


def test_help_with_a_national_programme_is_one_press_away(sign_in):
    client = sign_in(Role.FOCAL_POINT)
    assert "/needs/new?for=programme" in client.get("/needs/new").get_data(as_text=True)
    fields = client.fields("/needs/new?for=programme")
    assert (fields["serves"], fields["theme"], fields["kinds"]) == ("a:6.7", "national-capacity", ["expertise"])
    assert "national mine action programme" in fields["title"]
    answer = client.post("/needs/new", data={**fields, "deeper": "1"})
    assert answer.headers["Location"] == f"/plans/{newest().ref}/programme"
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    for heading in ("How large the problem is", "What it takes", "How many years", "Risk education", "Assistance to victims",
                    "Who works with whom"):
        assert heading in page


def test_going_deeper_leads_to_the_work_plan(sign_in, make):
    draft = make.need(status=NeedStatus.DRAFT)
    client, url = sign_in(Role.FOCAL_POINT), f"/needs/{draft.ref}/edit"
    answer = client.post(url, data={**client.fields(url), "deeper": "1"})
    assert answer.headers["Location"] == f"/plans/{draft.ref}/work"
    assert db.session.get_one(Need, draft.id).status is NeedStatus.DRAFT
