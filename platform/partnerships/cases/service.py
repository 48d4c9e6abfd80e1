"""Writing cases: asked for, prepared, met, asked about the support that came, closed. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from partnerships.approach import service as meetings
from partnerships.approach.models import Meeting
from partnerships.approach.states import MeetingStatus
from partnerships.cases import asking as asking  # declares its jobs
from partnerships.cases.models import Case, CaseItem, CaseSupport
from partnerships.cases.states import MONTHS, OPEN, CaseStatus, InvitationStatus, Item, Origin, Support
from partnerships.core import audit, constraints, policy, workflow
from partnerships.core.actor import Actor
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.workflow import Transition, Workflow
from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.pledges.models import Pledge
from partnerships.pledges.queries import months_from


def begin(actor: Actor, state: Party, reason: str, asked_on: date | None = None, is_demo: bool = False) -> Case:
    """Begin a State's next round: as its request when its focal point asks, else as a proposal.

    Returns: the case, flushed, such as CASE-KHM-01. Raises: Refused while an earlier round is open; 403.
    """
    asks = actor.party_id == state.id
    policy.demand(actor, "cases.request" if asks else "cases.propose", state)
    if db.session.scalar(select(Case.ref).where(Case.state_id == state.id, Case.status.in_(OPEN))):
        raise Refused(_("A round of this State is open: it is closed or withdrawn before the next begins."))
    number = (db.session.scalar(select(func.max(Case.round)).where(Case.state_id == state.id)) or 0) + 1
    case = Case(ref=f"CASE-{state.ref}-{number:02d}", state=state, state_id=state.id, round=number, reason=reason.strip(),
                origin=Origin.REQUEST if asks else Origin.PROPOSAL, status=CaseStatus.ASKED, status_on=utcnow(),
                asked_on=asked_on or date.today(), is_demo=is_demo, owner_id=actor.account_id if actor.is_isu else None)
    db.session.add(case)
    db.session.flush()
    audit.record("case.asked", case, actor, note=reason, also=[state])
    return case


def _take(case: Case, actor: Actor) -> None:
    """Who of the ISU accepts a case sees to it."""
    if actor.is_isu and case.owner_id is None:
        case.owner_id = actor.account_id


def _held(case: Case, actor: Actor) -> None:
    """The meeting was held; from its day the State is asked after 6 and 12 months what support came."""
    if case.meeting is None:
        raise Refused(_("Plan the meeting first: date, place or link, and who is invited."))
    if case.meeting.status is MeetingStatus.PLANNED:
        meetings.move(case.meeting, "held", actor)
    case.support = [CaseSupport(months=months, due_on=months_from(case.meeting.held_on, months)) for months in MONTHS]


def _has_outcome(case: Case, actor: Actor) -> None:
    assert case.meeting is not None
    if case.meeting.status is MeetingStatus.HELD:
        meetings.move(case.meeting, "closed", actor)  # refuses without an outcome


FLOW = Workflow("case", (
    Transition("accepted", _l("Accept"), frozenset({CaseStatus.ASKED}), CaseStatus.PREPARING, "cases.accept", effect=_take),
    Transition("met", _l("Mark as held"), frozenset({CaseStatus.PREPARING}), CaseStatus.MET, "cases.run", effect=_held),
    Transition("closed", _l("Close with its outcome"), frozenset({CaseStatus.MET}), CaseStatus.CLOSED, "cases.run",
               effect=_has_outcome),
    Transition("withdrawn", _l("Withdraw"), frozenset({CaseStatus.ASKED, CaseStatus.PREPARING}), CaseStatus.WITHDRAWN,
               "cases.withdraw", needs_note=True),
))
workflow.declare(Case, FLOW)
audit.declare("approach_case", Case, "cases.view")


constraints.explain(
    ck_approach_case_shared_with_consent=_l("A summary is shared only with the consent of its State."),
    ck_approach_case_consent_to_something=_l("There is no summary yet to agree to."),
    ck_approach_case_met_has_meeting=_l("Plan the meeting of the case first."),
    uq_approach_case_state_id_round=_l("A round of this State was begun at the same moment: open the list again."),
    uq_case_item_case_id_item=_l("This is ticked already."),
    ck_invitation_answer_has_day=_l("An answer has its day."),
    uq_invitation_case_id_party_id=_l("This State or organisation is invited already."),
    ck_statement_has_words=_l("Write down what was said."),
    ck_case_support_months=_l("A State is asked after 6 and after 12 months."),
    ck_case_support_answer=_l("Choose one of the answers."),
    ck_case_support_answer_has_day=_l("An answer has its day."),
    uq_case_support_case_id_months=_l("This is asked already."),
)


def move(case: Case, name: str, actor: Actor, note: str = "") -> bool:
    """Make one move: accepted, met, closed, withdrawn; see `workflow.advance`.

    A case that closes before its State said what support came says why.
    """
    if name == "closed" and not note.strip() and any(one.answer is None for one in case.support):
        raise Refused(_("The State has not said yet what support came since: wait for its answer, or say in a sentence why the "
                        "case closes without it."))
    return workflow.advance(case, name, actor, note, also=[case.state])


def tick(case: Case, actor: Actor, ready: Iterable[Item]) -> bool:
    """Say what is ready for the meeting, the whole list at once. Returns: whether anything changed. Raises: 403."""
    policy.demand(actor, "cases.prepare", case)
    wanted, now = set(ready), {one.item for one in case.items}
    if wanted == now:
        return False
    case.items = [one for one in case.items if one.item in wanted] + [
        CaseItem(item=item, done_on=date.today(), done_by=actor.label) for item in Item if item in wanted - now]
    case.updated_at = utcnow()
    db.session.flush()
    audit.record("case.prepared", case, actor, changes={
        "ready": (tuple(item.value for item in Item if item in now), tuple(item.value for item in Item if item in wanted))})
    return True


def plan(case: Case, actor: Actor, values: Mapping[str, Any], needs: Iterable[Need],
         participants: Iterable[meetings.Took]) -> Meeting:
    """Plan the one meeting of a case. Raises: Refused when it has one, or is not being prepared; 403."""
    policy.demand(actor, "cases.run", case)
    if case.status is not CaseStatus.PREPARING or case.meeting is not None:
        raise Refused(_("A case has one meeting, planned while it is prepared."))
    meeting = meetings.create(actor, case.state, values, needs, participants, is_demo=case.is_demo)
    case.meeting = meeting
    db.session.flush()
    audit.record("case.planned", case, actor, also=[case.state], changes={"held_on": (None, meeting.held_on)})
    return meeting


def expected(case: Case) -> list[tuple[Party, str]]:
    """Who takes part so far: the State, and whoever accepted."""
    came = [(one.party, _("Invited partner")) for one in case.invitations if one.status is InvitationStatus.ACCEPTED]
    return [(case.state, _("Affected State")), *came]


def report(support: CaseSupport, actor: Actor, *, answer: Support, words: str, pledges: Iterable[Pledge]) -> bool:
    """Keep what a State says of the support since its meeting; said again, the later word stands and both are on record.

    Arguments: words, a sentence; pledges, those of the register that it means, for this State and within the actor's sight.
    Returns: whether anything changed. Raises: Refused before its day, or without a sentence; 403.
    """
    policy.demand(actor, "cases.report", support)
    case, meant = support.case, sorted(pledges, key=lambda one: one.id)
    if not words.strip():
        raise Refused(_("Say it in a sentence: it is what the Committee reads."))
    if any(one.recipient_id != case.state_id for one in meant):
        raise Refused(_("Only pledges for this State can be meant."))
    before = (support.answer, support.words, support.pledges)
    if before == (answer, words.strip(), meant):
        return False
    changes = {"answer": (support.answer, answer), "pledges": (
        tuple(one.ref for one in support.pledges), tuple(one.ref for one in meant))}
    support.answer, support.words, support.pledges = answer, words.strip(), meant
    support.answered_on, support.answered_by = date.today(), actor.label
    case.updated_at = utcnow()
    db.session.flush()
    audit.record("case.support", case, actor, note=words, also=[case.state],
                 changes={key: pair for key, pair in changes.items() if pair[0] != pair[1]})
    return True
