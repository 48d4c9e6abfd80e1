"""Reading webhooks and their logs, each time as far as the actor may see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.policy import scope
from partnerships.webhooks.models import Webhook, WebhookDelivery
from partnerships.webhooks.states import WebhookStatus, What

LAST = 100


def _whole(actor: Actor, permission: str) -> Select[Any]:
    return scope(actor, permission, Webhook).options(joinedload(Webhook.party), joinedload(Webhook.account))


def own(actor: Actor) -> list[Webhook]:
    """The webhooks of the actor's party that the actor may see, the newest first."""
    return list(db.session.scalars(_whole(actor, "webhooks.view").where(Webhook.party_id == (actor.party_id or 0)).order_by(
        Webhook.id.desc())))


def by_number(actor: Actor, number: int) -> Webhook | None:
    """One webhook within the actor's sight."""
    return db.session.scalars(_whole(actor, "webhooks.view").where(Webhook.id == number)).first()


def to_decide(actor: Actor) -> tuple[list[Webhook], list[Webhook]]:
    """For an administrator: (those that wait, the longest waiting first; all others, the newest first)."""
    found = list(db.session.scalars(_whole(actor, "webhooks.decide").order_by(Webhook.id)))
    waiting = [one for one in found if one.status is WebhookStatus.WAITING]
    return waiting, [one for one in reversed(found) if one.status is not WebhookStatus.WAITING]


def log(hook: Webhook) -> list[WebhookDelivery]:
    """The last hundred deliveries of a webhook, the newest first. Whoever may see the webhook may see them."""
    return list(db.session.scalars(select(WebhookDelivery).where(WebhookDelivery.webhook_id == hook.id).order_by(
        WebhookDelivery.at.desc(), WebhookDelivery.id.desc()).limit(LAST)))


def last_tried(hooks: list[Webhook]) -> dict[int, datetime]:
    """When each webhook was last tried."""
    rows = db.session.execute(select(WebhookDelivery.webhook_id, func.max(WebhookDelivery.tried_at)).where(
        WebhookDelivery.webhook_id.in_([one.id for one in hooks]), WebhookDelivery.tried_at.is_not(None)).group_by(
            WebhookDelivery.webhook_id))
    return {number: at for number, at in rows if at is not None}


def of_party(actor: Actor) -> int:
    """How many webhooks the actor's party has, in all roles."""
    return db.session.scalar(select(func.count()).select_from(Webhook).where(Webhook.party_id == (actor.party_id or 0))) or 0


def exists(actor: Actor, address: str) -> bool:
    """Whether the party has this address in the actor's role already."""
    return db.session.scalar(select(Webhook.id).where(Webhook.party_id == (actor.party_id or 0), Webhook.role == actor.role,
                                                      Webhook.address == address)) is not None


def tests_since(hook: Webhook, since: datetime) -> int:
    """How many tests of a webhook were asked for since a moment."""
    return db.session.scalar(select(func.count()).select_from(WebhookDelivery).where(
        WebhookDelivery.webhook_id == hook.id, WebhookDelivery.what == What.TEST, WebhookDelivery.at > since)) or 0


def listening(what: What) -> list[Webhook]:
    """Every webhook that works and wants to be told of this, whoever's it is: what it may be told is asked for each."""
    found = db.session.scalars(select(Webhook).where(Webhook.status == WebhookStatus.ALLOWED).options(
        joinedload(Webhook.party)).order_by(Webhook.id))
    return [one for one in found if what.value in one.events]
