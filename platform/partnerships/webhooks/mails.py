"""Letters about webhooks: to administrators that one waits, to its people what was decided or happened."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from partnerships.accounts.models import Account
from partnerships.core import mail
from partnerships.core.actor import FOR_A_PARTY, Role
from partnerships.core.db import db, utcnow
from partnerships.labels import label
from partnerships.webhooks.models import Webhook

MOST = 20


def told(hook: Webhook, note: str = "") -> None:
    """Tell whoever proposed a webhook, and colleagues in the same role, how it stands now, and why."""
    mine = Account.id == (hook.account_id or 0)
    if hook.role in FOR_A_PARTY:
        mine = mine | ((Account.party_id == hook.party_id) & (Account.role == hook.role))
    _write(hook, db.session.scalars(select(Account).where(mine, Account.active).order_by(Account.id).limit(MOST)).unique(), note)


def waits(hook: Webhook) -> None:
    """Tell the administrators that a webhook waits for one of them."""
    _write(hook, db.session.scalars(select(Account).where(
        Account.role == Role.ISU_ADMINISTRATOR, Account.active).order_by(Account.id).limit(MOST)).unique(), "")


def _write(hook: Webhook, accounts: Iterable[Account], note: str) -> None:
    if not current_app.config["SETTINGS"].public_url:  # letters hold links
        return
    for account in accounts:
        with force_locale(account.language):
            subject = _("Webhook of %(party)s: %(status)s", party=hook.party.ref, status=label(hook.status))
        body = mail.render("webhook.txt", account.language, account=account, hook=hook, note=note,
                           page=mail.link("webhooks.detail", number=hook.id))
        mail.write(account, key=f"webhook:{hook.id}:{hook.status.value}:{account.id}:{utcnow().isoformat()}", kind="webhook",
                   subject=subject, body=body)
