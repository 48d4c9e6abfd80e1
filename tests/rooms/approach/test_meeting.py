"""A country meeting: planned with its State, held, its actions followed up, closed with an outcome; who sees what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from partnerships.approach import service
from partnerships.approach.models import Meeting
from partnerships.approach.states import MeetingStatus
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.followups import service as following
from partnerships.followups.models import Followup
from partnerships.followups.states import Reason
from partnerships.needs.states import NeedStatus

YESTERDAY = date.today() - timedelta(days=1)


@pytest.fixture
def isu(sign_in):
    return sign_in(Role.ISU_OFFICER)


def kept(ref: str) -> Meeting:
    db.session.expire_all()
    return db.session.scalars(select(Meeting).where(Meeting.ref == ref)).one()


def text(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.get_data(as_text=True)


def test_planning_starts_with_the_state_and_its_open_needs(isu, make):
    need, other = make.need("KHM"), make.need("AGO")
    assert "Which State" in text(isu, "/approach/new")
    page = text(isu, "/approach/new?state=KHM")
    assert need.ref in page
    assert other.ref not in page
    data = isu.fields("/approach/new?state=KHM")
    assert data["needs"] == [need.ref]
    data.update({"held_on": "2027-05-04", "mode": "online", "participants-1-party": "norwa",
                 "participants-1-capacity": "Donor", "visibility": "parties"})
    for _click in range(2):
        answer = isu.post("/approach/new?state=KHM", data=data)
        assert answer.headers["Location"] == "/approach/IA-KHM-2027-01"
    meeting = kept("IA-KHM-2027-01")
    assert [(row.party.ref, row.capacity) for row in meeting.participants] == [
        ("KHM", "Affected State"), ("NOR", "Donor")]
    assert [one.ref for one in meeting.needs] == [need.ref]
    assert "Country meeting IA-KHM-2027-01 planned" in text(isu, f"/needs/{need.ref}")
    assert isu.get("/approach/new?state=UNDP").status_code == 404


@pytest.mark.parametrize(("values", "words"), [
    ({"title": ""}, "Give the meeting a title"),
    ({"held_on": "next week"}, "Give the date as"),
    ({"mode": ""}, "Choose how it is held"),
    ({"participants-1-party": "Atlantis"}, "No State or organisation is called"),
    ({"participants-1-party": "KHM"}, "already given above"),
    ({"participants-1-capacity": "Donor"}, "took part in this capacity"),
    ({"needs": ["AGO-2020-001"]}, "Choose from the list"),
    ({"visibility": "everybody"}, "Not a valid choice"),
    ({"source": "javascript:alert(1)"}, "web address"),
])
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(isu, values, words):
    data = {**isu.fields("/approach/new?state=KHM"), "held_on": "2027-05-04", "mode": "online",
            "summary": "Typed with care", **values}
    answer = isu.post("/approach/new?state=KHM", data=data)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert "Typed with care" in answer.get_data(as_text=True)
    assert not db.session.scalars(select(Meeting).where(Meeting.ref.like("IA-KHM%"))).all()


def test_more_rows_without_a_script_keep_what_was_typed(isu):
    data = {**isu.fields("/approach/new?state=KHM"), "participants-1-party": "Norway", "add_row": "1"}
    answer = isu.post("/approach/new?state=KHM", data=data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'value="Norway"' in page
    assert "participants-6-party" in page


def test_changing_keeps_rows_adds_and_takes_away(isu, make):
    need = make.need("KHM")
    meeting = make.meeting(needs=[need], participants=[(make.party("NOR"), "Donor"), make.party("SWE")])
    url = f"/approach/{meeting.ref}/edit"
    data = {**isu.fields(url), "participants-1-party": "Japan", "participants-0-capacity": "Lead donor",
            "interest": "Two donors asked for the work plan."}
    data.pop("needs")
    assert isu.post(url, data=data).status_code == 303
    found = kept(meeting.ref)
    assert {(row.party.ref, row.capacity) for row in found.participants} == {("NOR", "Lead donor"), ("JPN", "")}
    assert found.needs == []
    page = text(isu, f"/approach/{meeting.ref}")
    assert "Two donors asked for the work plan." in page
    assert "Taking part" in page
    assert "Sweden" in page


def test_two_editors_never_lose_each_others_words(isu, make):
    url = f"/approach/{make.meeting().ref}/edit"
    mine, theirs = isu.fields(url), isu.fields(url)
    assert isu.post(url, data={**theirs, "chair": "Their chair"}).status_code == 303
    answer = isu.post(url, data={**mine, "chair": "My chair"})
    assert answer.status_code == 409
    assert "Their chair" in answer.get_data(as_text=True)


def test_the_way_to_a_closed_meeting(isu, make):
    meeting = make.meeting()
    base = f"/approach/{meeting.ref}"
    assert isu.post(f"{base}/move/held").status_code == 422
    isu.post(f"{base}/edit", data={**isu.fields(f"{base}/edit"), "held_on": str(YESTERDAY)})
    assert isu.post(f"{base}/move/held").status_code == 303
    assert "already done" in text(isu, isu.post(f"{base}/move/held").headers["Location"])
    assert isu.post(f"{base}/move/closed").status_code == 422
    assert kept(meeting.ref).status is MeetingStatus.HELD
    future = {**isu.fields(f"{base}/edit"), "held_on": str(date.today() + timedelta(days=5))}
    assert isu.post(f"{base}/edit", data=future).status_code == 422
    isu.post(f"{base}/edit", data={**isu.fields(f"{base}/edit"), "outcome": "Three partners will visit."})
    assert isu.post(f"{base}/move/closed").status_code == 303
    emptied = {**isu.fields(f"{base}/edit"), "outcome": ""}
    assert isu.post(f"{base}/edit", data=emptied).status_code == 422
    page = text(isu, base)
    assert "Three partners will visit." in page
    assert "closed with its outcome" in page
    assert isu.post(f"{base}/move/reopened").status_code == 404


def test_an_action_becomes_a_follow_up_with_owner_and_day(isu, make, sign_in):
    meeting = make.meeting(participants=[make.party("NOR")])
    base = f"/approach/{meeting.ref}"
    due = date.today() + timedelta(days=60)
    data = {"what": "Send the work plan to partners", "owner": "Cambodia", "due_on": str(due), "once": "one-key"}
    for _click in range(2):
        assert isu.post(f"{base}/actions", data=data).headers["Location"] == f"{base}#actions"
    [action] = db.session.scalars(select(Followup).where(Followup.meeting_id == meeting.id))
    assert (action.owner_party.ref, action.due_on, action.reason) == ("KHM", due, Reason.MEETING_ACTION)
    for client in (isu, sign_in(Role.FOCAL_POINT), sign_in(Role.DONOR_OFFICER)):
        page = text(client, base)
        assert "Send the work plan to partners" in page
        assert "1 open, 0 done" in page


@pytest.mark.parametrize(("values", "words"), [
    ({"what": ""}, "Say what is to be done"), ({"owner": "Atlantis"}, "No State or organisation"),
    ({"due_on": ""}, "Say by when"),
])
def test_an_action_without_owner_or_day_is_not_one(isu, make, values, words):
    meeting = make.meeting()
    data = {"what": "Typed action", "owner": "KHM", "due_on": str(date.today()), **values}
    answer = isu.post(f"/approach/{meeting.ref}/actions", data=data)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert not db.session.scalars(select(Followup)).all()


def test_an_overdue_action_says_so(isu, make):
    meeting = make.meeting(held_on=YESTERDAY)
    make.followup(meeting=meeting, due_on=YESTERDAY)
    assert "Overdue" in text(isu, f"/approach/{meeting.ref}")


def test_a_closed_circle_is_nowhere_for_others(make, sign_in, visitor):
    meeting = make.meeting(title="A closed circle", participants=[make.party("NOR")])
    for client in (sign_in(Role.FOCAL_POINT, "KHM"), sign_in(Role.DONOR_OFFICER, "NOR"), sign_in(Role.ISU_OFFICER)):
        assert "A closed circle" in text(client, "/approach/")
        page = text(client, f"/approach/{meeting.ref}")
        assert f"Country meeting {meeting.ref} planned" in page
    for client in (visitor, sign_in(Role.FOCAL_POINT, "AGO"), sign_in(Role.DONOR_OFFICER, "SWE"),
                   sign_in(Role.COMMITTEE_MEMBER)):
        assert client.get(f"/approach/{meeting.ref}").status_code == 404
        assert "A closed circle" not in text(client, "/approach/")
        assert "A closed circle" not in text(client, "/parties/KHM")
        assert meeting.ref not in text(client, "/parties/KHM")


def test_states_parties_see_what_is_for_them(make, sign_in, visitor):
    meeting = make.meeting(visibility=Visibility.STATES_PARTIES)
    assert sign_in(Role.DONOR_OFFICER, "SWE").get(f"/approach/{meeting.ref}").status_code == 200
    assert sign_in(Role.DONOR_OFFICER, "USA").get(f"/approach/{meeting.ref}").status_code == 404
    assert visitor.get(f"/approach/{meeting.ref}").status_code == 404


def test_opening_a_meeting_later_does_not_open_its_earlier_wording(make, isu, visitor):
    meeting = make.meeting(summary="Said in confidence")
    url = f"/approach/{meeting.ref}/edit"
    isu.post(url, data={**isu.fields(url), "summary": "The programme and ways to help", "visibility": "parties"})
    isu.post(url, data={**isu.fields(url), "visibility": "public"})
    page = text(visitor, f"/approach/{meeting.ref}")
    assert "The programme and ways to help" in page
    assert "Said in confidence" not in page


def test_a_public_meeting_keeps_restricted_needs_and_actions_to_their_circle(make, visitor, isu):
    shown, hidden = make.need("KHM"), make.need("KHM", visibility=Visibility.PARTIES, title="A restricted need")
    meeting = make.meeting(needs=[shown, hidden], visibility=Visibility.PUBLIC)
    make.followup(meeting=meeting, what="An action in confidence")
    page = text(visitor, f"/approach/{meeting.ref}")
    assert shown.title in page
    assert "A restricted need" not in page
    assert hidden.ref not in page
    assert "1 need is not within your sight" in page
    assert "An action in confidence" not in page
    assert "1 action is shown only to its owner" in page
    assert "A restricted need" in text(isu, f"/approach/{meeting.ref}")


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER,
                                  Role.COMMITTEE_MEMBER])
def test_only_the_isu_runs_meetings(make, sign_in, role):
    meeting = make.meeting(visibility=Visibility.PUBLIC)
    client = sign_in(role)
    assert client.get(f"/approach/{meeting.ref}").status_code == 200
    assert client.get("/approach/new").status_code == 403
    assert client.get(f"/approach/{meeting.ref}/edit").status_code == 403
    for path in ("new?state=KHM", f"{meeting.ref}/edit", f"{meeting.ref}/move/held", f"{meeting.ref}/actions"):
        assert client.post(f"/approach/{path}", data={"title": "Mine"}).status_code == 403
    page = text(client, f"/approach/{meeting.ref}")
    assert "Add an action" not in page
    assert "Partners to invite" not in page


def test_a_visitor_is_asked_to_sign_in(make, visitor):
    meeting = make.meeting(visibility=Visibility.PUBLIC)
    for path in ("new", f"{meeting.ref}/edit"):
        assert visitor.get(f"/approach/{path}").headers["Location"].startswith("/accounts/sign-in")


def test_an_unknown_meeting_is_not_found(isu, visitor):
    assert visitor.get("/approach/IA-KHM-1999-01").status_code == 404
    assert isu.post("/approach/IA-KHM-1999-01/move/held").status_code == 404


def test_partners_to_invite_come_with_reasons_and_a_way_to_add_them(make, isu):
    need = make.need("KHM")
    make.offer("NOR", countries=("KHM",))
    meeting = make.meeting(needs=[need], participants=[make.party("JPN")])
    page = text(isu, f"/approach/{meeting.ref}").split('id="invite"')[1]
    assert f"/needs/{need.ref}/why/" in page
    assert f"/approach/{meeting.ref}/edit?invite=" in page
    assert "invite=JPN" not in page
    assert 'value="Norway"' in text(isu, f"/approach/{meeting.ref}/edit?invite=NOR")
    assert text(isu, f"/approach/{meeting.ref}/edit?invite=JPN").count('value="Japan"') == 2  # its row, and the list


def test_support_since_and_the_indicator_count_what_came_after(make, isu, visitor):
    used_before = text(visitor, "/approach/")
    assert "<dd>1</dd>" in used_before
    meeting = make.meeting(held_on=YESTERDAY, visibility=Visibility.PUBLIC, outcome="Partners will visit.")
    service.move(meeting, "held", SYSTEM)
    db.session.commit()
    page = text(visitor, "/approach/")
    assert "<dd>2</dd>" in page
    assert "<dd>0</dd>" in page
    pledge = make.pledge("NOR", need=make.need("KHM"), announced_on=date.today())
    assert pledge.ref in text(visitor, f"/approach/{meeting.ref}").split('id="support"')[1]
    assert "<dd>0</dd>" not in text(visitor, "/approach/")


def test_a_done_action_counts_as_follow_up(make, visitor):
    meeting = make.meeting(held_on=YESTERDAY, visibility=Visibility.PUBLIC)
    service.move(meeting, "held", SYSTEM)
    action = make.followup(meeting=meeting)
    assert "<dd>0</dd>" in text(visitor, "/approach/")
    following.resolve(action, "done", SYSTEM, "The work plan was sent.")
    db.session.commit()
    page = text(visitor, "/approach/")
    assert "<dd>0</dd>" not in page
    assert "0 open, 1 done" in page


def test_the_list_filters_by_state_and_knows_the_documented_meeting(make, visitor):
    make.meeting("KHM", visibility=Visibility.PUBLIC, title="The meeting of Cambodia")
    page = text(visitor, "/approach/?state=BIH")
    assert "IA-BIH-2020" in page
    assert "The meeting of Cambodia" not in page
    assert "The meeting of Cambodia" in text(visitor, "/approach/?state=nonsense")
    assert "https://www.bhmac.org/" in text(visitor, "/approach/IA-BIH-2020")


def test_a_meeting_discusses_its_own_states_needs_only(make):
    from partnerships.core.errors import Refused

    foreign = make.need("AGO")
    with pytest.raises(Refused):
        make.meeting("KHM", needs=[foreign])


def test_a_submitted_need_is_not_offered(make, isu):
    waiting = make.need("KHM", NeedStatus.SUBMITTED)
    assert waiting.ref not in text(isu, "/approach/new?state=KHM")
