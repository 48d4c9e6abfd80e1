"""The life of an amendment."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class AmendmentStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    DROPPED = "dropped"


LABELS = {
    AmendmentStatus.DRAFT: _p("amendment status", "Change in draft"),
    AmendmentStatus.SUBMITTED: _p("amendment status", "Change waiting for verification"),
    AmendmentStatus.RETURNED: _p("amendment status", "Change returned with comments"),
    AmendmentStatus.PUBLISHED: _p("amendment status", "Published"),
    AmendmentStatus.DROPPED: _p("amendment status", "Given up"),
}
WITH_THE_STATE = (AmendmentStatus.DRAFT, AmendmentStatus.RETURNED)
OPEN = (*WITH_THE_STATE, AmendmentStatus.SUBMITTED)
