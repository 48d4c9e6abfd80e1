"""Rows that are like a record: they wait until somebody says whether they are it. What was said is kept with the row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from partnerships.core.actor import Actor
from partnerships.core.db import db
from partnerships.exchange import beside as besides
from partnerships.exchange import kinds
from partnerships.exchange.beside import Beside, Content, Merging
from partnerships.exchange.entries import Entry
from partnerships.exchange.fates import Verdict, chunks
from partnerships.exchange.models import Choice, Fate, Import, ImportRow, ImportStatus
from partnerships.suggestions import alike, likeness
from partnerships.suggestions.alike import Like


def key_of(entry: Entry) -> str:
    """The key under which an import knows a row of an earlier one again; "" for a row that says nothing to know it by."""
    return f"{entry.party.ref}:{entry.key}"[:60] if entry.party and entry.key else ""


def weigh(actor: Actor, one: Import, verdicts: Sequence[Verdict], rows: Mapping[int, ImportRow]) -> list[Verdict]:
    """The verdicts, with those that would make what is on record already held back, or as somebody chose.

    Arguments: rows, by number, as far as they are kept: each holds what was chosen for it.
    """
    kind = kinds.KINDS[one.what].beside
    fresh = [one for one in verdicts if one.fate is Fate.CREATED]
    if kind is None or not fresh:
        return list(verdicts)
    linked = _linked_before(actor, one, fresh, kind)
    asked = [verdict for verdict in fresh if verdict.entry.number not in linked]
    likes = alike.find([kind.told(verdict) for verdict in asked], kind.known(actor, asked), kind.rule, likeness.of_pairs)
    records = kind.records(actor, {like.record for like in likes.values() if like.record})
    taken = {verdict.record.id: verdict.entry.number for verdict in verdicts if verdict.fate is Fate.UPDATED}
    found: dict[int, Verdict] = dict(linked)
    for verdict in asked:
        number = verdict.entry.number
        like = likes.get(number)
        if like and (like.record is None or like.record in records):
            found[number] = judged(actor, kind, verdict, like, records.get(like.record or 0), rows.get(number), taken)
    return [found.get(verdict.entry.number, verdict) for verdict in verdicts]


def _linked_before(actor: Actor, one: Import, fresh: Sequence[Verdict], kind: Beside) -> dict[int, Verdict]:
    """Rows that an earlier import, which still stands, linked with a record or merged into it: they change nothing."""
    known: dict[str, tuple[int, str]] = {}
    whose = or_(Import.party_id == one.party_id, Import.party_id.is_(None)) if actor.is_isu else Import.party_id == one.party_id
    for keys in chunks(key_of(verdict.entry) for verdict in fresh):
        query = select(ImportRow.key, ImportRow.record_id, Import.ref).join(Import, Import.id == ImportRow.import_id).where(
            ImportRow.key.in_(keys), ImportRow.choice.in_((Choice.LINK, Choice.MERGE)), ImportRow.record_id.is_not(None),
            Import.status == ImportStatus.CONFIRMED, Import.what == one.what, whose).order_by(Import.id)
        known |= {key: (number or 0, ref) for key, number, ref in db.session.execute(query)}
    records = kind.records(actor, {number for number, _ref in known.values()})
    found = {}
    for verdict in fresh:
        number, ref = known.get(key_of(verdict.entry), (0, ""))
        if number in records:
            words = _("It is %(record)s: %(import)s said so.", record=kind.named(records[number]), **{"import": ref})
            found[verdict.entry.number] = Verdict(verdict.entry, Fate.UNCHANGED, words, records[number])
    return found


def judged(actor: Actor, kind: Beside, verdict: Verdict, like: Like, record: Any, row: ImportRow | None,
           taken: dict[int, int]) -> Verdict:
    """The verdict of a row that is like a record or an earlier row, by what was chosen for it.

    Arguments: record, None for an earlier row; row, as it is kept; taken, {record: row} of rows that change records already.
    """
    choice = row.choice if row is not None and _same(row, like) else None
    named = kind.named(record) if record is not None else _("row %(row)s", row=like.row)
    if choice is Choice.KEEP:
        words = _("A record of its own beside %(what)s.", what=named)
        return replace(verdict, words=f"{verdict.words} {words}", like=like)
    if choice is Choice.LINK:
        return Verdict(verdict.entry, Fate.UNCHANGED, _("It is %(what)s: nothing is made.", what=named), record, like=like)
    if choice is Choice.MERGE and record is not None and row is not None:
        merging = kind.merging(actor, verdict, record)
        if not merging.why_not and record.id not in taken:
            taken[record.id] = verdict.entry.number
            new = dict(besides.picked(merging, (row.likeness or {}).get("fields", [])))
            fate = Fate.UPDATED if new else Fate.UNCHANGED
            return Verdict(verdict.entry, fate, _("It is %(what)s. Added to it: %(fields)s.", what=named,
                                                  fields=", ".join(map(field_label, new)) or "–"), record, new, like=like)
        if record.id in taken:
            words = _("Row %(row)s changes %(what)s already: say that this row is it, or keep it.", row=taken[record.id],
                      what=named)
            return Verdict(verdict.entry, Fate.WAITING, words, like=like)
    return Verdict(verdict.entry, Fate.WAITING, _("It is like %(what)s. Choose whether it is the same.", what=named), like=like)


def _same(row: ImportRow, like: Like) -> bool:
    return row.likeness is not None and (row.likeness.get("id"), row.likeness.get("row")) == (like.record, like.row)


def keep_with(row: ImportRow, verdict: Verdict) -> None:
    """Keep with a row what it is like; what was chosen of another likeness no longer counts."""
    like = verdict.like
    if like is None:
        row.likeness, row.choice = None, None
    elif not _same(row, like):
        row.likeness, row.choice = plain(like), None


def plain(like: Like) -> dict[str, Any]:
    """A likeness as a row keeps it."""
    return {"id": like.record, "row": like.row, "share": like.share}


@dataclass(frozen=True)
class Compared:
    """A row beside the record, or the earlier row, that it is like; what of it could go into the record.

    said, stands: what the row says, and what the other says, by field.
    """

    row: ImportRow
    verdict: Verdict
    record: Any
    named: str
    merging: Merging
    said: Content
    stands: Content


def compared(actor: Actor, one: Import, verdict: Verdict, row: ImportRow, earlier: Sequence[Verdict]) -> Compared | None:
    """A row beside what it is like; None when that is gone, or when the row would no longer make a record.

    Arguments: earlier, the verdict of the earlier row that it is like, if it is like one.
    """
    kind, said = kinds.KINDS[one.what].beside, row.likeness or {}
    if kind is None or verdict.fate is not Fate.CREATED:
        return None
    if said.get("id") is None:
        return Compared(row, verdict, None, _("row %(row)s", row=said["row"]), Merging({}, {}), kind.said(verdict),
                        kind.said(earlier[0])) if earlier else None
    record = kind.records(actor, [said["id"]]).get(said["id"])
    if record is None:
        return None
    merging = kind.merging(actor, verdict, record)
    return Compared(row, verdict, record, kind.named(record), merging, kind.said(verdict), merging.before)


def judged_alone(actor: Actor, one: Import, of: Compared, rows: Sequence[ImportRow]) -> Verdict:
    """The verdict of one row by its choice, without reading the texts of all others again; confirming does."""
    kind, said = kinds.KINDS[one.what].beside, of.row.likeness or {}
    assert kind is not None
    taken = {(row.likeness or {}).get("id"): row.number for row in rows
             if row.choice is Choice.MERGE and row.number != of.row.number}
    like = Like(said.get("id"), said.get("row"), said.get("share", 1.0))
    return judged(actor, kind, of.verdict, like, of.record, of.row, {number: at for number, at in taken.items() if number})


FIELD_LABELS = {"themes": "theme", "amounts": "amount"}  # columns of records that files head otherwise


def field_label(key: str) -> str:
    """A field of a record as people know it."""
    from flask_babel import get_locale

    from partnerships.exchange.columns import label

    locale = get_locale()
    return label(FIELD_LABELS.get(key, key), locale.language if locale else "en")
