"""Who draws returns from the register: those who report for somebody, and the ISU. A State's draft is for its own focal point."""

from partnerships.core.actor import FOR_A_PARTY, ISU, Role
from partnerships.core.policy import Own, always, grant

PERMISSIONS = {
    "returns.view": grant(always, *FOR_A_PARTY, *ISU),
    "returns.draft": {**grant(Own("id"), Role.FOCAL_POINT), **grant(always, *ISU)},
}
