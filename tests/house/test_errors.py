"""Failures have pages with words, whatever fails."""

from __future__ import annotations

import pytest
from flask import abort
from sqlalchemy.exc import OperationalError

from partnerships.core.actor import Role
from partnerships.core.errors import Conflict, Refused
from partnerships.core.policy import public


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (403, "not open to you"),
        (404, "Go to the first page"),
        (409, "meanwhile"),
        (413, "too large"),
        (422, ""),
        (429, "minutes"),
        (500, "our side"),
    ],
)
def test_every_error_has_its_page(app, visitor, code, words):
    app.view_functions["pages.help"] = public(
        lambda: abort(code) if code != 409 else (_ for _ in ()).throw(Conflict("/", [("Title", "Mine", "Theirs")]))
    )
    answer = app.test_client().open("/help") if code == 500 else visitor.get("/help")
    assert answer.status_code == code
    text = answer.get_data(as_text=True)
    assert words.lower() in text.lower() and "<h1" in text


@pytest.mark.parametrize("error", [ZeroDivisionError("x"), OperationalError("SELECT 1", {}, Exception("gone"))])
def test_what_nobody_foresaw_says_so_and_tells_nothing_of_the_inside(app, error):
    def fail():
        raise error

    app.view_functions["pages.help"] = public(fail)
    answer = app.test_client().open("/help")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 500 and "our side" in text and "Traceback" not in text and "SELECT" not in text


def test_a_refusal_says_why_and_how_to_go_back(app, visitor):
    def refuse():
        raise Refused("The rule in words.")

    app.view_functions["pages.help"] = public(refuse)
    answer = visitor.get("/help", headers={"Referer": "http://localhost/needs/"})
    assert answer.status_code == 422
    assert "The rule in words." in answer.get_data(as_text=True) and "/needs/" in answer.get_data(as_text=True)


def test_the_wrong_method_is_told_which_is_right(sign_in):
    answer = sign_in(Role.FOCAL_POINT).get("/accounts/sign-out")
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "path",
    [
        "/needs/%00",
        "/needs/..%2f..%2fetc",
        "/needs/" + "x" * 3000,
        "/parties/%F0%9F%92%A3",
        "/matches/abc",
        "/matches/99999999999999999999999999",
        "/conferences/'; DROP TABLE need; --",
    ],
)
def test_nonsense_in_the_address_is_404(visitor, path):
    assert visitor.get(path).status_code in (303, 404)


@pytest.mark.parametrize(
    "query",
    [
        "lang=xx",
        "lang=ar",
        "page=-1",
        "page=%00",
        "q=%00",
        "q=" + "x" * 5000,
        "theme=%27--",
        "sort=evil",
        "least=NaN",
        "most=1e400",
        "until=0000-00-00",
        "region=%F0%9F%92%A3",
        "state=everything",
    ],
)
def test_nonsense_in_a_query_is_no_failure(visitor, query):
    assert visitor.get(f"/needs/?{query}").status_code == 200


def test_the_direction_of_the_page_follows_its_language(visitor):
    assert 'lang="ar" dir="rtl"' in visitor.get("/?lang=ar").get_data(as_text=True)
    assert 'lang="en" dir="ltr"' in visitor.get("/").get_data(as_text=True)
