"""Contributions in the columns of OCHA's Financial Tracking Service (FTS), for a donor's officer to paste into a report.

The first 37 columns are those of the flow files that FTS publishes, in their order and under their names; five of ours
follow. A cell holds only what the register knows: what FTS gives itself (its numbers, its days of reporting, the plan and
the project) stays empty, and so does what nobody recorded (method, boundary, new money).

FTS tells three statuses apart. A pledge announced, or confirmed in writing, is a "pledge"; under a signed agreement it is
a "commitment"; what was paid, and what public sources record as given, is "paid". Each stands in a row of its own with our
stage beside it, so that no amount of a pledge stands under two statuses. Only pledges that everybody may see are here,
whoever asks: FTS is public.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from partnerships.conferences.states import OBJECT_LABELS
from partnerships.core import money
from partnerships.core.actor import PUBLIC
from partnerships.core.db import db
from partnerships.core.export import Column
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.parties.models import Party, PartyKind
from partnerships.pledges import queries as pledges
from partnerships.pledges.account import shares
from partnerships.pledges.models import Contribution, Pledge
from partnerships.pledges.states import PledgeKind

THEIRS = (
    "date", "budgetYear", "description", "amountUSD", "srcOrganization", "srcOrganizationTypes", "srcLocations",
    "srcUsageYearStart", "srcUsageYearEnd", "destPlan", "destPlanCode", "destPlanId", "destOrganization", "destOrganizationTypes",
    "destGlobalClusters", "destLocations", "destProject", "destProjectCode", "destEmergency", "destUsageYearStart",
    "destUsageYearEnd", "contributionType", "flowType", "method", "boundary", "onBoundary", "status", "firstReportedDate",
    "decisionDate", "keywords", "originalAmount", "originalCurrency", "exchangeRate", "id", "refCode", "createdAt", "updatedAt")
OURS = ("exchangeRateDate", "newMoney", "stage", "source", "demonstration")
RECORDED = "recorded"  # our word for what a public source records as given
STATUSES = {"announced": "pledge", "confirmed": "pledge", "agreed": "commitment", "paid": "paid", RECORDED: "paid"}
CLUSTER = "Protection - Mine Action"
_TYPES = {"un-agency": "UN agency", "ngo": "NGO", "regional-organisation": "Inter-governmental"}
Flow = dict[str, Any]


@dataclass(frozen=True)
class Flows:
    """The rows of a file, the newest year of use first, and what is left out of it, counted."""

    rows: list[Flow] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)

    @property
    def totals(self) -> list[tuple[str, str, int, Decimal]]:
        """(stage, currency, rows, amount) for each stage and currency by itself."""
        found: dict[tuple[str, str], tuple[int, Decimal]] = {}
        for row in self.rows:
            key = (row["stage"], row.get("originalCurrency") or "USD")
            count, amount = found.get(key, (0, Decimal(0)))
            own = row.get("originalAmount") if row.get("originalCurrency") else row["amountUSD"]
            found[key] = (count + 1, amount + (own or 0))
        order = list(STATUSES)
        return [(*key, *value) for key, value in sorted(found.items(), key=lambda pair: (order.index(pair[0][0]), pair[0][1]))]

    def notes(self) -> list[str]:
        """What a reader of the file must know."""
        unstated, gone, rates = self.left["unstated"], self.left["gone"], self.left["rate"]
        invented, other = self.left["invented"], self.left["other"]
        return [
            _("Each status stands in rows of its own: a pledge, a commitment and a payment are never added to each other."),
            _("A public source and a pledge here may tell of the same payment: compare the two before you report both."),
            _("Only what everybody may see here is in this file, whoever asks for it."),
            *([ngettext("%(num)s row has no amount in US dollars: none is stated, or there is no rate of its day.",
                        "%(num)s rows have no amount in US dollars: none is stated, or there is no rate of their days.", rates)]
              if rates else []),
            *([ngettext("%(num)s contribution on record is left out: its source states no amount.",
                        "%(num)s contributions on record are left out: their sources state no amount.", unstated)]
              if unstated else []),
            *([ngettext("%(num)s pledge is left out: it was withdrawn or has lapsed.",
                        "%(num)s pledges are left out: they were withdrawn or have lapsed.", gone)] if gone else []),
            *([ngettext("%(num)s pledge is left out: it is in kind, political, or states no amount.",
                        "%(num)s pledges are left out: they are in kind, political, or state no amount.", other)] if other else []),
            *([ngettext("%(num)s invented pledge of the demonstration is left out.",
                        "%(num)s invented pledges of the demonstration are left out.", invented)] if invented else [])]


def stages() -> dict[str, str]:
    """The words of each stage."""
    return {"announced": _("Announced"), "confirmed": _("Confirmed in writing"), "agreed": _("Agreement signed, not yet paid"),
            "paid": _("Paid"), RECORDED: _("Given, as public sources record it")}


def columns() -> list[Column]:
    """(key, heading, function of a flow) for each column: FTS's own names, in every language."""
    return [(key, key, _cell(key)) for key in (*THEIRS, *OURS)]


def _cell(key: str) -> Callable[[Flow], Any]:
    return lambda row: row.get(key)


def flows(donor: str = "", year: int | None = None, *, with_demo: bool = False) -> Flows:
    """Public contributions and pledges as flows.

    Arguments: donor, a party's code, for its flows alone (of a joint pledge, its share); year, of use; with_demo, whether
    the invented pledges of the demonstration come too, marked as such.
    """
    left: Counter[str] = Counter()
    rows = [*_given(donor, left), *_pledged(donor, with_demo, left)]
    kept = [row for row in rows if year is None or row["destUsageYearStart"] == year]
    left["rate"] = sum(row["amountUSD"] is None for row in kept)
    order = sorted(kept, key=lambda row: (-(row["destUsageYearStart"] or 0), row["srcOrganization"], row["refCode"],
                                          list(STATUSES).index(row["stage"]), str(row["date"] or "")))
    return Flows(order, left)


def _given(donor: str, left: Counter[str]) -> Iterator[Flow]:
    """What public sources record as given. How it was converted is not theirs to say, so no rate stands beside it."""
    query = select(Contribution).options(joinedload(Contribution.donor), joinedload(Contribution.recipient))
    if donor:
        query = query.where(Contribution.donor.has(Party.ref == donor))
    for one in db.session.scalars(query.order_by(Contribution.id)):
        if one.amount_usd is None and one.amount_national is None:
            left["unstated"] += 1
            continue
        yield {
            **_between(one.donor, one.recipient), **_used(one.year), "date": None,
            "description": one.sector if one.recipient.is_state else f"{one.sector}: {one.recipient.name_en}",
            "amountUSD": one.amount_usd, "status": STATUSES[RECORDED], "stage": RECORDED, "keywords": ", ".join(one.themes),
            "originalAmount": one.amount_national, "originalCurrency": one.currency or None, "source": one.source,
            "refCode": f"{one.year}-{one.donor.ref}-{one.recipient.ref}-{one.line}"}


def _pledged(donor: str, with_demo: bool, left: Counter[str]) -> Iterator[Flow]:
    made = pledges.whole(PUBLIC)
    seen = needs.by_ids(PUBLIC, {one.need_id for one in made if one.need_id is not None})
    for pledge in made:
        ours = {one.party.ref for one in pledge.partners} | {pledge.donor.ref}
        if donor and donor not in ours:
            continue
        if pledge.is_demo and not with_demo:
            left["invented"] += 1
        elif pledge.kind is not PledgeKind.FINANCIAL or pledge.amount is None:
            left["other"] += 1
        else:
            rows = [{**_flow(pledge, *entry), "description": _about(pledge, seen)} for entry in _entries(pledge)
                    if entry[2] in STATUSES and donor in ("", entry[0].ref)]
            left["gone"] += not rows
            yield from rows


def _entries(pledge: Pledge) -> Iterable[tuple[Party, int | None, str, Decimal, date | None]]:
    """(donor, year, stage, amount, day): a payment by itself where one donor made it, else what was paid in a year."""
    for party, year, stage, amount in shares(pledge):
        paid = [step for step in pledge.payments if step.day.year == year and step.amount] if stage == "paid" else []
        if paid and not pledge.partners:
            yield from ((party, year, stage, step.amount, step.day) for step in paid if step.amount)
            amount -= sum((step.amount or Decimal(0) for step in paid), Decimal(0))
        if amount:
            days = {"announced": pledge.announced_on, "confirmed": pledge.confirmed_on, "agreed": pledge.agreed_on,
                    "paid": max((step.day for step in paid), default=None)}
            yield party, year, stage, amount, days.get(stage)


def _flow(pledge: Pledge, party: Party, year: int | None, stage: str, amount: Decimal, day: date | None) -> Flow:
    rated = day or pledge.announced_on
    one = money.convert(amount, pledge.currency, "USD", rated) if rated else None
    return {
        **_between(party, pledge.recipient), **_used(year), "date": day,
        "amountUSD": None if one is None else one.amount if pledge.currency == "USD" else round(one.amount, 0),
        "contributionType": "financial", "status": STATUSES[stage], "stage": stage, "decisionDate": pledge.agreed_on,
        "keywords": ", ".join(pledge.themes), "originalAmount": amount, "originalCurrency": pledge.currency,
        "exchangeRate": None if one is None else round(1 / one.rate, 6),  # as FTS: units of the currency for one dollar
        "exchangeRateDate": one and one.on, "refCode": pledge.ref, "source": pledge.source or None,
        "demonstration": pledge.is_demo or None}


def _about(pledge: Pledge, seen: dict[int, Need]) -> str:
    """What a pledge is for: the title of its need where everybody may read it, else its thematic areas or its object."""
    if pledge.need_id in seen:
        return seen[pledge.need_id].title
    with force_locale("en"):  # as all else in the file
        return f"Mine action: {', '.join(pledge.themes) or OBJECT_LABELS[pledge.object]}"


def _between(donor: Party, recipient: Party | None) -> Flow:
    """Who gives, and where it is used: a State is a place, an organisation is who carries it out."""
    place = recipient is not None and recipient.kind is not PartyKind.ORGANISATION
    return {
        "srcOrganization": _organisation(donor), "srcOrganizationTypes": _type(donor),
        "srcLocations": donor.ref if donor.is_state else None, "destGlobalClusters": CLUSTER,
        "destLocations": recipient.ref if recipient is not None and recipient.is_state else None,
        "destOrganization": None if recipient is None or place else _organisation(recipient),
        "destOrganizationTypes": None if recipient is None or place else _type(recipient)}


def _used(year: int | None) -> Flow:
    return {"destUsageYearStart": year, "destUsageYearEnd": year}


def _organisation(party: Party) -> str:
    """A party as FTS calls it: in English, a State by its government."""
    return f"{party.name_en}, Government of" if party.is_state else party.name_en


def _type(party: Party) -> str | None:
    return "Government" if party.is_state else _TYPES.get(party.organisation_type)
