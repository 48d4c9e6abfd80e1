"""Who may do what with releases: everybody reads and downloads, the ISU makes and withdraws them."""

from partnerships.core.actor import ISU
from partnerships.core.policy import Empty, always, grant

PERMISSIONS = {
    "releases.view": grant(always),
    "releases.make": grant(always, *ISU),
    "releases.withdraw": grant(Empty("withdrawn_at"), *ISU),
}
