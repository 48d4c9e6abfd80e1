"""Signing in through a ministry's own system, against a provider on this machine."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from partnerships.accounts import ministries
from partnerships.accounts.models import Account
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.settings import Ministry, Settings, SettingsError
from tests.rooms.accounts.test_invitations import WHO, invited, link
from tests.rooms.accounts.test_second_factor import first_step, set_up
from tests.support.ministry import running

GO_ON = "/accounts/ministries/continue"


@pytest.fixture
def stub(app):
    """The provider, and the platform's settings that name it."""
    before, clients = app.config["SETTINGS"], app.extensions["ministries"]
    with running() as found:
        one = Ministry("foreign", "Ministry of Foreign Affairs", found.issuer, "platform", "a secret", trusts_mfa=True)
        app.config["SETTINGS"] = before.with_(ministries=(one,))
        _register(app)
        yield found
    app.config["SETTINGS"], app.extensions["ministries"] = before, clients


def _register(app):
    """The clients of the settings, on an application that already answers."""
    app.blueprints, kept = dict(app.blueprints), app.blueprints
    ministries.init_app(app)
    app.blueprints = kept


def come_back(client, stub, start="/accounts/ministries/foreign", post=False):
    """Go to the ministry and come back: the page that asks to go on, or the redirect of a refusal."""
    answer = client.post(start) if post else client.get(start)
    assert answer.status_code in (302, 303) and answer.headers["Location"].startswith(f"{stub.issuer}/authorize")
    return client.get(stub.authorize(answer.headers["Location"]))


def bound(app, make, stub, role=Role.FOCAL_POINT):
    """A person whose account is bound to the ministry's person-1."""
    account = make.account(role)
    client = first_step(app, account)[0]
    assert come_back(client, stub, post=True).status_code == 200
    assert client.post(GO_ON).headers["Location"] == "/accounts/factors"
    client.post("/accounts/sign-out")
    return account


def test_it_is_offered_only_when_set(app, visitor, stub):
    assert "Go on through Ministry of Foreign Affairs" in visitor.get("/accounts/sign-in").get_data(as_text=True)
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(ministries=())
    assert "Go on through" not in visitor.get("/accounts/sign-in").get_data(as_text=True)
    assert visitor.get("/accounts/ministries/foreign").status_code == 404


def test_a_bound_account_comes_in_and_an_unbound_person_does_not(app, make, stub):
    account, client = bound(app, make, stub), app.test_client()
    page = come_back(client, stub)
    assert page.status_code == 200 and "person@ministry.example" in page.get_data(as_text=True)
    assert client.get("/desk/").status_code == 303, "not before the person goes on"
    assert client.post(GO_ON).headers["Location"] == "/desk/" and account.name in client.get("/desk/").get_data(as_text=True)
    stub.claims = {"sub": "person-2", "email": account.email}
    other = app.test_client()
    come_back(other, stub)
    assert other.post(GO_ON).headers["Location"] == "/accounts/sign-in", "an address binds nobody"
    assert other.get("/desk/").status_code == 303


@pytest.mark.parametrize("claims", [{"aud": "another"}, {"iss": "https://evil.example"}, {"nonce": "another"}, {"exp": 1},
                                    {"sub": None}, {"forged": True}])
def test_an_answer_that_does_not_hold_opens_nothing(app, make, stub, claims):
    bound(app, make, stub)
    stub.forged, client = "forged" in claims, app.test_client()
    stub.claims = {key: value for key, value in claims.items() if key != "forged"}
    answer = come_back(client, stub)
    if answer.status_code == 200:  # a subject of no name is nobody's
        answer = client.post(GO_ON)
    assert answer.status_code == 303 and answer.headers["Location"] == "/accounts/sign-in"
    assert client.get("/desk/").status_code == 303


def test_the_state_of_another_browser_is_refused(app, make, stub):
    bound(app, make, stub)
    attacker, victim = app.test_client(), app.test_client()
    back = stub.authorize(attacker.get("/accounts/ministries/foreign").headers["Location"])
    assert victim.get(back).headers["Location"] == "/accounts/sign-in" and stub.tokens == 1, "no code was even exchanged"
    assert victim.post(GO_ON).headers["Location"] == "/accounts/sign-in"
    assert victim.get("/accounts/ministries/foreign/back?error=access_denied&state=x").headers["Location"] == "/accounts/sign-in"


def test_our_second_factor_is_asked_unless_the_ministry_says_it_asked_for_one(app, make, stub):
    account = bound(app, make, stub, Role.FOCAL_POINT)
    set_up(first_step(app, account)[0])
    client = app.test_client()
    come_back(client, stub)
    assert client.post(GO_ON).headers["Location"] == "/accounts/second-factor"
    stub.claims = {"amr": ["pwd", "otp"]}
    again = app.test_client()
    come_back(again, stub)
    assert again.post(GO_ON).headers["Location"] == "/desk/"
    plain = db.session.scalars(select(Account)).first()
    assert plain.issuer == stub.issuer and plain.issuer_subject == "person-1"


def test_a_role_that_needs_a_second_factor_sets_one_up(app, make, stub, sign_in):
    account = make.account(Role.DONOR_OFFICER, issuer=stub.issuer, issuer_subject="person-1")
    client = app.test_client()
    come_back(client, stub)
    client.post(GO_ON)
    assert client.get("/desk/").headers["Location"] == "/accounts/factors" and account.id


def test_an_invitation_is_opened_through_the_ministry_only_for_its_own_address(app, stub, sign_in):
    invited(sign_in(Role.ISU_ADMINISTRATOR))
    word = link(app).rpartition("/")[2]
    for claims in ({"email": "other@ministry.example"}, {"email": WHO["email"], "email_verified": False}):
        stub.claims, client = claims, app.test_client()
        come_back(client, stub, f"/accounts/ministries/foreign?invitation={word}")
        refused = client.post(GO_ON)
        assert refused.status_code == 422 and "verified address" in refused.get_data(as_text=True)
    stub.claims, client = {"email": WHO["email"].upper()}, app.test_client()
    come_back(client, stub, f"/accounts/ministries/foreign?invitation={word}")
    assert client.post(GO_ON).status_code == 303
    account = db.session.scalars(select(Account).where(Account.email == WHO["email"])).one()
    assert account.issuer_subject == "person-1" and not account.password_hash
    client.post("/accounts/factors")
    assert app.test_client().post("/accounts/sign-in", data={"email": WHO["email"], "password": "x"}).status_code == 422


def test_unbinding_needs_another_way_in(app, make, stub, sign_in):
    client = sign_in(make.account(Role.FOCAL_POINT, password_hash="", issuer=stub.issuer, issuer_subject="person-1"))
    answer = client.post("/accounts/ministries/unlink")
    assert answer.status_code == 422 and "Choose a password first" in answer.get_data(as_text=True)
    assert client.post("/accounts/password", data={"password": "river lamp seven green"}).status_code == 303
    assert client.post("/accounts/ministries/unlink").status_code == 303


def test_two_accounts_are_not_bound_to_one_person(app, make, stub):
    bound(app, make, stub)
    client = first_step(app, make.account())[0]
    come_back(client, stub, post=True)
    answer = client.post(GO_ON)
    assert answer.status_code == 422 and "already bound" in answer.get_data(as_text=True)


def test_a_ministry_that_does_not_answer_is_said(app, visitor, stub):
    gone = app.config["SETTINGS"].ministries[0]
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(ministries=(
        Ministry("gone", "Gone", "http://127.0.0.1:9", gone.client_id, gone.client_secret),))
    _register(app)
    answer = visitor.get("/accounts/ministries/gone", follow_redirects=True)
    assert "does not answer" in answer.get_data(as_text=True)


def test_a_ministry_that_sends_us_elsewhere_is_not_followed(app, make, stub, visitor):
    bound(app, make, stub)
    for path in ("/.well-known/openid-configuration", "/token", "/keys"):
        stub.moved = path
        _register(app)
        answer = visitor.get("/accounts/ministries/foreign")
        if answer.headers["Location"].startswith(stub.issuer):
            answer = visitor.get(stub.authorize(answer.headers["Location"]))
        assert answer.headers["Location"] == "/accounts/sign-in", path


@pytest.mark.parametrize("given", ["{", '[{"key": "a"}]', '[{"key": "A B", "name": "x", "issuer": "https://a", "client_id": "x", '
                                   '"client_secret": "x"}]',
                                   '[{"key": "a", "name": "x", "issuer": "ftp://a", "client_id": "x", "client_secret": "x"}]'])
def test_settings_that_cannot_be_are_refused_in_words(given, tmp_path):
    with pytest.raises(SettingsError, match="PARTNERSHIPS_OIDC"):
        Settings.from_environment({"PARTNERSHIPS_OIDC": given, "PARTNERSHIPS_DATA_DIR": str(tmp_path)})
