"""Who may do what with cases: the State, the Committee and the ISU; a partner sees the invitation that is its own."""

from partnerships.cases.states import CaseStatus, Origin
from partnerships.core.actor import FOR_A_PARTY, ISU, Role
from partnerships.core.policy import Holds, Own, Through, always, grant

state = Own("state_id")
asked = Holds("status", CaseStatus.ASKED)
early = Holds("status", CaseStatus.ASKED, CaseStatus.PREPARING)
by_state, by_committee = Holds("origin", Origin.REQUEST), Holds("origin", Origin.PROPOSAL)
own_state = Through("case", state)

PERMISSIONS = {
    "cases.view": {**grant(state, Role.FOCAL_POINT), **grant(always, Role.COMMITTEE_MEMBER, *ISU)},
    "cases.request": grant(always, Role.FOCAL_POINT),
    "cases.propose": grant(always, Role.COMMITTEE_MEMBER, *ISU),
    # What one side asked for, the other agrees to: the ISU to a request, the State to a proposal.
    "cases.accept": {**grant(state & by_committee & asked, Role.FOCAL_POINT), **grant(by_state & asked, *ISU)},
    "cases.withdraw": {**grant(state & early, Role.FOCAL_POINT), **grant(early, *ISU)},
    "cases.prepare": {**grant(state & early, Role.FOCAL_POINT), **grant(early, *ISU)},
    "cases.run": grant(always, *ISU),
    "cases.consent": grant(state, Role.FOCAL_POINT),
    # Of an answer on support.
    "cases.report": {**grant(own_state, Role.FOCAL_POINT), **grant(always, *ISU)},
    # Of an invitation.
    "cases.invited": {**grant(Own("party_id"), *FOR_A_PARTY), **grant(always, *ISU)},
    "cases.answer": {**grant(Own("party_id") & Through("case", early), *FOR_A_PARTY), **grant(Through("case", early), *ISU)},
}
