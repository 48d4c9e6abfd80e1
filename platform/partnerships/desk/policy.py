"""Who has a desk: everybody signed in; the verification queue and the whole desk are the ISU's."""

from partnerships.core.actor import ISU, SIGNED_IN
from partnerships.core.policy import always, grant

PERMISSIONS = {
    "desk.view": grant(always, *SIGNED_IN),
    "desk.verify": grant(always, *ISU),
    "desk.all": grant(always, *ISU),
}
