"""Signing in and out."""

from __future__ import annotations

from partnerships.core.actor import Role
from tests.support.factories import PASSWORD


def test_signs_in_and_goes_to_the_desk(sign_in):
    client = sign_in(Role.FOCAL_POINT)
    assert client.get("/accounts/me").status_code == 200


def test_wrong_password_says_so_in_words_and_keeps_the_address(make, visitor):
    account = make.account()
    answer = visitor.post("/accounts/sign-in", data={"email": account.email, "password": "wrong"})
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "do not belong together" in text and account.email in text


def test_unknown_address_gets_the_same_words(visitor):
    answer = visitor.post("/accounts/sign-in", data={"email": "nobody@nowhere.example", "password": "wrong"})
    assert answer.status_code == 422 and "do not belong together" in answer.get_data(as_text=True)


def test_a_closed_account_cannot_sign_in(make, visitor):
    account = make.account(active=False)
    assert visitor.post("/accounts/sign-in", data={"email": account.email, "password": PASSWORD}).status_code == 422


def test_too_many_failures_are_stopped_even_with_the_right_password(make, visitor):
    account = make.account()
    for _ in range(8):
        visitor.post("/accounts/sign-in", data={"email": account.email, "password": "wrong"})
    answer = visitor.post("/accounts/sign-in", data={"email": account.email, "password": PASSWORD})
    assert answer.status_code == 429 and answer.headers["Retry-After"]


def test_goes_on_to_a_page_of_this_site_only(make, app):
    account = make.account()
    for target, expected in [("/needs/new", "/needs/new"), ("https://evil.example/", "/desk/"), ("//evil.example", "/desk/"),
                             ("/\\evil.example", "/desk/")]:
        client = app.test_client()
        answer = client.post("/accounts/sign-in", data={"email": account.email, "password": PASSWORD, "next": target})
        assert answer.headers["Location"] == expected


def test_signing_out_ends_the_session(sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    client.post("/accounts/sign-out")
    assert client.get("/accounts/me").status_code == 303
