"""Starting a conversation with a partner, on behalf of the affected State or by the ISU."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.matches import service
from partnerships.matches.models import Match
from partnerships.matches.states import MatchStatus


@pytest.mark.parametrize(("role", "party"), [(Role.FOCAL_POINT, "KHM"), (Role.ISU_OFFICER, "ISU")])
def test_the_state_and_the_isu_start_a_conversation(make, sign_in, role, party):
    need, person = make.need(), make.account(role, party)
    client = sign_in(person)
    data = {**client.fields(f"/matches/share/{need.ref}/NOR"), "message": "This may fit what you support."}
    answer = client.post(f"/matches/share/{need.ref}/NOR", data=data)
    match = db.session.scalars(select(Match)).one()
    assert answer.location == f"/matches/{match.id}"
    assert match.status is MatchStatus.SHARED and match.owner_id == person.id and match.party.ref == "NOR"
    partner = sign_in(Role.DONOR_OFFICER, "NOR").get(answer.location).get_data(as_text=True)
    assert "Need shared with a partner" in partner and "Register interest" in partner


def test_the_partner_answers_with_interest(make, sign_in):
    need = make.need()
    client = sign_in(Role.FOCAL_POINT)
    client.post(f"/matches/share/{need.ref}/NOR", data={
        **client.fields(f"/matches/share/{need.ref}/NOR"), "message": "Dear colleagues."})
    donor = sign_in(Role.DONOR_OFFICER)
    donor.post(f"/matches/new/{need.ref}", data={**donor.fields(f"/matches/new/{need.ref}"), "message": "Yes."})
    assert db.session.scalars(select(Match)).one().status is MatchStatus.INTEREST


def test_it_says_when_nobody_of_the_partner_signs_in(make, sign_in):
    need = make.need()
    client = sign_in(Role.FOCAL_POINT)
    words = "Nobody from Norway signs in here yet"
    assert words in client.get(f"/matches/share/{need.ref}/NOR").get_data(as_text=True)
    make.account(Role.DONOR_OFFICER, "NOR")
    assert words not in client.get(f"/matches/share/{need.ref}/NOR").get_data(as_text=True)


def test_an_empty_message_is_asked_for(make, sign_in):
    need = make.need()
    answer = sign_in(Role.FOCAL_POINT).post(f"/matches/share/{need.ref}/NOR", data={"next_step": "Call us"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Say by when." in text and "Call us" in text
    assert db.session.scalar(select(func.count()).select_from(Match)) == 0


def test_an_open_conversation_is_not_started_twice(make, sign_in):
    match = make.match()
    answer = sign_in(Role.FOCAL_POINT).get(f"/matches/share/{match.need.ref}/NOR")
    assert answer.status_code == 303 and answer.location == f"/matches/{match.id}"


def test_a_declined_one_shows_why_before_it_is_started_again(make, sign_in):
    match = make.match()
    service.move(match, "declined", make.actor(Role.DONOR_OFFICER), "No budget line.")
    db.session.commit()
    assert "No budget line." in sign_in(Role.FOCAL_POINT).get(
        f"/matches/share/{match.need.ref}/NOR").get_data(as_text=True)


def test_who_may_not(make, sign_in, visitor):
    need = make.need()
    url = f"/matches/share/{need.ref}/NOR"
    assert "/accounts/sign-in" in visitor.get(url).location
    assert sign_in(Role.FOCAL_POINT, "AGO").get(url).status_code == 403
    assert sign_in(Role.FOCAL_POINT, "AGO").post(url, data={}).status_code == 403
    assert sign_in(Role.DONOR_OFFICER).get(url).status_code == 403


def test_partners_that_cannot_be(make, sign_in):
    need = make.need()
    client = sign_in(Role.FOCAL_POINT)
    for partner in ("KHM", "NOBODY"):
        assert client.get(f"/matches/share/{need.ref}/{partner}").status_code == 404
    assert client.get("/matches/share/KHM-0000-000/NOR").status_code == 404
