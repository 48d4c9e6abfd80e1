"""A change to a published need: begun, handed in, verified, published or returned; by whom, and what happens meanwhile."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from partnerships.accounts.session import actor_of
from partnerships.amendments import queries, service
from partnerships.amendments.models import Amendment
from partnerships.amendments.states import AmendmentStatus
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.core.visibility import Visibility
from partnerships.needs import content
from partnerships.needs import service as needs
from partnerships.needs.models import Need, NeedVersion
from partnerships.needs.states import NeedStatus
from partnerships.suggestions import engine

YEAR = date.today().year + 1
MORE = [{"first_year": YEAR, "last_year": YEAR, "amount": Decimal(1_500_000), "national_share": Decimal(200_000)}]


def published_versions(need: Need) -> list[NeedVersion]:
    return list(db.session.scalars(select(NeedVersion).where(NeedVersion.need_id == need.id).order_by(NeedVersion.number)))


def form_of(client, need: Need) -> dict[str, str]:
    """The hidden fields of the verification page, as a browser sends them."""
    text = client.get(f"/amendments/{need.ref}/verify").get_data(as_text=True)
    return {"version": re.search(r'name="version"[^>]*value="(\d+)"', text).group(1)}


def test_the_need_stands_until_the_isu_publishes_the_change(make, sign_in, visitor):
    need = make.need(place="Battambang")
    make.amendment(need, "submitted", note="Pailin is added.", place="Battambang and Pailin", amounts=MORE)
    assert "Pailin" not in visitor.get(f"/needs/{need.ref}").get_data(as_text=True)
    isu = sign_in(Role.ISU_OFFICER)
    page = isu.get(f"/amendments/{need.ref}/verify").get_data(as_text=True)
    assert "Pailin is added." in page and "1\u202f500\u202f000" in page and "<ins>" in page and "<del>" in page
    assert isu.post(f"/amendments/{need.ref}/verify/published", data=form_of(isu, need)).status_code == 303
    need = db.session.get_one(Need, need.id)
    assert (need.place, need.asked) == ("Battambang and Pailin", Decimal(1_500_000))
    first, second = published_versions(need)
    assert (first.content["place"], second.content["place"]) == ("Battambang", "Battambang and Pailin")
    assert (second.note, second.small, second.number) == ("Pailin is added.", False, 2)
    assert second.submitted_by == "Cambodia" and second.published_by.startswith("Implementation Support Unit")
    assert need.confirmed_at == need.updated_at
    assert "Pailin" in visitor.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert "A new version of need" in visitor.get(f"/needs/{need.ref}").get_data(as_text=True)


def test_the_isu_returns_it_with_words(make, sign_in):
    need = make.need()
    amendment = make.amendment(need, "submitted", place="Pailin")
    isu = sign_in(Role.ISU_OFFICER)
    sent = form_of(isu, need)
    refused = isu.post(f"/amendments/{need.ref}/verify/returned", data={**sent, "note": "  "})
    assert refused.status_code == 422
    assert "Say why, in a sentence" in refused.get_data(as_text=True)
    assert isu.post(f"/amendments/{need.ref}/verify/returned", data={**sent, "note": "Which district?"}).status_code == 303
    assert db.session.get_one(Amendment, amendment.id).status is AmendmentStatus.RETURNED
    state = sign_in(Role.FOCAL_POINT, "KHM")
    page = state.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert "returned a change to this need with comments" in page and "Which district?" in page
    assert "Which district?" in state.get(f"/amendments/{need.ref}").get_data(as_text=True)
    assert f"The ISU returned the change to need {need.ref} with comments." in state.get("/desk/").get_data(as_text=True)


def test_words_that_cannot_be_kept_are_said_beside_the_field(make, sign_in):
    need = make.need()
    make.amendment(need, "submitted", place="Pailin")
    isu = sign_in(Role.ISU_OFFICER)
    answer = isu.post(f"/amendments/{need.ref}/verify/returned", data={**form_of(isu, need), "note": "x" * 2001})
    assert answer.status_code == 422 and "Use at most" in answer.get_data(as_text=True)
    answer = isu.post(f"/amendments/{need.ref}/verify/published", data={**form_of(isu, need), "note": "a\u202eb\0c"})
    assert answer.status_code == 422
    assert isu.post(f"/amendments/{need.ref}/verify/met", data=form_of(isu, need)).status_code == 404


def test_what_changed_while_it_was_read_is_read_again(make, sign_in):
    need = make.need()
    amendment = make.amendment(need, "submitted", place="Pailin")
    isu = sign_in(Role.ISU_OFFICER)
    sent = form_of(isu, need)
    author = make.actor(Role.FOCAL_POINT, "KHM")
    amendment = db.session.get_one(Amendment, amendment.id)
    service.move(amendment, "taken-back", author)
    service.working(author, amendment.need).keep(author, {"place": "Somewhere else"})
    service.move(amendment, "submitted", author)
    db.session.commit()
    assert isu.post(f"/amendments/{need.ref}/verify/published", data=sent).status_code == 409
    assert db.session.get_one(Need, need.id).place == "Battambang"


def test_a_second_click_on_publish_is_harmless(make, sign_in):
    need = make.need()
    make.amendment(need, "submitted", place="Pailin")
    isu = sign_in(Role.ISU_OFFICER)
    sent = form_of(isu, need)
    isu.post(f"/amendments/{need.ref}/verify/published", data=sent)
    again = isu.post(f"/amendments/{need.ref}/verify/published", data=sent)
    assert "already done" in isu.get(again.headers["Location"]).get_data(as_text=True)
    late = isu.post(f"/amendments/{need.ref}/verify/returned", data={**sent, "note": "Too late"})
    assert "Nothing of this need waits" in isu.get(late.headers["Location"]).get_data(as_text=True)
    assert len(published_versions(need)) == 2


def test_a_new_need_is_read_whole_and_published_or_returned(make, sign_in):
    need = make.need(status=NeedStatus.SUBMITTED, risks="The rains may come early.")
    isu = sign_in(Role.ISU_OFFICER)
    page = isu.get(f"/amendments/{need.ref}/verify").get_data(as_text=True)
    assert "The rains may come early." in page and "of 100 points" in page and "Focal point" in page
    answer = isu.post(f"/amendments/{need.ref}/verify/published", data={**form_of(isu, need), "note": "Thank you."})
    assert answer.headers["Location"] == "/desk/verification"
    assert db.session.get_one(Need, need.id).status is NeedStatus.PUBLISHED
    back = isu.get(f"/amendments/{need.ref}/verify")
    assert "Nothing of this need waits" in isu.get(back.headers["Location"]).get_data(as_text=True)


def test_a_new_contact_is_published_when_the_state_hands_it_in(make, sign_in):
    need = make.need()
    amendment = make.amendment(need, contact_email="new@authority.example")
    state = sign_in(Role.FOCAL_POINT, "KHM")
    page = state.get(f"/amendments/{need.ref}").get_data(as_text=True)
    assert "Publish the new contact" in page and "Submit the change for verification" not in page
    answer = state.post(f"/amendments/{need.ref}/move/submitted", data={"version": str(amendment.version)})
    assert "The new contact is published" in state.get(answer.headers["Location"]).get_data(as_text=True)
    assert db.session.get_one(Need, need.id).contact_email == "new@authority.example"
    version = published_versions(need)[-1]
    assert version.small and version.published_by == version.submitted_by
    tags = set(db.session.scalars(select(Event.tag)))
    assert {"amendment.published-at-once", "need.amended"} <= tags and "amendment.submitted" not in tags


def test_more_than_the_contact_is_not_published_at_once(make, sign_in):
    need = make.need()
    make.amendment(need, place="Pailin", contact_email="new@authority.example")
    state = sign_in(Role.FOCAL_POINT, "KHM")
    assert state.post(f"/amendments/{need.ref}/move/published-at-once").status_code == 422
    assert state.post(f"/amendments/{need.ref}/move/published").status_code == 404
    assert db.session.get_one(Need, need.id).place == "Battambang"


def test_the_state_takes_back_and_gives_up(make, sign_in):
    need = make.need()
    amendment = make.amendment(need, "submitted", place="Pailin")
    state = sign_in(Role.FOCAL_POINT, "KHM")
    page = state.get(f"/amendments/{need.ref}").get_data(as_text=True)
    assert "Take the change back" in page and "Give the change up" in page
    assert state.post(f"/amendments/{need.ref}/move/taken-back").status_code == 303
    assert state.post(f"/amendments/{need.ref}/move/dropped", data={"version": "1"}).status_code == 409
    assert state.post(f"/amendments/{need.ref}/move/dropped").status_code == 303
    assert state.post(f"/amendments/{need.ref}/move/dropped").status_code == 303
    assert db.session.get_one(Amendment, amendment.id).status is AmendmentStatus.DROPPED
    assert state.get(f"/amendments/{need.ref}").status_code == 404
    assert state.post(f"/amendments/{need.ref}/move/nonsense").status_code == 404
    # The way is free for another change.
    make.amendment(need, "submitted", place="Kampot")


def test_nobody_else_sees_or_moves_a_change(make, sign_in, visitor):
    need = make.need()
    make.match(need, "NOR")
    make.amendment(need, place="Secretly Pailin")
    for client in (sign_in(Role.FOCAL_POINT, "AGO"), sign_in(Role.DONOR_OFFICER, "NOR"), sign_in(Role.COMMITTEE_MEMBER),
                   visitor):
        assert "Pailin" not in client.get(f"/needs/{need.ref}").get_data(as_text=True)
        assert client.get(f"/amendments/{need.ref}").status_code in (303, 403, 404)
        assert client.get(f"/amendments/{need.ref}/verify").status_code in (303, 403)
        assert client.post(f"/amendments/{need.ref}/move/dropped").status_code in (303, 403, 404)
    isu = sign_in(Role.ISU_OFFICER)
    assert isu.get(f"/amendments/{need.ref}").status_code == 404, "a draft is its State's own"
    assert "Pailin" not in isu.get(f"/needs/{need.ref}").get_data(as_text=True)


def test_a_renewal_meanwhile_is_not_undone(make):
    need = make.need()
    amendment = make.amendment(need, "submitted", place="Pailin")
    renewed = date.today() + timedelta(days=700)
    need.valid_until = renewed
    db.session.commit()
    service.move(amendment, "published", make.actor(Role.ISU_OFFICER))
    assert (need.valid_until, need.place) == (renewed, "Pailin")


def test_the_change_of_a_need_closed_meanwhile_is_refused_with_words(make, sign_in):
    need = make.need()
    amendment = make.amendment(need, "submitted", place="Pailin")
    needs.move(need, "withdrawn", SYSTEM, "No longer needed.")
    db.session.commit()
    isu = sign_in(Role.ISU_OFFICER)
    assert "Pailin" not in isu.get("/desk/verification").get_data(as_text=True)
    assert isu.get(f"/amendments/{need.ref}/verify").status_code == 303
    with pytest.raises(Refused, match="closed"):
        service.move(db.session.get_one(Amendment, amendment.id), "published", make.actor(Role.ISU_OFFICER))
    assert sign_in(Role.FOCAL_POINT, "KHM").get(f"/amendments/{need.ref}").status_code == 200


def test_a_change_past_its_date_is_returned_not_published(make):
    need = make.need()
    amendment = make.amendment(need, "submitted", place="Pailin")
    need.valid_until = date.today() - timedelta(days=1)
    db.session.commit()
    with pytest.raises(Refused, match="valid-until"):
        service.move(amendment, "published", make.actor(Role.ISU_OFFICER))


def test_the_focal_point_is_replaced_in_the_middle(make, sign_in):
    need = make.need()
    old = make.account(Role.FOCAL_POINT, "KHM")
    author = actor_of(old)
    service.working(author, need).keep(author, {"place": "Pailin"})
    db.session.commit()
    before = sign_in(old)
    db.session.get_one(type(old), old.id).active = False
    db.session.commit()
    assert "/accounts/sign-in" in before.post(f"/amendments/{need.ref}/move/submitted").headers["Location"]
    new = sign_in(Role.FOCAL_POINT, "KHM")
    assert "Pailin" in new.get(f"/amendments/{need.ref}").get_data(as_text=True)
    assert new.post(f"/amendments/{need.ref}/move/submitted").status_code == 303
    assert queries.waiting(make.actor(Role.ISU_OFFICER))[0].submitted_by.name != old.name


def test_a_change_that_changes_nothing_is_not_begun_nor_handed_in(make):
    need, author = make.need(), make.actor(Role.FOCAL_POINT, "KHM")
    working = service.working(author, need)
    assert not working.keep(author, content.snapshot(need)) and working.amendment is None
    assert working.keep(author, {"place": "Pailin"})
    assert working.keep(author, {"place": "Battambang"})
    assert working.amendment.content == {}
    with pytest.raises(Refused, match="Nothing differs"):
        service.move(working.amendment, "submitted", author)


def test_words_about_the_change_alone_are_kept(make):
    need, author = make.need(), make.actor(Role.FOCAL_POINT, "KHM")
    make.amendment(need, place="Pailin")
    working = service.working(author, need)
    assert working.keep(author, {}, "One district more.") and not working.keep(author, {}, "One district more.")
    assert working.amendment.note == "One district more."


def test_a_change_that_waits_is_taken_back_before_it_is_worked_on(make):
    need, author = make.need(), make.actor(Role.FOCAL_POINT, "KHM")
    make.amendment(need, "submitted", place="Pailin")
    with pytest.raises(Refused, match="take it back"):
        service.working(author, need).keep(author, {"place": "Kampot"})


def test_two_people_begin_a_change_at_the_same_moment(make):
    need, first, second = make.need(), make.actor(Role.FOCAL_POINT, "KHM"), make.actor(Role.FOCAL_POINT, "KHM")
    late = service.working(second, need)
    service.working(first, need).keep(first, {"place": "Pailin"})
    db.session.commit()
    with pytest.raises(Refused, match="same moment"):
        late.keep(second, {"place": "Kampot"})
    assert queries.open_of(first, need).content == {"place": "Pailin"}


def test_an_obligation_that_went_off_the_record_does_not_stop_the_rest(make):
    need = make.need()
    amendment = make.amendment(need, "submitted", place="Pailin", obligation_id=99_999_999)
    service.move(amendment, "published", make.actor(Role.ISU_OFFICER))
    assert (need.place, need.obligation_id) == ("Pailin", None)


def test_partners_in_contact_learn_of_it(make, sign_in):
    need = make.need(visibility=Visibility.PARTIES)
    match = make.match(need, "NOR")
    make.amendment(need, "published", place="Pailin")
    page = sign_in(Role.DONOR_OFFICER, "NOR").get(f"/matches/{match.id}").get_data(as_text=True)
    assert f"A new version of need {need.ref} published" in page


def test_the_engine_takes_up_the_change(make):
    other = make.need("AGO", title="Mobile teams that fit prostheses", summary="Prostheses for survivors in far villages.",
                      theme="victim-assistance")
    need = make.need("KHM")
    before = {found.ref: score for found, score in engine.similar(make.actor(Role.ISU_OFFICER), other)}
    make.amendment(need, "published", theme="victim-assistance", title="Teams that fit prostheses in far villages",
                   summary="Survivors in far villages wait for prostheses.")
    after = {found.ref: score for found, score in engine.similar(make.actor(Role.ISU_OFFICER), other)}
    assert after[need.ref] > before.get(need.ref, 0)
