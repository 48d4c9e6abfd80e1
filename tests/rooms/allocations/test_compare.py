"""Two plans side by side, each within the reader's sight."""

from __future__ import annotations

from partnerships.core.actor import Role


def text(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.get_data(as_text=True)


def test_two_plans_by_state_and_donor(world, plan, sign_in):
    first, second = plan({"NOR": 300_000}), plan({"NOR": 300_000, "JPN": 500_000}, title="With Japan")
    isu = sign_in(Role.ISU_OFFICER)
    page = text(isu, f"/allocations/compare?a={first.ref}&b={second.ref}")
    assert "With Japan" in page and "Cambodia" in page and "Angola" in page
    assert "not in it" in page and "+500" in page  # Japan is in the second only
    assert "same" in page.split("<h2>By donor</h2>")[1]  # Norway gives its whole budget in both


def test_one_plan_asks_for_the_second_and_none_for_both(world, plan, sign_in):
    first, waiting = plan({"NOR": 300_000}), plan({"NOR": 300_000}, run=False)
    plan({"NOR": 400_000})
    isu = sign_in(Role.ISU_OFFICER)
    assert "Choose the second plan" in text(isu, f"/allocations/compare?a={first.ref}")
    assert "Choose a plan" in text(isu, "/allocations/compare")
    assert isu.get(f"/allocations/compare?a={first.ref}&b={waiting.ref}").status_code == 404
    assert isu.get("/allocations/compare?a=PLAN-1999-001").status_code == 404
    assert "Two computed plans are needed" in text(sign_in(Role.FOCAL_POINT, "AFG"), "/allocations/compare")


def test_a_plan_outside_the_readers_sight_cannot_be_compared(world, plan, sign_in):
    own, other = plan({"NOR": 300_000}), plan({"JPN": 300_000}, scope={"states": ["KHM"]})
    client = sign_in(Role.DONOR_OFFICER, "NOR")
    assert client.get(f"/allocations/compare?a={own.ref}&b={other.ref}").status_code == 404
