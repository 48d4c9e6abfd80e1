"""Who may do what with webhooks: those who act for the same party in the same role; an administrator allows, refuses and stops."""

from flask_babel import lazy_pgettext as _p

from partnerships.core.actor import FOR_A_PARTY, ISU, Role
from partnerships.core.policy import Own, always, grant

# Its log tells of what this role sees: a colleague with another role may see less.
own = (Own("party_id") & Own("role", of="role")).called(_p("rule", "it is of the reader's party, proposed in the same role"))
of_the_isu = Own("party_id")

PERMISSIONS = {
    "webhooks.view": {**grant(own, *FOR_A_PARTY), Role.ISU_OFFICER: of_the_isu, Role.ISU_ADMINISTRATOR: always},
    "webhooks.change": {**grant(own, *FOR_A_PARTY), **grant(of_the_isu, *ISU)},
    "webhooks.stop": {**grant(own, *FOR_A_PARTY), Role.ISU_OFFICER: of_the_isu, Role.ISU_ADMINISTRATOR: always},
    "webhooks.decide": grant(always, Role.ISU_ADMINISTRATOR),
}
