"""Who may do what with offers."""

from partnerships.core.actor import ISU, Role
from partnerships.core.policy import Holds, Own, always, grant
from partnerships.core.visibility import visible
from partnerships.offers.models import OfferStatus

own = Own("party_id")
seen = Holds("status", OfferStatus.OPEN) & visible()
OFFERING = (Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER, Role.FOCAL_POINT)

PERMISSIONS = {
    "offers.view": {
        **grant(seen, Role.PUBLIC, Role.COMMITTEE_MEMBER),
        **grant(seen | own, *OFFERING),
        **grant(always, *ISU),
    },
    "offers.create": grant(always, *OFFERING),
    "offers.edit": grant(own & Holds("status", OfferStatus.OPEN), *OFFERING),
    "offers.withdraw": {**grant(own, *OFFERING), **grant(always, *ISU)},
}
