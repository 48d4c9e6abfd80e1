"""Who may do what with subscriptions: the ISU counts them. An address is shown to nobody; its own letters carry what changes it."""

from partnerships.core.actor import ISU
from partnerships.core.policy import always, grant

PERMISSIONS = {"subscriptions.count": grant(always, *ISU)}
