"""The rules of a pledge, in words: what may be announced, when a step may be dated, what may still be paid."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from partnerships.core import money
from partnerships.core.errors import Refused
from partnerships.core.filters import day as written
from partnerships.core.filters import money_text as in_money
from partnerships.core.visibility import Visibility
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import LIVE, PledgeKind, PledgeObject, PledgeStatus

# From the widest sight to the narrowest.
SIGHT = (Visibility.PUBLIC, Visibility.STATES_PARTIES, Visibility.PARTIES, Visibility.ISU)


def no_wider(visibility: Visibility, need: Need) -> bool:
    """Whether a pledge of this visibility shows nothing that its need keeps from the reader."""
    return SIGHT.index(visibility) >= SIGHT.index(need.visibility)


def announcement(pledge: Pledge, already: Collection[int] = ()) -> None:
    """Check a new pledge, or what is now said of an earlier one.

    Arguments: already, the ids of the needs that it was for before: they may have been closed since. Raises: Refused with
    the first rule that stands against it, in words.
    """
    for rule in (_object, _match, _amount, _years, _portions, _partners, _parts, _announced, _sight):
        rule(pledge)
    for need in (pledge.need, *(one.need for one in pledge.parts)):
        if need is not None and need.status is not NeedStatus.PUBLISHED and need.id not in already:
            raise Refused(_("Only a published need that is not closed can be pledged to."))


def needs_of(pledge: Pledge) -> frozenset[int]:
    """The ids of the needs that a pledge is for."""
    return frozenset(one for one in (pledge.need_id, *(part.need_id for part in pledge.parts)) if one is not None)


def _object(pledge: Pledge) -> None:
    if pledge.object is PledgeObject.NEED and pledge.need is None:
        raise Refused(_("Name the need that this pledge is for."))
    if pledge.object is PledgeObject.PROGRAMME and (pledge.recipient is None or not pledge.recipient.is_state):
        raise Refused(_("Name the State whose programme this pledge supports."))
    if pledge.recipient is not None and pledge.recipient.id == pledge.donor.id:
        raise Refused(_("A State cannot pledge to itself; what it covers of its own need is the national share."))


def _match(pledge: Pledge) -> None:
    match = pledge.match
    if match is not None and (match.party_id != pledge.donor.id or pledge.need is None
                              or match.need_id != pledge.need.id):
        raise Refused(_("This match is between another partner and another need."))


def _amount(pledge: Pledge) -> None:
    if pledge.amount is None:
        if pledge.kind is PledgeKind.FINANCIAL:
            raise Refused(_("A financial pledge needs its amount."))
        return
    if pledge.amount <= 0:
        raise Refused(_("The amount must be more than zero."))
    if pledge.currency not in money.currencies():
        raise Refused(_("Choose the currency of the amount."))
    if not money.fits(pledge.amount, pledge.currency):
        raise Refused(_("%(currency)s has fewer decimals than this.", currency=pledge.currency))


def _years(pledge: Pledge) -> None:
    if pledge.first_year and pledge.last_year and pledge.first_year > pledge.last_year:
        raise Refused(_("The first year is after the last."))


def _portions(pledge: Pledge) -> None:
    if not pledge.portions:
        return
    if pledge.amount is None:
        raise Refused(_("A pledge without an amount has no yearly portions."))
    if any(one.amount <= 0 for one in pledge.portions):
        raise Refused(_("A yearly portion must be more than zero."))
    if len({one.year for one in pledge.portions}) < len(pledge.portions):
        raise Refused(_("A year stands twice among the yearly portions."))
    total = sum((one.amount for one in pledge.portions), Decimal(0))
    if total != pledge.amount:
        raise Refused(_("The yearly portions come to %(total)s, the pledge to %(amount)s: they must be the same.",
                        total=in_money(total, pledge.currency),
                        amount=in_money(pledge.amount, pledge.currency)))


def _shares(pledge: Pledge, amounts: list[Decimal | None], whole: bool) -> bool:
    """Whether known shares fit into the amount; where `whole`, they may be all of it, else something is left."""
    known = [amount for amount in amounts if amount is not None]
    if any(amount <= 0 for amount in known) or (known and pledge.amount is None):
        return False
    total = sum(known, Decimal(0))
    return pledge.amount is None or total < pledge.amount or (whole and total == pledge.amount)


def _partners(pledge: Pledge) -> None:
    named = [one.party.id for one in pledge.partners]
    if pledge.donor.id in named or len(set(named)) < len(named):
        raise Refused(_("Each party of a joint pledge is named once; the lead is the donor."))
    if not _shares(pledge, [one.amount for one in pledge.partners], whole=False):
        raise Refused(_("The shares of the partners must be more than zero and leave something of the amount for the lead."))


def _parts(pledge: Pledge) -> None:
    if not pledge.parts:
        return
    of = [one.need for one in pledge.parts]
    if pledge.need is None or pledge.need.id not in {need.id for need in of} or len({need.id for need in of}) < len(of):
        raise Refused(_("Each need that a pledge is for is named once."))
    if any(need.party_id != pledge.need.party_id for need in of):
        raise Refused(_("A pledge is for needs of one State: log one pledge a State."))
    if any(not no_wider(pledge.visibility, need) for need in of):
        raise Refused(_("This pledge would be seen more widely than one of the needs it is for."))
    if not _shares(pledge, [one.amount for one in pledge.parts], whole=True):
        raise Refused(_("The parts for the single needs must be more than zero, and no more than the amount together."))


def _announced(pledge: Pledge) -> None:
    if pledge.announced_on is None:
        if not pledge.source:  # a fact recorded from a public source may lack its day
            raise Refused(_("Say on which day it was announced."))
        return
    if pledge.announced_on > date.today():
        raise Refused(_("The day of the announcement cannot be in the future."))
    if pledge.expected_on is not None and pledge.expected_on < pledge.announced_on:
        raise Refused(_("The next step cannot be expected before the announcement."))


def _sight(pledge: Pledge) -> None:
    if pledge.need is not None and not no_wider(pledge.visibility, pledge.need):
        raise Refused(_("This pledge would be seen more widely than the need it is for: choose the need's visibility "
                        "or a narrower one."))


def latest_step(pledge: Pledge) -> date | None:
    """The day of the last step that is dated; None for a recorded pledge without dates."""
    return max((day for day in (pledge.announced_on, pledge.confirmed_on, pledge.agreed_on) if day), default=None)


def step_fault(pledge: Pledge, day: date, expected_on: date | None) -> tuple[str, str] | None:
    """What is wrong with the days of a step: (field, words); None when they are right."""
    before = latest_step(pledge)
    if day > date.today():
        return "on", _("This day is in the future: record the step once it has happened.")
    if before is not None and day < before:
        return "on", _("This day is before the step that came earlier (%(day)s).", day=written(before))
    if expected_on is not None and expected_on < day:
        return "expected_on", _("The next step cannot be expected before this one.")
    return None


def step(pledge: Pledge, day: date, expected_on: date | None) -> None:
    """Check the days of a confirmation or signature. Raises Refused in words."""
    fault = step_fault(pledge, day, expected_on)
    if fault is not None:
        raise Refused(fault[1])


def left(pledge: Pledge) -> Decimal:
    """What is still to be paid, in the pledge's currency."""
    return Decimal(0) if pledge.amount is None else pledge.amount - pledge.paid_amount


def payment_fault(pledge: Pledge, amount: Decimal, paid_on: date) -> tuple[str, str] | None:
    """What is wrong with a payment: (field, words); None when it is right."""
    if amount <= 0:
        return "amount", _("A payment must be more than zero.")
    if not money.fits(amount, pledge.currency):
        return "amount", _("%(currency)s has fewer decimals than this.", currency=pledge.currency)
    if amount > left(pledge):
        return "amount", _("This is more than what is still to be paid: %(left)s.",
                           left=in_money(left(pledge), pledge.currency))
    if paid_on > date.today():
        return "paid_on", _("This day is in the future: record a payment once it was made.")
    if pledge.announced_on is not None and paid_on < pledge.announced_on:
        return "paid_on", _("This day is before the pledge was announced (%(day)s).", day=written(pledge.announced_on))
    if pledge.agreed_on is not None and paid_on < pledge.agreed_on:
        return "paid_on", _("This day is before the agreement was signed (%(day)s).", day=written(pledge.agreed_on))
    return None


def payment(pledge: Pledge, amount: Decimal, paid_on: date) -> None:
    """Check a payment. Raises Refused in words."""
    if pledge.status is not PledgeStatus.AGREED:
        raise Refused(_("Payments are recorded once the agreement is signed, until all is paid."))
    if pledge.amount is None:
        raise Refused(_("This pledge states no amount, so that no payment of it can be recorded."))
    fault = payment_fault(pledge, amount, paid_on)
    if fault is not None:
        raise Refused(fault[1])


def amendment_fault(pledge: Pledge, amount: Decimal, day: date) -> tuple[str, str] | None:
    """What is wrong with another amount of the pledge: (field, words); None when it is right."""
    if amount <= 0:
        return "amount", _("The amount must be more than zero.")
    if not money.fits(amount, pledge.currency):
        return "amount", _("%(currency)s has fewer decimals than this.", currency=pledge.currency)
    if amount == pledge.amount:
        return "amount", _("This is the amount that the pledge has already.")
    if amount < pledge.paid_amount:
        return "amount", _("%(paid)s of it is paid: the pledge cannot become smaller than that.",
                           paid=in_money(pledge.paid_amount, pledge.currency))
    for shares, whole, words in ((pledge.partners, False, _("The shares of the partners are more than this: change them first.")),
                                 (pledge.parts, True, _("The parts for the single needs are more than this: change them first."))):
        known = sum((one.amount for one in shares if one.amount is not None), Decimal(0))
        if known > amount or (known == amount and not whole):
            return "amount", words
    fault = step_fault(pledge, day, None)
    return ("day", fault[1]) if fault else None


def amendment(pledge: Pledge, amount: Decimal, day: date) -> None:
    """Check another amount. Raises Refused in words."""
    if pledge.amount is None or pledge.status not in (*LIVE, PledgeStatus.PAID):
        raise Refused(_("Only a pledge that stands and states an amount can be made larger or smaller."))
    fault = amendment_fault(pledge, amount, day)
    if fault is not None:
        raise Refused(fault[1])


def report_fault(pledge: Pledge, paid_amount: Decimal, as_of: date) -> tuple[str, str] | None:
    """What is wrong with a report of what was paid or received so far: (field, words); None when it can be kept."""
    if paid_amount < 0:
        return "paid_amount", _("An amount cannot be negative.")
    if not money.fits(paid_amount, pledge.currency):
        return "paid_amount", _("%(currency)s has fewer decimals than this.", currency=pledge.currency)
    if as_of > date.today():
        return "as_of", _("This day is in the future: report what has happened.")
    if pledge.announced_on is not None and as_of < pledge.announced_on:
        return "as_of", _("This day is before the pledge was announced (%(day)s).", day=written(pledge.announced_on))
    return None
