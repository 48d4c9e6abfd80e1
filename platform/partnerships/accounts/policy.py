"""Who may do what with accounts: each person with their own, heads of delegation for colleagues, the ISU with all."""

from flask_babel import lazy_pgettext as _p

from partnerships.core.actor import FOR_A_PARTY, ISU, SIGNED_IN, Role
from partnerships.core.policy import Holds, Own, When, always, grant

head = When(lambda actor: actor.is_head).called(_p("rule", "the reader is head of a delegation"))
colleague = Own("party_id") & head

PERMISSIONS = {
    "accounts.own": grant(Own("id", of="account_id"), *SIGNED_IN),
    # People of one's own State or organisation, for a head of delegation; everybody, for the ISU.
    "accounts.view": {**grant(colleague, *FOR_A_PARTY, Role.COMMITTEE_MEMBER), **grant(always, *ISU)},
    "accounts.invite": {**grant(colleague, *FOR_A_PARTY, Role.COMMITTEE_MEMBER), **grant(always, Role.ISU_ADMINISTRATOR)},
    "accounts.invitations": {**grant(colleague, *FOR_A_PARTY, Role.COMMITTEE_MEMBER), **grant(always, *ISU)},
    "accounts.authenticate": grant(Holds("role", Role.FOCAL_POINT), *ISU),
    "accounts.manage": grant(always, Role.ISU_ADMINISTRATOR),
}
