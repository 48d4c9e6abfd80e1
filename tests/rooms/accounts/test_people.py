"""People, for the ISU: rights, closing, lost factors, and handing over with the State's work in place."""

from __future__ import annotations

from datetime import date

import pyotp
import pytest
from sqlalchemy import select

from partnerships.accounts.models import Account, AccountInvitation
from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.mail import Mail
from partnerships.followups.models import Followup
from partnerships.matches.models import Match
from tests.rooms.accounts.test_invitations import GOOD, HOW, link
from tests.rooms.accounts.test_second_factor import first_step, set_up


@pytest.fixture
def admin(sign_in):
    """An administrator of the ISU."""
    return sign_in(Role.ISU_ADMINISTRATOR)


def test_people_are_found_by_name_role_and_party(admin, make):
    make.account(Role.DONOR_OFFICER, "NOR", name="Ingrid")
    make.account(Role.FOCAL_POINT, "KHM", name="Sophea")
    make.account(Role.FOCAL_POINT, "AGO", name="Gone", active=False)
    for query, there, not_there in (("q=ingr", "Ingrid", "Sophea"), ("role=focal-point", "Sophea", "Ingrid"),
                                    ("party=NOR", "Ingrid", "Sophea"), ("closed=y", "Gone", "Ingrid"), ("q=%25", "", "Ingrid_")):
        page = admin.get(f"/accounts/people?{query}")
        text = page.get_data(as_text=True)
        assert page.status_code == 200 and there in text and not_there not in text, query
    assert "Nobody matches" in admin.get("/accounts/people?q=zzzz").get_data(as_text=True)
    assert admin.get("/accounts/people?role=nonsense&party=zz&page=9x").status_code == 200


def test_rights_change_with_a_letter_and_a_record(admin, make):
    account = make.account(Role.DONOR_OFFICER, "NOR")
    url = f"/accounts/people/{account.id}"
    bad = admin.post(f"{url}/edit", data={"role": "focal-point", "party": "GICHD"})
    assert bad.status_code == 422 and "speak for a State" in bad.get_data(as_text=True)
    assert admin.post(f"{url}/edit", data={"role": "donor-officer", "party": "JPN", "is_head": "y"}).status_code == 303
    kept = db.session.get_one(Account, account.id)
    assert kept.party.ref == "JPN" and kept.is_head
    event = db.session.scalars(select(Event).where(Event.tag == "account.changed")).one()
    assert event.changes == {"party_id": ["NOR", "JPN"], "is_head": [False, True]} and event.audience == "isu"
    assert "changed your role" in db.session.scalars(select(Mail)).one().body
    assert "NOR" in admin.get(url).get_data(as_text=True)


def test_a_focal_point_of_another_state_is_to_be_made_sure_of_again(admin, make):
    account = make.account(Role.FOCAL_POINT, "KHM", authenticated_how=HOW, authenticated_at=date(2026, 1, 5))
    admin.post(f"/accounts/people/{account.id}/edit", data={"role": "focal-point", "party": "AGO"})
    assert db.session.get_one(Account, account.id).authenticated_at is None
    url = f"/accounts/people/{account.id}/authenticate"
    assert admin.post(url, data={"how": "", "on": ""}).status_code == 422
    assert admin.post(url, data={"how": HOW, "on": "2026-02-01"}).status_code == 303
    assert HOW in admin.get(f"/accounts/people/{account.id}").get_data(as_text=True)


def test_a_closed_account_is_out_at_once_and_back_when_opened(admin, make, sign_in):
    account = make.account(Role.FOCAL_POINT)
    client, url = sign_in(account), f"/accounts/people/{account.id}"
    assert admin.post(f"{url}/close", data={"note": ""}).status_code == 422
    assert admin.post(f"{url}/close", data={"note": "Left the ministry."}).status_code == 303
    assert client.get("/accounts/me").status_code == 303
    assert admin.post(f"{url}/reopen").status_code == 303
    assert client.get("/accounts/me").status_code == 303, "the old session stays ended"


def test_lost_factors_are_reset_with_a_reason(app, admin, make):
    account = make.account(Role.DONOR_OFFICER)
    client = first_step(app, account)[0]
    secret, codes = set_up(client)
    url = f"/accounts/people/{account.id}/reset-factors"
    assert admin.post(url, data={"note": ""}).status_code == 422
    assert admin.post(url, data={"note": "Video call with the mission."}).status_code == 303
    assert client.get("/accounts/me").status_code == 303
    again, where = first_step(app, account)
    assert where == "/needs/" and again.get("/desk/").headers["Location"] == "/accounts/factors"
    assert again.post("/accounts/second-factor", data={"code": pyotp.TOTP(secret).now()}).headers["Location"] in (
        "/accounts/factors", "/accounts/sign-in")
    assert any("reset your second factors" in one.body for one in db.session.scalars(select(Mail)))
    assert codes


def test_the_last_administrator_stays(admin, make):
    other = make.account(Role.ISU_ADMINISTRATOR)
    assert admin.post(f"/accounts/people/{other.id}/close", data={"note": "x"}).status_code == 303
    me = db.session.scalars(select(Account.id).where(Account.role == Role.ISU_ADMINISTRATOR, Account.active)).one()
    for what, data in (("close", {"note": "x"}), ("erase", {"note": "x"}), ("edit", {"role": "isu-officer", "party": "ISU"})):
        assert admin.post(f"/accounts/people/{me}/{what}", data=data).status_code == 422, what
    answer = admin.post("/accounts/me/erase")
    assert answer.status_code == 422 and "last administrator" in answer.get_data(as_text=True)


def test_handing_over_keeps_the_work_and_ends_the_old_access_at_once(app, admin, make, sign_in, visitor):
    before = make.account(Role.FOCAL_POINT, "KHM", name="Before")
    need = make.need("KHM")
    match = make.match(need, "NOR")
    followup = make.followup("KHM", "KHM", need=need)
    for record in (db.session.get_one(Match, match.id), db.session.get_one(Followup, followup.id)):
        record.owner_id = before.id
    db.session.commit()
    client = sign_in(before)
    url = f"/accounts/people/{before.id}/hand-over"
    bad = admin.post(url, data={"email": "no", "name": "After", "how": HOW, "on": "2026-02-01"})
    assert bad.status_code == 422 and "After" in bad.get_data(as_text=True) and client.get("/accounts/me").status_code == 200
    new = {"email": "after@authority.example", "name": "After", "how": HOW, "on": "2026-02-01"}
    assert admin.post(url, data=new).status_code == 303
    assert client.get("/accounts/me").status_code == 303, "at once"
    assert db.session.get_one(Match, match.id).owner_id == before.id, "until the new person comes, nothing is lost"
    assert visitor.post(link(app), data={"name": "After", "password": GOOD}).status_code == 303
    after = db.session.scalars(select(Account).where(Account.email == "after@authority.example")).one()
    assert (after.role, after.party.ref, after.authenticated_how) == (Role.FOCAL_POINT, "KHM", HOW)
    assert {db.session.get_one(Match, match.id).owner_id, db.session.get_one(Followup, followup.id).owner_id} == {after.id}
    assert db.session.scalars(select(AccountInvitation)).one().replaces_id == before.id
    assert visitor.get(f"/needs/{need.ref}/edit").status_code == 200, "the State's work"


@pytest.mark.parametrize("what", ["edit", "close", "reopen", "reset-factors", "end-sessions", "erase", "hand-over"])
def test_only_administrators_change_the_access_of_others(make, sign_in, what):
    number = make.account().id
    for role in (Role.ISU_OFFICER, Role.FOCAL_POINT, Role.DONOR_OFFICER):
        assert sign_in(role).post(f"/accounts/people/{number}/{what}", data={"note": "x"}).status_code == 403
    head = sign_in(make.account(Role.FOCAL_POINT, "KHM", is_head=True))
    assert head.post(f"/accounts/people/{number}/{what}", data={"note": "x"}).status_code == 403


def test_nobody_of_another_kind_knows_what_happened_to_an_account(admin, make, sign_in):
    account = make.account(Role.FOCAL_POINT, "KHM")
    admin.post(f"/accounts/people/{account.id}/close", data={"note": "A secret reason."})
    for client in (sign_in(make.account(Role.FOCAL_POINT, "KHM", is_head=True)), sign_in(Role.DONOR_OFFICER)):
        for url in ("/parties/KHM", "/parties/KHM?kind=account", f"/accounts/people/{account.id}", "/desk/", "/"):
            assert "A secret reason" not in client.get(url).get_data(as_text=True)


def test_the_first_administrator_comes_in_by_the_command(app, visitor):
    run = app.test_cli_runner().invoke
    args = ["accounts", "invite", "--email", "First@isu.example", "--name", "First", "--role", "isu-administrator", "--party"]
    assert run(args=[*args, "XXX"]).exit_code == 1 and "no State" in run(args=[*args, "XXX"]).output
    assert "roles are for" in run(args=[*args, "KHM"]).output
    done = run(args=[*args, "ISU"])
    assert done.exit_code == 0, done.output
    assert "already invited" in run(args=[*args, "ISU"]).output
    assert visitor.post(link(app), data={"name": "First", "password": GOOD}).status_code == 303
    reset = run(args=["accounts", "reset-factors", "--email", "first@isu.example", "--why", "Lost phone, seen in person."])
    assert reset.exit_code == 0 and "1 sessions ended" in reset.output
    assert run(args=["accounts", "reset-factors", "--email", "x@y.example", "--why", "x"]).exit_code == 1
