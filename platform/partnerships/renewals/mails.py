"""The letters about what goes stale. The texts are in templates/mail/."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from partnerships.accounts.models import Account
from partnerships.core import mail
from partnerships.core.filters import day
from partnerships.parties.words import name
from partnerships.renewals import tokens
from partnerships.renewals.queries import Standing, kind_of
from partnerships.renewals.states import PAST, REPORT_BY


@dataclass(frozen=True)
class Due:
    """A record, and the reminder that is due for it (`states.stage`)."""

    record: Standing
    stage: int

    @property
    def about(self) -> str:
        """How the outbox remembers that this reminder was written: kind, number, date and stage."""
        return f"{kind_of(self.record)}:{self.record.id}:{self.record.valid_until}:{self.stage}"


def remind(account: Account, due: Sequence[Due], today: date) -> bool:
    """Write one letter about all that is due for a person today. Returns: whether it was written (once a day)."""
    with force_locale(account.language):
        subject = _subject(due)
    body = mail.render("expiry.txt", account.language, account=account, party=name(account.party), today=today,
                       ahead=[_shown(account, one) for one in due if one.stage != PAST],
                       past=[_shown(account, one) for one in due if one.stage == PAST], overview=mail.link("renewals.index"))
    return mail.write(account, key=f"expiry:{account.id}:{today}", kind="expiry", subject=subject, body=body,
                      about=" ".join(one.about for one in due))


def _subject(due: Sequence[Due]) -> str:
    if len(due) > 1:
        return ngettext("%(num)s record waits for your word: does it still stand?",
                        "%(num)s records wait for your word: do they still stand?", len(due))
    record = due[0].record
    if due[0].stage == PAST:
        return _("%(ref)s has left matching: does it still stand?", ref=record.ref)
    return _("%(ref)s is valid until %(day)s: does it still stand?", ref=record.ref, day=day(record.valid_until))


def prompt(account: Account, records: Sequence[Standing], today: date) -> bool:
    """Write the yearly letter: look through the open needs with the report. Returns: whether it was written (once a year)."""
    report = date(today.year, *REPORT_BY)
    with force_locale(account.language):
        subject = _("With your yearly report, due by %(day)s: look through your open needs", day=day(report))
    body = mail.render("yearly.txt", account.language, account=account, party=name(account.party), report=report, today=today,
                       records=[_shown(account, Due(one, 0)) for one in records], overview=mail.link("renewals.index"))
    return mail.write(account, key=f"yearly:{account.id}:{today.year}", kind="yearly", subject=subject, body=body)


def _shown(account: Account, due: Due) -> dict[str, Any]:
    record, kind = due.record, kind_of(due.record)
    return {"record": record, "page": mail.link(f"{kind}s.detail", ref=record.ref),
            "still": mail.link("renewals.detail", kind=kind, ref=record.ref, token=tokens.token(account, record))}
