"""A need's status and the moves between them."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class NeedStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    MET = "met"
    PARTLY_MET = "partly-met"
    WITHDRAWN = "withdrawn"


class Origin(StrEnum):
    """Where a need comes from: posted here by the State, or recorded by the ISU from a public document."""

    POSTED = "posted"
    RECORDED = "recorded"


LABELS = {
    NeedStatus.DRAFT: _p("need status", "Draft"),
    NeedStatus.SUBMITTED: _p("need status", "Waiting for verification"),
    NeedStatus.RETURNED: _p("need status", "Returned with comments"),
    NeedStatus.PUBLISHED: _p("need status", "Published"),
    NeedStatus.MET: _p("need status", "Met"),
    NeedStatus.PARTLY_MET: _p("need status", "Partly met"),
    NeedStatus.WITHDRAWN: _p("need status", "Withdrawn"),
}
WITH_THE_STATE = (NeedStatus.DRAFT, NeedStatus.RETURNED)
CLOSED = (NeedStatus.MET, NeedStatus.PARTLY_MET, NeedStatus.WITHDRAWN)
ON_RECORD = (NeedStatus.PUBLISHED, *CLOSED)
