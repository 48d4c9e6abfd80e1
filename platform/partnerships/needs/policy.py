"""Who may do what with needs."""

from partnerships.core.actor import ISU, Role
from partnerships.core.policy import Holds, Own, Through, always, grant
from partnerships.core.visibility import visible
from partnerships.needs.states import ON_RECORD, WITH_THE_STATE, NeedStatus

on_record = Holds("status", *ON_RECORD)
seen = on_record & visible()
own = Own("party_id")
partner = on_record & Through("matches", Own("party_id"))

PERMISSIONS = {
    "needs.view": {
        **grant(seen, Role.PUBLIC, Role.COMMITTEE_MEMBER),
        **grant(seen | partner, Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER),
        **grant(seen | partner | own, Role.FOCAL_POINT),
        **grant(~Holds("status", NeedStatus.DRAFT), *ISU),
    },
    "needs.create": grant(always, Role.FOCAL_POINT),
    "needs.edit": grant(own & Holds("status", *WITH_THE_STATE), Role.FOCAL_POINT),
    "needs.submit": grant(own, Role.FOCAL_POINT),
    "needs.take-back": grant(own, Role.FOCAL_POINT),
    "needs.verify": grant(~Holds("status", NeedStatus.DRAFT), *ISU),
    "needs.close": {**grant(own, Role.FOCAL_POINT), **grant(on_record, *ISU)},
}
