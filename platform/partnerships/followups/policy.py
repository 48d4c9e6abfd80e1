"""Who may do what with follow-ups: their owners, those at the meeting they come from, and the ISU."""

from partnerships.approach.policy import concerned
from partnerships.core.actor import ISU, SIGNED_IN, Role
from partnerships.core.policy import Holds, Own, Through, always, grant
from partnerships.followups.states import FollowupStatus

owner = Own("owner_party_id")
open_ = Holds("status", FollowupStatus.OPEN)
MEMBERS = tuple(role for role in SIGNED_IN if role not in ISU)

PERMISSIONS = {
    "followups.view": {**grant(owner | Through("meeting", concerned), *MEMBERS), **grant(always, *ISU)},
    "followups.create": grant(always, *ISU),
    "followups.tune": grant(always, *ISU),
    "followups.carry": {
        **grant(owner & open_, Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER, Role.COMMITTEE_MEMBER),
        **grant(open_, *ISU),
    },
    "followups.resolve": {
        **grant(owner & open_, Role.FOCAL_POINT, Role.DONOR_OFFICER,
                Role.ORGANISATION_OFFICER, Role.COMMITTEE_MEMBER),
        **grant(always, *ISU),
    },
}
