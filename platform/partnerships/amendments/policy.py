"""Who may do what with changes to published needs: the State whose need it is, and the ISU that verifies them."""

from partnerships.amendments.states import WITH_THE_STATE, AmendmentStatus
from partnerships.core.actor import ISU, Role
from partnerships.core.policy import Holds, Own, Through, grant

own = Through("need", Own("party_id"))
handed_in = Holds("status", AmendmentStatus.SUBMITTED, AmendmentStatus.RETURNED, AmendmentStatus.PUBLISHED)

PERMISSIONS = {
    "amendments.view": {**grant(own, Role.FOCAL_POINT), **grant(handed_in, *ISU)},
    "amendments.edit": grant(own & Holds("status", *WITH_THE_STATE), Role.FOCAL_POINT),
    "amendments.submit": grant(own, Role.FOCAL_POINT),
    "amendments.verify": grant(handed_in, *ISU),
}
