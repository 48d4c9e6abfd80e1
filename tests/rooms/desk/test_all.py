"""The whole desk of the ISU: what is open by owner, age and State, and the same as a file."""

from __future__ import annotations

from datetime import date, timedelta

from partnerships.core.actor import Role

TODAY = date.today()


def test_the_whole_desk_by_owner_age_and_state(make, sign_in):
    make.followup("KHM", "NOR", what="Long late", due_on=TODAY - timedelta(days=40))
    make.followup("AGO", "ISU", what="Call Luanda", due_on=TODAY + timedelta(days=5))
    make.match(make.need("KHM"), "JPN", next_step="Ask for the plan", next_step_on=TODAY - timedelta(days=3))
    pledge = make.pledge("SWE", announced_on=TODAY - timedelta(days=90), expected_on=TODAY - timedelta(days=20))
    make.pledge("CHE", announced_on=TODAY - timedelta(days=90), expected_on=TODAY + timedelta(days=20))
    isu = sign_in(Role.ISU_OFFICER)
    text = isu.get("/desk/all").get_data(as_text=True)
    places = [text.index(words) for words in ("Long late", f"Pledge {pledge.ref}", "Ask for the plan", "Call Luanda")]
    assert places == sorted(places) and "All 4 shown" in text
    assert "/desk/all" in isu.get("/desk/").get_data(as_text=True)
    for query, kept in (("owner=NOR", "Long late"), ("age=long-overdue", "Long late"), ("about=AGO", "Call Luanda"),
                        ("kind=pledge", f"Pledge {pledge.ref}"), ("age=soon&owner=ISU", "Call Luanda")):
        text = isu.get(f"/desk/all?{query}").get_data(as_text=True)
        assert kept in text and text.count('<a href="/followups/') + text.count('<a href="/matches/') + text.count(
            '<a href="/pledges/P') == 1, query
    file = isu.get("/desk/all?as=csv&age=long-overdue").get_data(as_text=True)
    assert "Long late" in file and "Call Luanda" not in file and "NOR" in file
    assert isu.get("/desk/all?as=xlsx").status_code == 200
    assert "Nothing open matches" in isu.get("/desk/all?owner=KHM&age=later").get_data(as_text=True)
    assert isu.get("/desk/all?owner=nonsense&page=99&age=%00").status_code == 200


def test_an_empty_whole_desk_says_so(sign_in):
    assert "Nothing is open" in sign_in(Role.ISU_OFFICER).get("/desk/all").get_data(as_text=True)


def test_the_number_of_queries_does_not_grow(make, sign_in):
    isu = sign_in(Role.ISU_OFFICER)
    from sqlalchemy import event

    from partnerships.core.db import current_engine

    count = [0]

    def counting(*_what: object) -> None:
        count[0] += 1

    def measured(url: str) -> int:
        isu.get(url)
        count[0] = 0
        event.listen(current_engine(), "before_cursor_execute", counting)
        isu.get(url)
        event.remove(current_engine(), "before_cursor_execute", counting)
        return count[0]

    def grow(states: tuple[str, ...]) -> None:
        for state in states:
            need = make.need(state, deadline=TODAY + timedelta(days=300), valid_until=TODAY + timedelta(days=9))
            make.meeting(state, held_on=TODAY - timedelta(days=2), needs=[need])
            make.followup(state, "ISU", match=make.match(need, "NOR"))
            make.pledge("SWE", need=need, announced_on=TODAY - timedelta(days=90), expected_on=TODAY - timedelta(days=20))

    make.offer("NOR")
    grow(("KHM", "AGO"))
    before = {url: measured(url) for url in ("/desk/", "/followups/", "/desk/all")}
    grow(("COD", "TCD", "THA"))
    assert {url: measured(url) for url in before} == before
