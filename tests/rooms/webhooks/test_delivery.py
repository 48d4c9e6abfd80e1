"""Delivery: once for each event, within its party's sight at that moment, signed, tried again, given up, paused; never lost."""

from __future__ import annotations

import json
import os
import signal
import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook as Library
from standardwebhooks.webhooks import WebhookVerificationError

from partnerships.accounts.models import Account
from partnerships.core import jobs, locked
from partnerships.core.actor import SYSTEM, Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.mail import Mail
from partnerships.core.visibility import Visibility
from partnerships.needs import service as needs
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.pledges import service as pledges
from partnerships.webhooks import delivery, payload, sample, service
from partnerships.webhooks.models import Webhook, WebhookDelivery
from partnerships.webhooks.states import DeliveryStatus, Reason, WebhookStatus

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ALL = ("need.published", "pledge.confirmed", "followup.due")
SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])


def _read(query):
    """Read in a session of its own, which leaves no lock."""
    db.session.rollback()
    with db.apart() as own:
        return list(own.scalars(query).unique())


def _rows():
    return _read(select(WebhookDelivery).order_by(WebhookDelivery.id))


def _now(number):
    return _read(select(Webhook).where(Webhook.id == number))[0]


def _hook(make, receiver, role=Role.DONOR_OFFICER, party=None, **more):
    return make.webhook(role, party, status="allowed", **{"address": receiver.address, "events": ALL, **more})


def _bodies(receiver):
    return [json.loads(body) for _path, _headers, body in receiver.got]


def test_each_event_is_told_once_signed_and_within_sight(app, make, receiver):
    hook = _hook(make, receiver)
    need = make.need("KHM")
    make.need("KHM", visibility=Visibility.ISU), make.need("KHM", NeedStatus.SUBMITTED)
    hidden = make.pledge("JPN", need=make.need("AGO", visibility=Visibility.ISU), visibility=Visibility.ISU)
    own = make.pledge("NOR", need=need, amount=Decimal(300_000), visibility=Visibility.ISU)
    for one in (hidden, own):
        pledges.move(one, "confirmed", SYSTEM, on=date.today())
    mine = make.followup("KHM", "NOR", due_on=date.today(), what="Send the plan")
    make.followup("KHM", "ISU", due_on=date.today()), make.followup("KHM", "NOR", due_on=date.today() + timedelta(1))
    for _twice in range(2):
        jobs.run(date.today(), ["webhooks"])
    assert delivery.deliver().sent == 3 and delivery.deliver() == delivery.Delivered(0, 0)
    first, second, third = _bodies(receiver)
    assert first["type"] == "need.published" and first["data"] == {
        "reference": need.ref, "address": f"http://127.0.0.1:8000/needs/{need.ref}", "title": need.title, "language": "en",
        "state": "KHM", "theme": "survey-clearance", "deadline": need.deadline.isoformat()}
    assert second["type"] == "pledge.confirmed" and second["data"] == {
        "reference": own.ref, "address": f"http://127.0.0.1:8000/pledges/{own.ref}", "title": f"Norway, pledge {own.ref}",
        "donor": "NOR", "recipient": "KHM", "need": need.ref}
    assert third["type"] == "followup.due" and third["data"]["title"] == "Send the plan"
    assert third["data"]["reference"] == str(mine.id)
    assert "300000" not in str(_bodies(receiver)), "no amounts"
    assert [one.status for one in _rows()] == [DeliveryStatus.DELIVERED] * 3
    assert len({headers["webhook-id"] for _path, headers, _body in receiver.got}) == 3
    _signed_for(receiver, locked.opened("webhook", hook.secret))


def _signed_for(receiver, secret):
    """By the library of the scheme, and by the lines that the page shows to those who write a receiver."""
    shown: dict = {}
    exec(sample.code(), shown)
    for _path, headers, body in receiver.got:
        Library(secret).verify(body, headers)
        assert shown["is_genuine"](secret, headers, body)
        for other, told, text in ((secret, headers, body + b" "), (payload.new_secret(), headers, body),
                                  (secret, {**headers, "webhook-id": "msg_other"}, body),
                                  (secret, {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 400)}, body)):
            assert not shown["is_genuine"](other, told, text)
            with pytest.raises(WebhookVerificationError):
                Library(other).verify(text, told)


@SQLITE
def test_both_secrets_sign_for_a_day_after_a_renewal(app, make, receiver):
    hook = _hook(make, receiver)
    old, new = locked.opened("webhook", hook.secret), service.renew(hook, make.actor(Role.DONOR_OFFICER, "NOR"))
    make.need("KHM")
    delivery.deliver()
    _path, headers, body = receiver.got[0]
    assert headers["webhook-signature"].count("v1,") == 2
    for secret in (old, new):
        Library(secret).verify(body, headers)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=25), tick=False):
        make.need("KHM")
        delivery.deliver()
    assert receiver.got[1][1]["webhook-signature"].count("v1,") == 1
    assert old not in str(hook.__dict__) and new not in str(hook.__dict__)


def test_what_left_the_partys_sight_is_not_sent(app, make, receiver):
    person = _hook(make, receiver).account_id
    _hook(make, receiver, Role.FOCAL_POINT, "AGO")
    need = make.need("KHM")
    assert [one.label for one in _rows()] == [need.ref] * 2
    db.session.get_one(Need, need.id).visibility = Visibility.ISU
    db.session.commit()
    assert delivery.deliver() == delivery.Delivered(0, 0) and receiver.got == []
    assert {(one.status, one.reason, one.label) for one in _rows()} == {(DeliveryStatus.WITHHELD, Reason.HIDDEN, "")}
    db.session.get_one(Account, person).active = False
    db.session.commit()
    make.need("KHM")
    assert len(_rows()) == 3, "nobody of Norway could read it on a page, so its machine does not either"


def test_tried_again_after_growing_pauses_then_given_up_and_paused(app, make, receiver):
    receiver.way = "error"
    hook = _hook(make, receiver)
    number, person = hook.id, hook.account_id
    with time_machine.travel(NOON, tick=False) as clock:
        for _number in range(3):
            make.need("KHM")
        for _look in range(60):
            delivery.deliver()
            waiting = [one.due_at for one in _rows() if one.status is DeliveryStatus.WAITING]
            if not waiting:
                break
            clock.move_to(max(datetime.now(UTC), min(waiting)) + timedelta(seconds=1))
        assert timedelta(hours=34) < datetime.now(UTC) - NOON < timedelta(hours=48)
    assert [(one.status, one.attempts) for one in _rows()] == [(DeliveryStatus.GIVEN_UP, delivery.MOST_ATTEMPTS)] * 3
    assert len(receiver.got) == 21
    assert len({headers["webhook-id"] for _path, headers, _body in receiver.got}) == 3, "the same identity at each attempt"
    assert {one.answer for one in _rows()} == {500}
    assert _now(number).status is WebhookStatus.PAUSED
    letters = _read(select(Mail).where(Mail.kind == "webhook", Mail.account_id == person))
    assert any("Paused" in one.subject and "given up" in one.body for one in letters)
    assert _read(select(Event).where(Event.tag == "webhook.paused"))[0].note
    make.need("KHM")
    assert len(_rows()) == 3, "while it is paused nothing is kept"


@SQLITE
def test_the_pauses_grow_with_a_little_chance(app, make, receiver):
    for number, pause in enumerate(delivery.PAUSES, start=1):
        found = {(delivery._next(number) - datetime.now(UTC)) / pause for _try in range(20)}
        assert min(found) > 0.95 and max(found) < 1.21 and len(found) > 10


@SQLITE
def test_a_receiver_that_wants_no_more_is_left_alone_and_one_that_works_again_counts_anew(app, make, receiver):
    number = _hook(make, receiver).id
    receiver.way = "gone"
    make.need("KHM")
    assert delivery.deliver().failed == 1
    assert _rows()[0].status is DeliveryStatus.GIVEN_UP and _now(number).status is WebhookStatus.PAUSED
    service.move(db.session.get_one(Webhook, number), "resumed", make.actor(Role.DONOR_OFFICER, "NOR"))
    db.session.get_one(Webhook, number).failures = 2
    db.session.commit()
    receiver.way = "ok"
    make.need("KHM")
    assert delivery.deliver().sent == 1
    assert _now(number).failures == 0


@SQLITE
def test_one_that_fails_holds_up_nobody_else(app, make, receiver):
    receiver.way = "error"
    _hook(make, receiver)
    _hook(make, receiver, address=receiver.address + "/2")
    for _number in range(4):
        make.need("KHM")
    assert delivery.deliver().failed == 2 and len(receiver.got) == 2


@SQLITE
def test_settings_that_became_stricter_and_keys_that_were_lost(app, make, receiver):
    _hook(make, receiver)
    make.need("KHM")
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(webhook_private=False)
    assert delivery.deliver().failed == 1 and _rows()[0].reason is Reason.UNFIT and receiver.got == []
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(webhook_private=True)
    key, app.config["SECRET_KEY"] = app.config["SECRET_KEY"], "y" * 40
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1), tick=False):
        assert delivery.deliver().failed == 1 and _rows()[0].reason is Reason.LOCKED and receiver.got == []
    app.config["SECRET_KEY"] = key


@SQLITE
def test_one_of_the_demonstration_stays_on_this_machine(app, make, receiver):
    hook = _hook(make, receiver, address="https://hooks.norway.example/x")
    hook.is_demo = True
    db.session.commit()
    make.need("KHM")
    assert delivery.deliver().failed == 1 and _rows()[0].reason is Reason.UNFIT


@SQLITE
def test_old_deliveries_are_forgotten_and_a_date_is_told_once_all_the_same(app, make, receiver):
    _hook(make, receiver)
    make.followup("KHM", "NOR", due_on=date.today())
    jobs.run(date.today(), ["webhooks"])
    db.session.scalars(select(WebhookDelivery)).one().at -= timedelta(91)
    db.session.commit()
    jobs.run(date.today(), ["drop-deliveries"])
    assert _rows() == []
    jobs.run(date.today() + timedelta(8), ["webhooks"])
    assert _rows() == []


def test_two_workers_at_once_send_one_message_once(app, make, receiver):
    _hook(make, receiver)
    for _number in range(3):
        make.need("KHM")
    numbers, done, together = [one.id for one in _rows()], [], threading.Barrier(4)

    def work() -> None:
        with app.app_context():
            together.wait()
            done.extend(delivery.one(number) for number in numbers)

    threads = [threading.Thread(target=work) for _number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert done.count(True) == 3 and len(receiver.got) == 3


STEPS = ((delivery, "_claim"), (payload, "written"), (delivery.sending, "post"), (delivery, "_settle"))


def _die_at(point: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be killed at this step of the work, before it or after it."""
    left = [point]

    def counted(work):
        def stepped(*args, **more):
            for moment in (0, 1):
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left[0] -= 1
                if moment == 0:
                    found = work(*args, **more)
            return found
        return stepped

    for owner, name in STEPS:
        monkeypatch.setattr(owner, name, counted(getattr(owner, name)))


@pytest.mark.slow
def test_killed_at_any_step_nothing_is_lost(app, make, receiver, monkeypatch):
    _hook(make, receiver)
    engine = app.extensions["database"]
    with time_machine.travel(NOON, tick=False) as clock:
        for _number in range(2):
            make.need("KHM")
        for point in range(0, 9):
            db.session.rollback()
            engine.dispose()
            child = os.fork()
            if child == 0:
                engine.dispose(close=False)
                _die_at(point, monkeypatch)
                with app.app_context():
                    delivery.deliver()
                os._exit(0)
            os.waitpid(child, 0)
            clock.shift(timedelta(minutes=6))
        delivery.deliver()
    assert [one.status for one in _rows()] == [DeliveryStatus.DELIVERED] * 2
    came = [headers["webhook-id"] for _path, headers, _body in receiver.got]
    assert set(came) == {one.message for one in _rows()}, "a receiver drops what comes twice by this"
    assert len(came) <= 2 + 5


@SQLITE
def test_an_event_that_is_not_committed_tells_nothing(app, make, receiver):
    _hook(make, receiver)
    need = make.need("KHM", NeedStatus.SUBMITTED)
    needs.move(need, "published", SYSTEM)
    assert db.session.scalars(select(WebhookDelivery)).one().label == need.ref
    db.session.rollback()
    assert _rows() == []
