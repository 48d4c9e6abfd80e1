"""Who may say that a need or an offer still stands: its own State or organisation alone, never the ISU for them."""

from partnerships.core.actor import ISU, Role
from partnerships.core.policy import Holds, Own, always, grant
from partnerships.needs.states import NeedStatus, Origin
from partnerships.offers.models import OfferStatus

OFFERING = (Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER, Role.FOCAL_POINT)
own = Own("party_id")

PERMISSIONS = {
    "renewals.view": grant(always, *OFFERING, *ISU),
    # A need recorded from a public document says what the document says: nobody renews it here.
    "needs.renew": grant(own & Holds("status", NeedStatus.PUBLISHED) & Holds("origin", Origin.POSTED), Role.FOCAL_POINT),
    "offers.renew": grant(own & Holds("status", OfferStatus.OPEN), *OFFERING),
}
