"""Who may do what with documents: whoever sees the record sees them; its own people add them and take them away.

One that was withdrawn is seen by its own people and the ISU. The ISU alone erases, for what should never have been there.
"""

from collections.abc import Iterable

from partnerships.approach.policy import PERMISSIONS as APPROACH
from partnerships.conferences.policy import PERMISSIONS as CONFERENCES
from partnerships.core.actor import ISU, Role
from partnerships.core.policy import Any_, Empty, Own, Predicate, Rule, Through, always, grant
from partnerships.matches.policy import PERMISSIONS as MATCHES
from partnerships.needs.policy import PERMISSIONS as NEEDS
from partnerships.offers.policy import PERMISSIONS as OFFERS
from partnerships.pledges.policy import PERMISSIONS as PLEDGES

_RECORDS: tuple[tuple[str, Rule], ...] = (
    ("need", NEEDS["needs.view"]), ("offer", OFFERS["offers.view"]), ("meeting", APPROACH["approach.view"]),
    ("conference", CONFERENCES["conferences.view"]), ("pledge", PLEDGES["pledges.view"]),
    ("message", MATCHES["messages.view"]))
PARTNERS = (Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER)


def _any(parts: Iterable[Predicate]) -> Predicate:
    return Any_(*parts)


own = Own("party_id")
stands = Empty("withdrawn_at")
of_the_record: dict[Role, Predicate] = {
    role: _any(Through(name, rule[role]) for name, rule in _RECORDS if role in rule) for role in Role}
seen: dict[Role, Predicate] = {
    role: rule if role in ISU else rule & (stands | own) for role, rule in of_the_record.items()}
own_offer = Through("offer", Own("party_id"))
own_need = Through("need", Own("party_id"))
run_by_isu = Through("meeting", always) | Through("conference", always) | Through("pledge", always)
own_pledge = Through("pledge", Own("donor_id"))
# A file of a message comes and goes with it (matches); the ISU alone may take one away by itself.
of_a_message = ~Empty("message_id")

PERMISSIONS: dict[str, Rule] = {
    "documents.view": seen,
    "documents.attach": {**grant(own_need | own_offer, Role.FOCAL_POINT), **grant(own_offer | own_pledge, *PARTNERS),
                         **grant(run_by_isu, *ISU)},
    "documents.remove": {**{role: own & stands & ~of_a_message & seen[role] for role in (Role.FOCAL_POINT, *PARTNERS)},
                         **{role: stands & seen[role] for role in ISU}},
    "documents.erase": {role: ~stands & seen[role] for role in ISU},
}
