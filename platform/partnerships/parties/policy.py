"""Who may do what with parties and their declared priorities."""

from partnerships.core.actor import ISU, Role
from partnerships.core.policy import Own, always, grant
from partnerships.core.visibility import visible

own = Own("party_id")
STATING = (Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER, Role.FOCAL_POINT)

PERMISSIONS = {
    "priorities.view": {
        **grant(visible(), Role.PUBLIC, Role.COMMITTEE_MEMBER),
        **grant(visible() | own, *STATING),
        **grant(always, *ISU),
    },
    "priorities.edit": grant(own, *STATING),
}
