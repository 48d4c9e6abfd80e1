"""Production refuses to start with what must never be on the open web, and says what to do instead."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from partnerships import create_app
from partnerships.accounts import guard
from partnerships.accounts.session import actor_of
from partnerships.core import signed
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.feeds import service as feeds
from partnerships.feeds.states import What
from partnerships.settings import Settings, SettingsError
from partnerships.webhooks import payload
from partnerships.webhooks.models import Webhook
from tests.conftest import settings_for
from tests.support.factories import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
KEY = "nRk2xv9QmTz4-bLw8sYc3Hd7Jf1Gp6Va0"
GOOD = {"PARTNERSHIPS_ENV": "production", "PARTNERSHIPS_SECRET_KEY": KEY,
        "PARTNERSHIPS_PUBLIC_URL": "https://partnerships.example"}


def settings(tmp_path, **changes):
    """The settings that an environment gives."""
    return Settings.from_environment({**GOOD, "PARTNERSHIPS_DATA_DIR": str(tmp_path), **changes})


def test_it_starts_when_all_is_said(tmp_path):
    found = settings(tmp_path)
    assert found.production and found.secure_cookies and found.trusted_hosts == ["partnerships.example"]


@pytest.mark.parametrize(("changes", "words"), [
    ({"PARTNERSHIPS_SECRET_KEY": ""}, "SECRET_KEY"), ({"PARTNERSHIPS_SECRET_KEY": "short"}, "32 characters"),
    ({"PARTNERSHIPS_SECRET_KEY": "k" * 40}, "repeats"), ({"PARTNERSHIPS_SECRET_KEY": "changeme" * 5}, "repeats"),
    ({"PARTNERSHIPS_OLD_SECRET_KEYS": "old"}, "32 characters"),
    ({"PARTNERSHIPS_DEMO": "1"}, "demo"), ({"FLASK_DEBUG": "1"}, "debugger"), ({"FLASK_DEBUG": "true"}, "debugger"),
    ({"PARTNERSHIPS_PUBLIC_URL": ""}, "PUBLIC_URL"), ({"PARTNERSHIPS_PUBLIC_URL": "http://partnerships.example"}, "https://"),
    ({"PARTNERSHIPS_ENV": "staging"}, "must be"), ({"PARTNERSHIPS_TRUSTED_PROXIES": "-1"}, "a number"),
    ({"PARTNERSHIPS_TRUSTED_PROXIES": "two"}, "a number"),
])
def test_it_refuses_in_words(tmp_path, changes, words):
    with pytest.raises(SettingsError, match=words):
        settings(tmp_path, **changes)


def test_it_does_not_serve_the_demonstrations_sign_ins(app, make, monkeypatch):
    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    guard.no_demonstration(app)
    make.account(Role.DONOR_OFFICER, is_demo=True)
    with pytest.raises(SettingsError, match="password is public"):
        guard.no_demonstration(app)
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    guard.no_demonstration(app)  # the command that removes them must run


def test_it_answers_under_its_own_name_only(tmp_path):
    app = create_app(settings_for("sqlite://", tmp_path, environment="production", secure_cookies=True,
                                  public_url="https://partnerships.example"))
    client = app.test_client()
    assert client.get("/accounts/sign-in", base_url="https://partnerships.example").status_code == 200
    for host in ("evil.example", "partnerships.example.evil.example", "partnerships.example@evil.example", "localhost"):
        answer = client.get("/accounts/sign-in", base_url="https://partnerships.example", headers={"Host": host})
        assert answer.status_code in (400, 422), host
        assert "evil.example" not in answer.get_data(as_text=True)


def test_cookies_are_bound_to_https_and_to_the_host(tmp_path):
    app = create_app(settings_for("sqlite://", tmp_path, environment="production", secure_cookies=True,
                                  public_url="https://partnerships.example"))
    answer = app.test_client().get("/accounts/sign-in", base_url="https://partnerships.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-partnerships=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/")) and "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert not app.debug and not app.config["PROPAGATE_EXCEPTIONS"]


def test_a_changed_key_still_reads_what_the_old_one_signed(tmp_path):
    old, new = "an older key of the server, long enough", "another key of the server, long enough"
    before = create_app(settings_for("sqlite://", tmp_path, secret_key=old))
    after = create_app(settings_for("sqlite://", tmp_path, secret_key=new, old_secret_keys=(old,)))
    without = create_app(settings_for("sqlite://", tmp_path, secret_key=new))
    with before.app_context():
        word = signed.seal("a purpose", [1])
    with after.app_context():
        assert signed.unseal("a purpose", word, 1, timedelta(hours=1)) == [1]
        renewed = signed.seal("a purpose", [2])
    with without.app_context():
        assert signed.unseal("a purpose", word, 1, timedelta(hours=1)) is None
        assert signed.unseal("a purpose", renewed, 1, timedelta(hours=1)) == [2], "signed with the new one"


def test_a_sign_in_of_the_demonstration_opens_nothing_in_production(app, make, sign_in):
    account = make.account(Role.FOCAL_POINT, is_demo=True)
    client = sign_in(account)
    assert client.get("/accounts/me").status_code == 200
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(environment="production")
    assert client.get("/accounts/me").status_code == 303
    answer = app.test_client().post("/accounts/sign-in", data={"email": account.email, "password": PASSWORD})
    assert answer.status_code == 422


def test_a_calendar_and_a_webhook_see_nothing_through_a_sign_in_of_the_demonstration_in_production(app, make):
    account = make.account(Role.FOCAL_POINT, is_demo=True)
    address = f"/feeds/{feeds.make(actor_of(account), What.OWN)[1]}.ics"
    hook = Webhook(party_id=account.party_id, role=account.role)
    db.session.commit()
    assert app.test_client().get(address).status_code == 200 and payload.sight(hook) is not None
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(environment="production")
    assert app.test_client().get(address).status_code == 404
    assert payload.sight(hook) is None
    account = make.account(Role.FOCAL_POINT)
    assert payload.sight(Webhook(party_id=account.party_id, role=account.role)) is not None


def test_gunicorn_does_not_come_up_on_bad_settings(tmp_path):
    env = {**os.environ, **GOOD, "PARTNERSHIPS_SECRET_KEY": "short", "PARTNERSHIPS_DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", "import wsgi"], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "32 characters" in done.stderr


def test_no_secret_is_in_the_repository():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert not [name for name in listed if name.endswith((".env", ".pem", ".key", ".p12", ".sqlite3")) or "secret-key" in name]
    marks = re.compile(r"BEGIN (RSA |EC )?PRIVATE KEY|AGE-SECRET-KEY-1[0-9A-Z]{50,}|ghp_\w{30,}|AKIA[0-9A-Z]{16}")
    for name in listed:
        path = ROOT / name
        if path.suffix in (".py", ".html", ".cfg", ".md", ".txt", ".js", ".csv", ".toml") and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            assert name.startswith("tests/security/") or not marks.search(text), name
