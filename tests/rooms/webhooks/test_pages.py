"""The pages of webhooks: proposing, deciding, testing, pausing; and what bad addresses get for an answer."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from partnerships.accounts import own
from partnerships.core import locked
from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db, utcnow
from partnerships.core.mail import Mail
from partnerships.webhooks import delivery, service
from partnerships.webhooks.models import Webhook, WebhookDelivery
from partnerships.webhooks.states import WebhookStatus

SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])
ADDRESS = "https://hooks.ministry.example/in"


def _read(query):
    db.session.rollback()
    with db.apart() as session:
        return list(session.scalars(query).unique())


def _hook():
    return _read(select(Webhook))[0]


def _propose(client, **typed):
    return client.post("/webhooks/new", data={**client.fields("/webhooks/new"), "address": ADDRESS,
                                              "events": ["need.published"], **typed})


def test_proposed_allowed_tested_paused_resumed_deleted(app, make, sign_in, receiver):
    boss = make.account(Role.ISU_ADMINISTRATOR)
    person = make.account(Role.DONOR_OFFICER, "NOR")
    donor, admin = sign_in(person), sign_in(boss)
    form = {**donor.fields("/webhooks/new"), "address": receiver.address, "events": ["need.published", "followup.due"],
            "description": "Grants"}
    made = donor.post("/webhooks/new", data=form)
    page = made.get_data(as_text=True)
    secret = re.search(r'value="(whsec_[^"]+)"', page)[1]
    assert made.status_code == 200 and made.headers["Cache-Control"] == "private, no-store"
    assert donor.post("/webhooks/new", data=form).status_code == 303, "a second click proposes nothing more"
    hook = _hook()
    assert hook.status is WebhookStatus.WAITING and secret not in hook.secret and locked.opened("webhook", hook.secret) == secret
    path = f"/webhooks/{hook.id}"
    assert secret not in donor.get(path).get_data(as_text=True) and "Send a test" not in donor.get(path).get_data(as_text=True)
    assert donor.post(f"{path}/test").status_code == 422 and donor.post(f"{path}/move/allowed").status_code == 403
    assert receiver.address in admin.get("/webhooks/waiting").get_data(as_text=True)
    assert len(_read(select(Mail).where(Mail.account_id == boss.id, Mail.kind == "webhook"))) == 1
    empty = admin.post(f"{path}/refuse", data={"note": " "})
    assert empty.status_code == 422 and "Say why" in empty.get_data(as_text=True)
    assert admin.post(f"{path}/refuse", data={"note": "Whose is it?"}).status_code == 303
    assert "Whose is it?" in _read(select(Mail).where(Mail.account_id == person.id, Mail.kind == "webhook"))[0].body
    assert admin.post(f"{path}/move/allowed").status_code == 303 and _hook().status is WebhookStatus.ALLOWED
    assert donor.post(f"{path}/test").status_code == 303 and len(receiver.got) == 1
    shown = donor.get(path).get_data(as_text=True)
    assert "Delivered" in shown and "1 of 1" in shown and ">200<" in shown
    receiver.way = "redirect"
    donor.post(f"{path}/test")
    assert "which is not followed" in donor.get(path).get_data(as_text=True) and len(receiver.got) == 2
    assert donor.post(f"{path}/move/paused").status_code == 303 and donor.post(f"{path}/move/paused").status_code == 303
    assert "not kept for later" in donor.get(path).get_data(as_text=True)
    receiver.way = "ok"
    assert donor.post(f"{path}/test").status_code == 303 and len(receiver.got) == 3, "a test before it is resumed"
    assert donor.post(f"{path}/move/resumed").status_code == 303 and _hook().status is WebhookStatus.ALLOWED
    renewed = re.search(r'value="(whsec_[^"]+)"', donor.post(f"{path}/secret").get_data(as_text=True))[1]
    assert renewed != secret and locked.opened("webhook", _hook().old_secret) == secret
    assert donor.post(f"{path}/delete").status_code == 422, "without its version"
    assert donor.post(f"{path}/delete", data={"version": str(_hook().version)}).status_code == 303
    assert _read(select(Webhook)) == [] and _read(select(WebhookDelivery)) == [] and donor.get(path).status_code == 404
    tags = [one.tag for one in _read(select(Event).where(Event.subject_kind == "webhook").order_by(Event.id))]
    assert tags == [f"webhook.{one}" for one in ("proposed", "refused", "allowed", "paused", "resumed", "renewed", "deleted")]


def test_it_is_the_partys_own_and_of_the_role_that_proposed_it(app, make, sign_in):
    hook = make.webhook(Role.DONOR_OFFICER, "NOR", status="allowed")
    path = f"/webhooks/{hook.id}"
    colleague = sign_in(Role.DONOR_OFFICER, "NOR")
    assert colleague.get(path).status_code == 200 and hook.address in colleague.get("/webhooks/").get_data(as_text=True)
    strangers = [sign_in(role, party) for role, party in (
        (Role.DONOR_OFFICER, "JPN"), (Role.FOCAL_POINT, "NOR"), (Role.ORGANISATION_OFFICER, "GICHD"), (Role.ISU_OFFICER, "ISU"))]
    for client in strangers:
        assert client.get(path).status_code == 404 and hook.address not in client.get("/webhooks/").get_data(as_text=True)
        for part in ("test", "secret", "move/paused", "delete", "edit"):
            assert client.post(f"{path}/{part}").status_code == 404
        assert client.get("/webhooks/waiting").status_code == 403 and client.post(f"{path}/refuse").status_code == 403
    assert sign_in(Role.COMMITTEE_MEMBER, "CHE").get("/webhooks/").status_code == 403
    admin = sign_in(Role.ISU_ADMINISTRATOR)
    assert admin.get(path).status_code == 200 and admin.post(f"{path}/secret").status_code == 403
    assert admin.post(f"{path}/test").status_code == 403 and admin.post(f"{path}/move/paused").status_code == 303
    for client in (strangers[0], strangers[3]):
        assert "webhook was" not in client.get("/parties/NOR").get_data(as_text=True)


@SQLITE
def test_bad_addresses_are_answered_in_words_and_kept_as_typed(app, make, sign_in):
    client = sign_in(Role.DONOR_OFFICER, "NOR")
    for typed, words in (
            ("", "This is needed"), ("ftp://hooks.example/", "Begin the address"),
            ("https://me:word@hooks.example/", "Leave out names"),
            ("https://hooks.example/#x", "Leave out names"), ("http://2130706433/", "numbers are no names"),
            ("https://127.0.0.1/", "numbers are no names"), ("https://hooks.example./", "without a dot"),
            ("https://bücher.example/", "xn--"), ("https://hooks.example:8443/", "Only these ports"),
            ("https://hooks.example/a b", "cannot be read"), ("https://hooks.example/" + "x" * 9000, "cannot be read"),
            ("https://[::1/", "cannot be read"), ("https://hooks.example/\x00", "cannot be shown")):
        answer = _propose(client, address=typed)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422 and words in page, typed
        assert "\x00" in typed or typed in page.replace("&#34;", '"'), typed
    answer = _propose(client, events=[])
    assert answer.status_code == 422 and "Choose at least one" in answer.get_data(as_text=True)
    assert _propose(client, events=["need.published", "test"]).status_code == 422 and _read(select(Webhook)) == []
    assert _propose(client).status_code == 200
    again = _propose(client)
    assert again.status_code == 422 and "already" in again.get_data(as_text=True)
    assert _propose(sign_in(Role.FOCAL_POINT, "NOR")).status_code == 200, "another role sees other things"


@SQLITE
def test_production_takes_https_only(app, make, sign_in):
    client = sign_in(Role.DONOR_OFFICER, "NOR")
    assert _propose(client, address="http://hooks.example/").status_code == 200
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.with_(environment="production", public_url="http://localhost", webhook_private=True)
    answer = _propose(client, address="http://hooks.example/2")
    assert answer.status_code == 422 and "Begin the address with https" in answer.get_data(as_text=True)


@SQLITE
def test_what_it_is_told_of_is_changed_and_nobodys_change_is_lost(app, make, sign_in):
    path = f"/webhooks/{make.webhook(Role.DONOR_OFFICER, 'NOR').id}/edit"
    client, other = sign_in(Role.DONOR_OFFICER, "NOR"), sign_in(Role.DONOR_OFFICER, "NOR")
    form, late = client.fields(path), other.fields(path)
    assert form["events"] == ["need.published"]
    assert client.post(path, data={**form, "events": ["pledge.confirmed"], "description": "<b>"}).status_code == 303
    assert _hook().events == ("pledge.confirmed",)
    clash = other.post(path, data={**late, "description": "Mine"})
    assert clash.status_code == 409 and "Mine" in clash.get_data(as_text=True)
    assert client.post(path, data={**client.fields(path), "events": ["nonsense"]}).status_code == 422
    assert "&lt;b&gt;" in client.get("/webhooks/").get_data(as_text=True)


@SQLITE
def test_tests_and_webhooks_are_limited(app, make, sign_in, receiver):
    hook = make.webhook(Role.DONOR_OFFICER, "NOR", status="allowed", address=receiver.address)
    client, path = sign_in(Role.DONOR_OFFICER, "NOR"), f"/webhooks/{hook.id}/test"
    assert [client.post(path).status_code for _number in range(6)] == [303] * 5 + [422] and len(receiver.got) == 5
    for row in db.session.scalars(select(WebhookDelivery)):
        row.at = utcnow() - timedelta(minutes=11)
    db.session.commit()
    assert client.post(path).status_code == 303
    for number in range(service.MOST - 1):
        assert _propose(client, address=f"{ADDRESS}/{number}").status_code == 200
    assert _propose(client, address=f"{ADDRESS}/x").status_code == 422


@SQLITE
def test_a_test_that_cannot_be_sent_now_waits_for_the_worker(app, make, sign_in, receiver, monkeypatch):
    hook = make.webhook(Role.DONOR_OFFICER, "NOR", status="allowed", address=receiver.address)
    client = sign_in(Role.DONOR_OFFICER, "NOR")
    with monkeypatch.context() as broken:
        broken.setattr(delivery, "one", lambda _number: 1 / 0)
        assert client.post(f"/webhooks/{hook.id}/test").status_code == 303
    assert "To be sent" in client.get(f"/webhooks/{hook.id}").get_data(as_text=True)
    assert app.test_cli_runner().invoke(args=["mail", "deliver"]).output.endswith("webhooks: 1 delivered, 0 failed\n")
    assert len(receiver.got) == 1


@SQLITE
def test_nobody_takes_a_secret_along_with_their_data(app, make, sign_in):
    hook = make.webhook(Role.DONOR_OFFICER, "NOR")
    rows = own.everything(hook.account)["webhook"]
    assert rows[0]["address"] == hook.address and not {"secret", "old_secret"} & set(rows[0])
