"""Every kind of answer has its headers; every unsafe route refuses a request without its token, a script's too; limits hold."""

from __future__ import annotations

import io
import re

import pytest

from partnerships import create_app
from partnerships.core.actor import Role
from partnerships.core.visibility import Visibility
from partnerships.extensions import limiter
from tests.conftest import settings_for
from tests.house.test_headers import FIXED, POLICY
from tests.house.test_routes import WITHOUT_TOKEN, _rules, _url
from tests.support.client import Raw
from tests.support.feeds import feed


@pytest.fixture
def kinds(app, make, sign_in, visitor, monkeypatch):
    """An answer of every kind: {what: answer}."""
    need = make.need("KHM")
    document = make.document(make.need("KHM", visibility=Visibility.STATES_PARTIES))
    secret = make.document(make.need("KHM", visibility=Visibility.PARTIES))
    donor, isu = sign_in(Role.DONOR_OFFICER), sign_in(Role.ISU_ADMINISTRATOR)
    made = feed(make, "NOR")
    found = {
        "page": visitor.get("/needs/"), "redirect": visitor.get("/desk/"), "not found": visitor.get("/nothing"),
        "forbidden": donor.get("/audit/"), "refused form": donor.post("/accounts/password", data={"password": "x"}),
        "no token": donor.post("/accounts/password", data={}, csrf=False), "wrong method": visitor.post("/needs/"),
        "too large": donor.post("/accounts/me/edit", data={"name": "x" * 3_000_000}),
        "static": visitor.get("/static/css/tokens.css"), "download": donor.get(f"/documents/{document.ref}/file"),
        "csv": donor.get("/needs/?as=csv"),
        "secret": isu.get(f"/documents/{secret.ref}/file"), "xlsx": donor.get("/needs/?as=xlsx"),
        "calendar": visitor.get("/feeds/public.ics"),
        "news": visitor.get("/feeds/news.atom"), "health": visitor.get("/healthz"), "own data": isu.get("/accounts/me/export"),
        "json": donor.open("/accounts/passkeys/ask", method="POST", data={"csrf_token": donor.csrf_token()},
                           base_url="http://localhost"),
        "private page": donor.get(f"/needs/{need.ref}"), "part": donor.get("/needs/", headers={"HX-Request": "true"}),
        "letter's page": visitor.get("/accounts/recover/x"),
        "gone calendar": visitor.get(f"/feeds/{made.id}.ics"),
    }
    for number in range(9):
        found["too many"] = app.test_client().post("/accounts/sign-in", data={"email": "a@b.example", "password": str(number)})

    def broken(**_values):
        raise RuntimeError("broken")

    app.view_functions["pages.home"] = broken
    broken.permission = None
    found["failure"] = Raw(app).get("/")
    return found


def test_each_has_exactly_its_headers(kinds):
    wanted = {"redirect": 303, "not found": 404, "forbidden": 403, "refused form": 422, "no token": 422, "wrong method": 405,
              "too large": 413, "too many": 429, "failure": 500, "page": 200, "csv": 200, "download": 200}
    for what, answer in kinds.items():
        assert answer.status_code == wanted.get(what, answer.status_code), (what, answer.status_code)
        for name, value in FIXED.items():
            assert answer.headers[name] == value, (what, name)
        policy = answer.headers["Content-Security-Policy"]
        assert POLICY.fullmatch(policy) or "sandbox" in policy or policy.startswith("default-src 'none'"), (what, policy)
        assert "unsafe" not in policy and "*" not in policy
        assert not {"Server", "X-Powered-By", "Access-Control-Allow-Origin"} & set(answer.headers.keys()), what
        assert answer.headers.get("Cache-Control"), what
        if answer.mimetype.startswith("text/") or answer.mimetype.endswith(("json", "xml")):
            assert "charset" in answer.headers["Content-Type"] or answer.mimetype.endswith("json"), what


def test_what_is_behind_a_sign_in_is_never_kept(kinds):
    for what in ("forbidden", "refused form", "secret", "csv", "xlsx", "own data", "private page", "json"):
        if what in kinds:
            assert "no-store" in kinds[what].headers["Cache-Control"], what


def test_downloads_are_downloads(kinds):
    for what in ("download", "csv", "xlsx", "own data"):
        assert kinds[what].headers["Content-Disposition"].startswith("attachment"), what
    assert "sandbox" in kinds["download"].headers["Content-Security-Policy"]


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Content-Type": "application/json"},
                                     {"X-CSRFToken": "forged"}, {"Origin": "https://evil.example", "X-CSRFToken": ""}])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_script_needs_the_token_too(app, sign_in, monkeypatch, headers):
    monkeypatch.setattr(app, "test_client_class", Raw)
    client = sign_in(Role.ISU_ADMINISTRATOR)
    asked = 0
    for rule in _rules(app):
        if "POST" in (rule.methods or set()) and rule.endpoint not in WITHOUT_TOKEN:
            body = {"data": b"{}"} if "Content-Type" in headers else {"data": {}}
            answer = client.open(_url(rule), method="POST", headers=headers, **body)
            assert answer.status_code == 422 and b"open too long" in answer.get_data(), rule
            asked += 1
    assert asked > 100 and client.get("/accounts/me").status_code == 200


def test_what_is_costly_is_limited_and_says_when_to_come_back(tmp_path):
    client = create_app(settings_for("sqlite://", tmp_path, environment="development")).test_client()
    limiter.reset()
    codes = [client.get("/accounts/sign-in?as=csv").status_code for _number in range(102)]
    limiter.reset()
    assert codes[:100] == [200] * 100 and codes[-1] == 429
    assert client.get("/accounts/sign-in").status_code == 200


def test_a_body_of_any_kind_has_a_limit_and_words(sign_in):
    client = sign_in(Role.FOCAL_POINT)
    many = {f"f{number}": "x" for number in range(2500)}
    for sent in ({"data": {"title": "x" * 3_000_000}}, {"data": {**many, "file": (io.BytesIO(b"x"), "a.pdf")}}):
        answer = client.post("/needs/new", **sent)
        assert answer.status_code in (413, 422), answer.status_code
        assert re.search(r"too large|too much|too many|could not be", answer.get_data(as_text=True))


def test_a_restricted_title_is_in_no_header_or_name_of_a_file(make, sign_in):
    need = make.need("KHM", visibility=Visibility.PARTIES, title="Quiet title\r\nSet-Cookie: a=b")
    answer = sign_in(Role.ISU_OFFICER).get(f"/needs/{need.ref}")
    assert "Quiet" not in str(answer.headers) and "a=b" not in str(answer.headers)


def test_nothing_of_the_servers_own_is_served(visitor):
    for path in ("/.git/config", "/setup.cfg", "/wsgi.py", "/static/", "/static/../settings.py", "/static/%2e%2e/settings.py",
                 "/var/secret-key", "/requirements/runtime.txt", "/templates/base.html"):
        assert visitor.get(path).status_code == 404, path
    assert visitor.open("/needs/", method="TRACE").status_code == 405


def test_signing_out_empties_the_browsers_cache_and_refusals_are_logged(sign_in, capsys):
    client = sign_in(Role.DONOR_OFFICER)
    assert client.get("/audit/").status_code == 403
    told = capsys.readouterr().out
    assert "refused" in told and "/audit/" in told
    assert client.post("/accounts/sign-out").headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.parametrize("source", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "Landmine Monitor, page 3", " "])
def test_only_addresses_of_the_web_become_links(make, visitor, source):
    shown = make.conference(source=source)
    page = visitor.get(f"/conferences/{shown.ref}").get_data(as_text=True)
    assert f'href="{source}' not in page
    linked = make.conference(source="https://www.example.org/a?b=1&c=2")
    assert 'href="https://www.example.org/a?b=1&amp;c=2"' in visitor.get(f"/conferences/{linked.ref}").get_data(as_text=True)
