"""A forgotten password: a link by letter, which tells nobody who has an account and opens none without the second factor."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import time_machine
from sqlalchemy import select

from partnerships.accounts import passwords
from partnerships.core.actor import Role
from partnerships.core.db import db, utcnow
from partnerships.core.mail import Mail
from tests.rooms.accounts.test_second_factor import first_step, set_up

GOOD = "river lamp seven green"


def asked(client, email) -> str:
    """The page that answers somebody who asks for a link, without what differs in every page."""
    answer = client.post("/accounts/forgotten", data={"email": email})
    assert answer.status_code == 200
    return re.sub(r'nonce="[^"]*"|name="csrf_token" value="[^"]*"', "", answer.get_data(as_text=True))


def link() -> str:
    body = db.session.scalars(select(Mail.body).where(Mail.kind == "recovery").order_by(Mail.id.desc())).first()
    return re.search(r"https?://[^/]+(/accounts/recover/[\w.-]+)", body).group(1)


def test_the_answer_is_the_same_whether_or_not_there_is_an_account(app, make):
    known, closed = make.account(), make.account(active=False)
    answers = {asked(app.test_client(), email) for email in (known.email, closed.email, "nobody@nowhere.example")}
    assert len(answers) == 1
    assert [one.account_id for one in db.session.scalars(select(Mail))] == [known.id]


def test_a_new_password_is_chosen_once_and_every_session_ends(app, make, sign_in):
    account = make.account(Role.FOCAL_POINT)
    elsewhere, client = sign_in(account), app.test_client()
    asked(client, account.email.upper())
    path = link()
    assert client.get(path).status_code == 200
    assert client.post(path, data={"password": "short"}).status_code == 422
    assert client.post(path, data={"password": GOOD}).headers["Location"] == "/accounts/sign-in"
    assert elsewhere.get("/accounts/me").status_code == 303
    assert client.get(path).status_code == 404 == client.post(path, data={"password": GOOD}).status_code
    assert client.post("/accounts/sign-in", data={"email": account.email, "password": GOOD}).status_code == 303
    assert any("new password was chosen by the link" in one.body for one in db.session.scalars(select(Mail)))


def test_the_link_dies_after_half_an_hour_and_with_another_password(app, make):
    account, client = make.account(), app.test_client()
    asked(client, account.email)
    path = link()
    with time_machine.travel(utcnow() + timedelta(minutes=31)):
        assert client.get(path).status_code == 404
    account = db.session.merge(account)
    passwords.keep(account, GOOD)
    db.session.commit()
    assert client.get(path).status_code == 404
    assert client.get(f"{path[:-3]}abc").status_code == 404


def test_a_letter_alone_does_not_open_an_account_with_a_second_factor(app, make):
    account = make.account(Role.DONOR_OFFICER)
    secret, codes = set_up(first_step(app, account)[0])
    client = app.test_client()
    asked(client, account.email)
    path = link()
    for code in ("", "000000"):
        answer = client.post(path, data={"password": GOOD, "code": code})
        assert answer.status_code == 422 and "fresh code" in answer.get_data(as_text=True)
    with time_machine.travel(utcnow() + timedelta(minutes=2), tick=False):
        assert client.post(path, data={"password": GOOD, "code": pyotp.TOTP(secret).now()}).status_code == 303
    later = app.test_client().post("/accounts/sign-in", data={"email": account.email, "password": GOOD})
    assert later.headers["Location"] == "/accounts/second-factor"
    assert len(codes) == 10


def test_letters_are_limited_for_known_and_unknown_addresses_alike(app, make):
    for email in (make.account().email, "nobody@nowhere.example"):
        client = app.test_client()
        codes = [client.post("/accounts/forgotten", data={"email": email}).status_code for _number in range(9)]
        assert codes == [200] * 8 + [429]


def test_an_empty_address_is_said(visitor):
    answer = visitor.post("/accounts/forgotten", data={"email": ""})
    assert answer.status_code == 422 and "Give your e-mail address" in answer.get_data(as_text=True)


def test_signing_in_costs_the_same_for_known_and_unknown_names(app, make, monkeypatch):
    """One verification of the same kind of hash each, whoever is asked for."""
    seen = []
    real = passwords.verify
    monkeypatch.setattr(passwords, "verify", lambda kept, typed: (seen.append(kept.split("$")[1:4]), real(kept, typed))[1])
    empty = make.account(password_hash="")
    for email in (make.account().email, make.account(active=False).email, empty.email, "nobody@nowhere.example"):
        before = len(seen)
        app.test_client().post("/accounts/sign-in", data={"email": email, "password": "wrong"})
        assert len(seen) == before + 1
    assert all(one == seen[0] for one in seen)
