"""Who reads the record as a whole: the ISU. What each event tells is still within the reader's sight."""

from partnerships.core.actor import ISU
from partnerships.core.policy import always, grant

PERMISSIONS = {"audit.view": grant(always, *ISU)}
