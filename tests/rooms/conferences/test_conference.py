"""A pledging conference: planned, run, closed, its outcome published; the list; who sees what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from partnerships.conferences.models import Conference
from partnerships.conferences.states import ConferenceStatus
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility


@pytest.fixture
def isu(sign_in):
    return sign_in(Role.ISU_OFFICER)


def kept(ref: str) -> Conference:
    db.session.expire_all()
    return db.session.scalars(select(Conference).where(Conference.ref == ref)).one()


def test_planning_offers_the_next_number_and_everybody_sees_it(isu, visitor):
    data = isu.fields("/conferences/new")
    number = int(data["number"])
    day = date.today() + timedelta(days=40)
    data.update(title="The next Pledging Conference", first_day=str(day), place="Geneva", mode="hybrid")
    for _click in range(2):
        answer = isu.post("/conferences/new", data=data)
        assert answer.headers["Location"] == f"/conferences/PC-{number:02d}"
    assert kept(f"PC-{number:02d}").last_day == day
    assert "The next Pledging Conference" in visitor.get("/conferences/").get_data(as_text=True)
    page = visitor.get(f"/conferences/PC-{number:02d}").get_data(as_text=True)
    assert "planned" in page
    assert "In person and online" in page


@pytest.mark.parametrize(("values", "words"), [
    ({"number": ""}, "Give the conference its number"),
    ({"number": "1"}, "already a pledging conference with this number"),
    ({"title": " "}, "Give the conference a title"),
    ({"first_day": ""}, "Give the day"),
    ({"first_day": "2027-03-05", "last_day": "2027-03-04"}, "before the first day"),
    ({"source": "javascript:alert(1)"}, "web address"),
])
def test_what_is_wrong_is_said_beside_the_field(isu, values, words):
    before = len(db.session.scalars(select(Conference.id)).all())
    data = {**isu.fields("/conferences/new"), "title": "Kept title", "first_day": "2027-03-05", "chair": "Kept chair",
            **values}
    answer = isu.post("/conferences/new", data=data)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert "Kept chair" in answer.get_data(as_text=True)
    assert len(db.session.scalars(select(Conference.id)).all()) == before


def test_the_outcome_is_published_only_with_words_and_seen_only_then(isu, visitor, make):
    ref = make.conference().ref
    base = f"/conferences/{ref}"
    for name in ("opened", "closed"):
        assert isu.post(f"{base}/move/{name}").status_code == 303
    assert isu.post(f"{base}/move/published").status_code == 422
    written = {**isu.fields(f"{base}/edit"), "outcome": "Eleven donors pledged."}
    assert isu.post(f"{base}/edit", data=written).status_code == 303
    assert "Eleven donors pledged." not in visitor.get(base).get_data(as_text=True).split('id="timeline"')[0]
    assert "Eleven donors pledged." in isu.get(base).get_data(as_text=True)
    assert isu.post(f"{base}/move/published").status_code == 303
    page = visitor.get(base).get_data(as_text=True)
    assert "Eleven donors pledged." in page
    assert "Outcome of pledging conference" in page


def test_an_unpublished_outcome_is_not_in_the_publics_timeline(isu, visitor, make):
    ref = make.conference().ref
    isu.post(f"/conferences/{ref}/edit", data={**isu.fields(f"/conferences/{ref}/edit"), "outcome": "Draft words only"})
    assert "Draft words only" not in visitor.get(f"/conferences/{ref}").get_data(as_text=True)
    assert "Draft words only" in isu.get(f"/conferences/{ref}").get_data(as_text=True)


def test_moves_out_of_order_a_second_click_and_reopening(isu, make):
    ref = make.conference().ref
    base = f"/conferences/{ref}/move"
    assert isu.post(f"{base}/closed").status_code == 422
    assert isu.post(f"{base}/no-such-move").status_code == 404
    isu.post(f"{base}/opened")
    answer = isu.post(f"{base}/opened", data={"back": "desk"})
    assert answer.headers["Location"].endswith("/desk")
    assert "already done" in isu.get(answer.headers["Location"]).get_data(as_text=True)
    isu.post(f"{base}/closed")
    assert isu.post(f"{base}/reopened").status_code == 422
    assert isu.post(f"{base}/reopened", data={"note": "A pledge was missed."}).status_code == 303
    assert kept(ref).status is ConferenceStatus.OPEN
    assert "A pledge was missed." in isu.get(f"/conferences/{ref}").get_data(as_text=True)


def test_two_editors_never_lose_each_others_words(isu, make):
    url = f"/conferences/{make.conference().ref}/edit"
    mine, theirs = isu.fields(url), isu.fields(url)
    assert isu.post(url, data={**theirs, "chair": "Their chair"}).status_code == 303
    answer = isu.post(url, data={**mine, "chair": "My chair"})
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "My chair" in page
    assert "Their chair" in page


def test_the_number_changes_only_while_planned_and_the_reference_follows(isu, make):
    ref = make.conference().ref
    url = f"/conferences/{ref}/edit"
    assert isu.post(url, data={**isu.fields(url), "number": "77"}).headers["Location"] == "/conferences/PC-77"
    isu.post("/conferences/PC-77/move/opened")
    answer = isu.post("/conferences/PC-77/edit", data={**isu.fields("/conferences/PC-77/edit"), "number": "78"})
    assert answer.status_code == 422
    assert kept("PC-77").number == 77


def test_counts_of_a_source_stand_beside_the_names_that_are_known(visitor):
    page = visitor.get("/conferences/PC-09").get_data(as_text=True)
    assert "Counted by the source" in page
    assert "The source counts 43 delegations in all." in page
    assert "Afghanistan" in page
    listed = visitor.get("/conferences/").get_data(as_text=True)
    assert "69 delegations" in listed
    assert listed.index("PC-09") < listed.index("PC-01")


def test_pledges_follow_their_own_visibility(make, visitor, isu):
    conference = make.conference()
    shown = make.pledge("NOR", conference=conference)
    hidden = make.pledge("SWE", conference=conference, visibility=Visibility.PARTIES)
    page = visitor.get(f"/conferences/{conference.ref}").get_data(as_text=True)
    assert shown.ref in page
    assert hidden.ref not in page
    assert "1 pledge<" in page
    assert "1 pledge logged" in visitor.get("/conferences/").get_data(as_text=True)
    assert hidden.ref in isu.get(f"/conferences/{conference.ref}").get_data(as_text=True)


def test_an_unknown_conference_is_not_found(visitor, isu):
    assert visitor.get("/conferences/PC-99").status_code == 404
    assert isu.get("/conferences/PC-99/desk").status_code == 404
    assert isu.post("/conferences/PC-99/move/opened").status_code == 404


def test_planning_is_the_isus(sign_in, visitor):
    donor = sign_in(Role.DONOR_OFFICER)
    assert donor.get("/conferences/new").status_code == 403
    assert donor.post("/conferences/new", data={"title": "Mine"}).status_code == 403
    assert visitor.get("/conferences/new").headers["Location"].startswith("/accounts/sign-in")
    assert "Plan a conference" not in donor.get("/conferences/").get_data(as_text=True)
