"""The letters of a case: an invitation to its meeting, and the question what support came since. Texts: templates/mail/."""

from __future__ import annotations

from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _

from partnerships.accounts.models import Account
from partnerships.cases.models import CaseSupport, Invitation
from partnerships.core import mail
from partnerships.parties.words import name


def invite(account: Account, one: Invitation) -> bool:
    """Write the invitation to a person of the party invited. Returns: whether it was written (once)."""
    with force_locale(account.language):
        subject = _("Invitation to the country meeting of %(state)s", state=name(one.case.state))
    body = mail.render("invitation.txt", account.language, account=account, invitation=one, case=one.case,
                       meeting=one.case.meeting, state=name(one.case.state),
                       answer=mail.link("cases.invitation", number=one.id))
    return mail.write(account, key=f"invitation:{one.id}:{account.id}", kind="invitation", subject=subject, body=body)


def ask(account: Account, support: CaseSupport, stage: int, today: date) -> bool:
    """Ask a focal point what support came since the meeting. Returns: whether it was written (once a stage)."""
    state = name(support.case.state)
    with force_locale(account.language):
        subject = _("%(months)s months after your country meeting: what support came?", months=support.months)
        if stage:
            subject = _("Still to be answered: what support came since your country meeting?")
    body = mail.render("support.txt", account.language, account=account, support=support, case=support.case, state=state,
                       stage=stage, today=today,
                       answer=mail.link("cases.support", ref=support.case.ref, months=support.months))
    return mail.write(account, key=f"support:{support.id}:{stage}:{account.id}", kind="support", subject=subject, body=body)
