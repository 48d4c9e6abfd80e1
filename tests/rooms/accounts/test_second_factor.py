"""The second factor: who needs one, how it is set up, and how each code serves once."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import select

from partnerships.accounts import factors
from partnerships.accounts.models import Account, AccountSession, RecoveryCode
from partnerships.core.actor import Role
from partnerships.core.db import db, utcnow
from partnerships.core.mail import Mail
from tests.support.factories import PASSWORD

SIGN_IN, SECOND = "/accounts/sign-in", "/accounts/second-factor"


def first_step(app, account):
    """A browser in which the password was right."""
    client = app.test_client()
    answer = client.post(SIGN_IN, data={"email": account.email, "password": PASSWORD, "next": "/needs/"})
    assert answer.status_code == 303
    return client, answer.headers["Location"]


def set_up(client) -> tuple[str, list[str]]:
    """Set up an authenticator. Returns: its secret, and the recovery codes."""
    page = client.get("/accounts/factors/codes").get_data(as_text=True)
    secret = re.search(r'<code class="secret"[^>]*>([A-Z2-7 ]+)</code>', page).group(1).replace(" ", "")
    made = client.post("/accounts/factors/codes", data={"code": pyotp.TOTP(secret).now()})
    assert made.status_code == 200, made.get_data(as_text=True)
    return secret, re.findall(r"<code>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</code>", made.get_data(as_text=True))


@pytest.mark.parametrize(("role", "needs"), [
    (Role.ISU_OFFICER, True), (Role.ISU_ADMINISTRATOR, True), (Role.DONOR_OFFICER, True), (Role.ORGANISATION_OFFICER, True),
    (Role.FOCAL_POINT, False), (Role.COMMITTEE_MEMBER, False)])
def test_the_isu_and_everybody_who_can_pledge_sets_one_up_before_anything_else(app, make, role, needs):
    client, _where = first_step(app, make.account(role))
    for address in ("/desk/", "/needs/", "/accounts/me", "/accounts/me/export", "/pledges/"):
        answer = client.get(address)
        assert (answer.headers.get("Location") == "/accounts/factors") is needs, (address, answer.status_code)
    if needs:
        assert client.post("/accounts/me/edit", data={"name": "Other"}).headers["Location"] == "/accounts/factors"
        set_up(client)
        assert client.get("/desk/").status_code == 200


def test_from_then_on_the_password_alone_opens_nothing(app, make):
    account = make.account(Role.DONOR_OFFICER)
    client, _where = first_step(app, account)
    secret, _codes = set_up(client)
    later, where = first_step(app, account)
    assert where == SECOND and later.get("/desk/").headers["Location"].startswith(SIGN_IN)
    with time_machine.travel(utcnow() + timedelta(seconds=60), tick=False):
        answer = later.post(SECOND, data={"code": pyotp.TOTP(secret).now()})
        assert answer.headers["Location"] == "/needs/" and later.get("/desk/").status_code == 200


def test_a_code_serves_once_and_an_old_one_not_at_all(app, make):
    account = make.account(Role.DONOR_OFFICER)
    secret, _codes = set_up(first_step(app, account)[0])
    clock = pyotp.TOTP(secret)
    with time_machine.travel(utcnow() + timedelta(minutes=5), tick=False):
        now = utcnow()
        stale = clock.at(now - timedelta(seconds=95))
        first, second = first_step(app, account)[0], first_step(app, account)[0]
        assert first.post(SECOND, data={"code": stale}).status_code == 422
        code = clock.at(now)
        assert first.post(SECOND, data={"code": f"{code[:3]} {code[3:]}"}).status_code == 303
        again = second.post(SECOND, data={"code": code})
        assert again.status_code == 422 and "was used already" in again.get_data(as_text=True)
        assert second.post(SECOND, data={"code": clock.at(now - timedelta(seconds=30))}).status_code == 422, "an earlier step"


def test_a_recovery_code_serves_once_and_its_use_is_told(app, make):
    account = make.account(Role.DONOR_OFFICER)
    _secret, codes = set_up(first_step(app, account)[0])
    assert len(codes) == len(set(codes)) == 10
    client = first_step(app, account)[0]
    assert client.post(SECOND, data={"code": codes[0].upper().replace("-", " ")}).status_code == 303
    assert "9 are left" in client.get("/accounts/factors", follow_redirects=True).get_data(as_text=True)
    assert first_step(app, account)[0].post(SECOND, data={"code": codes[0]}).status_code == 422
    assert any("recovery code was used" in one.body for one in db.session.scalars(select(Mail)))
    kept = {row.code_hash for row in db.session.scalars(select(RecoveryCode))}
    assert all(one.startswith("$argon2id$") for one in kept) and not kept & set(codes), "only hashes are kept"


def test_guessing_stops_whatever_browser_it_comes_from(app, make):
    account = make.account(Role.DONOR_OFFICER)
    secret, _codes = set_up(first_step(app, account)[0])
    for _number in range(8):
        assert first_step(app, account)[0].post(SECOND, data={"code": "000000"}).status_code == 422
    answer = first_step(app, account)[0].post(SECOND, data={"code": pyotp.TOTP(secret).now()})
    assert answer.status_code == 429 and answer.headers["Retry-After"]


def test_the_second_step_waits_ten_minutes_and_knows_nobody_else(app, make, visitor):
    account = make.account(Role.DONOR_OFFICER)
    set_up(first_step(app, account)[0])
    assert visitor.get(SECOND).headers["Location"] == SIGN_IN
    assert visitor.post(SECOND, data={"code": "123456"}).headers["Location"] == SIGN_IN
    client = first_step(app, account)[0]
    with time_machine.travel(utcnow() + timedelta(minutes=11)):
        assert client.get(SECOND).headers["Location"] == SIGN_IN


def test_the_secret_is_kept_encrypted_and_is_not_in_the_persons_copy(app, make):
    account = make.account(Role.DONOR_OFFICER)
    client, _where = first_step(app, account)
    secret, _codes = set_up(client)
    kept = db.session.get_one(Account, account.id).totp_secret
    assert secret not in kept and factors._opened(kept) == secret
    with app.test_request_context():
        app.config["SECRET_KEY"], before = "another key of the server, long enough", app.config["SECRET_KEY"]
        assert factors._opened(kept) is None, "useless with another key"
        app.config["SECRET_KEY"] = before
    assert secret not in client.get("/accounts/me/export").get_data(as_text=True)


def test_a_wrong_first_code_keeps_the_secret_on_the_page(app, make):
    client, _where = first_step(app, make.account(Role.ISU_OFFICER))
    before = client.get("/accounts/factors/codes").get_data(as_text=True)
    answer = client.post("/accounts/factors/codes", data={"code": "12 34"})
    secret = re.search(r"[A-Z2-7]{4}( [A-Z2-7]{4})+", before).group(0)
    assert answer.status_code == 422 and secret in answer.get_data(as_text=True)


def test_the_only_factor_of_a_role_that_needs_one_is_not_removed(app, make):
    client, _where = first_step(app, make.account(Role.DONOR_OFFICER))
    set_up(client)
    answer = client.post("/accounts/factors/codes/remove")
    assert answer.status_code == 422 and "Add another first" in answer.get_data(as_text=True)
    free, _where = first_step(app, make.account(Role.FOCAL_POINT))
    set_up(free)
    assert free.post("/accounts/factors/codes/remove").status_code == 303
    assert "With a password only" in free.get("/accounts/me").get_data(as_text=True)


def test_setting_one_up_ends_the_other_sessions_and_gives_this_one_another_secret(app, make):
    account = make.account(Role.FOCAL_POINT)
    here, there = first_step(app, account)[0], first_step(app, account)[0]
    with here.session_transaction() as kept:
        before = kept["_user_id"]
    set_up(here)
    with here.session_transaction() as kept:
        assert kept["_user_id"] != before
    assert here.get("/accounts/me").status_code == 200 and there.get("/accounts/me").status_code == 303
    stolen = app.test_client()
    with stolen.session_transaction() as kept:
        kept["_user_id"] = before
    assert stolen.get("/accounts/me").status_code == 303
    assert db.session.scalars(select(AccountSession).where(AccountSession.ended_at.is_(None))).one().method == "password+code"


def test_only_the_sign_ins_of_the_readme_are_free_of_it(app, make):
    shown = make.account(Role.ISU_OFFICER, is_demo=True)
    assert not factors.required_of(shown)
    assert factors.required_of(make.account(Role.ISU_OFFICER, is_demo=True, password_at=utcnow())), "came by an invitation"
    assert factors.required_of(make.account(Role.DONOR_OFFICER))
