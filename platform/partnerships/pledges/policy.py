"""Who may do what with pledges: the donor moves its own; the ISU records what it heard or was told."""

from partnerships.core.actor import ISU, Role
from partnerships.core.policy import Own, always, grant
from partnerships.core.visibility import visible

donor = Own("donor_id")
recipient = Own("recipient_id")
GIVING = (Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER, Role.FOCAL_POINT)

PERMISSIONS = {
    "pledges.view": {
        **grant(visible(), Role.PUBLIC, Role.COMMITTEE_MEMBER),
        **grant(visible() | donor | recipient, *GIVING),
        **grant(always, *ISU),
    },
    "pledges.create": grant(always, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER, *ISU),
    "pledges.advance": {**grant(donor, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER), **grant(always, *ISU)},
    "pledges.lapse": grant(always, *ISU),
}
