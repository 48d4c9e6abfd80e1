"""Who may do what with pledging conferences: everybody reads, the ISU runs them."""

from partnerships.core.actor import ISU
from partnerships.core.policy import always, grant

PERMISSIONS = {
    "conferences.view": grant(always),
    "conferences.run": grant(always, *ISU),
}
