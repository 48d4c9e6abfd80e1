"""Contributions that public sources record: what becomes of each row, putting it into the register, taking it out again."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from partnerships.core import audit
from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.core.filters import number
from partnerships.exchange.columns import folded
from partnerships.exchange.entries import Entry
from partnerships.exchange.fates import Verdict, chunks, doubles, refused_as_read, rejected
from partnerships.exchange.models import Fate, Import, ImportRow
from partnerships.parties.words import name
from partnerships.pledges.models import Contribution

SAID = ("sector", "themes", "amount_usd", "amount_national", "currency", "list_complete", "description",
        "implementer")  # of a contribution, beside its key
CHANGED = {"amount_usd": _l("amount in US dollars"), "amount_national": _l("amount in the donor's currency"),
           "currency": _l("currency"), "list_complete": _l("donor list complete"), "themes": _l("thematic areas"),
           "source": _l("source"), "sector": _l("sector"), "description": _l("description"), "implementer": _l("implementer")}
FLOWS = ("flow-", "line-")  # how keys of flows begin: `given`


def fates_of(entries: Sequence[Entry]) -> list[Verdict]:
    """The fates of rows about contributions. A row is known again by year, donor, recipient and sector."""
    repeated = doubles(entries)
    known: dict[tuple[int, int, int], list[Contribution]] = {}
    for years in chunks(entry.content.get("year") for entry in entries):
        for one in db.session.scalars(select(Contribution).where(Contribution.year.in_(years)).order_by(Contribution.line)):
            known.setdefault((one.year, one.donor_id, one.recipient_id), []).append(one)
    flows = {one.import_key: one for keys in chunks(entry.key for entry in entries)
             for one in db.session.scalars(select(Contribution).where(Contribution.import_key.in_(keys)))}
    return [refused_as_read(entry) or repeated.get(entry.number) or _contribution(entry, known, flows.get(entry.key))
            for entry in entries]


def is_flow(entry: Entry) -> bool:
    """Whether a row is one flow, known by its number or its words, and not the figure of a year, known by its sector."""
    return entry.key.startswith(FLOWS)


def _contribution(entry: Entry, known: dict[tuple[int, int, int], list[Contribution]], flow: Contribution | None) -> Verdict:
    assert entry.party is not None and entry.recipient is not None
    beside = known.get((entry.content["year"], entry.party.id, entry.recipient.id), [])
    new = {**{key: entry.content[key] for key in SAID if key in entry.content}, "source": entry.source}
    who = _("%(donor)s to %(recipient)s, %(year)s", donor=name(entry.party), recipient=name(entry.recipient),
            year=str(entry.content["year"]))
    found = flow if is_flow(entry) else next(
        (one for one in beside if not one.import_key and folded(one.sector) == folded(entry.content["sector"])), None)
    if found is None:
        remarks = [] if is_flow(entry) else _others(beside, new)
        return Verdict(entry, Fate.CREATED, " ".join([f"{who}: {_worth(new)}.", *remarks, *entry.said]), None, new)
    if (found.year, found.donor_id, found.recipient_id) != (entry.content["year"], entry.party.id, entry.recipient.id):
        return rejected(entry, _("Row %(row)s: this flow is on record for another donor, State or year: put that right first.",
                                 row=entry.number))
    differs = audit.differences(found, new)
    if not differs:
        return Verdict(entry, Fate.UNCHANGED, " ".join([f"{who}.", *entry.said]), found)
    told = ", ".join(_("%(field)s: %(old)s becomes %(new)s", field=str(CHANGED[key]), old=_shown(old), new=_shown(value))
                     for key, (old, value) in differs.items())
    return Verdict(entry, Fate.UPDATED, " ".join([f"{who}: {told}.", *entry.said]), found,
                   {key: new[key] for key in differs})


def _worth(new: dict[str, Any]) -> str:
    amounts = [f"{number(new[key])} {code}" for key, code in (("amount_usd", "USD"), ("amount_national", new.get("currency", "")))
               if key in new and (key, code) != ("amount_national", "USD")]
    return " / ".join(amounts) or _("no amount stated")


def _others(beside: Sequence[Contribution], new: dict[str, Any]) -> list[str]:
    """Remarks about what is on record for the same donor, recipient and year under another sector: the row is added to it."""
    if not beside:
        return []
    sectors = ", ".join(f"“{one.sector}”" for one in beside)
    if any(one.amount_usd == new.get("amount_usd") for one in beside):
        return [_("The same amount is on record under %(sectors)s: is it the same contribution?", sectors=sectors)]
    return [_("Added beside %(sectors)s.", sectors=sectors)]


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return " ".join(value) or "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "–" if value in (None, "") else number(value) if isinstance(value, Decimal) else f"“{value}”"


def keep(one: Import, row: ImportRow, verdict: Verdict, actor: Actor) -> None:
    """Record or put right what a donor gave. A contribution has no version: the row keeps what it was and what it became."""
    record, before = verdict.record, None
    if verdict.fate is Fate.CREATED:
        donor, recipient = verdict.entry.party, verdict.entry.recipient
        assert donor is not None and recipient is not None
        own = (Contribution.year == verdict.entry.content["year"], Contribution.donor_id == donor.id,
               Contribution.recipient_id == recipient.id)
        line = (db.session.scalar(select(func.max(Contribution.line)).where(*own)) or 0) + 1
        record = Contribution(year=verdict.entry.content["year"], donor_id=donor.id, recipient_id=recipient.id,
                              line=line, import_key=verdict.entry.key if is_flow(verdict.entry) else None, **verdict.new)
        db.session.add(record)
    else:
        before = _told(record)
        for key, value in verdict.new.items():
            setattr(record, key, value)
    db.session.flush()
    row.record_id, row.before = record.id, {"was": before, "became": _told(record)}


def _told(record: Contribution) -> dict[str, Any]:
    return {key: audit.plain(getattr(record, key)) for key in (*SAID, "source")}


def take_back(row: ImportRow) -> str:
    """Undo one row about a contribution; words as `keeping.take_back`."""
    record, before = db.session.get(Contribution, row.record_id), row.before or {}
    if record is None:
        return _("It is gone already.")
    if _told(record) != before["became"]:
        return _("It stays: somebody changed it after the import.")
    if before["was"] is None:
        db.session.delete(record)
    else:
        for key, value in before["was"].items():
            setattr(record, key, _read(key, value))
    db.session.flush()
    return ""


def _read(key: str, value: Any) -> Any:
    if key == "themes":
        return tuple(value)
    return Decimal(value) if key.startswith("amount") and value is not None else value
