"""Who may do what with matches: the partner, the affected State and the ISU; nobody else knows that they exist."""

from partnerships.core.actor import ISU, Role
from partnerships.core.policy import Holds, Own, Through, always, grant
from partnerships.matches.states import OPEN, Audience, MatchStatus
from partnerships.needs.policy import own as own_need
from partnerships.needs.states import NeedStatus
from partnerships.offers.models import Nature, OfferStatus

partner = Own("party_id")
state = Own("state_id")
open_ = Holds("status", *OPEN)
published = Holds("status", NeedStatus.PUBLISHED)
help_stands = Holds("status", OfferStatus.OPEN) & ~Holds("nature", Nature.CONTACT_POINT)
own_offer = Own("party_id")
goes_on = ~Holds("status", MatchStatus.DECLINED, MatchStatus.LAPSED)
# A message for both sides, or one that is kept to the reader's own.
for_reader = Through("match", partner | state) & (Holds("audience", Audience.BOTH) | Own("side_id"))
HELPING = (Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER)

PERMISSIONS = {
    "matches.view": {**grant(partner | state, *HELPING, Role.FOCAL_POINT), **grant(always, *ISU)},
    # Of a need: a partner registers interest in it; its State or the ISU shares it with a partner.
    "matches.register": grant(published & ~own_need, *HELPING, Role.FOCAL_POINT),
    "matches.share": {**grant(published & own_need, Role.FOCAL_POINT), **grant(published, *ISU)},
    # Of an offer: an affected State asks for it with one of its needs.
    "matches.request": grant(help_stands & ~own_offer, Role.FOCAL_POINT),
    # Of a match.
    "matches.answer": grant(partner, *HELPING, Role.FOCAL_POINT),
    "matches.carry": {**grant((partner | state) & open_, *HELPING, Role.FOCAL_POINT), **grant(open_, *ISU)},
    "matches.talk": {**grant(partner | state, *HELPING, Role.FOCAL_POINT), **grant(always, *ISU)},
    "matches.lapse": grant(always, *ISU),
    # The first contact: either side asks the ISU to make it; the State (or the ISU, at its word) shows the need's contact.
    "matches.ask-contact": grant((partner | state) & goes_on, *HELPING, Role.FOCAL_POINT),
    "matches.make-contact": grant(always, *ISU),
    "matches.show-contact": {**grant(state, Role.FOCAL_POINT), **grant(always, *ISU)},
    # Of a message within a match.
    "messages.view": {**grant(for_reader, *HELPING, Role.FOCAL_POINT), **grant(always, *ISU)},
    "messages.take-back": {**grant(for_reader & Own("account_id", of="account_id"), *HELPING, Role.FOCAL_POINT),
                           **grant(Own("account_id", of="account_id"), *ISU)},
}
