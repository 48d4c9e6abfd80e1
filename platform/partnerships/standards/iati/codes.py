"""Our codes and those of IATI's code lists, with what each means there. What has no counterpart is not forced into one."""

from __future__ import annotations

from collections.abc import Collection
from decimal import ROUND_DOWN, Decimal

from partnerships.needs.states import NeedStatus
from partnerships.parties.models import Party, PartyKind
from partnerships.pledges.models import Contribution
from partnerships.pledges.states import Earmarking, PledgeStatus

# TransactionType, from the point of view of the one who gives: a pledge here is what a donor says (decision 30).
PLEDGE = "12"  # Outgoing Pledge: indicative, non-binding advice of an intended commitment
COMMITMENT = "2"  # Outgoing Commitment: a firm, written obligation
DISBURSEMENT = "3"
EXPENDITURE = "4"
# What a file of somebody else may say of the same stages, from either side.
PLEDGES = ("12", "13")
COMMITMENTS = ("2", "11")
PAID = (DISBURSEMENT, EXPENDITURE)
INCOMING = "1"
KNOWN_TRANSACTIONS = tuple(map(str, range(1, 14)))

# ActivityStatus
PIPELINE, IMPLEMENTATION, CLOSED, CANCELLED = "1", "2", "4", "5"
PLEDGE_STATUS = {
    PledgeStatus.ANNOUNCED: PIPELINE, PledgeStatus.CONFIRMED: PIPELINE, PledgeStatus.AGREED: IMPLEMENTATION,
    PledgeStatus.PAID: CLOSED, PledgeStatus.DELIVERED: CLOSED, PledgeStatus.WITHDRAWN: CANCELLED,
    PledgeStatus.LAPSED: CANCELLED, PledgeStatus.STRUCK: CANCELLED,
}
NEED_STATUS = {NeedStatus.PUBLISHED: IMPLEMENTATION, NeedStatus.MET: CLOSED, NeedStatus.PARTLY_MET: CLOSED,
               NeedStatus.WITHDRAWN: CANCELLED}

PLANNED_START, ACTUAL_START, PLANNED_END, ACTUAL_END = "1", "2", "3", "4"  # ActivityDateType
FUNDING, ACCOUNTABLE = "1", "2"  # OrganisationRole
INDICATIVE, COMMITTED = "1", "2"  # BudgetStatus
PARENT, CHILD = "1", "2"  # RelatedActivityType
ODA = "10"  # FlowType
GENDER, DISABILITY = "1", "11"  # PolicyMarker

# Sector, vocabulary 1 (five digits): removal of land mines and explosive remnants of war. CRS counts risk education, assistance
# to victims and the destruction of stockpiles under the same purpose.
MINES = "15250"
DAC, EARMARKING, OWN = "1", "2", "99"  # vocabularies
EARMARKED = {Earmarking.NONE: "1", Earmarking.SOFT: "2", Earmarking.EARMARKED: "3", Earmarking.TIGHT: "4"}  # EarmarkingCategory

GOVERNMENT, MULTILATERAL = "10", "40"  # OrganisationType
ORGANISATIONS = {"un-agency": MULTILATERAL, "international-organisation": MULTILATERAL, "regional-organisation": MULTILATERAL}
UNSPECIFIED = "998"  # Region, vocabulary 1: developing countries, unspecified
BESIDE_ISO = {"XKX": "XK"}  # codes of IATI's list of countries that ISO 3166-1 does not have


def organisation_type(party: Party) -> str:
    """The type of a party where the register tells it; "" where it could be several (an NGO may be national or international)."""
    return GOVERNMENT if party.kind is PartyKind.STATE else ORGANISATIONS.get(party.organisation_type, "")


def country(party: Party | None) -> str:
    """The country code of a State or area; "" where IATI's list has none."""
    return (party.iso2 or BESIDE_ISO.get(party.ref, "")) if party is not None else ""


def shares(number: int) -> list[Decimal]:
    """Percentages, as equal as two decimals allow, that sum to 100."""
    each = (Decimal(100) / number).quantize(Decimal("0.01"), ROUND_DOWN)
    return [*[each] * (number - 1), 100 - each * (number - 1)]


def own_sectors(themes: Collection[str], titles: dict[str, str]) -> list[tuple[str, Decimal, str]]:
    """(code, percentage, words) of our thematic areas, in vocabulary 99. Nobody records their weights: they count alike."""
    named = sorted(code for code in themes if code in titles)
    return [(code, part, titles[code]) for code, part in zip(named, shares(len(named)), strict=True)] if named else []


def of_contribution(one: Contribution) -> str:
    """The permanent part of a contribution's identifier."""
    return f"C-{one.year}-{one.donor.ref}-{one.recipient.ref}-{one.line}"
