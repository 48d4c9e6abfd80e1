"""Needs with agreed support, and contributions on record, as activities. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from partnerships.needs.models import Need
from partnerships.parties.models import Party
from partnerships.pledges.models import Contribution
from partnerships.standards.iati import codes
from partnerships.standards.iati.plain import Activity, Period, Text, Transaction, Value
from partnerships.standards.iati.pledged import ONLY_THE_YEAR, Ground, organisation, sectors


def of_need(need: Need, support: Collection[tuple[str, Party]], amounts: bool, updated: datetime, ground: Ground) -> Activity:
    """A need as the activity above the pledges for it: what is asked, never what is given, so that no money counts twice.

    Arguments: support, (reference, donor) of the agreed pledges; amounts, whether everybody may see what is asked.
    """
    on = need.published_at.date() if need.published_at is not None else need.created_at.date()
    years = [(one.first_year, one.last_year) for one in need.amounts] if amounts else []
    dates = [(codes.PLANNED_START, date(min(first for first, _last in years), 1, 1) if years else on)]
    if years:
        dates.append((codes.PLANNED_END, date(max(last for _first, last in years), 12, 31)))
    donors = {party.ref: party for _ref, party in support}
    said = "Demonstration, invented. " if need.is_demo else ""
    return Activity(
        identifier=need.ref, title=(Text(need.title.strip() or need.ref, need.language or "en"),),
        descriptions=((Text(need.summary.strip() or need.title.strip() or need.ref, need.language or "en"),),
                      (Text(f"{said}A need that {need.party.name_en} states under the Anti-Personnel Mine Ban Convention. What is "
                            "pledged and paid for it stands in the related activities, never here."),)),
        participating=(*((codes.FUNDING, organisation(donors[ref])) for ref in sorted(donors)),
                       (codes.ACCOUNTABLE, organisation(need.party))),
        status=codes.NEED_STATUS[need.status], dates=tuple(dates), country=(codes.country(need.party), need.party.name_en),
        sectors=sectors((need.theme,) if need.theme else (), ground.titles),
        budgets=tuple(Period(date(one.first_year, 1, 1), date(one.last_year, 12, 31), Value(one.amount, need.currency, on),
                             codes.INDICATIVE)
                      for one in need.amounts if amounts and one.first_year == one.last_year and one.amount > 0),
        related=tuple((codes.CHILD, ref) for ref, _party in sorted(support, key=lambda pair: pair[0])),
        hierarchy=1, currency=need.currency or "USD", updated=updated)


def of_contribution(one: Contribution, updated: datetime | None, ground: Ground) -> Activity:
    """What a public source says somebody gave in a year: one disbursement, where the source states an amount."""
    start, end = date(one.year, 1, 1), date(one.year, 12, 31)
    over = end < ground.today
    amount, currency = (one.amount_national, one.currency) if one.amount_national is not None and one.currency else (
        one.amount_usd, "USD")
    said = [f"A contribution of {one.year}, as a public source records it."]
    if one.sector:
        said.append(f"Sector as printed there: {one.sector}.")
    if one.amount_usd is not None and currency != "USD":
        said.append(f"The source also states {one.amount_usd.normalize():f} US dollars.")
    said.append(f"Source: {one.source}")
    paid = () if not amount or amount <= Decimal(0) else (
        Transaction(codes.DISBURSEMENT, Value(amount, currency, start), organisation(one.donor), organisation(one.recipient),
                    ONLY_THE_YEAR),)
    return Activity(
        identifier=codes.of_contribution(one), title=(Text(f"Support of {one.donor.name_en} to {one.recipient.name_en} in "
                                                           f"{one.year}: mine action"),),
        descriptions=((Text(" ".join(said)),),), participating=((codes.FUNDING, organisation(one.donor)),),
        status=codes.CLOSED if over else codes.IMPLEMENTATION,
        dates=((codes.ACTUAL_START, start), (codes.ACTUAL_END if over else codes.PLANNED_END, end)),
        country=(codes.country(one.recipient), one.recipient.name_en), sectors=sectors(one.themes, ground.titles),
        transactions=paid, hierarchy=2, currency=currency, updated=updated)
