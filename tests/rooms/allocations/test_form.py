"""Saving and computing a plan: the form, its words, what is kept, and that no pledge is ever written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from partnerships.allocations.models import Allocation
from partnerships.allocations.states import AllocationStatus
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.pledges.models import Pledge


def kept() -> list[Allocation]:
    db.session.expire_all()
    return list(db.session.scalars(select(Allocation).order_by(Allocation.id)))


def filled(client, **values):
    data = {**client.fields("/allocations/new"), "title": "Donors' group", "budgets-0-donor": "norwa",
            "budgets-0-amount": "1m", "budgets-1-donor": "Japan", "budgets-1-amount": "200 000", **values}
    return {key: value for key, value in data.items() if value is not None}


def test_a_plan_is_saved_computed_and_shown(world, make, sign_in):
    pledges = len(db.session.scalars(select(Pledge)).all())
    isu = sign_in(Role.ISU_OFFICER)
    conference = make.conference()
    page = isu.get(f"/allocations/new?conference={conference.ref}").get_data(as_text=True)
    assert f'selected value="{conference.ref}"' in page and "There are" in page
    data = filled(isu, conference=conference.ref)
    for _click in range(2):
        answer = isu.post("/allocations/new", data=data)
        assert answer.status_code == 303, answer.get_data(as_text=True)
    [allocation] = kept()
    assert answer.headers["Location"] == f"/allocations/{allocation.ref}" and allocation.ref.startswith("PLAN-")
    assert allocation.status is AllocationStatus.DONE and allocation.engine
    assert allocation.conference_id == conference.id and allocation.floor == 20
    assert [(row["donor"], row["amount"]) for row in allocation.budgets] == [("NOR", "1000000"), ("JPN", "200000")]
    page = isu.get(answer.headers["Location"]).get_data(as_text=True)
    assert "A what-if, not a commitment. Nobody has pledged this." in page
    assert world["KHM"].ref in page and world["AGO"].ref in page and "Why these two" in page
    assert f"/needs/{world['KHM'].ref}/why/" in page
    assert "What-if plan" in isu.get(f"/conferences/{conference.ref}").get_data(as_text=True)
    assert len(db.session.scalars(select(Pledge)).all()) == pledges


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, "Give the plan a title"),
    ({"budgets-0-donor": "Atlantis"}, "No State or organisation is called"),
    ({"budgets-0-donor": ""}, "Name the donor of this budget"),
    ({"budgets-1-donor": "NOR"}, "one budget each"),
    ({"budgets-0-amount": ""}, "more than nothing"),
    ({"budgets-0-amount": "0"}, "more than nothing"),
    ({"budgets-0-amount": "-5"}, "cannot be negative"),
    ({"budgets-0-amount": "nan"}, "write it in figures"),
    ({"budgets-0-amount": "10.50"}, "whole US dollars"),
    ({"budgets-0-themes": ["no-such-theme"]}, "Choose from the list"),
    ({"budgets-0-countries": "Atlantis"}, "No State or organisation is called"),
    ({"budgets-0-countries": "KHM, UNDP"}, "is no State"),
    ({"budgets-0-donor": None, "budgets-0-amount": None, "budgets-1-donor": None, "budgets-1-amount": None},
     "at least one donor"),
    ({"region": "999"}, "Choose one of the list"),
    ({"states": ["XXX"]}, "Choose from the list"),
    ({"needs": "KHM-1999-001"}, "No open public need is called KHM-1999-001"),
    ({"floor": "51"}, "from 0 to 50"),
    ({"floor": "half"}, "Not a valid integer"),
    ({"minimum": "1e9"}, "write it in figures"),
    ({"conference": "PC-99"}, "Choose one of the list"),
]


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(world, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    for values, words in WRONG:
        answer = client.post("/allocations/new", data=filled(client, note="Typed with care", **values))
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, values
        assert words in page and "Typed with care" in page, values
    assert kept() == []


def test_more_rows_without_a_script_keep_what_was_typed(sign_in):
    client = sign_in(Role.COMMITTEE_MEMBER)
    answer = client.post("/allocations/new", data=filled(client, add_row="1"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200 and 'value="norwa"' in page and "budgets-5-donor" in page
    assert kept() == []


def test_a_donor_officer_begins_with_the_own_budget(sign_in):
    assert sign_in(Role.DONOR_OFFICER, "JPN").fields("/allocations/new")["budgets-0-donor"] == "Japan"


def test_earmarks_and_the_scope_are_kept_and_honoured(world, sign_in):
    isu = sign_in(Role.ISU_OFFICER)
    isu.post("/allocations/new", data=filled(isu, **{
        "budgets-0-countries": "Angola", "budgets-1-themes": ["risk-education"], "themes": ["survey-clearance"]}))
    [allocation] = kept()
    assert allocation.budgets[0]["countries"] == ["AGO"] and allocation.scope["themes"] == ["survey-clearance"]
    assert {(need[:3], donor) for need, donor, _usd, _score in allocation.result["grants"]} == {("AGO", "NOR")}
    page = isu.get(f"/allocations/{allocation.ref}").get_data(as_text=True)
    assert "Only for Angola" in page and "200" in page and "left over" in page
    fields = isu.fields(f"/allocations/{allocation.ref}/edit")
    assert fields["budgets-0-countries"] == "Angola" and fields["budgets-1-themes"] == ["risk-education"]
    assert fields["themes"] == ["survey-clearance"]


def test_a_changed_plan_is_computed_anew(world, plan, sign_in):
    allocation = plan({"NOR": 500_000})
    isu, url = sign_in(Role.ISU_OFFICER), f"/allocations/{allocation.ref}/edit"
    mine, theirs = isu.fields(url), isu.fields(url)
    assert isu.post(url, data={**theirs, "floor": "0", "needs": world["AGO"].ref.lower()}).status_code == 303
    [allocation] = kept()
    assert allocation.status is AllocationStatus.DONE and allocation.result["floor"] == 0
    assert {row[2] for row in allocation.result["needs"]} == {"AGO"}
    answer = isu.post(url, data={**mine, "title": "My title", "floor": "30"})
    assert answer.status_code == 409 and "My title" in answer.get_data(as_text=True)
    page = isu.get(f"/allocations/{allocation.ref}").get_data(as_text=True)
    assert "changed; it is to be computed again" in page and "Floor (percent)" in page


def test_amounts_are_whole_dollars_kept_as_text(world, plan):
    allocation = plan({"NOR": 333_333})
    assert allocation.minimum == Decimal(0) and all(isinstance(row[2], int) for row in allocation.result["grants"])
    assert sum(row[2] for row in allocation.result["grants"]) == 333_333
