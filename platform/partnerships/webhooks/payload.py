"""What a webhook is told: a record's reference, address and title, as far as its party may see it at this moment."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from standardwebhooks.webhooks import Webhook as Signer

from partnerships.accounts.models import Account
from partnerships.accounts.session import actor_of
from partnerships.core import locked, mail
from partnerships.core.actor import ISU, Actor
from partnerships.core.db import db, utcnow
from partnerships.core.policy import scope
from partnerships.followups.models import Followup
from partnerships.needs.models import Need
from partnerships.parties.words import name
from partnerships.pledges.models import Pledge
from partnerships.webhooks.models import Webhook, WebhookDelivery
from partnerships.webhooks.states import Reason, What

PURPOSE = "webhook"
AGENT = "Platform-for-Partnerships-Webhooks/1"
RECORDS: dict[What, tuple[Any, str]] = {What.NEED_PUBLISHED: (Need, "needs.view"), What.PLEDGE_CONFIRMED: (Pledge, "pledges.view"),
                                        What.FOLLOWUP_DUE: (Followup, "followups.view")}


@dataclass(frozen=True)
class Letter:
    """What is sent: the body, and the headers that sign it."""

    body: bytes
    headers: dict[str, str]


def new_secret() -> str:
    """A secret as receivers' libraries take it: 32 random bytes."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def new_message() -> str:
    """The identity of a delivery, by which a receiver drops what comes twice."""
    return f"msg_{secrets.token_hex(14)}"


def sight(hook: Webhook) -> Actor | None:
    """Through whose eyes a webhook sees: its role's, through its party, without what is one person's alone.

    None when nobody of the party has the role any more: then nobody could see it on a page either. In production the sign-ins
    of the demonstration are nobody's.
    """
    roles = ISU if hook.role in ISU else (hook.role,)
    query = select(Account).where(Account.party_id == hook.party_id, Account.role.in_(roles), Account.active)
    if current_app.config["SETTINGS"].production:
        query = query.where(~Account.is_demo)
    account = db.session.scalars(query.order_by(Account.id).limit(1)).first()
    if account is None:
        return None
    return replace(actor_of(account), role=hook.role, account_id=None, name="", is_head=False, is_demo=hook.is_demo)


def written(hook: Webhook, delivery: WebhookDelivery) -> Letter | Reason:
    """The letter of a delivery, or why there is none to send."""
    keys = _keys(hook)
    if not keys:
        return Reason.LOCKED
    with force_locale("en"):
        data = _data(hook, delivery)
    if data is None:
        return Reason.HIDDEN
    body = json.dumps({"id": delivery.message, "type": delivery.what.value, "timestamp": delivery.at.isoformat(), "data": data},
                      ensure_ascii=False, separators=(",", ":"))
    return Letter(body.encode(), headers(delivery.message, body, keys))


def headers(message: str, body: str, keys: list[str]) -> dict[str, str]:
    """The headers of the Standard Webhooks scheme: one signature for each secret that counts now."""
    now = utcnow()
    return {"Content-Type": "application/json", "User-Agent": AGENT, "Connection": "close",
            "webhook-id": message, "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(Signer(key).sign(message, now, body) for key in keys)}


def _keys(hook: Webhook) -> list[str]:
    kept = [hook.secret]
    if hook.old_secret and hook.old_until is not None and hook.old_until > utcnow():
        kept.append(hook.old_secret)
    found = [locked.opened(PURPOSE, one) for one in kept]
    return [one for one in found if one is not None] if found[0] is not None else []


def _data(hook: Webhook, delivery: WebhookDelivery) -> dict[str, Any] | None:
    """What is said of the record, or None when the party may not see it now."""
    if delivery.what is What.TEST:
        return {"title": _("Test"), "address": mail.link("webhooks.detail", number=hook.id)}
    actor = sight(hook)
    model, permission = RECORDS[delivery.what]
    record = None if actor is None else db.session.scalars(
        scope(actor, permission, model).where(model.id == delivery.record_id)).first()
    if actor is None or record is None:
        return None
    if isinstance(record, Need):
        return _need(record)
    return _pledge(actor, record) if isinstance(record, Pledge) else _followup(record)


def _need(need: Need) -> dict[str, Any]:
    return {"reference": need.ref, "address": mail.link("needs.detail", ref=need.ref), "title": need.title,
            "language": need.language, "state": need.party.ref, "theme": need.theme,
            "deadline": need.deadline.isoformat() if need.deadline else None}


def _pledge(actor: Actor, pledge: Pledge) -> dict[str, Any]:
    need = db.session.scalars(scope(actor, "needs.view", Need).where(Need.id == (pledge.need_id or 0))).first()
    return {"reference": pledge.ref, "address": mail.link("pledges.detail", ref=pledge.ref),
            "title": _("%(donor)s, pledge %(ref)s", donor=name(pledge.donor), ref=pledge.ref), "donor": pledge.donor.ref,
            "recipient": pledge.recipient.ref if pledge.recipient else None, "need": need.ref if need else None}


def _followup(one: Followup) -> dict[str, Any]:
    return {"reference": str(one.id), "address": mail.link("followups.detail", number=one.id), "title": one.what,
            "about": one.party.ref, "due": one.due_on.isoformat()}


def of_hook(number: int) -> tuple[Webhook, WebhookDelivery] | None:
    """A delivery with its webhook."""
    found = db.session.scalars(select(WebhookDelivery).where(WebhookDelivery.id == number).options(
        joinedload(WebhookDelivery.webhook).joinedload(Webhook.party))).first()
    return (found.webhook, found) if found is not None else None
