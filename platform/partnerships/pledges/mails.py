"""The letter that asks a donor where its pledges stand. Its text is templates/mail/pledges.txt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from partnerships.accounts.models import Account
from partnerships.core import mail
from partnerships.core.filters import day, money
from partnerships.parties.words import name
from partnerships.pledges import tokens
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import LABELS, OBJECT_LABELS

KIND = "pledges"


@dataclass(frozen=True)
class Due:
    """A pledge, why its donor is reminded of it (`reminders.Why`), and the day that this is about."""

    pledge: Pledge
    why: str
    on: date

    @property
    def about(self) -> str:
        """How the outbox remembers that this reminder was written."""
        return f"pledge:{self.pledge.id}:{self.why}:{self.on}"


def remind(account: Account, due: Sequence[Due], today: date) -> bool:
    """Write one letter about all that is due for a person today. Returns: whether it was written (once a day)."""
    of: dict[int, list[Due]] = {}
    for one in due:
        of.setdefault(one.pledge.id, []).append(one)
    with force_locale(account.language):
        subject = _subject(list(of.values()))
        shown = [_shown(account, reasons) for reasons in of.values()]
    body = mail.render("pledges.txt", account.language, account=account, party=name(account.party), shown=shown,
                       overview=mail.link("pledges.index", donor=account.party.ref), account_page=mail.link(
                           "pledges.account", ref=account.party.ref))
    return mail.write(account, key=f"pledges:{account.id}:{today}", kind=KIND, subject=subject, body=body,
                      about=" ".join(one.about for one in due))


def _subject(of: list[list[Due]]) -> str:
    if len(of) > 1:
        return ngettext("%(num)s pledge waits for your word: where does it stand?",
                        "%(num)s pledges wait for your word: where do they stand?", len(of))
    one = of[0][0]
    if one.why == "ahead":
        return _("%(ref)s: the next step is expected by %(day)s", ref=one.pledge.ref, day=day(one.on))
    if one.why == "past":
        return _("%(ref)s: the next step was expected by %(day)s", ref=one.pledge.ref, day=day(one.on))
    return _("%(ref)s: nothing was heard for half a year, where does it stand?", ref=one.pledge.ref)


def _shown(account: Account, reasons: Sequence[Due]) -> dict[str, Any]:
    pledge = reasons[0].pledge
    to = name(pledge.recipient) if pledge.recipient else str(OBJECT_LABELS[pledge.object])
    amount = str(money(pledge.amount, pledge.currency).striptags()) if pledge.amount is not None else ""
    return {"pledge": pledge, "reasons": [_words(one) for one in reasons], "stage": LABELS[pledge.status],
            "what": f"{to}, {amount}" if amount else to, "page": mail.link("pledges.detail", ref=pledge.ref),
            "click": mail.link("pledges.update", ref=pledge.ref, token=tokens.token(account, pledge))}


def _words(due: Due) -> str:
    if due.why == "ahead":
        return _("The next step is expected by %(day)s.", day=day(due.on))
    if due.why == "past":
        return _("The next step was expected by %(day)s.", day=day(due.on))
    if due.pledge.heard_on is not None:
        return _("Announced on %(day)s; last heard of on %(heard)s.", day=day(due.pledge.announced_on),
                 heard=day(due.pledge.heard_on))
    return _("Announced on %(day)s; nothing was heard of it since.", day=day(due.pledge.announced_on))
