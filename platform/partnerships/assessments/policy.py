"""Who may see assessed contributions: people of States Parties, the Committee and the ISU, and each party its own."""

from partnerships.core.actor import ISU, Role
from partnerships.core.policy import Own, always, grant, state_party

_PEOPLE = (Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER)

PERMISSIONS = {
    "assessments.view": {**grant(state_party | Own("party_id"), *_PEOPLE), **grant(state_party, Role.COMMITTEE_MEMBER),
                         **grant(always, *ISU)},
    "assessments.record": grant(always, *ISU),
}
