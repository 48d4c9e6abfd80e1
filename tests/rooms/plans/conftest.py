"""Needs with an amount in two years, as the guided second part finds them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus

YEAR = date.today().year + 1
WORK = {"work-0-year": str(YEAR), "work-0-area": "Bavel", "work-0-contamination": ["ap-mines", "improvised-mines"],
        "work-0-suspected_m2": "120 ha", "work-0-confirmed_m2": "1.2 km2", "work-0-cancelled_m2": "700 000",
        "work-0-reduced_m2": "٣٠٠٠٠٠", "work-0-cleared_m2": "1,200,000"}
PEOPLE = {"people-0-reached": "survivors", "people-0-sex": "female", "people-0-age": "adults", "people-0-disability": "with",
          "people-0-number": "1 250"}
COSTS = {"costs-0-year": str(YEAR), "costs-0-kind": "staff", "costs-0-amount": "600 000", "costs-0-note": "48 deminers",
         "costs-1-year": str(YEAR), "costs-1-kind": "equipment", "costs-1-amount": "300 000", "costs-1-note": "",
         "covered-0-by_whom": "Ministry of Finance", "covered-0-year": str(YEAR), "covered-0-amount": "150 000",
         "covered-0-note": "Vehicles", "national_note": "Premises and salaries of the authority."}
CONTEXT = {"plan_title": "National work plan", "plan_year": "2025", "plan_url": "https://authority.example/plan.pdf",
           "channels": ["ngos", "bilateral"], "risks": "Floods from July to October.",
           "gender_analysis": "Women farm most of this land.", "sustainability": "The provincial teams stay."}
PROGRAMME = {"a": "Twelve provinces have not been surveyed.", "e": "No register of survivors exists."}
SENT: dict[str, dict[str, Any]] = {"work": WORK, "people": PEOPLE, "costs": COSTS, "context": CONTEXT, "programme": PROGRAMME}


@pytest.fixture
def need(make) -> Any:
    """Make a need of Cambodia that asks for a million in each of two years, under Article 6.7 when told so."""
    def made(status: NeedStatus = NeedStatus.DRAFT, **values: Any) -> Need:
        amounts = [(YEAR, YEAR, Decimal(1_000_000), Decimal(100_000)), (YEAR + 1, YEAR + 1, Decimal(1_000_000), Decimal(0))]
        return make.need("KHM", status, amounts=amounts, **values)

    return made
