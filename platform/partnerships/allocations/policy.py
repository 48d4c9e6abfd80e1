"""Who may do what with what-if plans: its makers run it, those whose data it uses see it, nobody else knows of it."""

from partnerships.core.actor import ISU, Role
from partnerships.core.policy import Own, Through, always, grant

mine = Own("party_id")
named = Through("parties", Own("party_id"))

PERMISSIONS = {
    "allocations.view": {
        **grant(mine | named, Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER, Role.COMMITTEE_MEMBER),
        **grant(always, *ISU),
    },
    "allocations.create": grant(always, Role.DONOR_OFFICER, Role.COMMITTEE_MEMBER, *ISU),
    "allocations.run": {**grant(mine, Role.DONOR_OFFICER, Role.COMMITTEE_MEMBER), **grant(always, *ISU)},
}
