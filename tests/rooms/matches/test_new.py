"""Registering interest in a need."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.matches import queries, service
from partnerships.matches.models import Match
from partnerships.matches.states import MatchStatus
from partnerships.needs.states import NeedStatus


def _count() -> int:
    return db.session.scalar(select(func.count()).select_from(Match)) or 0


def _only() -> Match:
    db.session.expire_all()
    return db.session.scalars(select(Match)).one()


def test_a_donor_registers_interest_and_owns_the_next_step(make, sign_in):
    need, donor = make.need(), make.account(Role.DONOR_OFFICER)
    client = sign_in(donor)
    page = client.get(f"/matches/new/{need.ref}").get_data(as_text=True)
    assert "Gave to Cambodia" in page  # the reasons stand beside the form
    data = client.fields(f"/matches/new/{need.ref}")
    assert data["next_step"] == "Call with the focal point"
    assert data["next_step_on"] == (date.today() + timedelta(days=14)).isoformat()
    answer = client.post(f"/matches/new/{need.ref}", data={**data, "message": "We fund clearance in the region."})
    match = _only()
    assert answer.status_code == 303 and answer.location == f"/matches/{match.id}"
    assert (match.status, match.party.ref, match.state.ref) == (MatchStatus.INTEREST, "NOR", "KHM")
    assert match.owner_id == donor.id and match.why and match.engine_version
    assert sum(one["points"] for one in match.why) == pytest.approx(match.score)
    text = client.get(answer.location).get_data(as_text=True)
    assert "Interest registered" in text and "We fund clearance in the region." in text


def test_kept_reasons_hold_nothing_that_only_the_partner_may_see(make, app):
    need, actor = make.need(), make.actor(Role.DONOR_OFFICER)
    from partnerships.parties.models import Priorities

    db.session.add(Priorities(party=make.party("NOR"), statement="Not for others.", themes=("survey-clearance",),
                              countries=("KHM",), visibility=Visibility.PARTIES))
    db.session.commit()
    match = service.register(need, make.party("NOR"), actor, message="M", next_step="Call", next_step_on=date.today())
    assert match.why and not [one for one in match.why if one["key"].startswith("priority-")]


def test_what_is_missing_is_said_beside_the_field_and_what_was_typed_stays(make, sign_in):
    need = make.need()
    client = sign_in(Role.DONOR_OFFICER)
    answer = client.post(f"/matches/new/{need.ref}", data={
        "message": "", "next_step": "Send a letter", "next_step_on": (date.today() - timedelta(days=1)).isoformat()})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and _count() == 0
    assert "Say in a sentence or two why you write." in text and "This day has passed" in text
    assert "Send a letter" in text


def test_a_form_sent_twice_makes_one_match(make, sign_in):
    need = make.need()
    client = sign_in(Role.DONOR_OFFICER)
    data = {**client.fields(f"/matches/new/{need.ref}"), "message": "Once."}
    first, second = (client.post(f"/matches/new/{need.ref}", data=data) for _ in range(2))
    assert first.status_code == second.status_code == 303 and first.location == second.location
    assert _count() == 1


def test_where_a_match_exists_the_donor_is_brought_to_it(make, sign_in):
    match = make.match()
    client = sign_in(Role.DONOR_OFFICER)
    answer = client.get(f"/matches/new/{match.need.ref}")
    assert answer.status_code == 303 and answer.location == f"/matches/{match.id}"


@pytest.mark.parametrize("ended", ["declined", "lapsed"])
def test_an_ended_match_is_taken_up_again(make, sign_in, ended):
    match = make.match()
    service.move(match, ended, make.actor(Role.ISU_OFFICER), "No budget line this year.")
    db.session.commit()
    client = sign_in(Role.DONOR_OFFICER)
    data = {**client.fields(f"/matches/new/{match.need.ref}"), "message": "There is one now."}
    assert client.post(f"/matches/new/{match.need.ref}", data=data).location == f"/matches/{match.id}"
    kept = _only()
    assert kept.status is MatchStatus.INTEREST and kept.reason == "" and kept.message == "There is one now."


def test_who_may_not(make, sign_in, visitor):
    need = make.need()
    url = f"/matches/new/{need.ref}"
    assert "/accounts/sign-in" in visitor.get(url).location
    assert sign_in(Role.FOCAL_POINT, "KHM").get(url).status_code == 403  # its own need
    assert sign_in(Role.ISU_OFFICER).get(url).status_code == 403
    assert sign_in(Role.COMMITTEE_MEMBER).post(url, data={"message": "x"}).status_code == 403
    assert _count() == 0


def test_a_need_out_of_sight_is_not_found(make, sign_in):
    draft, hidden = make.need(status=NeedStatus.DRAFT), make.need(visibility=Visibility.PARTIES)
    client = sign_in(Role.DONOR_OFFICER)
    assert client.get(f"/matches/new/{draft.ref}").status_code == 404
    assert client.get(f"/matches/new/{hidden.ref}").status_code == 404


def test_a_need_past_its_date_says_what_can_be_done(make, sign_in):
    need = make.need()
    need.valid_until = date.today() - timedelta(days=1)
    db.session.commit()
    answer = sign_in(Role.DONOR_OFFICER).get(f"/matches/new/{need.ref}")
    assert answer.status_code == 422 and "can renew it" in answer.get_data(as_text=True)


def test_another_affected_state_may_help_too(make, sign_in):
    need = make.need()
    client = sign_in(Role.FOCAL_POINT, "AGO")
    data = {**client.fields(f"/matches/new/{need.ref}"), "message": "We can share how we trained surveyors."}
    assert client.post(f"/matches/new/{need.ref}", data=data).status_code == 303
    assert queries.pair(need, make.party("AGO")) is not None
