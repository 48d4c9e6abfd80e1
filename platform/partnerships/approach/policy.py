"""Who may do what with country meetings: the State, those who took part, and the ISU; others by the meeting's visibility."""

from partnerships.core.actor import ISU, Role
from partnerships.core.policy import Own, Through, always, grant
from partnerships.core.visibility import visible

state = Own("state_id")
took_part = Through("participants", Own("party_id"))
concerned = state | took_part

PERMISSIONS = {
    "approach.view": {
        **grant(visible(), Role.PUBLIC),
        **grant(visible() | concerned, Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER,
                Role.COMMITTEE_MEMBER),
        **grant(always, *ISU),
    },
    # Where and how to take part: for those concerned only, also of a public meeting.
    "approach.join": {**grant(concerned, Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER, Role.COMMITTEE_MEMBER),
                      **grant(always, *ISU)},
    "approach.run": grant(always, *ISU),
}
