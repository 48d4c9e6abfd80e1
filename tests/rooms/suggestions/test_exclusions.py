"""Exclusions on either side: partners a State does not wish for a need, States a partner cannot support."""

from __future__ import annotations

from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.parties.models import Priorities


def test_a_need_names_partners_not_to_be_suggested(make, sign_in):
    make.offer("NOR")
    make.offer("JPN")
    need = make.need("KHM", NeedStatus.DRAFT)
    client = sign_in(Role.FOCAL_POINT)
    url = f"/needs/{need.ref}/edit"
    answer = client.post(url, data={**client.fields(url), "excluded_partners": ["NOR", "UNDP"], "suggest": "1"})
    assert answer.status_code == 303 and answer.location == f"/needs/{need.ref}#partners"
    kept = db.session.get_one(Need, need.id)
    assert kept.excluded_partners == ("NOR", "UNDP") and kept.status is NeedStatus.DRAFT
    text = client.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert "/why/NOR" not in text and "/why/JPN" in text
    assert "Not to be suggested" in text and "Norway, UNDP" in text  # in the margin, and on the timeline by name
    assert "Partners not to be suggested" in text.partition('id="timeline"')[2]
    assert client.fields(url)["excluded_partners"] == ["NOR", "UNDP"]


def test_an_unknown_partner_is_refused(make, sign_in):
    need = make.need("KHM", NeedStatus.DRAFT)
    client = sign_in(Role.FOCAL_POINT)
    url = f"/needs/{need.ref}/edit"
    answer = client.post(url, data={**client.fields(url), "excluded_partners": ["ATLANTIS"], "save": "1"})
    assert answer.status_code == 422 and "Choose from the list." in answer.get_data(as_text=True)


def test_saving_and_suggesting_takes_a_thematic_area(sign_in):
    client = sign_in(Role.FOCAL_POINT)
    blank = {**client.fields("/needs/new"), "title": "Clear the last hill"}
    ours = select(Need).where(Need.title == "Clear the last hill")
    refused = client.post("/needs/new", data={**blank, "suggest": "1"})
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422 and "Choose the thematic area: partners are suggested by it." in text
    assert "Clear the last hill" in text and not db.session.scalars(ours).all()
    answer = client.post("/needs/new", data={**blank, "theme": "survey-clearance", "suggest": "1"})
    need = db.session.scalars(ours).one()
    assert answer.location == f"/needs/{need.ref}#partners" and need.status is NeedStatus.DRAFT
    assert "every reason" in client.get(f"/needs/{need.ref}").get_data(as_text=True)


def test_a_partner_names_states_it_cannot_support(make, sign_in):
    need = make.need("KHM")
    client = sign_in(Role.DONOR_OFFICER)
    url = "/parties/NOR/priorities"
    data = {**client.fields(url), "countries": ["LAO"], "excluded_countries": ["KHM"]}
    assert client.post(url, data=data).status_code == 303
    assert db.session.scalars(select(Priorities)).one().excluded_countries == ("KHM",)
    text = client.get("/parties/NOR").get_data(as_text=True)
    assert "Cannot support" in text and "Cambodia" in text.partition("Cannot support")[2][:200]
    assert client.fields(url)["excluded_countries"] == ["KHM"]
    suggested = sign_in(Role.FOCAL_POINT).get(f"/needs/{need.ref}").get_data(as_text=True)
    assert "/why/NOR" not in suggested
    assert need.ref not in client.get("/suggestions/").get_data(as_text=True)


def test_a_state_is_in_one_of_the_two_lists(sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    url = "/parties/NOR/priorities"
    answer = client.post(url, data={**client.fields(url), "countries": ["KHM", "LAO"], "excluded_countries": ["KHM"]})
    assert answer.status_code == 422
    assert "Also named among the States you look to support: Cambodia." in answer.get_data(as_text=True)
    assert not db.session.scalars(select(Priorities)).all()


def test_two_editors_see_the_excluded_states_by_name(make, sign_in):
    client, other = sign_in(Role.DONOR_OFFICER), sign_in(Role.DONOR_OFFICER)
    url = "/parties/NOR/priorities"
    mine = {**client.fields(url), "excluded_countries": ["KHM"]}
    other.post(url, data={**other.fields(url), "excluded_countries": ["AGO"]})
    answer = client.post(url, data=mine)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "Cambodia" in text and "Angola" in text
