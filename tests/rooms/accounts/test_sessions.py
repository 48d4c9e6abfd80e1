"""Sessions: listed, named and ended one by one; with an end of their own; anew at every change."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from sqlalchemy import select

from partnerships.accounts.models import Account, AccountSession
from partnerships.core.actor import Role
from partnerships.core.db import db, utcnow
from partnerships.core.mail import Mail
from tests.support.factories import PASSWORD

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


def came_in(app, account, **headers):
    """A browser in which the person signed in."""
    client = app.test_client()
    answer = client.post("/accounts/sign-in", data={"email": account.email, "password": PASSWORD}, headers=headers)
    assert answer.status_code == 303
    return client


def test_a_session_starts_anew_at_sign_in(make, app):
    client = app.test_client()
    client.get("/accounts/sign-in")
    with client.session_transaction() as before:
        before["planted"] = "by an attacker"
    account = make.account()
    client.post("/accounts/sign-in", data={"email": account.email, "password": PASSWORD})
    with client.session_transaction() as after:
        assert "planted" not in after


def test_a_planted_session_word_becomes_nobodys(make, app):
    """Fixation: whatever an attacker put into the browser before, the word after signing in is another."""
    account, attacker = make.account(), app.test_client()
    attacker.post("/accounts/sign-in", data={"email": make.account().email, "password": PASSWORD})
    with attacker.session_transaction() as kept:
        planted = dict(kept)
    victim = app.test_client()
    with victim.session_transaction() as kept:
        kept.update(planted)
    victim.post("/accounts/sign-in", data={"email": account.email, "password": PASSWORD})
    with victim.session_transaction() as kept:
        assert kept["_user_id"] != planted["_user_id"]
        assert kept["_user_id"].partition(".")[2] != planted["_user_id"].partition(".")[2]


def test_they_are_listed_by_device_named_and_ended(app, make):
    account = make.account(Role.FOCAL_POINT)
    here, there = came_in(app, account), came_in(app, account, **{"User-Agent": FIREFOX})
    page = here.get("/accounts/me").get_data(as_text=True)
    assert "Firefox, Windows" in page and "this device" in page
    number = db.session.scalar(select(AccountSession.id).where(AccountSession.device.contains("Firefox")))
    assert here.post(f"/accounts/sessions/{number}/name", data={"name": "Office <b>"}).status_code == 303
    assert "Office &lt;b&gt;" in here.get("/accounts/me").get_data(as_text=True)
    assert here.post(f"/accounts/sessions/{number}/name", data={"name": ""}).status_code == 422
    assert here.post(f"/accounts/sessions/{number}/end").status_code == 303
    assert there.get("/accounts/me").status_code == 303 and here.get("/accounts/me").status_code == 200


def test_nobody_ends_or_names_the_session_of_another(app, make):
    mine, theirs = came_in(app, make.account()), came_in(app, make.account())
    number = db.session.scalar(select(AccountSession.id).order_by(AccountSession.id.desc()).limit(1))
    assert mine.post(f"/accounts/sessions/{number}/end").status_code == 404
    assert mine.post(f"/accounts/sessions/{number}/name", data={"name": "x"}).status_code == 404
    assert theirs.get("/accounts/me").status_code == 200


def test_all_others_end_at_one_press(app, make):
    account = make.account()
    here, others = came_in(app, account), [came_in(app, account) for _number in range(2)]
    here.post("/accounts/sessions/end")
    assert here.get("/accounts/me").status_code == 200
    assert [one.get("/accounts/me").status_code for one in others] == [303, 303]


def test_a_session_ends_without_use_and_after_its_time(app, make):
    account = make.account()
    client, began = came_in(app, account), utcnow()
    for hours in (1, 2.5, 4, 5.5, 7, 8.5, 10, 11.5):
        with time_machine.travel(began + timedelta(hours=hours)):
            assert client.get("/accounts/me").status_code == 200, hours
    with time_machine.travel(began + timedelta(hours=12, minutes=1)):
        assert client.get("/accounts/me").status_code == 303, "twelve hours in all"
    idle = came_in(app, account)
    with time_machine.travel(utcnow() + timedelta(hours=2, minutes=1)):
        assert idle.get("/accounts/me").status_code == 303, "two hours without use"


def test_a_session_does_not_live_longer_when_the_clock_goes_back(app, make):
    client = came_in(app, make.account())
    with time_machine.travel(utcnow() - timedelta(days=1)):
        assert client.get("/accounts/me").status_code in (200, 303)
    with time_machine.travel(utcnow() + timedelta(hours=13)):
        assert client.get("/accounts/me").status_code == 303


def test_the_cookie_alone_is_not_in_the_database(app, make):
    client = came_in(app, make.account())
    with client.session_transaction() as kept:
        secret = kept["_user_id"].partition(".")[2]
    row = db.session.scalars(select(AccountSession)).one()
    assert secret not in {str(getattr(row, column.key)) for column in AccountSession.__table__.columns}


def test_a_forged_or_broken_ticket_opens_nothing(app, make):
    came_in(app, make.account())
    number = db.session.scalar(select(AccountSession.id))
    for ticket in (f"{number}.", f"{number}.wrong", f"{number}", "x.y", "9" * 30 + ".a", "", f"-{number}.a", "१.a"):
        client = app.test_client()
        with client.session_transaction() as kept:
            kept["_user_id"] = ticket
        assert client.get("/accounts/me").status_code == 303, ticket


def test_signing_out_ends_the_row_too(app, make):
    client = came_in(app, make.account())
    with client.session_transaction() as kept:
        before = kept["_user_id"]
    client.post("/accounts/sign-out")
    stolen = app.test_client()
    with stolen.session_transaction() as kept:
        kept["_user_id"] = before
    assert stolen.get("/accounts/me").status_code == 303


def test_a_new_browser_is_told_of_and_a_known_one_is_not(app, make):
    account = make.account()
    client = came_in(app, account)
    assert not db.session.scalars(select(Mail)).all(), "the first sign-in ever tells nobody"
    client.post("/accounts/sign-out")
    client.post("/accounts/sign-in", data={"email": account.email, "password": PASSWORD})
    assert not db.session.scalars(select(Mail)).all(), "the same browser"
    came_in(app, account, **{"User-Agent": FIREFOX})
    letter = db.session.scalars(select(Mail)).one()
    assert "Firefox, Windows" in letter.body and letter.kind == "security"


def test_changed_rights_end_every_session(app, make, sign_in):
    account = make.account(Role.DONOR_OFFICER, "NOR")
    client, admin = sign_in(account), sign_in(Role.ISU_ADMINISTRATOR)
    answer = admin.post(f"/accounts/people/{account.id}/edit", data={"role": "committee-member", "party": "NOR"})
    assert answer.status_code == 303 and client.get("/accounts/me").status_code == 303
    assert db.session.get_one(Account, account.id).role is Role.COMMITTEE_MEMBER


def test_what_is_logged_tells_no_secret(app, make, capsys):
    account = make.account()
    client = came_in(app, account)
    app.test_client().post("/accounts/sign-in", data={"email": account.email, "password": "a very wrong password"})
    with client.session_transaction() as kept:
        ticket = kept["_user_id"]
    told = capsys.readouterr().out
    assert "signed in" in told and "sign-in refused" in told
    for secret in ("a very wrong password", PASSWORD, ticket, ticket.partition(".")[2], account.email):
        assert secret not in told
