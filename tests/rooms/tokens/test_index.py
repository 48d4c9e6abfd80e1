"""Keys: made and shown once, kept as a digest, seen by those whose they are, revoked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from partnerships.accounts.session import digest
from partnerships.core.actor import Role
from partnerships.core.db import db, utcnow
from partnerships.tokens import service
from partnerships.tokens.models import Token, TokenReceipt
from partnerships.tokens.states import TokenKind

KEY = {"name": "Budget office", "kind": "personal", "scopes": ["needs"], "days": "90"}


def _make(client, **more):
    return client.post("/tokens/", data={**client.fields("/tokens/"), **KEY, **more})


def test_a_key_is_shown_once_and_kept_as_a_digest(app, sign_in):
    client = sign_in(Role.FOCAL_POINT, "KHM")
    page = _make(client)
    assert page.status_code == 200 and page.headers["Cache-Control"] == "private, no-store"
    secret = re.search(r'value="(pfp_\d+_[\w-]{43})"', page.get_data(as_text=True)).group(1)
    token = db.session.scalars(select(Token)).one()
    assert token.digest == digest(secret.rpartition(f"pfp_{token.id}_")[2]) and token.scopes == ("needs", "read")
    again = client.get("/tokens/").get_data(as_text=True)
    assert secret not in again and "Budget office" in again and "not yet" in again
    answer = app.test_client().get("/api/v1/matches", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    assert "not yet" not in client.get("/tokens/").get_data(as_text=True)
    assert secret not in client.get("/accounts/me/export").get_data(as_text=True)


def test_a_key_sent_twice_is_made_once(sign_in):
    client = sign_in(Role.FOCAL_POINT, "KHM")
    data = {**client.fields("/tokens/"), **KEY}
    assert client.post("/tokens/", data=data).status_code == 200
    assert client.post("/tokens/", data=data).status_code == 303
    assert len(db.session.scalars(select(Token)).all()) == 1


@pytest.mark.parametrize("wrong", [{"name": ""}, {"kind": "everybody"}, {"scopes": ["all"]}, {"days": "9999"}, {"name": "x" * 81}])
def test_words_at_the_fault(sign_in, wrong):
    page = _make(sign_in(Role.FOCAL_POINT, "KHM"), **wrong)
    assert page.status_code == 422 and "field-error" in page.get_data(as_text=True)
    assert not db.session.scalars(select(Token)).all()


def test_a_revoked_key_opens_nothing(app, sign_in):
    client = sign_in(Role.DONOR_OFFICER, "NOR")
    secret = re.search(r'value="(pfp_[^"]+)"', _make(client).get_data(as_text=True)).group(1)
    number = db.session.scalars(select(Token.id)).one()
    for said in ("The key is revoked", "This was already done"):
        assert client.post(f"/tokens/{number}/revoke", data={}).status_code == 303
        page = client.get("/tokens/").get_data(as_text=True)
        assert said in page and "There is no key yet" in page
    assert app.test_client().get("/api/v1/matches", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_who_sees_whose_keys(make, sign_in):
    norway = make.account(Role.DONOR_OFFICER, "NOR")
    from partnerships.accounts.session import actor_of

    own, _secret = service.make(actor_of(norway), "Own", TokenKind.PERSONAL, [], 30)
    shared, _secret = service.make(actor_of(norway), "Shared", TokenKind.ORGANISATION, [], 30)
    db.session.commit()
    seen = {who: {name for name in ("Own", "Shared") if f">{name} " in sign_in(*who).get("/tokens/").get_data(as_text=True)}
            for who in ((Role.DONOR_OFFICER, "NOR"), (Role.DONOR_OFFICER, "SWE"), (Role.ISU_OFFICER, "ISU"),
                        (Role.ISU_ADMINISTRATOR, "ISU"), (Role.COMMITTEE_MEMBER, "CHE"))}
    assert seen == {(Role.DONOR_OFFICER, "NOR"): {"Shared"}, (Role.DONOR_OFFICER, "SWE"): set(), (Role.ISU_OFFICER, "ISU"): set(),
                    (Role.ISU_ADMINISTRATOR, "ISU"): {"Own", "Shared"}, (Role.COMMITTEE_MEMBER, "CHE"): set()}
    colleague = sign_in(Role.DONOR_OFFICER, "NOR")
    assert colleague.post(f"/tokens/{own.id}/revoke", data={}).status_code == 404
    assert colleague.post(f"/tokens/{shared.id}/revoke", data={}).status_code == 303
    assert sign_in(Role.DONOR_OFFICER, "SWE").post(f"/tokens/{shared.id}/revoke", data={}).status_code == 404


def test_receipts_are_forgotten(make):
    token, _secret = service.make(make.actor(Role.FOCAL_POINT, "KHM"), "Own", TokenKind.PERSONAL, [], 30)
    db.session.add_all([TokenReceipt(token_id=token.id, key="old", asked="x", at=utcnow() - timedelta(days=3)),
                        TokenReceipt(token_id=token.id, key="new", asked="x")])
    db.session.commit()
    assert service.forget_receipts(utcnow().date()) == 1
    assert db.session.scalars(select(TokenReceipt.key)).all() == ["new"]
