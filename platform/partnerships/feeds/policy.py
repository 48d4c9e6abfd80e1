"""Who may do what with calendars: each person with their own. What a calendar shows follows each record's own rules."""

from partnerships.core.actor import ISU, SIGNED_IN, Role
from partnerships.core.policy import Own, grant

# A party's calendar holds what this role sees through the party: a member of the Committee sees nothing through it.
THROUGH_A_PARTY = (Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER, *ISU)

PERMISSIONS = {
    "feeds.own": grant(Own("account_id", of="account_id"), *SIGNED_IN),
}
