"""Delivery: each message is taken by one process, sent once an attempt, and tried again after growing pauses.

No transaction stays open while a receiver thinks. A process that dies over a message leaves it to be taken again; a receiver may
then get it twice, under the same identity.
"""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta

import structlog
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.engine import CursorResult

from partnerships.core import workflow
from partnerships.core.actor import SYSTEM
from partnerships.core.db import db, utcnow
from partnerships.core.delivery import Delivered
from partnerships.core.visibility import Visibility
from partnerships.webhooks import addresses, mails, payload, sending
from partnerships.webhooks.models import Webhook, WebhookDelivery
from partnerships.webhooks.sending import Answer
from partnerships.webhooks.states import DeliveryStatus, Reason, WebhookStatus, What

log = structlog.get_logger()
# After each failed attempt; together a day and a half, so that a receiver may be down over a day.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8),
          timedelta(hours=24))
MOST_ATTEMPTS = len(PAUSES) + 1
# How long a process may take over one message before another believes that it died.
LEASE = timedelta(minutes=5)
# So many deliveries given up in a row, and the webhook is paused.
IN_A_ROW = 3
GONE = 410  # what a receiver answers that wants no more
BATCH = 200
ONE_LOOK = 60.0  # seconds; what is left waits for the next look


def deliver() -> Delivered:
    """Send what is due. Needs an application context; uses transactions of its own.

    Of a webhook that fails the others wait for the next look, so that one slow receiver holds up nobody else for long.
    Returns: how many were delivered, and how many failed this time.
    """
    sent, failing, until = 0, set(), time.monotonic() + ONE_LOOK
    failed = 0
    for number, hook in _due():
        if hook in failing or time.monotonic() > until:
            continue
        done = one(number)
        sent += done is True
        if done is False:
            failed += 1
            failing.add(hook)
    return Delivered(sent, failed)


def one(number: int) -> bool | None:
    """Try one message now. Returns: whether it was delivered; None when it is not due, in other hands, or withheld."""
    if not _claim(number):
        return None
    try:
        found = payload.of_hook(number)
        if found is None:  # its webhook was deleted at this moment
            return None
        hook, message = found
        letter, target = payload.written(hook, message), _target(hook)
    finally:
        db.session.rollback()  # what follows may take seconds: no lock is held meanwhile
    if letter is Reason.HIDDEN:
        _mark(number, status=DeliveryStatus.WITHHELD, reason=letter, label="", record_id=0)
        return None
    if isinstance(letter, Reason):
        answer = Answer(reason=letter)
    elif isinstance(target, Reason):
        answer = Answer(reason=target)
    else:
        answer = sending.post(target, letter.body, letter.headers, private=_private())
    return _settle(number, answer)


def _private() -> bool:
    return bool(current_app.config["SETTINGS"].webhook_private)


def _target(hook: Webhook) -> addresses.Address | Reason:
    """Where to; read again, since the settings may have become stricter. One of the demonstration stays on this machine."""
    try:
        target = addresses.read(hook.address, current_app.config["SETTINGS"])
    except addresses.Unfit:
        return Reason.UNFIT
    return Reason.UNFIT if hook.is_demo and target.host not in ("localhost", "127.0.0.1", "::1") else target


def _ready() -> ColumnElement[bool]:
    """SQL: not settled, and its time has come."""
    return and_(WebhookDelivery.status == DeliveryStatus.WAITING, WebhookDelivery.due_at <= utcnow())


def _due() -> list[tuple[int, int]]:
    open_ = or_(Webhook.status == WebhookStatus.ALLOWED,
                and_(Webhook.status == WebhookStatus.PAUSED, WebhookDelivery.what == What.TEST))
    with db.apart() as own:
        rows = own.execute(select(WebhookDelivery.id, WebhookDelivery.webhook_id).join(Webhook).where(_ready(), open_).order_by(
            WebhookDelivery.due_at, WebhookDelivery.id).limit(BATCH))
        return [(number, hook) for number, hook in rows]


def _claim(number: int) -> bool:
    """Take a message for an attempt. The condition is asked again inside the UPDATE: only one process can win."""
    now = utcnow()
    with db.apart(write=True) as own:
        done = own.execute(update(WebhookDelivery).where(WebhookDelivery.id == number, _ready()).values(
            due_at=now + LEASE, tried_at=now, attempts=WebhookDelivery.attempts + 1).execution_options(synchronize_session=False))
        return isinstance(done, CursorResult) and done.rowcount == 1


def _mark(number: int, **values: object) -> None:
    with db.apart(write=True) as own:
        own.execute(update(WebhookDelivery).where(WebhookDelivery.id == number).values(**values).execution_options(
            synchronize_session=False))


def _settle(number: int, answer: Answer) -> bool:
    """Keep what came of an attempt, and when the next is. Returns: whether the message was delivered."""
    with db.apart(write=True) as own:
        message = own.get(WebhookDelivery, number)
        hook = own.get(Webhook, message.webhook_id) if message is not None else None
        if message is None or hook is None:
            return answer.reason is None
        message.answer, message.reason = answer.status, answer.reason
        tested, gone = message.what is What.TEST, answer.status == GONE
        if answer.reason is None:
            message.status = DeliveryStatus.DELIVERED
            failures = hook.failures if tested else 0
        elif tested or gone or message.attempts >= MOST_ATTEMPTS:
            message.status = DeliveryStatus.GIVEN_UP
            failures = hook.failures + (not tested)
        else:
            message.due_at, failures = _next(message.attempts), hook.failures
        own.execute(update(Webhook).where(Webhook.id == hook.id).values(failures=failures, updated_at=Webhook.updated_at))
    if answer.reason is not None:
        log.warning("webhook not delivered", webhook=hook.id, delivery=number, reason=answer.reason.value, status=answer.status)
        if not tested and (gone or failures >= IN_A_ROW):
            _pause(hook.id, gone)
    return answer.reason is None


def _next(attempts: int) -> datetime:
    """When to try again: the pause, and up to a fifth of it more, so that what failed together does not come back together."""
    return utcnow() + PAUSES[attempts - 1] * random.uniform(1, 1.2)


def _pause(number: int, gone: bool) -> None:
    """Pause a webhook that does not take what it is sent, and tell its people."""
    hook = db.session.get(Webhook, number)
    if hook is not None and hook.status is WebhookStatus.ALLOWED:
        why = _("It answered that it wants no more.") if gone else _("%(count)s deliveries in a row were given up.", count=IN_A_ROW)
        workflow.advance(hook, "paused", SYSTEM, why, also=[hook.party], audience=Visibility.PARTIES)
        mails.told(hook, why)
        db.session.commit()
    db.session.rollback()
