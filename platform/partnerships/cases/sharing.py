"""The summary without names: written by a person, agreed to by the State, then open to everybody. Flushes, never commits."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from partnerships.cases import view
from partnerships.cases.models import Case
from partnerships.cases.states import CaseStatus
from partnerships.core import audit, policy
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused


def write(case: Case, actor: Actor, text: str) -> bool:
    """Keep a wording. Another wording ends the consent to the earlier one, and takes it back from where it was shared.

    Returns: whether anything changed. Raises: Refused before the meeting, or while it names somebody; 403.
    """
    policy.demand(actor, "cases.run", case)
    if case.status not in (CaseStatus.MET, CaseStatus.CLOSED):
        raise Refused(_("There is nothing to share before the meeting was held."))
    named = view.still_named(text)
    if named:
        raise Refused(_("It still names %(names)s: put a role instead.", names=", ".join(named[:5])))
    if text.strip() == case.shared:
        return False
    case.shared, case.consent_on, case.consent_by, case.shared_on = text.strip(), None, "", None
    case.updated_at = utcnow()
    db.session.flush()
    audit.record("case.summarised", case, actor, also=[case.state])
    return True


def consent(case: Case, actor: Actor, seen: str) -> bool:
    """The State agrees that this very wording is shared.

    Arguments: seen, the wording on the page that was agreed to. Returns: False when it had agreed. Raises: Refused when the
    wording is another by now; 403.
    """
    policy.demand(actor, "cases.consent", case)
    if not case.shared or seen.strip() != case.shared:
        raise Refused(_("The summary was changed meanwhile: read it again before you agree."))
    if case.consent_on is not None:
        return False
    case.consent_on, case.consent_by, case.updated_at = date.today(), actor.label, utcnow()
    db.session.flush()
    audit.record("case.consented", case, actor)
    return True


def take_back(case: Case, actor: Actor) -> bool:
    """The State no longer agrees: what was shared is shared no longer. Returns: False when it had not agreed. Raises: 403."""
    policy.demand(actor, "cases.consent", case)
    if case.consent_on is None:
        return False
    case.consent_on, case.consent_by, case.shared_on, case.updated_at = None, "", None, utcnow()
    db.session.flush()
    audit.record("case.consent-ended", case, actor)
    return True


def publish(case: Case, actor: Actor) -> bool:
    """Open the summary to everybody. Returns: False when it was open. Raises: Refused without the State's consent; 403."""
    policy.demand(actor, "cases.run", case)
    if case.consent_on is None:
        raise Refused(_("The State has not agreed to this summary: it cannot be shared."))
    if case.shared_on is not None:
        return False
    case.shared_on, case.updated_at = date.today(), utcnow()
    db.session.flush()
    audit.record("case.shared", case, actor, also=[case.state])
    return True
