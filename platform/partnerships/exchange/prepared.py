"""Pledges of a prepared sheet: what becomes of each row, putting it on the record of a conference, striking it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from partnerships.conferences.models import Conference
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.core.filters import number
from partnerships.core.visibility import Visibility
from partnerships.exchange.entries import Entry
from partnerships.exchange.fates import Verdict, chunks, doubles, refused_as_read, rejected, spanned
from partnerships.exchange.models import Fate, Import, ImportRow
from partnerships.needs import queries as needs
from partnerships.needs.models import Need
from partnerships.parties.words import name
from partnerships.pledges import queries as pledges
from partnerships.pledges import rules
from partnerships.pledges import service as pledging
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import OBJECT_LABELS, PledgeKind, PledgeStatus


def fates_of(actor: Actor, entries: Sequence[Entry], conference: Conference) -> list[Verdict]:
    """The fates of rows about pledges of a conference.

    A pledge is known again by conference, donor, object, kind, State or need, amount as it was announced, currency and years.
    """
    repeated, wanted = doubles(entries), {entry.content.get("need", "") for entry in entries}
    found = {ref: need for refs in chunks(wanted) for ref, need in needs.by_refs(actor, refs).items()}
    made: dict[tuple[Any, ...], Pledge] = {}
    for pledge in pledges.of_conference(actor, conference.id):
        made.setdefault(_same(pledge), pledge)
    return [refused_as_read(entry) or repeated.get(entry.number) or _pledge(entry, found, made, conference)
            for entry in entries]


def _same(pledge: Pledge) -> tuple[Any, ...]:
    """What makes two entries of a conference the same pledge. The amount is the one announced: it may have changed since."""
    amount = pledge.valuation if pledge.kind is PledgeKind.IN_KIND else pledge.announced_amount
    currency = pledge.valuation_currency if pledge.kind is PledgeKind.IN_KIND else pledge.currency
    return (pledge.donor_id, pledge.object, pledge.kind, pledge.need_id, pledge.recipient_id, amount,
            currency if amount is not None else "", pledge.first_year, pledge.last_year)


def _pledge(entry: Entry, found: dict[str, Need], made: dict[tuple[Any, ...], Pledge], conference: Conference) -> Verdict:
    assert entry.party is not None
    need = found.get(entry.content.get("need", ""))
    if "need" in entry.content and need is None:
        return rejected(entry, _("Row %(row)s: “%(ref)s” is no published need.", row=entry.number, ref=entry.content["need"]))
    new = {**entry.content, "need": need, "recipient": need.party if need else entry.recipient}
    draft = _draft(entry, new, conference)
    known = made.get(_same(draft))
    if known is not None:
        words = _("%(ref)s is on record for this conference: the same donor, purpose, amount and years.", ref=known.ref)
        return Verdict(entry, Fate.UNCHANGED, " ".join([words, *entry.said]), known)
    try:
        rules.announcement(draft)
    except Refused as refused:
        return rejected(entry, _("Row %(row)s: %(words)s", row=entry.number, words=refused.message))
    return Verdict(entry, Fate.CREATED, " ".join([_pledged(draft), *entry.said]), None, new)


def _draft(entry: Entry, new: dict[str, Any], conference: Conference) -> Pledge:
    """The pledge that a row would make: to be compared and tried under the rules, never kept."""
    first, last = entry.span or (None, None)
    in_kind = new["kind"] is PledgeKind.IN_KIND
    assert entry.party is not None
    with db.session.no_autoflush:
        return Pledge(
            donor=entry.party, donor_id=entry.party.id, object=new["object"], kind=new["kind"], need=new["need"],
            need_id=new["need"].id if new["need"] else None, recipient=new["recipient"],
            recipient_id=new["recipient"].id if new["recipient"] else None, amount=new.get("amount"),
            announced_amount=new.get("amount"), currency=new.get("currency", "") if "amount" in new else "",
            valuation=new.get("valuation"), valuation_currency=new.get("currency", "") if in_kind and "valuation" in new else "",
            first_year=first, last_year=last, announced_on=announced_on(conference),
            visibility=new["need"].visibility if new["need"] else Visibility.PUBLIC)


def announced_on(conference: Conference) -> date:
    """The day on which the pledges of a prepared sheet were announced: the conference's first; today while it is to come."""
    today = date.today()
    return min(conference.first_day or today, today)


def _pledged(pledge: Pledge) -> str:
    amount, currency = ((pledge.valuation, pledge.valuation_currency) if pledge.kind is PledgeKind.IN_KIND
                        else (pledge.amount, pledge.currency))
    worth = f"{number(amount)} {currency}" if amount is not None else _("no amount stated")
    target = pledge.need.ref if pledge.need else name(pledge.recipient) if pledge.recipient else ""
    years = spanned(pledge.first_year, pledge.last_year) if pledge.first_year and pledge.last_year else ""
    return f"{', '.join(filter(None, [name(pledge.donor), str(OBJECT_LABELS[pledge.object]), target, worth, years]))}."

def keep(one: Import, row: ImportRow, verdict: Verdict, actor: Actor) -> None:
    """Put a pledge of a prepared sheet on the record, as announced on the conference's day. Raises: Refused in words."""
    assert one.conference is not None and verdict.entry.party is not None
    new, (first, last) = verdict.new, verdict.entry.span or (None, None)
    record = pledging.announce(
        actor, verdict.entry.party, object=new["object"], kind=new["kind"], need=new["need"], recipient=new["recipient"],
        conference=one.conference, currency=new.get("currency", ""), amount=new.get("amount"), approximate=new["approximate"],
        first_year=first, last_year=last, condition=new["condition"], statement=new["statement"], from_floor=False,
        announced_on=announced_on(one.conference), visibility=new["need"].visibility if new["need"] else Visibility.PUBLIC,
        details=pledging.Details(
            valuation=new.get("valuation"), valuation_currency=new.get("currency", "") if "valuation" in new else "",
            earmarking=new["earmarking"], themes=new["themes"], channel=new["channel"], oda=new["oda"],
            portions=new.get("portions", ())),
        is_demo=one.conference.is_demo)
    row.record_id, row.record_version, row.before = record.id, record.version, None


def take_back(row: ImportRow, actor: Actor) -> str:
    """Strike the pledge of one row, unless anything happened to it since; words as `keeping.take_back`."""
    record = db.session.get(Pledge, row.record_id)
    if record is None:
        return _("It is gone already.")
    if record.status is PledgeStatus.STRUCK:
        return _("It was struck already.")
    if record.version != row.record_version or len(record.steps) > 1 or record.reports:
        return _("It stays: something happened to the pledge after the import.")
    pledging.move(record, "struck", actor, _("The import was undone."))
    return ""
