"""The life of a case, what is to be prepared, the answers to an invitation and to the question what support came since."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class CaseStatus(StrEnum):
    ASKED = "asked"
    PREPARING = "preparing"
    MET = "met"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Origin(StrEnum):
    """Who began the round."""

    REQUEST = "request"
    PROPOSAL = "proposal"


class Item(StrEnum):
    """What is to be ready before a meeting."""

    STATUS_NOTE = "status-note"
    NEEDS = "needs"
    PLAN = "plan"
    DOCUMENTS = "documents"
    AGENDA = "agenda"
    INVITATIONS = "invitations"


class InvitationStatus(StrEnum):
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Support(StrEnum):
    """What a State says of the support that came since its meeting."""

    ARRIVED = "arrived"
    PROMISED = "promised"
    TALKS = "talks"
    NONE = "none"


OPEN = (CaseStatus.ASKED, CaseStatus.PREPARING, CaseStatus.MET)
ENDED = (CaseStatus.CLOSED, CaseStatus.WITHDRAWN)
MONTHS = (6, 12)

LABELS = {
    CaseStatus.ASKED: _p("case status", "Asked for"),
    CaseStatus.PREPARING: _p("case status", "In preparation"),
    CaseStatus.MET: _p("case status", "Met, follow-up running"),
    CaseStatus.CLOSED: _p("case status", "Closed with its outcome"),
    CaseStatus.WITHDRAWN: _p("case status", "Withdrawn"),
}
ORIGIN_LABELS = {
    Origin.REQUEST: _p("origin of a case", "Requested by the State"),
    Origin.PROPOSAL: _p("origin of a case", "Proposed by the Committee"),
}
ITEM_LABELS = {
    Item.STATUS_NOTE: _p("preparation", "Status note: progress and what remains"),
    Item.NEEDS: _p("preparation", "Needs posted and up to date"),
    Item.PLAN: _p("preparation", "Resource mobilisation plan"),
    Item.DOCUMENTS: _p("preparation", "Documents for those invited"),
    Item.AGENDA: _p("preparation", "Agenda, with date, place or link"),
    Item.INVITATIONS: _p("preparation", "Partners invited"),
}
INVITATION_LABELS = {
    InvitationStatus.SENT: _p("invitation", "No answer yet"),
    InvitationStatus.ACCEPTED: _p("invitation", "Takes part"),
    InvitationStatus.DECLINED: _p("invitation", "Does not take part"),
}
SUPPORT_LABELS = {
    Support.ARRIVED: _p("support since", "Yes, support has arrived"),
    Support.PROMISED: _p("support since", "Yes, it was promised or agreed, and has not arrived yet"),
    Support.TALKS: _p("support since", "Not yet, but talks go on"),
    Support.NONE: _p("support since", "No"),
}
# What indicator 43.2 of the Oslo Action Plan counts as increased support.
MORE = (Support.ARRIVED, Support.PROMISED)
