"""Putting the rows of a confirmed import into the register, and taking them out again. Flushes, never commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from partnerships.amendments import service as amendments
from partnerships.amendments.models import Amendment
from partnerships.amendments.states import WITH_THE_STATE as CHANGING
from partnerships.core import audit
from partnerships.core.actor import Actor
from partnerships.core.db import Base, db, utcnow
from partnerships.core.refs import next_reference
from partnerships.core.visibility import Visibility
from partnerships.exchange.fates import RECORDED_ONLY, Verdict, chunks, need_key
from partnerships.exchange.models import Fate, Import, ImportRow
from partnerships.needs import content
from partnerships.needs import service as needs
from partnerships.needs.models import Need, NeedVersion
from partnerships.needs.states import WITH_THE_STATE, NeedStatus, Origin
from partnerships.offers import service as offers
from partnerships.offers.models import Offer
from partnerships.parties.models import Party
from partnerships.parties.service import audience

Write = Callable[[Import, ImportRow, Verdict, Actor], None]


def need(one: Import, row: ImportRow, verdict: Verdict, actor: Actor) -> None:
    """Make or change the need that a row is about; the row keeps what undoing it takes."""
    if verdict.fate is Fate.CREATED:
        record = _record(verdict, actor) if actor.is_isu else _draft(verdict, actor)
        row.record_id, row.record_version, row.before = record.id, record.version, None
        return
    record = verdict.record
    if actor.is_isu:
        _change_recorded(one, row, record, verdict.new, actor)
    elif record.status in WITH_THE_STATE:
        row.before = {"content": content.snapshot(record)}
        needs.revise(record, actor, verdict.new)
        row.record_version = record.version
    else:
        working = amendments.working(actor, record)
        before = dict(working.amendment.content) if working.amendment else None
        working.keep(actor, verdict.new, _("Imported: %(ref)s", ref=one.ref))
        assert working.amendment is not None
        row.before = {"amendment": working.amendment.id, "content": before}
        row.record_version = working.amendment.version
    row.record_id = record.id


def _columns(new: dict[str, Any]) -> dict[str, Any]:
    return content.unpacked(new)


def _record(verdict: Verdict, actor: Actor) -> Need:
    """A need that a public document states, on record from the start: nobody's posting, so nobody verifies it."""
    entry, party = verdict.entry, _party(verdict)
    span = entry.span or (utcnow().year, utcnow().year)
    record = Need(
        party=party, party_id=party.id, author_id=actor.account_id, origin=Origin.RECORDED, status=NeedStatus.PUBLISHED,
        ref=next_reference(f"{party.ref}-REC-{span[0]}"), published_at=utcnow(), import_key=need_key(actor, entry),
        source=entry.source, basis=entry.content.get("basis", ""), **_columns(verdict.new))
    record.amounts = [content.NeedAmount(**line) for line in content.lines(verdict.new, "amounts")]
    content.total(record)
    db.session.add(record)
    db.session.flush()
    needs.keep_version(record, actor)
    audit.record("need.recorded", record, actor, also=[party])
    return record


def _draft(verdict: Verdict, actor: Actor) -> Need:
    """A draft of the State's own, to be looked at, completed and submitted as any other."""
    amounts = [(line["first_year"], line["last_year"], line["amount"], line["national_share"])
               for line in content.lines(verdict.new, "amounts")]
    entry = verdict.entry
    columns = {**_columns(verdict.new), "source": entry.source, "basis": entry.content.get("basis", ""),
               "import_key": need_key(actor, entry)}
    return needs.create(actor, _party(verdict), columns, amounts)


def _party(verdict: Verdict) -> Party:
    assert verdict.entry.party is not None
    return verdict.entry.party


def _change_recorded(one: Import, row: ImportRow, record: Need, new: dict[str, Any], actor: Actor) -> None:
    row.before = {"content": content.snapshot(record), **{name: getattr(record, name) for name in RECORDED_ONLY}}
    _put(record, new, actor, _("Imported: %(ref)s", ref=one.ref))
    row.record_version = record.version


def _put(record: Need, new: dict[str, Any], actor: Actor, note: str) -> None:
    """Bring a recorded need to a content, as its next published version."""
    for name in RECORDED_ONLY:
        if name in new:
            setattr(record, name, new[name])
    before = content.snapshot(record)
    said = {key: value for key, value in new.items() if key in before}
    differs = content.differing(before, said)
    content.apply(record, said)
    record.updated_at = utcnow()
    db.session.flush()
    needs.keep_version(record, actor, note=note)
    changes = {key: (content.written(key, before[key]), content.written(key, said[key])) for key in differs}
    audit.record("need.changed", record, actor, changes=changes, also=[record.party], note=note,
                 audience=audience(record.visibility, record.amounts_visibility))


def named(one: Import, row: ImportRow, verdict: Verdict, actor: Actor) -> None:
    """Note with a need that a row of an import is about it, and the source that the row gives; nothing of the need changes."""
    record = verdict.record
    note = ", ".join(filter(None, [f"{one.ref} ({row.number})", verdict.entry.source]))
    audit.record("need.named", record, actor, also=[record.party], note=note, audience=audience(record.visibility))


def offer(one: Import, row: ImportRow, verdict: Verdict, actor: Actor) -> None:
    """Post or change the offer that a row is about."""
    entry = verdict.entry
    if verdict.fate is Fate.CREATED:
        record = offers.create(actor, _party(verdict), {**verdict.new, "import_key": entry.key})
        row.before = None
    else:
        record = verdict.record
        row.before = {"content": {key: audit.plain(getattr(record, key)) for key in verdict.new}}
        offers.change(record, actor, verdict.new)
    row.record_id, row.record_version = record.id, record.version


def take_back(row: ImportRow, actor: Actor, model: type[Need] | type[Offer], held: set[int]) -> str:
    """Undo one row.

    Arguments: held, the records that others refer to, by `referred`.
    Returns: words when the record stays as it is, "" when it is as it was before the import.
    """
    record: Any = db.session.get(model, row.record_id)
    if record is None:
        return _("It is gone already.")
    if row.before is None:
        return _remove(record, row, held, actor)
    if "amendment" in row.before:
        return _give_up(row, actor)
    if record.version != row.record_version:
        return _("It stays: somebody changed it after the import.")
    if isinstance(record, Offer):
        offers.change(record, actor, _read_offer(row.before["content"]))
    elif record.origin is Origin.RECORDED:
        _put(record, {**row.before["content"], **{name: row.before[name] for name in RECORDED_ONLY}}, actor,
             _("The import was undone."))
    else:
        needs.revise(record, actor, row.before["content"])
    return ""


def _remove(record: Any, row: ImportRow, held: set[int], actor: Actor) -> str:
    """Undo what an import made. An offer, which its partner posted, is withdrawn for everybody to see; a draft goes, and so does
    what was recorded from a document by mistake: the import and its undoing stay on the record."""
    if record.version != row.record_version:
        return _("It stays: somebody changed it after the import.")
    if record.id in held:
        return _("It stays: other records refer to it.")
    if isinstance(record, Offer):
        record.import_key = None  # the same row may be imported again, as a record of its own
        offers.move(record, "withdrawn", actor, _("The import was undone."))
        return ""
    db.session.execute(delete(NeedVersion).where(NeedVersion.need_id == record.id))
    db.session.delete(record)
    db.session.flush()
    return ""


def referred(model: type[Need] | type[Offer], ids: Iterable[int]) -> set[int]:
    """Which of these records others refer to. What is part of a need (its lines, its versions) does not count."""
    own = {NeedVersion.__tablename__, *(table.__tablename__ for table, _columns in content.LINES.values())}  # type: ignore[attr-defined]
    columns = [column for table in Base.metadata.sorted_tables if table.name not in own for column in table.columns
               if any(key.column.table is model.__table__ for key in column.foreign_keys)]
    found: set[int] = set()
    for some in chunks(ids):
        for column in columns:
            found.update(db.session.scalars(select(column).where(column.in_(some)).distinct()))
    return found


def _give_up(row: ImportRow, actor: Actor) -> str:
    """Undo what an import wrote into a change that waits to be submitted."""
    before = row.before or {}
    amendment = db.session.get(Amendment, before["amendment"])
    if amendment is None or amendment.status not in CHANGING or amendment.version != row.record_version:
        return _("It stays: the change was submitted, or somebody worked on it after the import.")
    if before["content"] is None:
        amendments.move(amendment, "dropped", actor)
    else:
        amendment.content, amendment.updated_at = before["content"], utcnow()
        audit.record("amendment.changed", amendment, actor, also=[amendment.need, amendment.need.party],
                     audience=Visibility.PARTIES)
    db.session.flush()
    return ""


def _read_offer(kept: dict[str, Any]) -> dict[str, Any]:
    """Columns of an offer, back from plain data."""
    found: dict[str, Any] = {}
    for key, value in kept.items():
        if isinstance(value, list):
            value = tuple(value)
        elif key in ("amount_min", "amount_max") and value is not None:
            value = Decimal(value)
        elif key == "valid_until":
            value = date.fromisoformat(value)
        found[key] = value
    return found
