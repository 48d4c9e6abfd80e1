"""Letters about a person's access: what changed, and the links that open an account or a way back into it."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale, gettext
from flask_babel import gettext as _

from partnerships.accounts.models import Account, AccountInvitation
from partnerships.core import mail
from partnerships.core.db import utcnow

KIND = "security"


class _Invited:
    """Whom an invitation goes to: no account yet."""

    active, language = True, "en"

    def __init__(self, invitation: AccountInvitation) -> None:
        self.id: Any = None
        self.email, self.is_demo = invitation.email, invitation.is_demo


def invited(invitation: AccountInvitation, word: str) -> None:
    """The link that opens an account. It stands in no other place: of its word only a digest is kept."""
    with force_locale("en"):
        subject = _("You are invited to the Platform for Partnerships")
    body = mail.render("account_invitation.txt", "en", invitation=invitation, address=mail.link("accounts.accept", word=word))
    mail.write(_Invited(invitation), key=f"account-invitation:{invitation.digest}", kind="account-invitation",
               subject=subject, body=body)


def recovery(account: Account, word: str, minutes: int) -> None:
    """The link under which a person may choose a new password."""
    with force_locale(account.language):
        subject = gettext("A new password for the Platform for Partnerships")
    body = mail.render("recovery.txt", account.language, account=account, minutes=minutes,
                       address=mail.link("accounts.recover", word=word))
    mail.write(account, key=f"recovery:{account.id}:{utcnow().isoformat()}", kind="recovery", subject=subject, body=body)


def told(account: Account, what: str, **values: Any) -> None:
    """Tell a person that something about their access changed.

    Arguments: what, a word of templates/mail/security.txt ("new-device", "password", "factor-added" ...).
    """
    with force_locale(account.language):
        subject = gettext("Your access to the Platform for Partnerships changed")
    body = mail.render("security.txt", account.language, account=account, what=what, at=utcnow(),
                       address=mail.link("accounts.detail"), **values)
    mail.write(account, key=f"security:{what}:{account.id}:{utcnow().isoformat()}", kind=KIND, subject=subject, body=body)
