"""Who reads the policy: the ISU."""

from partnerships.core.actor import ISU
from partnerships.core.policy import always, grant

PERMISSIONS = {"policy.view": grant(always, *ISU)}
