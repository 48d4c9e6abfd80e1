"""Who may import spreadsheets: the ISU what sources state and conferences hear, focal points their needs, partners offers."""

from partnerships.core.actor import ISU, Role
from partnerships.core.policy import Empty, Own, grant
from partnerships.exchange.models import ImportOf

own = Own("party_id")
PARTIES = (Role.FOCAL_POINT, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER)
# What each role may import.
TAKES = {Role.FOCAL_POINT: (ImportOf.NEEDS, ImportOf.OFFERS), Role.DONOR_OFFICER: (ImportOf.OFFERS,),
         Role.ORGANISATION_OFFICER: (ImportOf.OFFERS,),
         **dict.fromkeys(ISU, (ImportOf.NEEDS, ImportOf.CONTRIBUTIONS, ImportOf.ACTIVITIES, ImportOf.PLEDGES))}

# Imports by command belong to no party: the ISU looks after them.
PERMISSIONS = {
    "exchange.import": {**grant(own, *PARTIES), **grant(own | Empty("party_id"), *ISU)},
    "exchange.view": {**grant(own, *PARTIES), **grant(own | Empty("party_id"), *ISU)},
}
