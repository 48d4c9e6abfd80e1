"""Who may do what with shares: the need's State gives and ends them; the partner and the ISU know of them."""

from partnerships.core.actor import FOR_A_PARTY, ISU, Role
from partnerships.core.policy import Holds, Own, Through, grant
from partnerships.needs.policy import own as own_need
from partnerships.needs.states import NeedStatus

partner = Own("party_id")
state = Through("need", own_need)

PERMISSIONS = {
    # Also when it is over: that it was shared, and until when, is no secret from the partner who saw the need.
    "shares.view": {**grant(partner | state, *FOR_A_PARTY), **grant(Through("need", ~Holds("status", NeedStatus.DRAFT)), *ISU)},
    "shares.change": grant(state, Role.FOCAL_POINT),
    # Of a need.
    "needs.share": grant(own_need, Role.FOCAL_POINT),
}
