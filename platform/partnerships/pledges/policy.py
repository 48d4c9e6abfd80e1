"""Who may do what with pledges: the donor moves its own; the ISU records what it heard or was told; either side may report."""

from partnerships.core.actor import ISU, Role
from partnerships.core.policy import Holds, Not, Own, Through, always, grant
from partnerships.core.visibility import visible
from partnerships.pledges.states import PledgeStatus

donor = Own("donor_id")
recipient = Own("recipient_id")
joint = Through("partners", Own("party_id"))
stands = Not(Holds("status", PledgeStatus.STRUCK))  # what was logged in error is nobody's statement: the ISU alone sees it
GIVING = (Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER, Role.FOCAL_POINT)

PERMISSIONS = {
    "pledges.view": {
        **grant(stands & visible(), Role.PUBLIC, Role.COMMITTEE_MEMBER),
        **grant(stands & (visible() | donor | recipient | joint), *GIVING),
        **grant(always, *ISU),
    },
    "pledges.create": grant(always, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER, *ISU),
    "pledges.advance": {**grant(stands & donor, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER), **grant(always, *ISU)},
    "pledges.report": {**grant(stands & recipient, Role.FOCAL_POINT),
                       **grant(stands & donor, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER)},
    "pledges.settle": grant(always, *ISU),
    "pledges.log": grant(always, *ISU),
    "pledges.lapse": grant(always, *ISU),
}
