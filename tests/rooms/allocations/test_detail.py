"""A plan's page: who sees it, what never enters it, the floor and its price, the file."""

from __future__ import annotations

import csv
import io

import pytest

from partnerships.core import export
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus


def text(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.get_data(as_text=True)


def test_those_whose_data_it_uses_see_it_and_nobody_else_knows_of_it(world, plan, sign_in, visitor):
    allocation = plan({"NOR": 300_000}, scope={"states": ["KHM"]}, party="JPN")
    url = f"/allocations/{allocation.ref}"
    for role, party in ((Role.DONOR_OFFICER, "JPN"), (Role.DONOR_OFFICER, "NOR"), (Role.FOCAL_POINT, "KHM"),
                        (Role.ISU_OFFICER, "ISU")):
        client = sign_in(role, party)
        assert "Nobody has pledged this" in text(client, url)
        assert allocation.ref in text(client, "/allocations/")
        assert f"What-if plan {allocation.ref} computed" in text(client, url)
    for role, party in ((Role.DONOR_OFFICER, "SWE"), (Role.FOCAL_POINT, "AGO"), (Role.ORGANISATION_OFFICER, "GICHD"),
                        (Role.COMMITTEE_MEMBER, "CHE")):
        client = sign_in(role, party)
        assert [client.get(f"{url}{end}").status_code for end in ("", "/export")] == [404, 404]
        assert client.get(f"/allocations/compare?a={allocation.ref}").status_code == 404
        assert allocation.ref not in text(client, "/allocations/") + text(client, "/parties/KHM")
    assert visitor.get(url).headers["Location"].startswith("/accounts/sign-in")
    assert allocation.ref not in text(visitor, "/parties/KHM")


def test_a_state_sees_a_plan_once_its_needs_are_in_it(world, plan, sign_in):
    allocation = plan({"NOR": 300_000}, run=False)
    assert sign_in(Role.FOCAL_POINT, "KHM").get(f"/allocations/{allocation.ref}").status_code == 404
    isu = sign_in(Role.ISU_OFFICER)
    assert "saved and not computed yet" in text(isu, f"/allocations/{allocation.ref}")
    assert isu.get(f"/allocations/{allocation.ref}/export").status_code == 404
    assert isu.post(f"/allocations/{allocation.ref}/run").status_code == 303
    assert sign_in(Role.FOCAL_POINT, "KHM").get(f"/allocations/{allocation.ref}").status_code == 200


def test_only_its_makers_and_the_isu_run_it(world, plan, sign_in):
    allocation = plan({"NOR": 300_000}, party="JPN")
    for role, party in ((Role.DONOR_OFFICER, "NOR"), (Role.FOCAL_POINT, "KHM")):
        client = sign_in(role, party)
        for path in ("run", "stop", "edit"):
            assert client.post(f"/allocations/{allocation.ref}/{path}").status_code == 403
        page = text(client, f"/allocations/{allocation.ref}")
        assert "Compute again" not in page and "Change this plan" not in page
    assert sign_in(Role.FOCAL_POINT, "KHM").get("/allocations/new").status_code == 403
    assert sign_in(Role.DONOR_OFFICER, "JPN").post(f"/allocations/{allocation.ref}/run").status_code == 303


def test_a_restricted_need_is_in_no_plan_and_its_number_only_for_those_who_see_it(world, plan, make, sign_in):
    hidden = make.need("KHM", visibility=Visibility.PARTIES, title="A need in confidence")
    make.pledge("SWE", need=world["KHM"], visibility=Visibility.PARTIES)
    allocation = plan({"NOR": 5_000_000})
    assert allocation.result["asked"] == 1_600_000
    assert hidden.ref not in str(allocation.result)
    url = f"/allocations/{allocation.ref}"
    assert "1 restricted need is left out" in text(sign_in(Role.ISU_OFFICER), url)
    assert "1 restricted need is left out" in text(sign_in(Role.FOCAL_POINT, "KHM"), url)
    assert "restricted" not in text(sign_in(Role.DONOR_OFFICER, "NOR"), url)
    assert "A need in confidence" not in text(sign_in(Role.ISU_OFFICER), url)


def test_a_need_that_is_restricted_later_is_no_longer_named(world, plan, sign_in):
    allocation = plan({"NOR": 5_000_000})
    world["KHM"].visibility = Visibility.ISU
    db.session.commit()
    donor = sign_in(Role.DONOR_OFFICER, "NOR")
    for url in (f"/allocations/{allocation.ref}", f"/allocations/{allocation.ref}/export"):
        page = text(donor, url)
        assert world["KHM"].title not in page and world["KHM"].ref not in page and "no longer within your sight" in page


def test_the_floor_is_shown_with_its_price_and_who_pulls(world, plan, make, sign_in):
    make.need("PER", title="Nobody offers anything for this one")
    allocation = plan({"NOR": 600_000})
    kept = allocation.result
    placed = {row[0]: row[2] for row in kept["states"]}
    assert placed["KHM"] >= 160_000 and placed["AGO"] >= 160_000
    page = text(sign_in(Role.ISU_OFFICER), f"/allocations/{allocation.ref}")
    assert "Leaving no State below 20 %" in page and "in value" in page
    assert "States left with nothing, or below the floor" in page or not any(row[4] for row in kept["states"])
    assert "Best pair first" in page
    without = plan({"NOR": 600_000}, floor=0)
    assert "Leaving no State below" not in text(sign_in(Role.ISU_OFFICER), f"/allocations/{without.ref}")
    assert without.result["value"] >= kept["value"]


def test_a_state_nobody_may_fund_is_named_with_the_reason(world, plan, make, sign_in):
    allocation = plan({"KHM": 500_000})
    reasons = {row[0]: row[4] for row in allocation.result["states"]}
    assert reasons["KHM"] == "no-donor"
    page = text(sign_in(Role.ISU_OFFICER), f"/allocations/{allocation.ref}")
    assert "No donor of this plan may fund any" in page


def test_by_donor_and_by_state(world, plan, sign_in):
    allocation = plan({"NOR": 900_000, "JPN": 300_000})
    client = sign_in(Role.ISU_OFFICER)
    by_donor, by_state = text(client, f"/allocations/{allocation.ref}"), text(client, f"/allocations/{allocation.ref}?by=state")
    assert "<strong>Norway</strong>" in by_donor and "<strong>Cambodia</strong>" not in by_donor
    assert "<strong>Cambodia</strong>" in by_state and "<strong>Norway</strong>" not in by_state


@pytest.mark.parametrize("scope", [{"region": "019"}, {"themes": ["stockpile-destruction"]}])
def test_a_plan_without_needs_says_so(world, plan, sign_in, scope):
    allocation = plan({"NOR": 100}, scope=scope)
    page = text(sign_in(Role.ISU_OFFICER), f"/allocations/{allocation.ref}")
    assert "Nothing could be placed" in page and "has anything left to cover" in page


def test_a_need_without_an_amount_is_counted_not_planned(world, plan, make, sign_in):
    make.need("KHM", currency="KHR")  # no reference rate
    allocation = plan({"NOR": 100_000})
    assert allocation.result["unpriced"] == 1
    assert "1 need states no amount" in text(sign_in(Role.ISU_OFFICER), f"/allocations/{allocation.ref}")


def test_the_file_never_looks_like_pledges_and_holds_no_formula(world, plan, make, sign_in):
    make.need("AGO", title='=HYPERLINK("https://evil.example")')
    allocation = plan({"NOR": 700_000, "JPN": 1_600_000}, title="+1 plan")
    answer = sign_in(Role.DONOR_OFFICER, "NOR").get(f"/allocations/{allocation.ref}/export")
    assert answer.mimetype == "text/csv" and f"{allocation.ref}-what-if.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert "What-if grant, USD" in rows[0] and "What-if plan, not a commitment" in rows[0]
    assert sum(int(row["What-if grant, USD"] or 0) for row in rows) == allocation.result["placed"]
    assert sum(int(row["What-if left uncovered, USD"] or 0) for row in rows) == (
        allocation.result["asked"] - allocation.result["placed"])
    assert any(row["Title of the need"].startswith("'=HYPERLINK") for row in rows)
    assert not any(str(value).startswith(("=", "+", "@")) for row in rows for value in row.values())
    assert [export.safe(value) for value in ("-x", "\tx", -5, "a")] == ["'-x", "'\tx", "-5", "a"]


def test_a_draft_need_is_in_no_plan(world, plan, make):
    make.need("KHM", NeedStatus.DRAFT)
    make.need("KHM", NeedStatus.MET)
    assert len(plan({"NOR": 100}).result["needs"]) == 2
