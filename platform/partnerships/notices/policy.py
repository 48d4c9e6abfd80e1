"""Notices are a person's own: whoever signs in has them, and nobody has another's."""

from partnerships.core.actor import Role
from partnerships.core.policy import always, grant

PERMISSIONS = {"notices.own": grant(always, *(role for role in Role if role is not Role.PUBLIC))}
