"""My desk: what waits for each role, the overdue first, ten lines at most."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from partnerships.core.actor import SIGNED_IN, SYSTEM, Role
from partnerships.core.db import db
from partnerships.needs.states import NeedStatus

TODAY = date.today()


def desk(client) -> str:
    answer = client.get("/desk/")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def lines(text: str) -> list[str]:
    """The sentences under "What waits for you"."""
    section = text.split('id="tasks"')[1].split("</section>")[0]
    return [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r'<li class="task.*?</p>', section, flags=re.S)]


@pytest.mark.parametrize("role", SIGNED_IN)
def test_an_empty_desk_has_a_quiet_line(sign_in, role):
    text = desk(sign_in(role))
    assert lines(text) == []
    assert "Nothing waits for you today" in text
    assert text.count("button-primary") == 1


def test_signed_out_is_asked_to_sign_in(visitor):
    answer = visitor.get("/desk/")
    assert answer.status_code == 303
    assert "/accounts/sign-in" in answer.headers["Location"]


def test_a_focal_point_sees_its_own_needs(make, sign_in):
    made = {status: make.need("KHM", status, title=f"Need that is {status.value}")
            for status in (NeedStatus.DRAFT, NeedStatus.RETURNED, NeedStatus.SUBMITTED)}
    soon = make.need("KHM", valid_until=TODAY + timedelta(days=40))
    far = make.need("KHM", valid_until=TODAY + timedelta(days=100))
    make.need("AGO", NeedStatus.DRAFT, title="Another State's draft")
    text = desk(sign_in(Role.FOCAL_POINT, "KHM"))
    assert lines(text) == [
        "The ISU returned “Need that is returned” with comments.",
        "Your draft “Need that is draft” is not submitted yet.",
        "“Need that is submitted” waits for verification by the ISU.",
        f"Need {soon.ref} leaves matching after its valid-until date."]
    assert far.ref not in text
    assert f"/needs/{made[NeedStatus.DRAFT].ref}/edit" in text
    assert "Article 7: the yearly transparency report is due." in text
    assert "KHM-REC" not in text


def test_a_need_past_its_date_is_said_to_be(make, sign_in):
    need = make.need("KHM")
    need.valid_until = TODAY - timedelta(days=2)
    db.session.commit()
    text = desk(sign_in(Role.FOCAL_POINT, "KHM"))
    assert lines(text) == [f"Need {need.ref} is past its valid-until date and no longer matched."]


def test_matches_stand_on_both_desks_and_no_other(make, sign_in):
    need = make.need("KHM")
    match = make.match(need, "NOR", next_step="Call on the work plan", next_step_on=TODAY + timedelta(days=3))
    assert lines(desk(sign_in(Role.FOCAL_POINT, "KHM"))) == [f"Norway, need {need.ref}: Call on the work plan"]
    donor = desk(sign_in(Role.DONOR_OFFICER, "NOR"))
    assert lines(donor) == [f"Cambodia, need {need.ref}: Call on the work plan"]
    assert f"/matches/{match.id}" in donor
    for role, party in ((Role.DONOR_OFFICER, "JPN"), (Role.FOCAL_POINT, "AGO"), (Role.COMMITTEE_MEMBER, "CHE")):
        assert "Call on the work plan" not in desk(sign_in(role, party))


def test_a_shared_match_waits_for_its_answer(make, sign_in):
    from partnerships.matches import service

    need = make.need("KHM")
    service.share(need, make.party("NOR"), make.actor(Role.FOCAL_POINT, "KHM"), message="Could this be for you?",
                  next_step="Answer", next_step_on=TODAY + timedelta(days=9))
    db.session.commit()
    words, = lines(desk(sign_in(Role.DONOR_OFFICER, "NOR")))
    assert words == f"Cambodia&#39;s need {need.ref} was shared with you: say whether you are interested."


def test_the_overdue_come_first(make, sign_in):
    make.match(make.need("KHM"), "NOR", next_step="Send the questions", next_step_on=TODAY)
    make.pledge("NOR", announced_on=TODAY - timedelta(days=60), expected_on=TODAY - timedelta(days=10))
    make.pledge("NOR", expected_on=TODAY + timedelta(days=20))
    make.pledge("NOR", expected_on=TODAY + timedelta(days=90))
    make.followup(owner="NOR", what="Name a contact", due_on=TODAY - timedelta(days=30))
    text = desk(sign_in(Role.DONOR_OFFICER, "NOR"))
    found = lines(text)
    assert found[0] == "Name a contact"
    assert found[1].endswith("is past the date of its next step: say where it stands.")
    assert text.count("task-overdue") == 2
    assert found[2].endswith("Send the questions")
    assert found[3].endswith("is expected soon.")
    assert len(found) == 4


def test_ten_lines_at_most_and_it_says_so(make, sign_in):
    for number in range(13):
        make.followup(owner="NOR", what=f"Step {number}", due_on=TODAY + timedelta(days=number))
    text = desk(sign_in(Role.DONOR_OFFICER, "NOR"))
    assert lines(text) == [f"Step {number}" for number in range(10)]
    assert "10 of 13 lines shown" in text


def test_a_donor_sees_what_fits_with_reasons(make, sign_in):
    for _ in range(4):
        make.need("KHM")
    text = desk(sign_in(Role.DONOR_OFFICER, "NOR"))
    section = text.split('id="fitting"')[1].split("</section>")[0]
    assert section.count("<h3") == 3
    assert "Gave to Cambodia in" in section
    assert section.count("/why/NOR") == 3
    assert "Needs that fit you" not in desk(sign_in(Role.FOCAL_POINT, "KHM"))


def test_the_isu_sees_its_queues(make, sign_in):
    make.need("KHM", NeedStatus.SUBMITTED)
    make.need("AGO", NeedStatus.SUBMITTED)
    make.followup(due_on=TODAY - timedelta(days=1))
    make.pledge("NOR", announced_on=TODAY - timedelta(days=60), expected_on=TODAY - timedelta(days=10))
    late = make.match(make.need("COD"), "JPN")
    late.next_step_on = TODAY - timedelta(days=4)
    db.session.commit()
    text = desk(sign_in(Role.ISU_OFFICER))
    found = lines(text)
    assert found[:3] == ["One pledge is past the date of its next step.", "The next step of one match is past its day.",
                         "One follow-up is overdue."]
    assert "2 needs wait for verification." in found
    assert "The platform suggests 2 follow-ups." in found  # the pledge past its date, and the deadline with a gap
    assert text.count("task-overdue") == 3


def test_an_open_conference_leads_to_its_live_log(make, sign_in):
    from partnerships.conferences import service

    conference = make.conference(title="The Pledging Conference")
    assert "Next pledging conference: The Pledging Conference." in desk(sign_in(Role.DONOR_OFFICER))
    service.move(conference, "opened", SYSTEM, "")
    db.session.commit()
    isu = desk(sign_in(Role.ISU_OFFICER))
    assert "The Pledging Conference is open: log the pledges as they are announced." in lines(isu)
    assert f"/conferences/{conference.ref}/desk" in isu
    assert f"/conferences/{conference.ref}/desk" not in desk(sign_in(Role.DONOR_OFFICER))


def test_the_committee_sees_the_newest_needs(make, sign_in):
    needs = [make.need("KHM") for _ in range(6)]
    text = desk(sign_in(Role.COMMITTEE_MEMBER))
    assert needs[-1].ref in text
    assert needs[0].ref not in text
    assert "Open the figures" in text


def test_a_meeting_shows_to_those_concerned(make, sign_in):
    make.meeting("KHM", title="Where clearance stands", participants=[(make.party("NOR"), "Donor")])
    for role, party in ((Role.FOCAL_POINT, "KHM"), (Role.DONOR_OFFICER, "NOR"), (Role.ISU_OFFICER, "ISU")):
        assert "Where clearance stands" in desk(sign_in(role, party))
    assert "Where clearance stands" not in desk(sign_in(Role.DONOR_OFFICER, "JPN"))
