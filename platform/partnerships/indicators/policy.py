"""Indicators are for everybody to read; the ISU enters what the register cannot compute."""

from partnerships.core.actor import ISU, Role
from partnerships.core.policy import always, grant

PERMISSIONS = {
    "indicators.view": grant(always, *Role),
    "indicators.record": grant(always, *ISU),
}
