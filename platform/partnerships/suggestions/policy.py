"""Who may see suggestions and answer them, and who may touch the engine."""

from partnerships.core.actor import ISU, Role
from partnerships.core.policy import Holds, Own, always, grant
from partnerships.needs.policy import own as own_need
from partnerships.needs.states import NeedStatus

own = Own("party_id")
published = Holds("status", NeedStatus.PUBLISHED)
HELPING = (Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER)

PERMISSIONS = {
    # One's own page of suggestions: needs for a partner, partners for the needs of a State.
    "suggestions.own": grant(always, *HELPING, Role.FOCAL_POINT),
    "suggestions.desk": grant(always, *ISU),
    # Of a need: say whether its suggestion was relevant to one's own party.
    "suggestions.answer": grant(published & ~own_need, *HELPING, Role.FOCAL_POINT),
    # An answer is read by its own party and the ISU; only its own party's suggestions heed it.
    "answers.view": {**grant(own, *HELPING, Role.FOCAL_POINT), **grant(always, *ISU)},
    "answers.heed": grant(own, *HELPING, Role.FOCAL_POINT),
    "weights.view": grant(always, *ISU),
    "weights.adjust": grant(always, *ISU),
}
