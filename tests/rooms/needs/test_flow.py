"""The life of a need: verification, return, publication, closing; who may see and do what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus


def test_the_isu_publishes_with_a_reference_and_the_public_reads_it(sign_in, make, visitor):
    need = make.need(status=NeedStatus.SUBMITTED)
    draft_ref = need.ref
    isu = sign_in(Role.ISU_OFFICER)
    assert isu.post(f"/needs/{draft_ref}/move/published").status_code == 303
    ref = db.session.get_one(Need, need.id).ref
    assert ref == f"KHM-{date.today().year}-001"
    assert visitor.get(f"/needs/{ref}").status_code == 200
    assert visitor.get(f"/needs/{draft_ref}").headers["Location"] == f"/needs/{ref}"
    assert ref in visitor.get("/needs/").get_data(as_text=True)


def test_the_isu_returns_it_with_words_that_the_state_reads(sign_in, make, visitor):
    need = make.need(status=NeedStatus.SUBMITTED)
    isu, state = sign_in(Role.ISU_OFFICER), sign_in(Role.FOCAL_POINT)
    assert isu.post(f"/needs/{need.ref}/move/returned", data={"note": " "}).status_code == 422
    assert isu.post(f"/needs/{need.ref}/move/returned", data={"note": "Say how many people."}).status_code == 303
    assert "Say how many people." in state.get(f"/needs/{need.ref}/edit").get_data(as_text=True)
    assert visitor.get(f"/needs/{need.ref}").status_code == 404


def test_words_of_a_return_stay_with_the_state_and_the_isu_after_publication(sign_in, make, visitor):
    need = make.need(status=NeedStatus.RETURNED)
    state, isu = sign_in(Role.FOCAL_POINT), sign_in(Role.ISU_OFFICER)
    state.post(f"/needs/{need.ref}/move/submitted")
    isu.post(f"/needs/{need.ref}/move/published")
    ref = db.session.get_one(Need, need.id).ref
    assert "Please add yearly amounts." in state.get(f"/needs/{ref}").get_data(as_text=True)
    assert "Please add yearly amounts." not in visitor.get(f"/needs/{ref}").get_data(as_text=True)


def test_a_second_click_on_publish_is_harmless(sign_in, make):
    need = make.need(status=NeedStatus.SUBMITTED)
    isu = sign_in(Role.ISU_OFFICER)
    isu.post(f"/needs/{need.ref}/move/published")
    answer = isu.post(f"/needs/{need.ref}/move/published")
    assert answer.status_code == 303
    assert "already done" in isu.get(answer.headers["Location"]).get_data(as_text=True)


def test_another_states_draft_is_nowhere(sign_in, make, visitor):
    need = make.need("KHM", NeedStatus.DRAFT)
    others = [sign_in(Role.FOCAL_POINT, "AGO"), sign_in(Role.DONOR_OFFICER), sign_in(Role.ISU_OFFICER),
              sign_in(Role.COMMITTEE_MEMBER), visitor]
    for client in others:
        assert client.get(f"/needs/{need.ref}").status_code == 404
        assert need.title not in client.get("/needs/?state=all").get_data(as_text=True)
        assert need.title not in client.get("/parties/KHM").get_data(as_text=True)
    angola = others[0]
    assert angola.get(f"/needs/{need.ref}/edit").status_code == 404
    assert angola.post(f"/needs/{need.ref}/edit", data={"title": "Mine now"}).status_code == 404
    assert angola.post(f"/needs/{need.ref}/move/submitted").status_code == 404


@pytest.mark.parametrize("role", [Role.DONOR_OFFICER, Role.COMMITTEE_MEMBER, Role.ISU_OFFICER])
def test_only_focal_points_post_needs(sign_in, role):
    client = sign_in(role)
    assert client.get("/needs/new").status_code == 403
    assert client.post("/needs/new", data={"title": "x"}).status_code == 403


def test_a_visitor_is_asked_to_sign_in(visitor):
    assert visitor.get("/needs/new").headers["Location"] == "/accounts/sign-in?next=%2Fneeds%2Fnew"


def test_a_focal_point_may_not_publish(sign_in, make):
    need = make.need(status=NeedStatus.SUBMITTED)
    assert sign_in(Role.FOCAL_POINT).post(f"/needs/{need.ref}/move/published").status_code == 403
    assert db.session.get_one(Need, need.id).status is NeedStatus.SUBMITTED


def test_a_need_for_states_parties_is_seen_by_their_people_only(sign_in, make, visitor):
    need = make.need(visibility=Visibility.STATES_PARTIES)
    seen = {"KHM focal": sign_in(Role.FOCAL_POINT, "AGO"), "donor": sign_in(Role.DONOR_OFFICER, "NOR"),
            "committee": sign_in(Role.COMMITTEE_MEMBER), "isu": sign_in(Role.ISU_OFFICER)}
    for client in seen.values():
        assert client.get(f"/needs/{need.ref}").status_code == 200
    for client in (visitor, sign_in(Role.DONOR_OFFICER, "USA"), sign_in(Role.ORGANISATION_OFFICER)):
        assert client.get(f"/needs/{need.ref}").status_code == 404
        assert need.ref not in client.get("/needs/").get_data(as_text=True)


def test_a_need_for_the_parties_to_a_match_opens_to_a_matched_partner(sign_in, make):
    need = make.need(visibility=Visibility.PARTIES)
    norway = make.account(Role.DONOR_OFFICER, "NOR")
    client = sign_in(norway)
    assert client.get(f"/needs/{need.ref}").status_code == 404
    isu = sign_in(Role.ISU_OFFICER)
    answer = isu.post(f"/matches/share/{need.ref}/NOR", data={
        "message": "This may interest you.", "next_step": "Answer", "next_step_on": str(date.today() + timedelta(days=9))})
    assert answer.status_code == 303
    assert client.get(f"/needs/{need.ref}").status_code == 200


def test_an_expired_need_says_so_and_leaves_matching(make, visitor):
    need = make.need()
    need.valid_until = date.today() - timedelta(days=1)
    db.session.commit()
    page = visitor.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert "Past its valid-until date" in page and "no partners are suggested" in page
    assert need.ref not in visitor.get("/needs/").get_data(as_text=True)


def test_a_reference_that_does_not_exist_is_404_with_words(visitor):
    answer = visitor.get("/needs/KHM-2026-999")
    assert answer.status_code == 404 and "Go to the first page" in answer.get_data(as_text=True)


def test_an_unknown_move_is_404(sign_in, make):
    need = make.need()
    assert sign_in(Role.FOCAL_POINT).post(f"/needs/{need.ref}/move/explode").status_code == 404
