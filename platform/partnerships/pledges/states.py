"""The ladder of a pledge. Stages are mutually exclusive: no figure adds a pledge to its own payment."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p

from partnerships.conferences.states import OBJECT_LABELS, PledgeObject

__all__ = ("OBJECT_LABELS", "PledgeObject")  # what a pledge is for is what a conference is for


class PledgeStatus(StrEnum):
    ANNOUNCED = "announced"
    CONFIRMED = "confirmed"
    AGREED = "agreed"
    PAID = "paid"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    STRUCK = "struck"


class PledgeKind(StrEnum):
    FINANCIAL = "financial"
    IN_KIND = "in-kind"
    POLITICAL = "political"
    UNSTATED = "financial-or-political"


class InKind(StrEnum):
    """What a pledge in kind brings."""

    EQUIPMENT = "equipment"
    EXPERTISE = "expertise"
    TRAINING = "training"


class Earmarking(StrEnum):
    """How tightly the donor ties what it gives."""

    NONE = "none"
    SOFT = "soft"
    EARMARKED = "earmarked"
    TIGHT = "tight"


class Oda(StrEnum):
    """Whether the donor counts it as official development assistance: what it says, never inferred."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"
    PARTLY = "partly"


class StepKind(StrEnum):
    """What happened to a pledge on a day."""

    ANNOUNCED = "announced"
    CONFIRMED = "confirmed"
    AGREED = "agreed"
    PAYMENT = "payment"
    VOIDED = "payment-voided"
    DELIVERED = "delivered"
    REDUCED = "reduced"
    INCREASED = "increased"
    ON_COURSE = "on-course"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    STRUCK = "struck"
    RESTORED = "restored"


# What the ISU did to its own entry is its own matter: lists of steps, and releases, keep it from others.
WITHIN = frozenset({StepKind.CORRECTED, StepKind.STRUCK, StepKind.RESTORED})


class Side(StrEnum):
    """Who reports about a pledge."""

    DONOR = "donor"
    RECIPIENT = "recipient"


class Settlement(StrEnum):
    """How the ISU settled a difference between a report and the record."""

    RECORD = "record"
    REPORT = "report"


LABELS = {
    PledgeStatus.ANNOUNCED: _p("pledge status", "Announced"),
    PledgeStatus.CONFIRMED: _p("pledge status", "Confirmed in writing"),
    PledgeStatus.AGREED: _p("pledge status", "Agreement signed"),
    PledgeStatus.PAID: _p("pledge status", "Paid in full"),
    PledgeStatus.DELIVERED: _p("pledge status", "Delivered"),
    PledgeStatus.WITHDRAWN: _p("pledge status", "Withdrawn"),
    PledgeStatus.LAPSED: _p("pledge status", "Lapsed"),
    PledgeStatus.STRUCK: _p("pledge status", "Struck: logged in error"),
}
KIND_LABELS = {
    PledgeKind.FINANCIAL: _p("pledge kind", "Financial"),
    PledgeKind.IN_KIND: _p("pledge kind", "In kind"),
    PledgeKind.POLITICAL: _p("pledge kind", "Political"),
    PledgeKind.UNSTATED: _p("pledge kind", "Financial or political (the source does not say)"),
}
IN_KIND_LABELS = {
    InKind.EQUIPMENT: _p("in kind", "Equipment"),
    InKind.EXPERTISE: _p("in kind", "Expertise"),
    InKind.TRAINING: _p("in kind", "Training"),
}
EARMARKING_LABELS = {
    Earmarking.NONE: _p("earmarking", "Not earmarked"),
    Earmarking.SOFT: _p("earmarking", "Softly earmarked"),
    Earmarking.EARMARKED: _p("earmarking", "Earmarked"),
    Earmarking.TIGHT: _p("earmarking", "Tightly earmarked"),
}
ODA_LABELS = {
    Oda.UNKNOWN: _p("ODA", "Not known"),
    Oda.YES: _p("ODA", "Yes"),
    Oda.NO: _p("ODA", "No"),
    Oda.PARTLY: _p("ODA", "Partly"),
}
STEP_LABELS = {
    StepKind.ANNOUNCED: _p("step of a pledge", "Announced"),
    StepKind.CONFIRMED: _p("step of a pledge", "Confirmed in writing"),
    StepKind.AGREED: _p("step of a pledge", "Agreement signed"),
    StepKind.PAYMENT: _p("step of a pledge", "Instalment paid"),
    StepKind.VOIDED: _p("step of a pledge", "Payment taken back"),
    StepKind.DELIVERED: _p("step of a pledge", "Delivered"),
    StepKind.REDUCED: _p("step of a pledge", "Amount reduced"),
    StepKind.INCREASED: _p("step of a pledge", "Amount increased"),
    StepKind.ON_COURSE: _p("step of a pledge", "Still on course"),
    StepKind.CORRECTED: _p("step of a pledge", "Entry corrected"),
    StepKind.WITHDRAWN: _p("step of a pledge", "Withdrawn"),
    StepKind.LAPSED: _p("step of a pledge", "Lapsed"),
    StepKind.STRUCK: _p("step of a pledge", "Struck: logged in error"),
    StepKind.RESTORED: _p("step of a pledge", "Restored"),
}
SIDE_LABELS = {
    Side.DONOR: _p("who reports", "The donor"),
    Side.RECIPIENT: _p("who reports", "The recipient"),
}
SETTLEMENT_LABELS = {
    Settlement.RECORD: _p("settlement", "The record stands"),
    Settlement.REPORT: _p("settlement", "The report is right"),
}
LIVE = (PledgeStatus.ANNOUNCED, PledgeStatus.CONFIRMED, PledgeStatus.AGREED)
ENDED = (PledgeStatus.WITHDRAWN, PledgeStatus.LAPSED, PledgeStatus.STRUCK)
