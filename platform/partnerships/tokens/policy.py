"""Who may do what with keys: people with their own and those of their State or organisation, the administrator with all."""

from flask_babel import lazy_pgettext as _p

from partnerships.core.actor import FOR_A_PARTY, SIGNED_IN, Role
from partnerships.core.policy import Holds, Own, always, grant
from partnerships.tokens.states import TokenKind

own = (Holds("kind", TokenKind.PERSONAL) & Own("account_id", of="account_id")).called(_p("rule", "it is the reader's own"))
shared = (Holds("kind", TokenKind.ORGANISATION) & Own("party_id")).called(
    _p("rule", "it is of the reader's State or organisation"))
_RULE = {**grant(own | shared, *FOR_A_PARTY), **grant(own, Role.COMMITTEE_MEMBER, Role.ISU_OFFICER),
         **grant(always, Role.ISU_ADMINISTRATOR)}

PERMISSIONS = {
    "tokens.view": _RULE,
    "tokens.revoke": _RULE,
    "tokens.make": grant(always, *SIGNED_IN),
}
