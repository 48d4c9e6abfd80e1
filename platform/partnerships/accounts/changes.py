"""What follows when somebody's way in changes: another secret for this session, an end for the others, the record, a letter."""

from __future__ import annotations

from typing import Any

from flask import g

from partnerships.accounts import mails, session
from partnerships.core import audit
from partnerships.core.policy import current_actor


def of_access(tag: str, letter: str, *, method: str = "", **words: Any) -> None:
    """Note that the person signed in changed how they sign in.

    Arguments: tag, of the event; letter, a word of templates/mail/security.txt; method, how this session counts from now on.
    """
    if method:
        g.account_session.method = method
    session.renew()
    session.end(g.account, but=g.account_session)
    audit.record(tag, g.account, current_actor(), audience="isu")
    mails.told(g.account, letter, **words)
