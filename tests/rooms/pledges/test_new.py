"""Putting a pledge on the record."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus
from partnerships.pledges import service
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import PledgeKind, PledgeObject, PledgeStatus

TODAY = date.today().isoformat()
FUTURE = (date.today() + timedelta(days=1)).isoformat()
WORK_PLAN = {"object": "isu-work-plan", "kind": "financial", "currency": "CHF", "amount": "80 000",
             "announced_on": TODAY, "visibility": "public"}


def _made() -> list[Pledge]:
    """Pledges made here: those of the reference data have a source."""
    db.session.expire_all()
    return list(db.session.scalars(select(Pledge).where(Pledge.source == "").order_by(Pledge.id)))


def test_a_donor_pledges_to_a_need(make, sign_in):
    need, client = make.need(), sign_in(Role.DONOR_OFFICER)
    url = f"/pledges/new?need={need.ref}"
    data = client.fields(url)
    assert data["currency"] == "USD" and data["announced_on"] == TODAY and data["visibility"] == "public"
    answer = client.post(url, data={**data, "amount": "1 200 000", "first_year": "2027", "last_year": "2029",
                                    "condition": "Subject to parliament", "statement": "We shall contribute."})
    [pledge] = _made()
    assert answer.status_code == 303 and answer.location == f"/pledges/{pledge.ref}"
    assert pledge.ref == f"PL-{date.today().year}-0001"
    assert (pledge.donor.ref, pledge.recipient.ref, pledge.need_id) == ("NOR", "KHM", need.id)
    assert (pledge.status, pledge.object, pledge.kind) == (
        PledgeStatus.ANNOUNCED, PledgeObject.NEED, PledgeKind.FINANCIAL)
    assert pledge.amount == pledge.announced_amount == Decimal(1_200_000) and pledge.currency == "USD"
    assert (pledge.first_year, pledge.last_year, pledge.condition) == (2027, 2029, "Subject to parliament")
    text = client.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert "Pledge announced" in text and pledge.ref in text  # the need's timeline and its table


def test_from_a_match_the_donor_and_the_need_are_settled(make, sign_in):
    match = make.match()
    for client in (sign_in(Role.DONOR_OFFICER), sign_in(Role.ISU_OFFICER)):
        data = client.fields(f"/pledges/new?match={match.id}")
        assert "donor" not in data and "need" not in data
        assert client.post(f"/pledges/new?match={match.id}", data={**data, "amount": "500"}).status_code == 303
    assert {(one.donor.ref, one.match_id, one.need_id) for one in _made()} == {("NOR", match.id, match.need_id)}


def test_the_isu_records_what_was_said_at_a_conference(make, sign_in):
    conference, client = make.conference(), sign_in(Role.ISU_OFFICER)
    url = f"/pledges/new?conference={conference.ref}"
    data = {**client.fields(url), **WORK_PLAN, "donor": "JPN", "from_floor": "y"}
    client.post(url, data=data)
    [pledge] = _made()
    assert pledge.conference_id == conference.id and pledge.from_floor and pledge.donor.ref == "JPN"
    assert "Recorded from the floor" in client.get(f"/pledges/{pledge.ref}").get_data(as_text=True)


def test_a_donor_cannot_pledge_in_another_name(make, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    client.post("/pledges/new", data={**WORK_PLAN, "donor": "JPN", "from_floor": "y"})
    [pledge] = _made()
    assert pledge.donor.ref == "NOR" and not pledge.from_floor


def test_an_organisation_pledges_in_kind_to_a_programme(make, sign_in):
    client = sign_in(Role.ORGANISATION_OFFICER)
    client.post("/pledges/new", data={**WORK_PLAN, "object": "programme", "recipient": "AGO", "kind": "in-kind",
                                      "amount": ""})
    [pledge] = _made()
    assert (pledge.donor.ref, pledge.recipient.ref, pledge.amount, pledge.currency) == ("GICHD", "AGO", None, "")
    assert "It states no amount." in client.get(f"/pledges/{pledge.ref}").get_data(as_text=True)


@pytest.mark.parametrize(("typed", "words"), [
    ({"object": ""}, "Say what the pledge is for."),
    ({"amount": ""}, "Give the amount."),
    ({"amount": "0"}, "more than zero"),
    ({"amount": "-5"}, "cannot be negative"),
    ({"amount": "about ten"}, "Write the amount in figures"),
    ({"amount": "10.555"}, "fewer decimals"),
    ({"currency": "JPY", "amount": "10.5"}, "fewer decimals"),
    ({"currency": "XXX"}, "Choose one of the list"),
    ({"kind": "political"}, "A political pledge has no amount"),
    ({"kind": "financial-or-political"}, "Not a valid choice"),
    ({"first_year": "2029", "last_year": "2027"}, "The last year is before the first."),
    ({"first_year": "1900"}, "Use a year from 1999 to 2060."),
    ({"announced_on": FUTURE}, "This day is in the future"),
    ({"announced_on": "soon"}, "year-month-day"),
    ({"expected_on": "2001-01-01"}, "before the announcement"),
    ({"visibility": "isu"}, "Not a valid choice"),
    ({"object": "programme"}, "Choose the State whose programme"),
    ({"object": "programme", "recipient": "NOR"}, "cannot pledge to itself"),
    ({"object": "need"}, "Give the need&#39;s reference"),
    ({"object": "need", "need": "KHM-1999-999"}, "No need within your sight"),
])
def test_what_is_wrong_is_said_and_what_was_typed_stays(app, sign_in, typed: dict[str, str], words: str):
    client = sign_in(Role.DONOR_OFFICER)
    answer = client.post("/pledges/new", data={**WORK_PLAN, "condition": "Kept as typed", **typed})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and words in text and "Kept as typed" in text
    assert _made() == []


def test_a_need_by_its_reference_in_any_case(make, sign_in):
    need, client = make.need(), sign_in(Role.DONOR_OFFICER)
    client.post("/pledges/new", data={**WORK_PLAN, "object": "need", "need": need.ref.lower()})
    assert [one.need_id for one in _made()] == [need.id]


def test_needs_that_cannot_be_pledged_to(make, sign_in):
    draft, met = make.need(status=NeedStatus.DRAFT), make.need(status=NeedStatus.MET)
    client = sign_in(Role.DONOR_OFFICER)
    for need, words in ((draft, "No need within your sight"), (met, "closed, or not published")):
        answer = client.post("/pledges/new", data={**WORK_PLAN, "object": "need", "need": need.ref})
        assert answer.status_code == 422 and words in answer.get_data(as_text=True)
    assert "nothing can be pledged to it" in client.get(f"/pledges/new?need={met.ref}").get_data(as_text=True)
    assert client.post(f"/pledges/new?need={met.ref}", data=WORK_PLAN).status_code == 422
    assert client.get(f"/pledges/new?need={draft.ref}").status_code == 404
    assert _made() == []


def test_a_pledge_is_not_seen_more_widely_than_its_need(make, sign_in):
    need, client = make.need(visibility=Visibility.STATES_PARTIES), sign_in(Role.DONOR_OFFICER)
    url = f"/pledges/new?need={need.ref}"
    data = {**client.fields(url), "amount": "500"}
    assert data["visibility"] == "states-parties"
    answer = client.post(url, data={**data, "visibility": "public"})
    assert answer.status_code == 422 and "cannot be seen more widely" in answer.get_data(as_text=True)
    assert client.post(url, data={**data, "visibility": "parties"}).status_code == 303


def test_a_form_sent_twice_makes_one_pledge(make, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    data = {**WORK_PLAN, "once": "a-key-of-this-form-1"}
    first, second = (client.post("/pledges/new", data=data) for _ in range(2))
    assert first.location == second.location and len(_made()) == 1


def test_who_may_not(make, sign_in, visitor):
    match = make.match()
    assert "/accounts/sign-in" in visitor.get("/pledges/new").location
    assert sign_in(Role.FOCAL_POINT).get("/pledges/new").status_code == 403
    assert sign_in(Role.COMMITTEE_MEMBER).post("/pledges/new", data=WORK_PLAN).status_code == 403
    client = sign_in(Role.DONOR_OFFICER, "JPN")
    for query in (f"match={match.id}", "match=abc", "match=999999", "need=NONE", "conference=NONE"):
        assert client.get(f"/pledges/new?{query}").status_code == 404
    assert _made() == []


@pytest.mark.parametrize(("change", "words"), [
    ({"object": PledgeObject.NEED}, "Name the need"), ({"object": PledgeObject.PROGRAMME}, "Name the State"),
    ({"amount": None}, "needs its amount"), ({"amount": Decimal(0)}, "more than zero"),
    ({"currency": ""}, "Choose the currency"), ({"amount": Decimal("1.005")}, "fewer decimals"),
    ({"first_year": 2030, "last_year": 2029}, "first year is after"),
    ({"announced_on": date.today() + timedelta(days=1)}, "cannot be in the future"),
    ({"expected_on": date(2000, 1, 1)}, "before the announcement")])
def test_the_service_refuses_in_words_too(make, change: dict[str, Any], words: str):
    values = {"object": PledgeObject.ISU_WORK_PLAN, "kind": PledgeKind.FINANCIAL, "currency": "USD",
              "amount": Decimal(5), "announced_on": date.today(), "visibility": Visibility.PUBLIC}
    with pytest.raises(Refused, match=words):
        service.announce(make.actor(Role.DONOR_OFFICER), make.party("NOR"), **{**values, **change})


def test_the_service_keeps_to_the_match_and_the_needs_sight(make):
    match, actor = make.match(), make.actor(Role.ISU_OFFICER)
    values = {"object": PledgeObject.NEED, "kind": PledgeKind.FINANCIAL, "currency": "USD", "amount": Decimal(5),
              "announced_on": date.today(), "visibility": Visibility.PUBLIC}
    with pytest.raises(Refused, match="another partner"):
        service.announce(actor, make.party("JPN"), match=match, **values)
    hidden = make.need(visibility=Visibility.PARTIES)
    with pytest.raises(Refused, match="more widely"):
        service.announce(actor, make.party("JPN"), need=hidden, **values)
    with pytest.raises(Refused, match="to itself"):
        service.announce(actor, make.party("KHM"), need=match.need, **values)
