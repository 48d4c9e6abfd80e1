"""The queue of follow-ups: who sees what, a new one, its result, another day or owner."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from partnerships.core.actor import ISU, SIGNED_IN, SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.followups import service
from partnerships.followups.models import Followup
from partnerships.followups.states import FollowupStatus, Reason
from tests.support.factories import HOME

TODAY = date.today()


@pytest.fixture
def isu(sign_in):
    return sign_in(Role.ISU_OFFICER)


def kept(number: int) -> Followup:
    db.session.expire_all()
    return db.session.get_one(Followup, number)


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Followup))


def page(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


@pytest.fixture
def several(make):
    return [make.followup(what="Late and ours", due_on=TODAY - timedelta(days=3)),
            make.followup(what="Norway's own step", owner="NOR", due_on=TODAY + timedelta(days=2)),
            make.followup(what="Cambodia's own step", owner="KHM", due_on=TODAY - timedelta(days=9))]


def test_the_isu_sees_all_the_longest_overdue_first(several, isu):
    text = page(isu, "/followups/")
    places = [text.index(words) for words in ("Cambodia&#39;s own step", "Late and ours", "Norway&#39;s own step")]
    assert places == sorted(places)
    assert text.count(">Overdue<") == 2
    assert "All 3 shown" in text


def test_filters_live_in_the_address(several, isu):
    service.resolve(several[0], "done", SYSTEM, "Sent on Monday.")
    db.session.commit()
    assert "Late and ours" not in page(isu, "/followups/")
    assert "Late and ours" in page(isu, "/followups/?status=done")
    assert "All 3 shown" in page(isu, "/followups/?status=all")
    assert "All 2 shown" in page(isu, "/followups/?status=nonsense")
    mine = page(isu, "/followups/?whose=mine")
    assert "No follow-up within your sight matches" in mine
    assert "Norway&#39;s own step" not in mine


@pytest.mark.parametrize(("role", "party", "sees"), [
    (Role.DONOR_OFFICER, "NOR", "Norway"), (Role.FOCAL_POINT, "KHM", "Cambodia"), (Role.COMMITTEE_MEMBER, "CHE", ""),
    (Role.DONOR_OFFICER, "JPN", ""), (Role.ORGANISATION_OFFICER, "GICHD", ""), (Role.FOCAL_POINT, "AGO", ""),
])
def test_others_see_their_own_only(several, sign_in, role, party, sees):
    client = sign_in(role, party)
    text = page(client, "/followups/")
    for followup in several:
        own = bool(sees) and followup.what.startswith(sees)
        assert (followup.what.replace("'", "&#39;") in text) is own
        assert client.get(f"/followups/{followup.id}").status_code == (200 if own else 404)
        if not own:
            answer = client.post(f"/followups/{followup.id}/resolve/done", data={"note": "Not mine"})
            assert answer.status_code == 404
    if not sees:
        assert "Nothing is waiting for your State or organisation" in text
    assert "Suggested by the platform" not in text
    assert all(kept(one.id).status is FollowupStatus.OPEN for one in several if not one.what.startswith(sees or "-"))


def test_the_signed_out_are_asked_to_sign_in(several, visitor):
    for url in ("/followups/", "/followups/new", f"/followups/{several[0].id}"):
        answer = visitor.get(url)
        assert answer.status_code == 303
        assert "/accounts/sign-in" in answer.headers["Location"]


def test_those_at_the_meeting_see_its_actions_but_do_not_close_them(make, sign_in):
    meeting = make.meeting("KHM", participants=[(make.party("JPN"), "Donor")])
    followup = make.followup(owner="ISU", meeting=meeting, reason=Reason.MEETING_ACTION)
    for role, party in ((Role.DONOR_OFFICER, "JPN"), (Role.FOCAL_POINT, "KHM")):
        client = sign_in(role, party)
        text = page(client, f"/followups/{followup.id}")
        assert "Action agreed at a country meeting" in text
        assert meeting.ref in text
        assert "Follow-up noted" in text
        assert "Mark as done" not in text
        assert client.post(f"/followups/{followup.id}/resolve/done", data={"note": "x"}).status_code == 403
    assert kept(followup.id).status is FollowupStatus.OPEN
    assert sign_in(Role.DONOR_OFFICER, "NOR").get(f"/followups/{followup.id}").status_code == 404


def test_a_new_one_twice_sent_is_kept_once(isu, make):
    need, account = make.need(), make.account(Role.DONOR_OFFICER, "NOR")
    data = isu.fields("/followups/new")
    assert data["owner_party"] == "ISU"
    data.update(what="  Ask for the   yearly figures ", party="KHM", need=need.ref, owner_party="NOR",
                owner=str(account.id), due_on=str(TODAY))
    places = {isu.post("/followups/new", data=data).headers["Location"] for _click in range(2)}
    assert count() == 1
    followup = db.session.scalars(select(Followup)).one()
    assert places == {f"/followups/{followup.id}"}
    assert (followup.what, followup.party.ref, followup.owner_party.ref) == ("Ask for the yearly figures", "KHM", "NOR")
    assert (followup.need_id, followup.owner_id, followup.due_on) == (need.id, account.id, TODAY)
    assert followup.reason is Reason.OWN
    text = page(isu, f"/followups/{followup.id}")
    assert "Follow-up noted" in text
    assert need.ref in text
    assert "Ask for the yearly figures" in page(isu, f"/needs/{need.ref}")


@pytest.mark.parametrize(("change", "words"), [
    ({"what": ""}, "Say what is to be done"), ({"what": "x" * 301}, "at most 300 characters"),
    ({"party": ""}, "Choose the State or organisation it is about"), ({"party": "XXX"}, "Choose one of the list"),
    ({"due_on": str(TODAY - timedelta(days=1))}, "This day has passed"), ({"due_on": "soon"}, "Give the date as"),
    ({"due_on": ""}, "Say by when"), ({"need": "KHM-1999-001"}, "No need has the reference"),
    ({"owner_party": ""}, "Choose who is to do it"), ({"owner": "999999"}, "Choose one of the list"),
])
def test_bad_input_is_said_in_words_and_kept(isu, change, words):
    data = {**isu.fields("/followups/new"), "what": "Typed by hand", "party": "KHM", **change}
    answer = isu.post("/followups/new", data=data)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in text
    assert change.get("what", "Typed by hand") in text
    assert count() == 0


def test_a_person_of_another_party_is_refused(isu, make):
    account = make.account(Role.DONOR_OFFICER, "NOR")
    data = {**isu.fields("/followups/new"), "what": "Typed by hand", "party": "KHM", "owner_party": "JPN",
            "owner": str(account.id)}
    answer = isu.post("/followups/new", data=data)
    assert answer.status_code == 422
    assert f"{account.name} does not belong" in answer.get_data(as_text=True)
    with pytest.raises(Refused):
        service.create(SYSTEM, what="Call", party=make.party("KHM"), owner_party=make.party("JPN"), due_on=TODAY,
                       reason=Reason.OWN, owner=account)


@pytest.mark.parametrize("role", [role for role in SIGNED_IN if role not in ISU])
def test_only_the_isu_notes_and_changes(make, sign_in, role):
    client = sign_in(role)
    followup = make.followup(owner=HOME[role])
    assert client.get("/followups/new").status_code == 403
    assert client.post("/followups/new", data={"what": "x"}).status_code == 403
    assert client.post(f"/followups/{followup.id}/change", data={"due_on": str(TODAY)}).status_code == 403
    assert "Change date or owner" not in page(client, f"/followups/{followup.id}")
    assert count() == 1


def test_the_owner_closes_it_with_a_result(make, sign_in, isu):
    followup = make.followup(owner="KHM")
    client = sign_in(Role.FOCAL_POINT, "KHM")
    url = f"/followups/{followup.id}/resolve/done"
    empty = client.post(url, data={"note": "  "})
    assert empty.status_code == 422
    assert "Say what came of it" in empty.get_data(as_text=True)
    long = client.post(url, data={"note": "y" * 2001})
    assert long.status_code == 422
    assert "y" * 2001 in long.get_data(as_text=True)
    assert kept(followup.id).status is FollowupStatus.OPEN
    for _click in range(2):
        assert client.post(url, data={"note": "The plan was sent to all."}).status_code == 303
    done = kept(followup.id)
    assert (done.status, done.result) == (FollowupStatus.DONE, "The plan was sent to all.")
    text = page(client, f"/followups/{followup.id}")
    assert text.count("Follow-up done") == 1
    assert "The plan was sent to all." in text
    assert "Mark as done" not in text
    late = isu.post(f"/followups/{followup.id}/resolve/dropped", data={"note": "Too late"})
    assert late.status_code == 422
    assert kept(followup.id).result == "The plan was sent to all."


def test_dropping_needs_a_reason(make, isu):
    followup = make.followup()
    url = f"/followups/{followup.id}/resolve/dropped"
    answer = isu.post(url, data={"note": ""})
    assert answer.status_code == 422
    assert "Say why" in answer.get_data(as_text=True)
    assert isu.post(url, data={"note": "No longer of use."}).status_code == 303
    assert kept(followup.id).status is FollowupStatus.DROPPED
    assert "Why it was dropped" in page(isu, f"/followups/{followup.id}")
    assert isu.post(f"/followups/{followup.id}/resolve/burnt", data={"note": "x"}).status_code == 404


def test_another_day_and_owner_are_on_the_record(make, isu):
    followup = make.followup(due_on=TODAY - timedelta(days=5))
    number, day = followup.id, TODAY + timedelta(days=30)
    data = {"version": str(followup.version), "owner_party": "NOR", "owner": "", "due_on": str(day)}
    assert isu.post(f"/followups/{number}/change", data=data).status_code == 303
    changed = kept(number)
    assert (changed.due_on, changed.owner_party.ref) == (day, "NOR")
    text = page(isu, f"/followups/{number}")
    assert "Follow-up: date or owner changed" in text
    assert "Norway" in text
    stale = isu.post(f"/followups/{number}/change", data={**data, "owner_party": "JPN"})
    assert stale.status_code == 409
    assert kept(number).owner_party.ref == "NOR"
    past = {**data, "version": str(kept(number).version), "due_on": str(TODAY - timedelta(days=1))}
    refused = isu.post(f"/followups/{number}/change", data=past)
    assert refused.status_code == 422
    assert "This day has passed" in refused.get_data(as_text=True)
    same = isu.post(f"/followups/{number}/change", data={**data, "version": str(kept(number).version)},
                    follow_redirects=True)
    assert "nothing was changed" in same.get_data(as_text=True)


def test_a_past_day_may_stay_when_only_the_owner_changes(make, isu):
    followup = make.followup(due_on=TODAY - timedelta(days=5))
    data = {"version": str(followup.version), "owner_party": "JPN", "owner": "", "due_on": str(followup.due_on)}
    assert isu.post(f"/followups/{followup.id}/change", data=data).status_code == 303
    assert kept(followup.id).owner_party.ref == "JPN"


def test_a_closed_one_keeps_its_date(make, isu):
    followup = make.followup()
    service.resolve(followup, "done", SYSTEM, "Sent.")
    db.session.commit()
    data = {"version": str(followup.version), "owner_party": "JPN", "owner": "", "due_on": str(TODAY)}
    answer = isu.post(f"/followups/{followup.id}/change", data=data)
    assert answer.status_code == 422
    assert "no longer open" in answer.get_data(as_text=True)
    assert kept(followup.id).owner_party.ref == "ISU"


def test_a_missing_token_changes_nothing(make, isu):
    followup = make.followup()
    answer = isu.post(f"/followups/{followup.id}/resolve/done", data={"note": "x"}, csrf=False)
    assert answer.status_code == 422
    assert kept(followup.id).status is FollowupStatus.OPEN


def test_empty_queue_says_what_to_do_next(isu):
    text = page(isu, "/followups/")
    assert "Nothing is waiting" in text
    assert "Nothing to suggest" in text
