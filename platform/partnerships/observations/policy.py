"""The Committee on the Enhancement of Cooperation and Assistance and the ISU work on observations; nobody else sees them here."""

from partnerships.core.actor import ISU, Role
from partnerships.core.policy import always, grant

_DESK = (Role.COMMITTEE_MEMBER, *ISU)

PERMISSIONS = {
    "observations.view": grant(always, *_DESK),
    "observations.write": grant(always, *_DESK),
}
