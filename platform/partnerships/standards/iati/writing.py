"""Activities to XML, one by one, so that a file of any length is never held as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO, Any

from lxml import etree

from partnerships.standards.iati.codes import DAC, OWN, UNSPECIFIED
from partnerships.standards.iati.plain import VERSION, Activity, Organisation, Period, Text, Transaction, Value

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Publisher:
    """Who reports: its identifier, name and OrganisationType, and where our own vocabulary is explained."""

    ref: str
    name: str
    type: str
    vocabulary: str

    def identifier(self, permanent: str) -> str:
        """The identifier of an activity, from its permanent reference."""
        return f"{self.ref}-{permanent}"


def write(out: IO[bytes], activities: Iterable[Activity], publisher: Publisher, now: datetime, remarks: Iterable[str] = ()) -> int:
    """Write a file of activities. Arguments: remarks, sentences for its head. Returns: how many activities it holds."""
    number = 0
    with etree.xmlfile(out, encoding="UTF-8") as file:
        file.write_declaration()
        with file.element("iati-activities", {"version": VERSION, "generated-datetime": _moment(now)}):
            file.write("\n")
            for remark in remarks:
                file.write(etree.Comment(f" {_plain(remark).replace('--', '- -')} "))
                file.write("\n")
            for one in activities:
                number += 1
                file.write(element(one, publisher, now), pretty_print=True)
    return number


def element(one: Activity, publisher: Publisher, now: datetime) -> Any:
    """One activity as an element, its parts in the order of the schema."""
    root = etree.Element("iati-activity", {LANG: "en", "default-currency": one.currency, "hierarchy": str(one.hierarchy)})
    if one.updated is not None:
        root.set("last-updated-datetime", _moment(min(one.updated, now)))
    _add(root, "iati-identifier").text = publisher.identifier(one.identifier)
    reporting = _add(root, "reporting-org", {"ref": publisher.ref, "type": publisher.type, "secondary-reporter": "1"})
    _narratives(reporting, (Text(publisher.name),))
    _narratives(_add(root, "title"), one.title)
    for texts in one.descriptions:
        _narratives(_add(root, "description", {"type": "1"}), texts)
    for role, who in one.participating:
        _organisation(root, "participating-org", who, {"role": role})
    _add(root, "activity-status", {"code": one.status})
    for kind, day in one.dates:
        _add(root, "activity-date", {"type": kind, "iso-date": day.isoformat()})
    _place(root, *one.country)
    _sectors(root, one, publisher)
    _terms(root, one)
    for budget in one.budgets:
        _period(_add(root, "budget", {"type": "1", "status": budget.status}), budget)
    for planned in one.planned:
        _period(_add(root, "planned-disbursement", {"type": "1"}), planned)
    for transaction in one.transactions:
        _transaction(root, transaction)
    for kind, permanent in one.related:
        _add(root, "related-activity", {"ref": publisher.identifier(permanent), "type": kind})
    return root


def _place(root: Any, code: str, name: str) -> None:
    if code:
        _add(root, "recipient-country", {"code": code})
        return
    region = _add(root, "recipient-region", {"code": UNSPECIFIED, "vocabulary": "1"})
    if name:
        _narratives(region, (Text(name),))


def _sectors(root: Any, one: Activity, publisher: Publisher) -> None:
    for sector in one.sectors:
        own = {"vocabulary-uri": publisher.vocabulary} if sector.vocabulary == OWN else {}
        share = {"percentage": _number(sector.percentage)} if sector.percentage is not None else {}
        found = _add(root, "sector", {"vocabulary": sector.vocabulary, **own, "code": sector.code, **share})
        if sector.words:
            _narratives(found, (Text(sector.words),))
    for code, words in one.tags:
        _narratives(_add(root, "tag", {"code": code, "vocabulary": OWN, "vocabulary-uri": publisher.vocabulary}), (Text(words),))


def _terms(root: Any, one: Activity) -> None:
    """The terms on which the money is given, each only where it is recorded."""
    for marker, significance in one.markers:
        _add(root, "policy-marker", {"vocabulary": DAC, "code": marker, "significance": significance})
    if one.flow:
        _add(root, "default-flow-type", {"code": one.flow})
    if one.finance:
        _add(root, "default-finance-type", {"code": one.finance})
    for vocabulary, code in one.aid:
        _add(root, "default-aid-type", {"vocabulary": vocabulary, "code": code})
    if one.tied:
        _add(root, "default-tied-status", {"code": one.tied})


def _transaction(root: Any, one: Transaction) -> None:
    found = _add(root, "transaction")
    _add(found, "transaction-type", {"code": one.type})
    _add(found, "transaction-date", {"iso-date": one.on.isoformat()})
    _value(found, one.value)
    if one.words:
        _narratives(_add(found, "description"), (Text(one.words),))
    if one.provider is not None:
        _organisation(found, "provider-org", one.provider)
    if one.receiver is not None:
        _organisation(found, "receiver-org", one.receiver)


def _period(found: Any, one: Period) -> None:
    _add(found, "period-start", {"iso-date": one.first.isoformat()})
    if one.last is not None:
        _add(found, "period-end", {"iso-date": one.last.isoformat()})
    _value(found, one.value)


def _value(parent: Any, value: Value) -> None:
    _add(parent, "value", {"currency": value.currency, "value-date": value.on.isoformat()}).text = _number(value.amount)


def _organisation(parent: Any, name: str, who: Organisation, more: Mapping[str, str] | None = None) -> None:
    kind = {"type": who.type} if who.type else {}
    _narratives(_add(parent, name, {**kind, **(more or {})}), (Text(who.name),))


def _narratives(parent: Any, texts: Iterable[Text]) -> None:
    for one in texts:
        _add(parent, "narrative", {LANG: one.language} if one.language != "en" else {}).text = _plain(one.text)


def _add(parent: Any, name: str, attributes: Mapping[str, str] | None = None) -> Any:
    return etree.SubElement(parent, name, dict(attributes or {}))


def _plain(text: str) -> str:
    """A text without what XML cannot hold."""
    return _UNWRITABLE.sub("\ufffd", text)


def _number(value: Decimal) -> str:
    return format(value.normalize() + 0, "f")


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
