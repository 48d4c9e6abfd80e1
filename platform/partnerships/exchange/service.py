"""Imports: a file is read and shown, confirmed or dropped, and can be undone as a whole. Flushes, never commits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from partnerships.conferences.models import Conference
from partnerships.conferences.states import ConferenceStatus
from partnerships.core import audit, jobs, workflow
from partnerships.core.actor import SYSTEM, Actor
from partnerships.core.constraints import words_for
from partnerships.core.db import db, utcnow
from partnerships.core.errors import Refused
from partnerships.core.refs import next_reference
from partnerships.core.text import one_line
from partnerships.core.visibility import Visibility
from partnerships.core.workflow import Transition, Workflow
from partnerships.exchange import (
    activities,
    columns,
    fates,
    funding,
    given,
    keeping,
    needed,
    offered,
    pledged,
    prepared,
    queries,
    reading,
    sample,
)
from partnerships.exchange.entries import Entry
from partnerships.exchange.fates import Verdict
from partnerships.exchange.models import Fate, Import, ImportOf, ImportRow, ImportStatus
from partnerships.exchange.reading import Cell, Line
from partnerships.needs.models import Need
from partnerships.offers.models import Offer
from partnerships.parties.models import Party

KEPT_FOR = timedelta(days=30)  # how long a preview waits for somebody to confirm it
WRITING = (Fate.CREATED, Fate.UPDATED)
WRITE: Mapping[ImportOf, keeping.Write] = {ImportOf.NEEDS: keeping.need, ImportOf.OFFERS: keeping.offer,
                                           ImportOf.CONTRIBUTIONS: funding.keep, ImportOf.ACTIVITIES: funding.keep,
                                           ImportOf.PLEDGES: prepared.keep}
GIVEN = (ImportOf.CONTRIBUTIONS, ImportOf.ACTIVITIES)  # both become contributions on record


def preview(actor: Actor, what: ImportOf, filename: str, data: bytes, *, mapping: Mapping[str, str] | None = None,
            source: str = "", conference: Conference | None = None) -> Import:
    """Read a file and keep what would become of each row; nothing else changes.

    Arguments: mapping, see `columns.chosen`; source, one source for all rows that name none; conference, at which the
    pledges of a prepared sheet are announced. Returns: the import, flushed, with its rows.
    Raises: reading.Unreadable, columns.BadMapping, Refused for pledges without a conference that still takes any.
    """
    if what is ImportOf.PLEDGES and (conference is None or conference.status is ConferenceStatus.PUBLISHED):
        raise Refused(_("Choose the conference at which these pledges are announced; its outcome must not be published yet."))
    sheet = _sheet(what, data)
    head = columns.heading_row(sheet.lines, what.value)
    number, cells = sheet.lines[head]
    headings = _distinct(columns.names(cells))
    found = columns.chosen(headings, mapping or {}, what.value)
    above = [_("The rows above row %(row)s, which holds the headings, were not read.", row=number)] if head else []
    conference = conference if what is ImportOf.PLEDGES else None
    notes = [*sheet.notes, *above, *(prepared.notes(conference) if conference is not None else [])]
    one = Import(
        ref=next_reference(f"IMPORT-{date.today().year}", width=4), what=what, filename=_line(filename, 200) or "-",
        sha256=hashlib.sha256(data).hexdigest(), party_id=actor.party_id, account_id=actor.account_id,
        conference=conference,
        mapping={"headings": headings, "given": dict(mapping or {}), "source": _line(source, 400), "notes": notes},
        notes=[*notes, *found.notes, *found.questions])
    db.session.add(one)
    db.session.flush()
    lines = sheet.lines[head + 1:]
    kept = {number: (cells, sheet.merged.get(number, "")) for number, cells in lines}
    _keep_rows(one, _verdicts(actor, one, found, lines, sheet.merged), kept)
    return one


def _sheet(what: ImportOf, data: bytes) -> reading.Sheet:
    """The rows of a file: of activities from XML, of everything else from a spreadsheet. Raises: reading.Unreadable."""
    if activities.holds(data) is not (what is ImportOf.ACTIVITIES):
        raise reading.Unreadable(_("This is no XML: IATI activities are.") if what is ImportOf.ACTIVITIES else
                                 _("This is XML: choose IATI activities as what the rows are."))
    return activities.read(data) if what is ImportOf.ACTIVITIES else reading.read(data, sample.SHEETS[what.value])


def _line(text: str, most: int) -> str:
    """A text that people typed, as a column keeps it: no marks that cannot be kept, no lone surrogates."""
    return (one_line(text) or "").encode("utf-8", "replace").decode()[:most]


def _distinct(headings: list[str]) -> list[str]:
    """Headings that differ from each other: a repeated one gets a number."""
    seen: dict[str, int] = {}
    found = []
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
        found.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return found


def _verdicts(actor: Actor, one: Import, found: columns.Chosen, lines: list[Line], merged: Mapping[int, str]) -> list[Verdict]:
    entries = _entries(actor, one, found, lines)
    for entry in entries:
        if entry.number in merged:
            entry.wrong.append(_("Row %(row)s is part of the merged cells %(range)s: part them, and fill in each row.",
                                 row=entry.number, range=merged[entry.number]))
        if found.questions:
            entry.wrong.extend(found.questions)
    if one.what is ImportOf.CONTRIBUTIONS:
        return funding.fates_of(entries)
    if one.what is ImportOf.ACTIVITIES:
        return activities.fates_of(entries)
    if one.what is ImportOf.PLEDGES:
        return prepared.fates_of(actor, entries, _conference(one))
    return (fates.of_needs if one.what is ImportOf.NEEDS else fates.of_offers)(actor, entries)


def _entries(actor: Actor, one: Import, found: columns.Chosen, lines: list[Line]) -> list[Entry]:
    known, own = queries.known(), db.session.get(Party, actor.party_id) if actor.party_id else None
    if one.what is ImportOf.NEEDS:
        return needed.read(lines, found, known, own=None if actor.is_isu else own, source=one.mapping["source"])
    if one.what is ImportOf.CONTRIBUTIONS:
        return given.read(lines, found, known, source=one.mapping["source"], today=date.today())
    if one.what is ImportOf.ACTIVITIES:
        return activities.entries(lines, known)
    if one.what is ImportOf.PLEDGES:
        return pledged.read(lines, found, known)
    assert own is not None
    return offered.read(lines, found, known, own, date.today())


def _conference(one: Import) -> Conference:
    """The conference of a prepared sheet, as long as it takes pledges. Raises: Refused."""
    if one.conference is None:
        raise Refused(_("The conference of this sheet is no longer on record."))
    return one.conference


def _keep_rows(one: Import, verdicts: list[Verdict], cells: Mapping[int, tuple[list[Cell], str]]) -> None:
    rows = [{"import_id": one.id, "number": verdict.entry.number, "fate": verdict.fate, "words": verdict.words,
             "values": {"cells": [[cell.kind, cell.text] for cell in cells[verdict.entry.number][0]],
                        "merged": cells[verdict.entry.number][1]}}
            for verdict in verdicts]
    for start in range(0, len(rows), 500):
        db.session.execute(ImportRow.__table__.insert(), rows[start:start + 500])  # type: ignore[attr-defined]


def remap(one: Import, actor: Actor, given: Mapping[str, str], source: str) -> None:
    """Read the rows again under another mapping; they were kept as they stand in the file. Raises: columns.BadMapping."""
    _still_preview(one)
    found = columns.chosen(one.mapping["headings"], given, one.what.value)
    one.mapping = {**one.mapping, "given": dict(given), "source": _line(source, 400)}
    one.notes = [*one.mapping["notes"], *found.notes, *found.questions]
    one.updated_at = utcnow()
    _look_again(one, actor, _rows(one))
    db.session.flush()


def _still_preview(one: Import) -> None:
    if one.status is not ImportStatus.PREVIEWED:
        raise Refused(_("This import is no longer a preview."))


def _rows(one: Import) -> list[ImportRow]:
    return list(db.session.scalars(select(ImportRow).where(ImportRow.import_id == one.id).order_by(ImportRow.number)))


def _look_again(one: Import, actor: Actor, rows: list[ImportRow]) -> tuple[list[Verdict], int]:
    """The fates of the rows as the register is now. Returns: the verdicts, and how many differ from what was shown."""
    found = columns.chosen(one.mapping["headings"], one.mapping["given"], one.what.value)
    lines = [(row.number, [Cell(kind, text) for kind, text in row.values["cells"]]) for row in rows]
    merged = {row.number: row.values["merged"] for row in rows if row.values["merged"]}
    verdicts = _verdicts(actor, one, found, lines, merged)
    differ = 0
    for row, verdict in zip(rows, verdicts, strict=True):
        if (row.fate, row.words) != (verdict.fate, verdict.words):
            row.fate, row.words, differ = verdict.fate, verdict.words, differ + 1
    return verdicts, differ


def confirm(one: Import, actor: Actor) -> bool:
    """Put the rows into the register, all or none, if they are still what the preview showed.

    Returns: False when this was done already, or when the register changed since the preview: then the fates are those of
    now, and `one.status` is still a preview. Raises: Refused when the database refuses a row; nothing is kept then.
    """
    if one.status is ImportStatus.CONFIRMED:
        return False
    _still_preview(one)
    rows = _rows(one)
    verdicts, differ = _look_again(one, actor, rows)
    if differ:
        one.updated_at = utcnow()
        db.session.flush()
        return False
    if one.what is ImportOf.PLEDGES and _conference(one).status is ConferenceStatus.PUBLISHED:
        raise Refused(_("The outcome of this conference is published: reopen it, or drop this preview."))
    write = WRITE[one.what]
    try:
        with db.session.begin_nested():
            for row, verdict in zip(rows, verdicts, strict=True):
                if verdict.fate in WRITING:
                    write(one, row, verdict, actor)
            db.session.flush()
    except IntegrityError as error:
        raise Refused(_("Nothing was imported: %(why)s", why=words_for(error))) from error
    return _move(one, "confirmed", actor)


def undo(one: Import, actor: Actor) -> tuple[int, int]:
    """Take the whole import back. Returns: (how many records are as before, how many stay; their rows say why)."""
    if one.status is not ImportStatus.CONFIRMED:
        raise Refused(_("Only what was imported can be undone."))
    written = [row for row in _rows(one) if row.fate in WRITING and row.record_id]
    take_back = _taking_back(one, actor, written)
    done = stay = 0
    for row in reversed(written):
        words = take_back(row)
        row.words = f"{row.words} {words or _('Undone.')}".strip()
        done, stay = done + (not words), stay + bool(words)
    _move(one, "undone", actor)
    return done, stay


def _taking_back(one: Import, actor: Actor, written: list[ImportRow]) -> Callable[[ImportRow], str]:
    """How one row of this import is undone: gives words when its record stays."""
    if one.what in GIVEN:
        return funding.take_back
    if one.what is ImportOf.PLEDGES:
        return lambda row: prepared.take_back(row, actor)
    model: type[Need] | type[Offer] = Need if one.what is ImportOf.NEEDS else Offer
    held = keeping.referred(model, (row.record_id for row in written if row.record_id))
    return lambda row: keeping.take_back(row, actor, model, held)


def withdraw_demonstration() -> None:
    """Take back the contributions that demonstration sign-ins imported: they carry no mark of their own."""
    made = select(Import).where(Import.is_demo, Import.what.in_(GIVEN), Import.status == ImportStatus.CONFIRMED)
    for one in list(db.session.scalars(made.order_by(Import.id.desc()))):
        for row in reversed(_rows(one)):
            if row.fate in WRITING and row.record_id:
                funding.take_back(row)


def drop(one: Import, actor: Actor) -> bool:
    """Give a preview up; its rows go at once, and it holds no conference any longer."""
    one.conference = None
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == one.id))
    return _move(one, "dropped", actor)


def _move(one: Import, name: str, actor: Actor) -> bool:
    return workflow.advance(one, name, actor, also=[one.party], audience=Visibility.PARTIES)


def drop_old(today: date) -> int:
    """The job: previews that nobody confirmed for 30 days. Returns: how many were dropped."""
    left = queries.left_alone(utcnow() - KEPT_FOR)
    for one in left:
        # The job acts for the party whose preview it is: nobody else may.
        drop(one, Actor(SYSTEM.role, name=SYSTEM.name, party_id=one.party_id))
    return len(left)


_WAITING = frozenset({ImportStatus.PREVIEWED})
FLOW = Workflow("import", (
    Transition("confirmed", _l("Import these rows"), _WAITING, ImportStatus.CONFIRMED, "exchange.import"),
    Transition("undone", _l("Undo the whole import"), frozenset({ImportStatus.CONFIRMED}), ImportStatus.UNDONE, "exchange.import"),
    Transition("dropped", _l("Drop this preview"), _WAITING, ImportStatus.DROPPED, "exchange.import"),
))
workflow.declare(Import, FLOW)
audit.declare("import", Import, "exchange.view")
jobs.declare("drop-previews", drop_old)


def report(one: Import) -> dict[str, Any]:
    """What became of each row, as `flask exchange import` writes it."""
    rows = _rows(one)
    counted: dict[str, int] = {fate.value: 0 for fate in Fate}
    for row in rows:
        counted[row.fate.value] += 1
    return {"import": one.ref, "status": one.status.value, "notes": one.notes, "counts": counted,
            "rows": [{"row": row.number, "result": row.fate.value, "words": row.words} for row in rows]}
