"""What still stands: one's own with its dates; for the ISU what went stale, by State; the jobs' commands; the desk."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event

from partnerships.core import jobs
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus

URL = "/renewals/"


@pytest.fixture
def world(make, on):
    """Needs and offers around 1 December 2026."""
    on("2026-05-01")
    found = {
        "past": make.need("KHM", valid_until=date(2026, 11, 20)), "soon": make.need("KHM", valid_until=date(2027, 1, 15)),
        "later": make.need("KHM", valid_until=date(2027, 12, 31)), "other": make.need("AGO", valid_until=date(2026, 11, 10)),
        "hidden": make.need("AGO", valid_until=date(2026, 12, 24), visibility=Visibility.PARTIES),
        "offer": make.offer("NOR", valid_until=date(2026, 11, 30)), "own offer": make.offer("KHM", valid_until=date(2027, 3, 1)),
        "closed": make.need("KHM", NeedStatus.MET, valid_until=date(2026, 11, 20)),
        "draft": make.need("KHM", NeedStatus.DRAFT, valid_until=date(2026, 11, 20))}
    on("2026-12-01")
    return found


def shown(client, world, query="") -> list[str]:
    """The names of the records that the list shows, in its order."""
    text = client.get(URL + query).get_data(as_text=True)
    places = {name: text.find(f">{record.ref}<") for name, record in world.items()}
    return [name for place, name in sorted((place, name) for name, place in places.items()) if place >= 0]


def test_ones_own_the_nearest_first(world, sign_in):
    client = sign_in(Role.FOCAL_POINT, "KHM")
    assert shown(client, world) == ["past", "soon", "own offer", "later"]
    text = client.get(URL).get_data(as_text=True)
    assert text.count("Still stands until 31 December 2027") == 4
    assert "Past, not matched" in text and "Whose" not in text
    assert shown(sign_in(Role.DONOR_OFFICER, "NOR"), world) == ["offer"]


def test_the_isu_sees_what_went_stale_and_no_button(world, sign_in):
    client = sign_in(Role.ISU_OFFICER)
    assert shown(client, world) == ["other", "past", "offer", "hidden", "soon"]
    assert "Still stands until" not in client.get(URL).get_data(as_text=True)


def test_its_filters_live_in_the_address(world, sign_in):
    client = sign_in(Role.ISU_OFFICER)
    everything = ["other", "past", "offer", "hidden", "soon"]
    for query, names in {
            "?state=past": ["other", "past", "offer"], "?state=soon": ["hidden", "soon"], "?kind=offer": ["offer"],
            "?party=AGO": ["other", "hidden"], "?kind=need&state=past&party=KHM": ["past"],
            "?state=later": ["own offer", "later"], "?kind=pledge&state=%00&party=nobody": everything,
            "?page=99": everything}.items():
        assert shown(client, world, query) == names, query


def test_another_party_in_the_address_shows_a_person_nothing_more(world, sign_in):
    assert shown(sign_in(Role.FOCAL_POINT, "KHM"), world, "?party=AGO") == ["past", "soon", "own offer", "later"]


def test_empty_says_what_to_do_next(sign_in):
    assert "Post a need" in sign_in(Role.FOCAL_POINT, "KHM").get(URL).get_data(as_text=True)
    assert "Post an offer" in sign_in(Role.DONOR_OFFICER, "NOR").get(URL).get_data(as_text=True)
    assert "Nothing is past" in sign_in(Role.ISU_OFFICER).get(URL).get_data(as_text=True)
    assert "Clear filters" in sign_in(Role.ISU_OFFICER).get(f"{URL}?kind=offer").get_data(as_text=True)


def test_who_may_open_it(sign_in, visitor):
    assert sign_in(Role.COMMITTEE_MEMBER).get(URL).status_code == 403
    assert "/accounts/sign-in" in visitor.get(URL).headers["Location"]


def test_as_many_queries_for_twenty_as_for_two(app, make, on, sign_in):
    on("2026-12-01")
    client = sign_in(Role.ISU_OFFICER)

    def counted() -> int:
        asked = []
        event.listen(app.extensions["database"], "before_cursor_execute", lambda *args: asked.append(args[2]))
        client.get(URL)
        return len(asked)

    for party in ("KHM", "NOR"):
        make.need(party, valid_until=date(2027, 1, 10))
        make.offer(party, valid_until=date(2027, 1, 10))
    few = counted()
    for number in range(1, 9):
        make.need("AGO", valid_until=date(2027, 1, number))
        make.offer("JPN", valid_until=date(2027, 1, number))
    assert counted() <= few


def test_the_desk_leads_there(world, sign_in):
    text = sign_in(Role.FOCAL_POINT, "KHM").get("/desk/").get_data(as_text=True)
    assert f"/renewals/need/{world['past'].ref}" in text and f"/renewals/need/{world['soon'].ref}" in text
    donor = sign_in(Role.DONOR_OFFICER, "NOR").get("/desk/").get_data(as_text=True)
    assert f"Offer {world['offer'].ref} is past its valid-until date and no longer matched." in donor
    isu = sign_in(Role.ISU_OFFICER).get("/desk/").get_data(as_text=True)
    assert "3 needs and offers are past their valid-until date." in isu and "/renewals/?state=past" in isu


def test_the_desk_speaks_of_the_report_until_all_was_looked_through(make, on, sign_in):
    from partnerships.renewals import service

    words = "Look through your open needs with your yearly report."
    on("2026-05-01")
    need = make.need("KHM", valid_until=date(2028, 12, 31))
    make.need("LAO", valid_until=date(2028, 12, 31))
    for day, there in (("2027-02-28", False), ("2027-03-01", True), ("2027-04-30", True), ("2027-05-01", False)):
        on(day)
        assert (words in sign_in(Role.FOCAL_POINT, "KHM").get("/desk/").get_data(as_text=True)) is there, day
    on("2028-03-20")
    assert "due by 30 April" in sign_in(Role.FOCAL_POINT, "KHM").get(URL).get_data(as_text=True)
    assert words not in sign_in(Role.FOCAL_POINT, "LAO").get("/desk/").get_data(as_text=True)
    assert words not in sign_in(Role.FOCAL_POINT, "AGO").get("/desk/").get_data(as_text=True)
    service.confirm(need, make.actor(Role.FOCAL_POINT, "KHM"), date(2028, 12, 31))
    db.session.commit()
    assert words not in sign_in(Role.FOCAL_POINT, "KHM").get("/desk/").get_data(as_text=True)


def test_the_command_runs_the_jobs_and_delivers(app, world, make):
    make.account(Role.FOCAL_POINT, "KHM")
    db.session.rollback()
    runner = app.test_cli_runner()
    done = runner.invoke(args=["jobs", "run", "reminders", "yearly"])
    assert done.exit_code == 0, done.output
    written = done.output.splitlines()
    assert written[0].startswith("reminders: ") and written[0] != "reminders: 0" and written[1] == "yearly: 0"
    assert written[2] == f"letters: {written[0].split()[1]} delivered, 0 failed"
    again = runner.invoke(args=["jobs", "run", "reminders"])
    assert again.output.splitlines() == ["reminders: 0", "letters: 0 delivered, 0 failed"]
    assert "reminders" in runner.invoke(args=["jobs", "list"]).output.splitlines()
    assert runner.invoke(args=["mail", "deliver"]).output == "letters: 0 delivered, 0 failed\n"
    unknown = runner.invoke(args=["jobs", "run", "nonsense"])
    assert unknown.exit_code == 1 and "There is no job nonsense" in unknown.output


def test_the_command_needs_to_know_the_platforms_address(app):
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(public_url="")
    done = app.test_cli_runner().invoke(args=["jobs", "run"])
    assert done.exit_code == 1 and "PARTNERSHIPS_PUBLIC_URL" in done.output


def test_a_job_that_fails_hinders_no_other(app, make, monkeypatch):
    account = make.account()

    def broken(today: date) -> int:
        account.name = "Half done"
        db.session.add(account)
        db.session.flush()
        raise RuntimeError("no luck")

    monkeypatch.setattr(jobs, "JOBS", {"broken": broken, "fine": lambda today: 3})
    first, second = jobs.run(date(2026, 5, 1))
    assert (first.done, first.error) == (0, "RuntimeError: no luck")
    assert (second.done, second.error) == (3, "")
    db.session.refresh(account)
    assert account.name != "Half done"
    with pytest.raises(ValueError, match="declared twice"):
        jobs.declare("fine", broken)
