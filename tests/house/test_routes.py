"""Every route is guarded; the matrix role x route is complete, written down, and true of the running application."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from partnerships.cli import dictionary
from partnerships.cli.matrix import PAGE, table
from partnerships.core.actor import Role
from partnerships.core.policy import PERMISSIONS, public
from partnerships.registry import ROOMS, _every_view_is_guarded
from tests.support.factories import Make

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = {"int": "999999", "string": "NO-SUCH-RECORD", "default": "NO-SUCH-RECORD"}


def _rules(app):
    """The routes of people; what programs ask (v1) has no cookies and a matrix of its own: tests/rooms/api/test_matrix.py."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static" and not rule.endpoint.startswith("v1.")]


def _url(rule):
    """An address of the route for records that do not exist."""
    return re.sub(r"<(?:(\w+)(?:\(.*?\))?:)?\w+>", lambda found: SAMPLES[found.group(1) or "default"], rule.rule)


def test_the_written_matrix_is_the_running_one(unbound_app):
    assert PAGE.read_text(encoding="utf-8") == table(unbound_app), "run: flask --app wsgi permissions write"


def test_the_written_dictionary_is_the_running_one(unbound_app):
    assert dictionary.PAGE.read_text(encoding="utf-8") == dictionary.text(), "run: flask --app wsgi database dictionary"


def test_a_view_without_a_guard_keeps_the_house_closed(unbound_app):
    unbound_app.view_functions["needs.unguarded"] = lambda: "open"
    with pytest.raises(RuntimeError, match=r"needs\.unguarded"):
        _every_view_is_guarded(unbound_app)
    unbound_app.view_functions["needs.unguarded"] = public(lambda: "meant to be open")
    _every_view_is_guarded(unbound_app)


def test_endpoints_addresses_and_templates_share_their_words(unbound_app):
    for rule in _rules(unbound_app):
        room = rule.endpoint.partition(".")[0]
        assert room in ROOMS
        assert rule.rule == rule.rule.lower() or "<" in rule.rule
        if room not in ("pages", "citations"):  # robots look for their files at the root
            assert rule.rule.startswith(f"/{room}/"), rule
        assert "_" not in re.sub(r"<.*?>", "", rule.rule), rule


def test_every_permission_is_used_by_a_route_or_a_rule(unbound_app):
    text = "\n".join(path.read_text(encoding="utf-8") for path in [  # deeds.py only says each in words
        *(ROOT / "platform").rglob("*.py"), *(ROOT / "templates").rglob("*.html")] if path.name != "deeds.py")
    for name in PERMISSIONS:
        assert len(re.findall(rf"[\"']{re.escape(name)}[\"']", text)) >= 2, name


def test_routes_take_get_and_post_only(unbound_app):
    for rule in _rules(unbound_app):
        assert (rule.methods or set()) <= {"GET", "POST", "HEAD", "OPTIONS"}, rule


@pytest.mark.parametrize("role", list(Role))
def test_the_matrix_is_true_of_the_running_application(app, make: Make, sign_in, role):
    """Within the permission: no 403 at the door (the record does not exist: 404 or a page). Outside: sign-in or 403."""
    client = app.test_client() if role is Role.PUBLIC else sign_in(role)
    token = client.csrf_token()
    for rule in _rules(app):
        if rule.endpoint in ("accounts.sign_out", "accounts.start_session", "accounts.erase"):
            continue
        permission = app.view_functions[rule.endpoint].permission
        post = "POST" in (rule.methods or set())
        answer = client.post(_url(rule), data={"csrf_token": token}) if post else client.get(_url(rule))
        if permission is None or role in PERMISSIONS[permission]:
            assert answer.status_code in (200, 303, 404, 422), (rule, answer.status_code)
            assert "/accounts/sign-in?next" not in answer.headers.get("Location", ""), rule
        elif role is Role.PUBLIC:
            assert answer.status_code == 303 and "/accounts/sign-in" in answer.headers["Location"], rule
        else:
            assert answer.status_code == 403, (rule, answer.status_code)


# A mail program that ends letters (RFC 8058) has no token: the signed word in the address stands in for it.
WITHOUT_TOKEN = ("subscriptions.keep_left",)


def test_every_unsafe_route_refuses_a_missing_token(app, sign_in):
    for role in (Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.ISU_ADMINISTRATOR):
        client = sign_in(role)
        for rule in _rules(app):
            if "POST" in (rule.methods or set()) and rule.endpoint not in WITHOUT_TOKEN:
                answer = client.post(_url(rule), data={}, csrf=False)
                assert answer.status_code == 422 and "open too long" in answer.get_data(as_text=True), rule
        assert client.get("/accounts/me").status_code == 200, "still signed in"
