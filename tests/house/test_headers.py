"""The headers of every kind of answer, exactly."""

from __future__ import annotations

import re

import pytest

from partnerships import create_app
from partnerships.core.actor import Role
from partnerships.settings import Settings

FIXED = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = re.compile(
    r"default-src 'none'; script-src 'self' 'nonce-([\w-]{22})'; style-src 'self'; img-src 'self' data:; "
    r"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")


@pytest.mark.parametrize("path", ["/", "/needs/", "/no-such-page", "/accounts/sign-in", "/needs/new", "/healthz",
                                  "/static/css/tokens.css"])
def test_headers(visitor, path):
    answer = visitor.get(path)
    for name, value in FIXED.items():
        assert answer.headers[name] == value
    assert POLICY.fullmatch(answer.headers["Content-Security-Policy"])


def test_the_nonce_is_new_each_time_and_on_every_script(visitor):
    first, second = visitor.get("/"), visitor.get("/")
    nonces = [POLICY.fullmatch(one.headers["Content-Security-Policy"]).group(1) for one in (first, second)]
    assert nonces[0] != nonces[1]
    scripts = re.findall(r"<script[^>]*>", first.get_data(as_text=True))
    assert scripts and all(f'nonce="{nonces[0]}"' in one for one in scripts)


def test_what_a_signed_in_person_sees_is_not_kept(visitor, sign_in):
    assert visitor.get("/").headers["Cache-Control"] == "no-cache"
    assert sign_in(Role.FOCAL_POINT).get("/desk/").headers["Cache-Control"] == "private, no-store"


def test_static_files_with_a_fingerprint_are_kept_for_ever(visitor):
    page = visitor.get("/").get_data(as_text=True)
    address = re.search(r'href="(/static/css/tokens\.css\?v=\w+)"', page).group(1)
    assert "immutable" in visitor.get(address).headers["Cache-Control"]


def test_cookies_are_fit_for_the_web(make, app):
    from tests.support.factories import PASSWORD

    account = make.account()
    answer = app.test_client().post("/accounts/sign-in", data={"email": account.email, "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie


def test_production_hardens_cookies_and_transport(tmp_path):
    app = create_app(Settings("production", "k" * 40, "sqlite://", tmp_path, demo=False, secure_cookies=True,
                              public_url="https://localhost"))
    assert app.config["SESSION_COOKIE_SECURE"] and app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    answer = app.test_client().get("/accounts/sign-in")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
