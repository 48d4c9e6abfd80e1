"""The letters to people without an account. The texts are in templates/mail/."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from partnerships.core import mail
from partnerships.searches import digests, view
from partnerships.searches.queries import Hit
from partnerships.subscriptions import words
from partnerships.subscriptions.models import Subscription

KINDS = mail.ANONYMOUS


def key(found: Subscription) -> str:
    """How the keys of all letters of a subscription begin."""
    return f"subscription:{found.key}:"


def whose(letter: str) -> str:
    """The key of the subscription whose letter has this key."""
    return letter.split(":")[1]


def ask(found: Subscription) -> None:
    """Ask the address whether it wants the letters."""
    with force_locale(found.language):
        subject, said = _("Please confirm: letters about what is new in a public list"), view.in_words(found.query)
    body = mail.render("subscription_confirm.txt", found.language, said=said,
                       address=mail.link("subscriptions.confirm", word=words.to_confirm(found), lang=found.language))
    _post(found, "confirm", "subscription-confirm", subject, body)


def digest(found: Subscription, hits: Sequence[Hit], total: int, today: date) -> bool:
    """Write what is new. Returns: whether it was written (once a day)."""
    with force_locale(found.language):
        subject = ngettext("%(num)s new record in the list that you follow",
                           "%(num)s new records in the list that you follow", total)
        said = view.in_words(found.query)
        shown = digests.shown(found.query, hits, total, found.language if found.language != "en" else None)
    leave = _leave(found)
    body = mail.render("subscription.txt", found.language, said=said, leave=leave, **shown)
    return _post(found, str(today), "subscription", subject, body, leave)


def full(address: str, language: str, most: int, today: date) -> None:
    """Tell an address that it gets as many as it may; once a day, whoever asks how often."""
    with force_locale(language):
        subject = _("You follow as many lists as you may")
    body = mail.render("subscription_full.txt", language, most=most)
    one = hashlib.sha256(address.encode()).hexdigest()[:32]
    mail.write_to(address, language, key=f"subscription:{one}:full:{today}", kind="subscription-confirm", subject=subject,
                  body=body)


def _leave(found: Subscription) -> str:
    return mail.link("subscriptions.leave", word=words.to_leave(found), lang=found.language)


def _post(found: Subscription, what: str, kind: str, subject: str, body: str, leave: str = "") -> bool:
    return mail.write_to(found.address, found.language, key=f"{key(found)}{what}", kind=kind, subject=subject, body=body,
                         leave=leave, is_demo=found.is_demo)
