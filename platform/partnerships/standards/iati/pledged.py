"""A pledge as an activity: its money in transactions of three kinds, what is still to come in budgets or planned disbursements.

Pure: nothing is read here, and nothing is said that the record does not hold. Where the record gives a year and no day, the
first of January stands for it, and the words of the transaction say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from partnerships.needs.models import Need
from partnerships.needs.states import CHANNELS
from partnerships.parties.models import Party
from partnerships.pledges import figures
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import Oda, PledgeKind, PledgeObject, PledgeStatus, StepKind
from partnerships.standards.iati import codes
from partnerships.standards.iati.plain import Activity, Organisation, Period, Sector, Text, Transaction, Value

ZERO = Decimal(0)
CHANGES = (StepKind.REDUCED, StepKind.INCREASED)
ENDS = {PledgeStatus.WITHDRAWN: "withdrawn", PledgeStatus.LAPSED: "lapsed"}
FOR = {PledgeObject.NEED: "a need", PledgeObject.PROGRAMME: "its mine action programme",
       PledgeObject.ISU_WORK_PLAN: "the work plan of the Implementation Support Unit",
       PledgeObject.SPONSORSHIP: "the sponsorship programme of the Convention",
       PledgeObject.MEETING_COSTS: "the costs of the Convention's meetings", PledgeObject.FUND: "a fund"}
STAGES = {PledgeStatus.ANNOUNCED: "announced", PledgeStatus.CONFIRMED: "confirmed in writing",
          PledgeStatus.AGREED: "agreement signed", PledgeStatus.PAID: "paid in full", PledgeStatus.DELIVERED: "delivered",
          PledgeStatus.WITHDRAWN: "withdrawn", PledgeStatus.LAPSED: "lapsed", PledgeStatus.STRUCK: "struck"}
ONLY_THE_YEAR = "The source gives the year alone; the first of January stands for it."


@dataclass(frozen=True)
class Ground:
    """What a pledge is written with: today, the titles of thematic areas, and the needs that everybody may see, by id."""

    today: date
    titles: Mapping[str, str]
    needs: Mapping[int, Need]


def organisation(party: Party) -> Organisation:
    """A party as IATI names one."""
    return Organisation(party.name_en, codes.organisation_type(party))


def anchor(pledge: Pledge, today: date) -> tuple[date, bool] | None:
    """(the day on which a pledge was made, whether only its year is known); None when the record gives neither."""
    conference = pledge.conference.first_day if pledge.conference is not None else None
    days = [day for day in (pledge.announced_on, pledge.confirmed_on, pledge.agreed_on) if day]
    day = min(days, default=conference)
    if day is not None and day <= today:
        return day, False
    year = date(pledge.first_year, 1, 1) if pledge.first_year else None
    return (year, True) if year is not None and year <= today else None


def is_support(pledge: Pledge) -> bool:
    """Whether a pledge is support at all: money, or something in kind. Political ones, and those that may be, are none."""
    return pledge.kind in (PledgeKind.FINANCIAL, PledgeKind.IN_KIND)


def activity(pledge: Pledge, ground: Ground, terms: Any = None) -> Activity | None:
    """A pledge as an activity; None when the record gives neither day nor year, without which IATI takes nothing.

    Arguments: terms, the classification that the donor gave of it (`PledgeTerms`), or None.
    """
    made = anchor(pledge, ground.today)
    if made is None:
        return None
    own = [ground.needs[number] for number in _need_ids(pledge) if number in ground.needs]
    themes = pledge.themes or tuple(need.theme for need in own if need.theme)
    recipient = organisation(pledge.recipient) if pledge.recipient is not None else None
    return Activity(
        identifier=pledge.ref, title=(Text(_title(pledge)),), descriptions=_descriptions(pledge, own),
        participating=tuple((codes.FUNDING, organisation(party)) for party in _donors(pledge)),
        status=codes.PLEDGE_STATUS[pledge.status], dates=_dates(pledge, made[0]),
        country=(codes.country(pledge.recipient), pledge.recipient.name_en if pledge.recipient is not None else ""),
        sectors=sectors(themes, ground.titles), tags=_tags(pledge), flow=codes.ODA if pledge.oda is Oda.YES else "",
        budgets=_budgets(pledge, made[0]), planned=_planned(pledge, made[0]),
        transactions=tuple(_transactions(pledge, made, recipient, ground.today)),
        related=tuple((codes.PARENT, need.ref) for need in own), hierarchy=2, currency=pledge.currency or "USD",
        updated=changed(pledge, own, terms), **_terms(pledge, terms))


def sectors(themes: Any, titles: Mapping[str, str]) -> tuple[Sector, ...]:
    """The sector of all we publish, and our thematic areas beside it."""
    own = codes.own_sectors(set(themes), dict(titles))
    return (Sector(codes.MINES, codes.DAC, Decimal(100)), *(Sector(code, codes.OWN, share, words) for code, share, words in own))


def changed(pledge: Pledge, own: list[Need], terms: Any) -> datetime:
    """When the record of a pledge, or of what is told with it, changed last."""
    return max(pledge.updated_at, *(step.voided_at or step.at for step in pledge.steps), *(need.updated_at for need in own),
               *([terms.updated_at] if terms is not None else []), pledge.created_at)


def _need_ids(pledge: Pledge) -> list[int]:
    return sorted({number for number in (pledge.need_id, *(part.need_id for part in pledge.parts)) if number is not None})


def _donors(pledge: Pledge) -> list[Party]:
    return [pledge.donor, *(one.party for one in pledge.partners)]


def _title(pledge: Pledge) -> str:
    who = " and ".join(party.name_en for party in _donors(pledge))
    if pledge.recipient is not None:
        return f"Support of {who} to {pledge.recipient.name_en}: mine action"
    return f"Support of {who} to {FOR[pledge.object]}"


def _descriptions(pledge: Pledge, own: list[Need]) -> tuple[tuple[Text, ...], ...]:
    kind = "In kind" if pledge.kind is PledgeKind.IN_KIND else "Financial"
    said = [f"{kind}; {STAGES[pledge.status]}; for {FOR[pledge.object]}."]
    if pledge.kind is PledgeKind.IN_KIND and pledge.valuation is not None:
        said.append(f"The donor values it at {pledge.valuation.normalize():f} {pledge.valuation_currency}; this is no money.")
    if pledge.approximate:
        said.append("The amount is approximate.")
    if pledge.condition:
        said.append(f"Condition: {pledge.condition}")
    if pledge.is_demo:
        said.insert(0, "Demonstration, invented.")
    if pledge.source:
        said.append(f"Source: {pledge.source}")
    return ((Text(" ".join(said)),), *((Text(need.title, need.language or "en"),) for need in own if need.title.strip()))


def _tags(pledge: Pledge) -> tuple[tuple[str, str], ...]:
    """What the record says and IATI has no code for."""
    found = []
    if pledge.channel in CHANNELS:
        found.append((f"channel-{pledge.channel}", f"Channel: {CHANNELS[pledge.channel]}"))
    if pledge.oda in (Oda.NO, Oda.PARTLY):
        found.append((f"oda-{pledge.oda.value}", f"Official development assistance, as the donor says: {pledge.oda.value}"))
    return tuple(found)


def _terms(pledge: Pledge, terms: Any) -> dict[str, Any]:
    """Earmarking, aid type, finance type, tied status and markers, each only where it is recorded."""
    aid = [(codes.DAC, terms.aid_type)] if terms is not None and terms.aid_type else []
    if pledge.earmarking is not None:
        aid.append((codes.EARMARKING, codes.EARMARKED[pledge.earmarking]))
    if terms is None:
        return {"aid": tuple(aid)}
    markers = ((codes.GENDER, terms.gender), (codes.DISABILITY, terms.disability))
    return {"aid": tuple(aid), "finance": terms.finance_type, "tied": terms.tied_status,
            "markers": tuple((code, value) for code, value in markers if value)}


def _dates(pledge: Pledge, made: date) -> tuple[tuple[str, date], ...]:
    first, last = pledge.first_year, pledge.last_year or pledge.first_year
    found = [(codes.PLANNED_START, date(first, 1, 1) if first else made)]
    paid = [step.day for step in pledge.payments]
    if paid:
        found.append((codes.ACTUAL_START, min(paid)))
    if last:
        found.append((codes.PLANNED_END, date(last, 12, 31)))
    if paid and pledge.status is PledgeStatus.PAID:
        found.append((codes.ACTUAL_END, max(paid)))
    return tuple(found)


def _budgets(pledge: Pledge, made: date) -> tuple[Period, ...]:
    """Of what is promised and not signed for: the plan by year, indicative. Several years without a plan are not split here."""
    if pledge.status not in (PledgeStatus.ANNOUNCED, PledgeStatus.CONFIRMED) or not figures.counts(pledge):
        return ()
    plan = [(one.year, one.amount) for one in pledge.portions]
    if not plan and pledge.first_year and pledge.first_year == (pledge.last_year or pledge.first_year):
        plan = [(pledge.first_year, pledge.amount or ZERO)]
    return tuple(Period(date(year, 1, 1), date(year, 12, 31), Value(amount, pledge.currency, made), codes.INDICATIVE)
                 for year, amount in plan)


def _planned(pledge: Pledge, made: date) -> tuple[Period, ...]:
    """Of what is signed for and not paid: when it is to be paid, as far as the record says."""
    if pledge.status is not PledgeStatus.AGREED or not figures.counts(pledge):
        return ()
    rest = (pledge.amount or ZERO) - pledge.paid_amount
    if pledge.portions:
        return tuple(Period(date(year, 1, 1), date(year, 12, 31), Value(amount, pledge.currency, made))
                     for year, amount in figures.planned(pledge, pledge.paid_amount, 0))
    if rest <= 0:
        return ()
    if pledge.first_year:
        last = date(pledge.last_year or pledge.first_year, 12, 31)
        return (Period(date(pledge.first_year, 1, 1), last, Value(rest, pledge.currency, made)),)
    return (Period(pledge.expected_on, None, Value(rest, pledge.currency, made)),) if pledge.expected_on else ()


def _transactions(pledge: Pledge, made: tuple[date, bool], receiver: Organisation | None, today: date) -> list[Transaction]:
    if not figures.counts(pledge):
        return []
    joint = bool(pledge.partners)
    lead = None if joint else organisation(pledge.donor)  # who of several paid which instalment is not recorded
    words = ONLY_THE_YEAR if made[1] else ""

    def one(kind: str, amount: Decimal, on: date, said: str = "", provider: Organisation | None = lead) -> Transaction:
        return Transaction(kind, Value(amount, pledge.currency, on), provider, receiver, said)

    worth, later = _worth(pledge)
    found = [one(codes.PLEDGE, part, made[0], words, who) for who, part in _by_donor(pledge, worth)]
    found += [one(codes.PLEDGE, change, day, "Another amount of the pledge.") for day, change in later]
    signed = pledge.agreed_on
    if signed is not None:
        then = worth + sum((change for day, change in later if day < signed), ZERO)
        found += [one(codes.COMMITMENT, part, signed, "", who) for who, part in _by_donor(pledge, then)]
        found += [one(codes.COMMITMENT, change, day, "Another amount of the agreement.")
                  for day, change in later if day >= signed]
    rest = (pledge.amount or ZERO) - pledge.paid_amount
    if pledge.status in ENDS and rest > 0:
        day = _ended(pledge, made[0])
        found += [one(kind, -rest, day, f"What was not paid is {ENDS[pledge.status]}.")
                  for kind in (codes.PLEDGE, *([codes.COMMITMENT] if signed else []))]
    found += [one(codes.DISBURSEMENT, step.amount or ZERO, step.day) for step in pledge.payments]
    alone = pledge.paid_amount - sum((step.amount or ZERO for step in pledge.payments), ZERO)
    if alone > 0:
        found.append(one(codes.DISBURSEMENT, alone, max(made[0], signed or made[0]),
                         words or "The source tells of the payment, not of its day; the day of the last step before it stands "
                                  "for it."))
    return [transaction for transaction in found if transaction.on <= today]


def _worth(pledge: Pledge) -> tuple[Decimal, list[tuple[date, Decimal]]]:
    """What a pledge was worth at first, and each later change (day, difference); together its amount of today.

    Where the recorded steps do not lead to that amount (an entry was corrected), it stands from the beginning.
    """
    amount = pledge.amount or ZERO
    worth = start = pledge.announced_amount or amount
    found = []
    for step in pledge.steps:
        if step.kind in CHANGES and step.amount is not None and step.amount != worth:
            found.append((step.day, step.amount - worth))
            worth = step.amount
    return (start, found) if worth == amount else (amount, [])


def _by_donor(pledge: Pledge, amount: Decimal) -> list[tuple[Organisation | None, Decimal]]:
    """An amount by those who give it: each its own share where all are known, else nobody named for the whole."""
    if not pledge.partners:
        return [(organisation(pledge.donor), amount)]
    shares = [one.amount for one in pledge.partners if one.amount is not None]
    if len(shares) < len(pledge.partners) or amount != pledge.amount:
        return [(None, amount)]
    parts = [(organisation(one.party), one.amount or ZERO) for one in pledge.partners]
    return [(organisation(pledge.donor), amount - sum(shares, ZERO)), *parts]


def _ended(pledge: Pledge, made: date) -> date:
    """The day on which a pledge was withdrawn or lapsed."""
    days = [step.day for step in pledge.steps if step.kind.value == pledge.status.value]
    return max(days) if days else pledge.status_on.date() if pledge.status_on else made
