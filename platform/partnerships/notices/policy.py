"""Notices are a person's own: whoever signs in has them, and nobody has another's."""

from partnerships.core.actor import SIGNED_IN
from partnerships.core.policy import always, grant

PERMISSIONS = {"notices.own": grant(always, *SIGNED_IN)}
