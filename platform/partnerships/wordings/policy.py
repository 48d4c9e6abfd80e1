"""Whoever sees a need reads it in every language that its State wrote; the State alone writes them."""

from partnerships.core.actor import Role
from partnerships.core.policy import Through, grant
from partnerships.needs.policy import PERMISSIONS as NEEDS
from partnerships.needs.policy import own

PERMISSIONS = {
    "wordings.view": {role: Through("need", rule) for role, rule in NEEDS["needs.view"].items()},
    "wordings.write": grant(Through("need", own), Role.FOCAL_POINT),
    # Of a need.
    "needs.word": grant(own, Role.FOCAL_POINT),
}
