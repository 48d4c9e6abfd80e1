"""The lists by which donors classify what they give, as far as they can apply to support of mine action. Codes: IATI 2.03."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_pgettext as _p


class AidType(StrEnum):
    """Codelist AidType, vocabulary 1 (OECD DAC)."""

    SECTOR_BUDGET = "A02"
    CORE_NGO = "B01"
    CORE_MULTILATERAL = "B02"
    SPECIFIC_PROGRAMMES = "B03"
    POOLED = "B04"
    PROJECT = "C01"
    DONOR_PERSONNEL = "D01"
    TECHNICAL = "D02"


class FinanceType(StrEnum):
    """Codelist FinanceType."""

    GRANT = "110"
    LOAN = "421"
    REIMBURSABLE = "422"


class TiedStatus(StrEnum):
    """Codelist TiedStatus."""

    PARTLY = "3"
    TIED = "4"
    UNTIED = "5"


class Significance(StrEnum):
    """Codelist PolicySignificance: how far a policy marker applies."""

    NOT_TARGETED = "0"
    SIGNIFICANT = "1"
    PRINCIPAL = "2"


AID_TYPE_LABELS = {
    AidType.SECTOR_BUDGET: _p("aid type", "Sector budget support"),
    AidType.CORE_NGO: _p("aid type", "Core support to non-governmental organisations"),
    AidType.CORE_MULTILATERAL: _p("aid type", "Core contributions to multilateral institutions and global funds"),
    AidType.SPECIFIC_PROGRAMMES: _p("aid type", "Specific-purpose programmes and funds of implementing partners"),
    AidType.POOLED: _p("aid type", "Basket funds and pooled funding"),
    AidType.PROJECT: _p("aid type", "Project"),
    AidType.DONOR_PERSONNEL: _p("aid type", "Personnel of the donor"),
    AidType.TECHNICAL: _p("aid type", "Other technical assistance"),
}
FINANCE_TYPE_LABELS = {
    FinanceType.GRANT: _p("finance type", "Standard grant"), FinanceType.LOAN: _p("finance type", "Standard loan"),
    FinanceType.REIMBURSABLE: _p("finance type", "Reimbursable grant"),
}
TIED_LABELS = {
    TiedStatus.UNTIED: _p("tied status", "Untied"), TiedStatus.PARTLY: _p("tied status", "Partly tied"),
    TiedStatus.TIED: _p("tied status", "Tied"),
}
SIGNIFICANCE_LABELS = {
    Significance.PRINCIPAL: _p("policy marker", "Principal objective"),
    Significance.SIGNIFICANT: _p("policy marker", "Significant objective"),
    Significance.NOT_TARGETED: _p("policy marker", "Looked at, and not targeted"),
}
