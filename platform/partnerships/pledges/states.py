"""The ladder of a pledge. Stages are mutually exclusive: no figure adds a pledge to its own payment."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class PledgeStatus(StrEnum):
    ANNOUNCED = "announced"
    CONFIRMED = "confirmed"
    AGREED = "agreed"
    PAID = "paid"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class PledgeKind(StrEnum):
    FINANCIAL = "financial"
    IN_KIND = "in-kind"
    POLITICAL = "political"
    UNSTATED = "financial-or-political"


class PledgeObject(StrEnum):
    """What a pledge is for."""

    NEED = "need"
    PROGRAMME = "programme"
    ISU_WORK_PLAN = "isu-work-plan"
    SPONSORSHIP = "sponsorship"
    MEETING_COSTS = "meeting-costs"
    FUND = "fund"


LABELS = {
    PledgeStatus.ANNOUNCED: _p("pledge status", "Announced"),
    PledgeStatus.CONFIRMED: _p("pledge status", "Confirmed in writing"),
    PledgeStatus.AGREED: _p("pledge status", "Agreement signed"),
    PledgeStatus.PAID: _p("pledge status", "Paid in full"),
    PledgeStatus.WITHDRAWN: _p("pledge status", "Withdrawn"),
    PledgeStatus.LAPSED: _p("pledge status", "Lapsed"),
}
KIND_LABELS = {
    PledgeKind.FINANCIAL: _p("pledge kind", "Financial"),
    PledgeKind.IN_KIND: _p("pledge kind", "In kind"),
    PledgeKind.POLITICAL: _p("pledge kind", "Political"),
    PledgeKind.UNSTATED: _p("pledge kind", "Financial or political (the source does not say)"),
}
OBJECT_LABELS = {
    PledgeObject.NEED: _p("pledge object", "A published need"),
    PledgeObject.PROGRAMME: _p("pledge object", "A State's programme"),
    PledgeObject.ISU_WORK_PLAN: _p("pledge object", "The ISU work plan"),
    PledgeObject.SPONSORSHIP: _p("pledge object", "The Sponsorship Programme"),
    PledgeObject.MEETING_COSTS: _p("pledge object", "Costs of meetings"),
    PledgeObject.FUND: _p("pledge object", "A trust fund or regional fund"),
}
LIVE = (PledgeStatus.ANNOUNCED, PledgeStatus.CONFIRMED, PledgeStatus.AGREED)
