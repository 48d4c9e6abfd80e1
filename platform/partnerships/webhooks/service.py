"""Proposing, deciding and changing webhooks; what happens becomes deliveries in its own transaction. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from sqlalchemy import delete as sql_delete
from sqlalchemy import or_, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import IntegrityError

from partnerships.core import audit, constraints, jobs, locked, policy, workflow
from partnerships.core.actor import Actor
from partnerships.core.audit import Event
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.policy import can, scope
from partnerships.core.visibility import Visibility
from partnerships.core.workflow import Transition, Workflow
from partnerships.followups.models import Followup
from partnerships.followups.states import FollowupStatus
from partnerships.webhooks import mails, payload, queries
from partnerships.webhooks.models import Webhook, WebhookDelivery
from partnerships.webhooks.states import WebhookStatus, What

MOST = 10  # webhooks of a party
BOTH = timedelta(days=1)  # how long the secret before still signs beside the new one
TESTS, TESTED_WITHIN = 5, timedelta(minutes=10)
LATE = 7  # days: a follow-up that became due while no worker ran is still told of
KEPT = timedelta(days=90)
PARTIES = Visibility.PARTIES.value
S = WebhookStatus


def _begin_anew(hook: Webhook, _actor: Actor) -> None:
    hook.failures = 0


FLOW = Workflow("webhook", (
    Transition("allowed", _p("webhook", "Allow"), frozenset({S.WAITING, S.REFUSED}), S.ALLOWED, "webhooks.decide",
               audience=PARTIES, effect=_begin_anew),
    Transition("refused", _p("webhook", "Refuse"), frozenset({S.WAITING, S.ALLOWED, S.PAUSED}), S.REFUSED, "webhooks.decide",
               needs_note=True, audience=PARTIES),
    Transition("paused", _p("webhook", "Pause"), frozenset({S.ALLOWED}), S.PAUSED, "webhooks.stop", audience=PARTIES),
    Transition("resumed", _p("webhook", "Resume"), frozenset({S.PAUSED}), S.ALLOWED, "webhooks.change", audience=PARTIES,
               effect=_begin_anew),
))
workflow.declare(Webhook, FLOW)
audit.declare("webhook", Webhook, "webhooks.view")
constraints.explain(
    uq_webhook_party_id_role_address=_l("You have this address already."),
    uq_webhook_delivery_webhook_id_key=_l("This is in the outbox already."),
    uq_webhook_delivery_message=_l("This is in the outbox already."),
    ck_webhook_failures_not_negative=_l("A count cannot be negative."),
    ck_webhook_delivery_attempts_not_negative=_l("A count cannot be negative."))


def propose(actor: Actor, address: str, events: Iterable[str], description: str = "") -> tuple[Webhook, str]:
    """Propose a webhook for the actor's party: it waits for an administrator.

    Arguments: address, as `addresses.read` writes it; events, values of What. Returns: (the webhook, its secret, which is not
    shown again). Raises: Refused when the party has as many as it may.
    """
    if queries.of_party(actor) >= MOST:
        raise Refused(_("Your State or organisation has %(most)s webhooks, as many as it may. Delete one first.", most=MOST))
    assert actor.party_id is not None  # only people propose
    secret = payload.new_secret()
    hook = Webhook(party_id=actor.party_id, role=actor.role, account_id=actor.account_id, address=address, events=tuple(events),
                   description=description, secret=locked.shut(payload.PURPOSE, secret), status_on=utcnow(), is_demo=actor.is_demo)
    db.session.add(hook)
    db.session.flush()
    _record("webhook.proposed", hook, actor)
    mails.waits(hook)
    return hook, secret


def change(hook: Webhook, actor: Actor, events: Iterable[str], description: str) -> bool:
    """Change what a webhook is told of. Returns: False when nothing differs."""
    policy.demand(actor, "webhooks.change", hook)
    new = {"events": tuple(sorted(events)), "description": description}
    changes = audit.differences(hook, new)
    if not changes:
        return False
    hook.events, hook.description = tuple(sorted(events)), description
    db.session.flush()
    _record("webhook.changed", hook, actor, changes=changes)
    return True


def move(hook: Webhook, name: str, actor: Actor, note: str = "") -> bool:
    """Make one move of the workflow; see `workflow.advance`. What an administrator decides, its people are told."""
    done = workflow.advance(hook, name, actor, note, also=[hook.party])
    if done and name in ("allowed", "refused"):
        mails.told(hook, note)
    return done


def renew(hook: Webhook, actor: Actor) -> str:
    """Give a webhook a new secret; the one before signs beside it for a day. Returns: the secret, not shown again."""
    policy.demand(actor, "webhooks.change", hook)
    secret = payload.new_secret()
    hook.old_secret, hook.old_until = hook.secret, utcnow() + BOTH
    hook.secret = locked.shut(payload.PURPOSE, secret)
    db.session.flush()
    _record("webhook.renewed", hook, actor)
    return secret


def delete(hook: Webhook, actor: Actor) -> None:
    """Delete a webhook with its log; that there was one stays on the record."""
    policy.demand(actor, "webhooks.stop", hook)
    _record("webhook.deleted", hook, actor)
    db.session.execute(sql_delete(WebhookDelivery).where(WebhookDelivery.webhook_id == hook.id))
    db.session.delete(hook)
    db.session.flush()


def test(hook: Webhook, actor: Actor) -> WebhookDelivery:
    """Put a test into the outbox. Raises: Refused when there were many of late, or no administrator allowed the webhook."""
    policy.demand(actor, "webhooks.change", hook)
    if hook.status not in (S.ALLOWED, S.PAUSED):
        raise Refused(_("An administrator must allow this webhook first."))
    if queries.tests_since(hook, utcnow() - TESTED_WITHIN) >= TESTS:
        raise Refused(_("There were %(count)s tests in the last ten minutes. Wait a little.", count=TESTS))
    message = payload.new_message()
    return _put(hook, What.TEST, f"test:{message}", message=message)


def _record(tag: str, hook: Webhook, actor: Actor, **more: Any) -> None:
    audit.record(tag, hook, actor, also=[hook.party], audience=PARTIES, **more)


def _put(hook: Webhook, what: What, key: str, record_id: int = 0, label: str = "", *, message: str = "",
         is_demo: bool = False) -> WebhookDelivery:
    row = WebhookDelivery(webhook_id=hook.id, what=what, key=key, record_id=record_id, label=label,
                          message=message or payload.new_message(), is_demo=is_demo or hook.is_demo)
    db.session.add(row)
    db.session.flush()
    return row


def hear(event: Event, record: Any, _actor: Actor) -> None:
    """Turn an event into deliveries, in its transaction, for those whose party may see its record. Called for each event."""
    what = {What.NEED_PUBLISHED.value: What.NEED_PUBLISHED, What.PLEDGE_CONFIRMED.value: What.PLEDGE_CONFIRMED}.get(event.tag)
    if what is None:
        return
    permission = payload.RECORDS[what][1]
    for hook in queries.listening(what):
        eyes = payload.sight(hook)
        invented = event.is_demo and not hook.is_demo  # real machines hear nothing of the demonstration
        if eyes is not None and not invented and can(eyes, permission, record):
            _put(hook, what, f"{what.value}:{event.id}", record.id, record.ref, is_demo=event.is_demo)


def due(today: date) -> int:
    """The job: tell of the parties' own follow-ups that became due. Each date of each is told once. Returns: how many."""
    told = 0
    for hook in queries.listening(What.FOLLOWUP_DUE):
        eyes = payload.sight(hook)
        if eyes is None:
            continue
        query = scope(eyes, "followups.view", Followup).where(
            Followup.status == FollowupStatus.OPEN, Followup.owner_party_id == hook.party_id,
            Followup.due_on <= today, Followup.due_on >= today - timedelta(LATE),
            or_(Followup.snoozed_until.is_(None), Followup.snoozed_until <= today))
        for one in db.session.scalars(query.order_by(Followup.id)).unique():
            told += (hook.is_demo or not one.is_demo) and _put_once(hook, one)
    return told


def _put_once(hook: Webhook, one: Followup) -> bool:
    key = f"{What.FOLLOWUP_DUE.value}:{one.id}:{one.due_on}"
    if db.session.scalar(select(WebhookDelivery.id).where(WebhookDelivery.webhook_id == hook.id, WebhookDelivery.key == key)):
        return False
    try:
        with db.session.begin_nested():
            _put(hook, What.FOLLOWUP_DUE, key, one.id, str(one.id), is_demo=one.is_demo)
    except IntegrityError:  # another process wrote the same meanwhile, and has committed
        return False
    return True


def drop_old(_today: date) -> int:
    """The job: forget deliveries after 90 days. Returns: how many."""
    done = db.session.execute(sql_delete(WebhookDelivery).where(WebhookDelivery.at < utcnow() - KEPT).execution_options(
        synchronize_session=False))
    return done.rowcount if isinstance(done, CursorResult) else 0


audit.LISTENERS.append(hear)
jobs.declare("webhooks", due)
jobs.declare("drop-deliveries", drop_old)
