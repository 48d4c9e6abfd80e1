"""What another publisher's activities say was paid for mine action: by year, donor, State and currency. Pure.

Paid is what is disbursed or spent (transaction types 3 and 4), and of it the share of sector 15250. Pledges, commitments and
incoming funds are told beside it and never counted. Whatever is not understood is said with its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision
from flask_babel import gettext as _
from flask_babel import ngettext

from partnerships.core import money
from partnerships.standards.iati import codes
from partnerships.standards.iati.tree import NoActivities, Node, read

ACTIVITY = "iati-activity"
READ = frozenset(("iati-identifier", "reporting-org", "title", "participating-org", "recipient-country", "recipient-region",
                  "sector", "transaction"))
BESIDE = frozenset((  # of IATI 2.03, and not read
    "description", "other-identifier", "activity-status", "activity-date", "contact-info", "activity-scope", "location", "tag",
    "country-budget-items", "humanitarian-scope", "policy-marker", "collaboration-type", "default-flow-type",
    "default-finance-type", "default-aid-type", "default-tied-status", "budget", "planned-disbursement", "capital-spend",
    "document-link", "related-activity", "legacy-data", "conditions", "result", "crs-add", "fss"))
IN_TRANSACTION = frozenset((
    "transaction-type", "transaction-date", "value", "description", "provider-org", "receiver-org", "disbursement-channel",
    "sector", "recipient-country", "recipient-region", "flow-type", "finance-type", "aid-type", "tied-status"))
WHOLE, NEARLY = Decimal(100), Decimal("0.1")  # percentages are published rounded
FEW = 20


@dataclass
class Organisation:
    """Who an element names."""

    name: str
    ref: str = ""
    type: str = ""


@dataclass
class Stated:
    """What an activity says somebody paid in a year in one State and currency; without a year, an activity that says of none.

    own: the permanent reference, of an activity that we published ourselves.
    """

    identifier: str
    line: int
    title: str = ""
    publisher: str = ""
    own: str = ""
    year: int | None = None
    donor: Organisation = field(default_factory=lambda: Organisation(""))
    country: str = ""
    country_name: str = ""
    amount: Decimal = Decimal(0)
    currency: str = ""
    said: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass
class File:
    """What a file holds, and the remarks about it as a whole."""

    rows: list[Stated] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _Not(ValueError):
    """A part that cannot be counted; the message says why."""


def stated(data: bytes, ours: str, today: date) -> File:
    """Read a file. Arguments: ours, our own identifier as a publisher. Raises: NoActivities."""
    head, activities = read(data)
    found, others, strange = File(), 0, dict[str, tuple[int, int]]()
    found.notes += _version(head)
    for one in activities:
        if one.name != ACTIVITY:
            _note(strange, one)
            continue
        for part in _strangers(one):
            _note(strange, part)
        rows = _activity(one, ours, today)
        found.rows += rows
        others += not rows
    if others:
        found.notes.append(ngettext("%(num)s activity is not of sector 15250: not read.",
                                    "%(num)s activities are not of sector 15250: not read.", others))
    for name, (line, number) in list(strange.items())[:FEW]:
        found.notes.append(_("“%(name)s” (line %(line)s, %(number)s in all) is no part of IATI 2.03: not read.", name=name[:80],
                             line=line, number=number))
    if len(strange) > FEW:
        found.notes.append(_("And %(number)s other names that are no part of IATI 2.03.", number=len(strange) - FEW))
    return found


def _version(head: Node) -> list[str]:
    version = head.get("version")
    if version.startswith("1"):
        raise NoActivities(_("This file is of version %(version)s of IATI; versions 2.01 to 2.03 are read.", version=version[:20]))
    return [] if version == "2.03" else [_("The file says that it is of version “%(version)s” of IATI; it was read as 2.03.",
                                           version=version[:20])]


def _note(strange: dict[str, tuple[int, int]], part: Node) -> None:
    line, number = strange.get(part.name, (part.line, 0))
    strange[part.name] = line, number + 1


def _strangers(one: Node) -> Iterator[Node]:
    yield from (part for part in one.parts if part.name not in READ and part.name not in BESIDE)
    for transaction in one.all("transaction"):
        yield from (part for part in transaction.parts if part.name not in IN_TRANSACTION)


def _activity(one: Node, ours: str, today: date) -> list[Stated]:
    """The rows of one activity; none when it has nothing to do with mine action."""
    named = one.first("iati-identifier")
    identifier = " ".join(named.text.split()) if named is not None else ""
    reporting = one.first("reporting-org") or Node("reporting-org", one.line, {})
    title = one.first("title")
    base = {"identifier": identifier, "line": one.line, "title": (title.narrative() if title is not None else "")[:200],
            "publisher": reporting.narrative()[:160] or reporting.get("ref")[:80]}
    if reporting.get("ref") == ours and identifier.startswith(f"{ours}-"):
        return [Stated(**base, own=identifier[len(ours) + 1:])]  # type: ignore[arg-type]
    if not _of_mines(one):
        return []
    if not identifier:
        return [Stated(**base, wrong=[_at(one, _("the activity has no identifier."))])]  # type: ignore[arg-type]
    groups: dict[tuple[object, ...], Stated] = {}
    said = _Beside()
    for transaction in one.all("transaction"):
        try:
            for part in _paid(one, transaction, reporting, today, said):
                key = (part.year, part.donor.name, part.donor.ref, part.country, part.currency)
                row = groups.setdefault(key, Stated(**base, year=part.year, donor=part.donor,  # type: ignore[arg-type]
                                                    country=part.country, country_name=part.country_name,
                                                    currency=part.currency))
                row.amount += part.amount
                row.said += [words for words in part.said if words not in row.said]
        except _Not as why:
            said.words.append(_at(transaction, str(why)))
    rows = list(groups.values()) or [Stated(**base)]  # type: ignore[arg-type]
    for row in rows:
        _settle(row)
    rows[0].said += said.told()
    return rows


def _at(part: Node, words: str) -> str:
    return _("Line %(line)s: %(words)s", line=part.line, words=words)


class _Beside:
    """What an activity says besides payments, for the words of its first row."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.sums: dict[tuple[str, str], Decimal] = {}

    def add(self, stage: str, value: Decimal, currency: str) -> None:
        """Count what is promised, signed for or received, for the words alone."""
        self.sums[stage, currency] = self.sums.get((stage, currency), Decimal(0)) + value

    def told(self) -> list[str]:
        """The words."""
        stages = {"pledge": _("Pledged, not counted as paid: %(amount)s."),
                  "commitment": _("Committed, not counted as paid: %(amount)s."),
                  "incoming": _("Received by the activity, not counted: %(amount)s.")}
        found = [stages[stage] % {"amount": f"{value.normalize():f} {currency}"} for (stage, currency), value in self.sums.items()]
        more = [_("And %(number)s other transactions that were not counted.", number=len(self.words) - FEW)]
        return [*found, *self.words[:FEW], *(more if len(self.words) > FEW else [])]


STAGE = {**dict.fromkeys(codes.PLEDGES, "pledge"), **dict.fromkeys(codes.COMMITMENTS, "commitment"), codes.INCOMING: "incoming"}


def _paid(one: Node, transaction: Node, reporting: Node, today: date, said: _Beside) -> list[Stated]:
    """The parts of a payment, one a State; none for what is no payment. Raises: _Not in words."""
    kind = transaction.of("transaction-type", "code")
    if kind not in codes.KNOWN_TRANSACTIONS:
        raise _Not(_("“%(code)s” is no type of transaction: not counted.", code=kind[:20]))
    share = _share(transaction if transaction.all("sector") else one)
    if share == 0:
        return []
    value, currency = _value(one, transaction)
    if kind in STAGE:
        said.add(STAGE[kind], value * share, currency)
        return []
    if kind not in codes.PAID:
        raise _Not(_("transactions of type %(code)s are not counted.", code=kind))
    day = _day(transaction, today)
    donor = _donor(one, transaction, reporting)
    words = [] if share == 1 else [_("Of each amount, the share of sector 15250 is counted.")]
    return [Stated("", transaction.line, year=day.year, donor=donor, country=code, country_name=name,
                   amount=value * share * part, currency=currency, said=words) for code, name, part in _countries(one, transaction)]


def _of_mines(one: Node) -> bool:
    return any(_is_mines(sector) for place in (one, *one.all("transaction")) for sector in place.all("sector"))


def _is_mines(sector: Node) -> bool:
    return sector.get("vocabulary") in ("", codes.DAC) and sector.get("code") == codes.MINES


def _share(place: Node) -> Decimal:
    """The share of sector 15250 among the purposes of an activity or transaction. Raises: _Not."""
    purposes = [one for one in place.all("sector") if one.get("vocabulary") in ("", codes.DAC)]
    mines = [one for one in purposes if _is_mines(one)]
    if not mines:
        return Decimal(0)
    if len(purposes) == 1:
        return Decimal(1)
    return sum((_percentage(one) for one in mines), Decimal(0)) / _sum(purposes, _("sectors")) if mines else Decimal(0)


def _percentage(part: Node) -> Decimal:
    found = _decimal(part.get("percentage"))
    if found is None or not 0 <= found <= 100:
        raise _Not(_("one of several has no percentage from 0 to 100 (line %(line)s): not counted.", line=part.line))
    return found


def _sum(parts: Iterable[Node], what: str) -> Decimal:
    total = sum((_percentage(one) for one in parts), Decimal(0))
    if abs(total - WHOLE) > NEARLY:
        raise _Not(_("the percentages of the %(what)s come to %(total)s, not to 100: not counted.", what=what,
                     total=f"{total.normalize():f}"))
    return total


def _countries(one: Node, transaction: Node) -> list[tuple[str, str, Decimal]]:
    """(code, name, share) of the States that a payment is for. Raises: _Not."""
    place = transaction if transaction.all("recipient-country") or transaction.all("recipient-region") else one
    found, regions = place.all("recipient-country"), place.all("recipient-region")
    if not found:
        raise _Not(_("it names no State that receives: not counted.") if not regions else
                   _("it names a region, and no State that receives: not counted."))
    if len(found) == 1 and not regions:
        return [(found[0].get("code").upper(), found[0].narrative(), Decimal(1))]
    vocabularies = {one.get("vocabulary") or "1" for one in regions}
    total = _sum([*found, *(one for one in regions if (one.get("vocabulary") or "1") == min(vocabularies))], _("States"))
    return [(one.get("code").upper(), one.narrative(), _percentage(one) / total) for one in found if _percentage(one)]


def _donor(one: Node, transaction: Node, reporting: Node) -> Organisation:
    """Who gave: the one that funds the activity; where several do, the one that the payment names. Raises: _Not."""
    funding = [part for part in one.all("participating-org") if part.get("role") == codes.FUNDING]
    if len(funding) == 1:
        return _organisation(funding[0])
    provider = transaction.first("provider-org")
    if provider is not None and (provider.narrative() or provider.get("ref")):
        return _organisation(provider)
    if funding:
        raise _Not(_("several organisations fund the activity, and it does not say which one paid this: not counted."))
    return _organisation(reporting)


def _organisation(part: Node) -> Organisation:
    return Organisation(part.narrative()[:160], part.get("ref")[:80], part.get("type")[:4])


def _value(one: Node, transaction: Node) -> tuple[Decimal, str]:
    value = transaction.first("value")
    amount = _decimal(value.text.strip()) if value is not None else None
    if value is None or amount is None:
        raise _Not(_("it has no amount that can be read: not counted."))
    currency = (value.get("currency") or one.get("default-currency")).upper()
    if currency not in money.currencies():
        raise _Not(_("“%(currency)s” is no currency in use: not counted.", currency=currency[:10]) if currency else
                   _("it names no currency: not counted."))
    if abs(amount) > money.LARGEST:
        raise _Not(_("it is more than any mine action budget: not counted."))
    return amount, currency


def _decimal(text: str) -> Decimal | None:
    try:
        found = Decimal(text) if len(text) <= 40 else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() and abs(found.adjusted()) < 30 else None


def _day(transaction: Node, today: date) -> date:
    written = transaction.of("transaction-date", "iso-date") or transaction.of("value", "value-date")
    try:
        found = date.fromisoformat(written[:10])
    except ValueError:
        raise _Not(_("it has no date that can be read: not counted.")) from None
    if found > today:
        raise _Not(_("its date %(day)s is still to come: not counted.", day=found.isoformat()))
    if found.year < 1990:
        raise _Not(_("its date %(day)s is before the Convention: not counted.", day=found.isoformat()))
    return found


def _settle(row: Stated) -> None:
    """Round a row's sum to what its currency knows, and refuse what is nothing."""
    if row.year is None:
        return
    exact = Decimal(1).scaleb(-get_currency_precision(row.currency))
    rounded = row.amount.quantize(exact)
    if rounded != row.amount:
        row.said.append(_("Rounded from %(amount)s.", amount=f"{row.amount.quantize(Decimal('0.000001')).normalize():f}"))
    row.amount = rounded
    if rounded <= 0:
        row.wrong.append(_("What was paid in %(year)s comes to nothing, or was paid back.", year=row.year))
    elif rounded > money.LARGEST:
        row.wrong.append(_("it is more than any mine action budget: not counted."))
