"""Asking for the person again before rights, factors and what is published change; what was typed goes on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from partnerships.accounts.models import AccountInvitation
from partnerships.core.actor import Role
from partnerships.core.db import db, utcnow
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from tests.support.factories import PASSWORD

INVITATION = {"email": "new@authority.example", "name": "Née Müller-Ñandú", "role": "donor-officer", "party": "NOR"}


@pytest.fixture
def later_client(sign_in):
    """Somebody who signed in three quarters of an hour ago."""
    def one(*who):
        client = sign_in(*who)
        traveller = time_machine.travel(utcnow() + timedelta(minutes=45))
        traveller.start()
        travellers.append(traveller)
        return client

    travellers: list = []
    yield one
    for traveller in travellers:
        traveller.stop()


def test_a_late_form_is_asked_for_the_password_and_loses_nothing(later_client):
    client = later_client(Role.ISU_ADMINISTRATOR)
    answer = client.post("/accounts/invite", data=INVITATION)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Is it you?" in page and not db.session.scalars(select(AccountInvitation)).all()
    carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert INVITATION.items() <= carried.items()
    wrong = client.post("/accounts/invite", data={**INVITATION, "confirm_with": "wrong"})
    assert wrong.status_code == 422 and "neither your password" in wrong.get_data(as_text=True)
    with client.session_transaction() as kept:
        before = kept["_user_id"]
    assert client.post("/accounts/invite", data={**INVITATION, "confirm_with": PASSWORD}).status_code == 303
    with client.session_transaction() as kept:
        assert kept["_user_id"] != before, "another secret for the session"
    assert db.session.scalars(select(AccountInvitation)).one().name == INVITATION["name"]
    again = client.post("/accounts/invite", data={**INVITATION, "email": "other@authority.example"})
    assert again.status_code == 303, "asked once, not each time"


def test_publishing_a_need_asks_and_returning_it_does_not(make, later_client):
    waiting, other = make.need("KHM", NeedStatus.SUBMITTED), make.need("KHM", NeedStatus.SUBMITTED)
    client = later_client(Role.ISU_OFFICER)
    for url in (f"/needs/{waiting.ref}/move/published", f"/amendments/{waiting.ref}/verify/published"):
        answer = client.post(url, data={"version": waiting.version})
        assert answer.status_code == 422 and "Is it you?" in answer.get_data(as_text=True), url
    assert db.session.get_one(Need, waiting.id).status is NeedStatus.SUBMITTED
    data = {"version": other.version, "note": "Please add the amounts."}
    assert client.post(f"/amendments/{other.ref}/verify/returned", data=data).status_code == 303
    done = client.post(f"/amendments/{waiting.ref}/verify/published", data={"version": waiting.version, "confirm_with": PASSWORD})
    assert done.status_code == 303 and db.session.get_one(Need, waiting.id).status is NeedStatus.PUBLISHED


@pytest.mark.parametrize("url", ["/accounts/factors/codes", "/accounts/factors/codes/remove", "/accounts/factors/recovery",
                                 "/accounts/passkeys", "/accounts/passkeys/1/remove", "/accounts/me/erase",
                                 "/accounts/sessions/1/end", "/accounts/sessions/end",
                                 "/accounts/ministries/unlink"])
def test_every_change_of_ones_own_way_in_asks(later_client, url):
    answer = later_client(Role.FOCAL_POINT).post(url, data={"code": "1"})
    assert answer.status_code == 422 and "Is it you?" in answer.get_data(as_text=True)


def test_every_change_of_anothers_access_asks(make, later_client):
    number = make.account().id
    client = later_client(Role.ISU_ADMINISTRATOR)
    for what in ("edit", "authenticate", "close", "reopen", "reset-factors", "end-sessions", "erase", "hand-over"):
        answer = client.post(f"/accounts/people/{number}/{what}", data={"note": "x"})
        assert answer.status_code == 422 and "Is it you?" in answer.get_data(as_text=True), what


def test_publishing_an_outcome_and_a_summary_asks(make, later_client):
    conference, case = make.conference(), make.case("KHM", make.meeting("KHM"))
    client = later_client(Role.ISU_OFFICER)
    for url in (f"/conferences/{conference.ref}/move/published", f"/cases/{case.ref}/share"):
        answer = client.post(url)
        assert answer.status_code == 422 and "Is it you?" in answer.get_data(as_text=True), url
    assert "Is it you?" not in client.post(f"/conferences/{conference.ref}/move/opened").get_data(as_text=True)


def test_guessing_the_password_there_stops(later_client):
    client = later_client(Role.FOCAL_POINT)
    codes = [client.post("/accounts/me/erase", data={"confirm_with": "wrong"}).status_code for _number in range(9)]
    assert codes == [422] * 8 + [429]


def test_who_may_not_is_told_so_and_not_asked(make, later_client):
    answer = later_client(Role.ISU_OFFICER).post(f"/accounts/people/{make.account().id}/close", data={"note": "x"})
    assert answer.status_code == 403
