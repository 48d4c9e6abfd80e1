"""The letters of notices: one at once, or one that tells of several together. Texts: templates/mail/."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from flask_babel import force_locale, ngettext

from partnerships.accounts.models import Account
from partnerships.core import mail, timeline
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.followups import tokens
from partnerships.followups.models import Followup
from partnerships.followups.states import FollowupStatus
from partnerships.notices import links
from partnerships.notices.models import Notice
from partnerships.notices.states import KIND_LABELS, Kind

ORDER = list(Kind)


def at_once(account: Account, event: Event) -> bool:
    """Write what happened to a person. Returns: whether it was written (once an event)."""
    with force_locale(account.language):
        subject = timeline.plain(event)
    body = mail.render("notice.txt", account.language, account=account, lines=[_line(account, event)],
                       settings=mail.link("notices.settings"))
    return mail.write(account, key=f"notice:{event.id}:{account.id}", kind="notice", subject=subject, body=body)


def together(account: Account, notices: Sequence[Notice], today: date) -> bool:
    """Write what happened since the last letter, kind by kind. Returns: whether it was written (once a day)."""
    ordered = sorted(notices, key=lambda one: (ORDER.index(one.kind), -one.id))
    with force_locale(account.language):
        groups = [(str(KIND_LABELS[kind]), [_line(account, one.event) for one in found])
                  for kind, found in groupby(ordered, key=lambda one: one.kind)]
        subject = ngettext("%(num)s thing happened that concerns you", "%(num)s things happened that concern you", len(notices))
    body = mail.render("notices.txt", account.language, account=account, groups=groups, today=today,
                       settings=mail.link("notices.settings"))
    return mail.write(account, key=f"notices:{account.id}:{today}", kind="notices", subject=subject, body=body)


def _line(account: Account, event: Event) -> dict[str, str]:
    page, values = links.endpoint(event)
    with force_locale(account.language):
        words = timeline.plain(event)
    return {"words": words, "note": event.note, "address": mail.link(page, **values), "done": _done(account, event)}


def _done(account: Account, event: Event) -> str:
    """For a follow-up of the reader's own: the address where it is done in one click, without signing in."""
    followup = db.session.get(Followup, event.subject_id) if event.subject_kind == "followup" else None
    if followup is None or followup.owner_party_id != account.party_id or followup.status is not FollowupStatus.OPEN:
        return ""
    return mail.link("followups.finish", number=followup.id, token=tokens.token(account, followup))
