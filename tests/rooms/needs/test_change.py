"""The short form on a published need: a change that waits for verification, and parts for fewer people."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from partnerships.amendments import service
from partnerships.amendments.models import Amendment
from partnerships.amendments.states import AmendmentStatus
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs import content
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from tests.rooms.needs.test_form import GOOD, only


def amendments() -> list[Amendment]:
    db.session.expire_all()
    return list(db.session.scalars(select(Amendment)))


@pytest.fixture
def opened(sign_in, make):
    """A published need with its State's focal point at the form: (need, client, address, fields)."""
    need = make.need()
    client, url = sign_in(Role.FOCAL_POINT), f"/needs/{need.ref}/edit"
    fields = client.fields(url)
    del fields["csrf_token"]  # another person's session has a token of its own
    return need, client, url, fields


def test_a_change_is_kept_in_draft_and_what_is_published_stays(opened, visitor):
    need, client, url, fields = opened
    assert "It stays as it is until the ISU has verified the change" in client.get(url).get_data(as_text=True)
    answer = client.post(url, data={**fields, "title": "Clear twice as much", "save": "1"})
    assert answer.headers["Location"] == url and [one.status for one in amendments()] == [AmendmentStatus.DRAFT]
    page = client.get(url).get_data(as_text=True)
    assert "The change is kept in draft" in page and "Clear twice as much" in page
    assert "Clear twice as much" not in visitor.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert content.differing(content.snapshot(db.session.get_one(Need, need.id)), amendments()[0].content) == ["title"]


def test_handing_a_change_in_takes_a_sentence(opened):
    need, client, url, fields = opened
    answer = client.post(url, data={**fields, "title": "Clear more", "submit": "1"})
    assert answer.status_code == 422 and "Say in a sentence what changes" in answer.get_data(as_text=True)
    assert amendments() == []
    answer = client.post(url, data={**fields, "title": "Clear more", "note": "Two more villages", "submit": "1"})
    assert answer.headers["Location"] == f"/needs/{need.ref}"
    assert [(one.status, one.note) for one in amendments()] == [(AmendmentStatus.SUBMITTED, "Two more villages")]
    answer = client.get(url)
    assert answer.status_code == 303, "a change that waits is not edited"
    assert client.post(url, data={**fields, "title": "Clear less", "save": "1"}).status_code == 409
    assert amendments()[0].content["title"] == "Clear more"


def test_a_sentence_alone_is_kept_with_a_change_made_before(opened):
    _need, client, url, fields = opened
    client.post(url, data={**fields, "title": "Clear more", "save": "1"})
    client.post(url, data={**client.fields(url), "note": "Two more villages", "submit": "1"})
    assert [(one.status, one.note) for one in amendments()] == [(AmendmentStatus.SUBMITTED, "Two more villages")]


def test_nothing_changed_is_no_change(opened):
    _need, client, url, fields = opened
    assert client.post(url, data={**fields, "save": "1"}).status_code == 303
    assert "Nothing differs from what is published" in client.get(url).get_data(as_text=True)
    answer = client.post(url, data={**fields, "note": "Nothing", "submit": "1"})
    assert answer.status_code == 422 and "Nothing differs from what is published" in answer.get_data(as_text=True)
    assert amendments() == []


def test_a_form_opened_before_a_change_was_published_is_refused(opened, sign_in):
    """The next change begins anew: a form that was opened on the need before must not undo what was published."""
    _need, client, url, fields = opened
    client.post(url, data={**fields, "title": "Clear more", "note": "More", "submit": "1"})
    service.move(amendments()[0], "published", SYSTEM)
    db.session.commit()
    answer = sign_in(Role.FOCAL_POINT).post(url, data={**fields, "summary": "Typed before.", "save": "1"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Clear more" in page and "Typed before." in page


def test_two_people_at_one_change(opened, sign_in):
    _need, client, url, fields = opened
    other = sign_in(Role.FOCAL_POINT)
    assert client.post(url, data={**fields, "title": "Mine first", "save": "1"}).status_code == 303
    answer = other.post(url, data={**fields, "title": "Theirs later", "save": "1"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Mine first" in page and "Theirs later" in page
    assert amendments()[0].content["title"] == "Mine first"


@pytest.mark.parametrize("status", [NeedStatus.SUBMITTED, NeedStatus.MET, NeedStatus.WITHDRAWN])
def test_a_need_that_waits_or_is_closed_is_not_edited(sign_in, make, status):
    need = make.need(status=NeedStatus.PUBLISHED if status is not NeedStatus.SUBMITTED else status)
    need.status = status
    db.session.commit()
    client = sign_in(Role.FOCAL_POINT)
    assert client.get(f"/needs/{need.ref}/edit").status_code == 403
    assert client.post(f"/needs/{need.ref}/edit", data=GOOD).status_code == 403


def test_an_amount_for_several_years_keeps_its_years(sign_in, make):
    need = make.need(status=NeedStatus.DRAFT, amounts=[(2027, 2029, Decimal(5), Decimal(0))])
    client, url = sign_in(Role.FOCAL_POINT), f"/needs/{need.ref}/edit"
    client.post(url, data={**client.fields(url), "title": "Another", "save": "1"})
    db.session.expire_all()
    row, = db.session.get_one(Need, need.id).amounts
    assert (row.first_year, row.last_year) == (2027, 2029)


def test_a_deadline_that_has_passed_since_does_not_stand_in_the_way(sign_in, make):
    need = make.need(deadline=date.today() - timedelta(days=3))
    client, url = sign_in(Role.FOCAL_POINT), f"/needs/{need.ref}/edit"
    assert client.post(url, data={**client.fields(url), "contact_name": "New desk", "save": "1"}).status_code == 303
    earlier = str(date.today() - timedelta(days=9))
    assert client.post(url, data={**client.fields(url), "deadline": earlier, "save": "1"}).status_code == 422


def test_parts_may_be_for_fewer_people_but_not_for_more(sign_in):
    client = sign_in(Role.FOCAL_POINT)
    wider = {**GOOD, "visibility": "parties", "amounts_visibility": "states-parties"}
    answer = client.post("/needs/new", data={**wider, "submit": "1"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "cannot be seen by more people than the need" in page
    assert client.post("/needs/new", data={**GOOD, "details_visibility": "public", "submit": "1"}).status_code == 422
    client.post("/needs/new", data={**GOOD, "amounts_visibility": "states-parties", "save": "1"})
    need = only()
    assert (need.visibility, need.amounts_visibility, need.details_visibility) == (
        Visibility.PUBLIC, Visibility.STATES_PARTIES, Visibility.PUBLIC)
    fields = client.fields(f"/needs/{need.ref}/edit")
    assert (fields["amounts_visibility"], fields["details_visibility"]) == ("states-parties", "")
