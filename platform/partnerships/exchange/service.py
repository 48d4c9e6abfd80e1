"""Imports: a file is read and shown, confirmed or dropped, and can be undone as a whole. Flushes, never commits."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
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
from partnerships.exchange import choosing, columns, funding, keeping, kinds, prepared, queries, remembering, sources
from partnerships.exchange.choosing import Compared
from partnerships.exchange.entries import Entry
from partnerships.exchange.fates import Verdict
from partnerships.exchange.models import Choice, Fate, Import, ImportOf, ImportRow, ImportStatus
from partnerships.exchange.reading import Cell, Line

KEPT_FOR = timedelta(days=30)  # how long a preview waits for somebody to confirm it
WRITING = (Fate.CREATED, Fate.UPDATED)


def preview(actor: Actor, what: ImportOf, filename: str, data: bytes, *, mapping: Mapping[str, str] | None = None,
            source: str = "", conference: Conference | None = None, remember: bool = False) -> Import:
    """Read a file and keep what would become of each row; nothing else changes.

    Arguments: mapping, see `columns.chosen`; source, one source for all rows that name none; conference, at which the
    pledges of a prepared sheet are announced; remember, whether columns that the party gave before are used.
    Returns: the import, flushed, with its rows.
    Raises: reading.Unreadable, columns.BadMapping, Refused for pledges without a conference that still takes any.
    """
    if what is ImportOf.PLEDGES and (conference is None or conference.status is ConferenceStatus.PUBLISHED):
        raise Refused(_("Choose the conference at which these pledges are announced; its outcome must not be published yet."))
    sheet = sources.read(data, what)
    head = 0 if sheet.headed else columns.heading_row(sheet.lines, what.value)
    number, cells = sheet.lines[head]
    headings = _distinct(columns.names(cells))
    before = remembering.earlier(actor, what, headings) if remember and not mapping else None
    given = dict(before.mapping["given"] if before else mapping or {})
    found = columns.chosen(headings, given, what.value)
    above = [_("The rows above row %(row)s, which holds the headings, were not read.", row=number)] if head else []
    conference = conference if what is ImportOf.PLEDGES else None
    notes = [*sheet.notes, *above, *(prepared.notes(conference) if conference is not None else [])]
    one = Import(
        ref=next_reference(f"IMPORT-{date.today().year}", width=4), what=what, filename=_line(filename, 200) or "-",
        sha256=hashlib.sha256(data).hexdigest(), party_id=actor.party_id, account_id=actor.account_id,
        conference=conference,
        mapping={"headings": headings, "given": given, "source": _line(source, 400), "notes": notes,
                 "took": remembering.of(before) if before else None},
        notes=[*notes, *found.notes, *found.questions])
    db.session.add(one)
    db.session.flush()
    lines = columns.without_tags(sheet.lines[head + 1:])
    kept = {number: (cells, sheet.merged.get(number, "")) for number, cells in lines}
    _keep_rows(one, _verdicts(actor, one, _entries(actor, one, found, lines, sheet.merged), {}), kept)
    return one


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


def _entries(actor: Actor, one: Import, found: columns.Chosen, lines: list[Line], merged: Mapping[int, str]) -> list[Entry]:
    entries = kinds.KINDS[one.what].entries(actor, one, found, lines)
    for entry in entries:
        if entry.number in merged:
            entry.wrong.append(_("Row %(row)s is part of the merged cells %(range)s: part them, and fill in each row.",
                                 row=entry.number, range=merged[entry.number]))
        if found.questions:
            entry.wrong.extend(found.questions)
    return entries


def _verdicts(actor: Actor, one: Import, entries: list[Entry], rows: Mapping[int, ImportRow]) -> list[Verdict]:
    return choosing.weigh(actor, one, kinds.KINDS[one.what].fates(actor, one, entries), rows)


def _keep_rows(one: Import, verdicts: list[Verdict], cells: Mapping[int, tuple[list[Cell], str]]) -> None:
    rows = [{"import_id": one.id, "number": verdict.entry.number, "fate": verdict.fate, "words": verdict.words,
             "values": {"cells": [[cell.kind, cell.text] for cell in cells[verdict.entry.number][0]],
                        "merged": cells[verdict.entry.number][1]},
             "key": choosing.key_of(verdict.entry), "likeness": choosing.plain(verdict.like) if verdict.like else None}
            for verdict in verdicts]
    for start in range(0, len(rows), 500):
        db.session.execute(ImportRow.__table__.insert(), rows[start:start + 500])  # type: ignore[attr-defined]


def remap(one: Import, actor: Actor, given: Mapping[str, str], source: str) -> None:
    """Read the rows again under another mapping; they were kept as they stand in the file. Raises: columns.BadMapping."""
    _still_preview(one)
    found = columns.chosen(one.mapping["headings"], given, one.what.value)
    one.mapping = {**one.mapping, "given": dict(given), "source": _line(source, 400), "took": None}
    one.notes = [*one.mapping["notes"], *found.notes, *found.questions]
    one.updated_at = utcnow()
    _look_again(one, actor, _rows(one))
    db.session.flush()


def forget(one: Import, actor: Actor) -> None:
    """Read the rows by their headings alone, and propose nothing for them again until somebody gives columns."""
    remap(one, actor, {}, one.mapping["source"])
    one.mapping = {**one.mapping, "forgot": True}


def _still_preview(one: Import) -> None:
    if one.status is not ImportStatus.PREVIEWED:
        raise Refused(_("This import is no longer a preview."))


def _rows(one: Import) -> list[ImportRow]:
    return list(db.session.scalars(select(ImportRow).where(ImportRow.import_id == one.id).order_by(ImportRow.number)))


def _look_again(one: Import, actor: Actor, rows: list[ImportRow]) -> tuple[list[Verdict], int]:
    """The fates of the rows as the register is now. Returns: the verdicts, and how many differ from what was shown."""
    verdicts = _verdicts(actor, one, _read_again(one, actor, rows), {row.number: row for row in rows})
    differ = 0
    for row, verdict in zip(rows, verdicts, strict=True):
        choosing.keep_with(row, verdict)
        row.key = choosing.key_of(verdict.entry)
        if (row.fate, row.words) != (verdict.fate, verdict.words):
            row.fate, row.words, differ = verdict.fate, verdict.words, differ + 1
    return verdicts, differ


def _read_again(one: Import, actor: Actor, rows: list[ImportRow]) -> list[Entry]:
    found = columns.chosen(one.mapping["headings"], one.mapping["given"], one.what.value)
    lines = [(row.number, [Cell(kind, text) for kind, text in row.values["cells"]]) for row in rows]
    return _entries(actor, one, found, lines, {row.number: row.values["merged"] for row in rows if row.values["merged"]})


def compared(one: Import, actor: Actor, number: int) -> Compared | None:
    """A row of a preview beside what it is like; None when it is like nothing, or no longer."""
    _still_preview(one)
    rows = _rows(one)
    entries = _read_again(one, actor, rows)
    entry = next((entry for entry in entries if entry.number == number), None)
    row = next((row for row in rows if row.number == number), None)
    if entry is None or row is None or row.likeness is None:
        return None
    (verdict,) = kinds.KINDS[one.what].fates(actor, one, [entry])
    earlier = [other for other in entries if other.number == row.likeness["row"]]
    return choosing.compared(actor, one, verdict, row, kinds.KINDS[one.what].fates(actor, one, earlier))


def choose(one: Import, actor: Actor, of: Compared, choice: Choice, fields: Sequence[str]) -> None:
    """Keep what somebody says of a row that is like a record; the other rows stay as they were judged.

    Raises: Refused for a merge into what cannot be changed, or with an earlier row of the file.
    """
    _still_preview(one)
    if choice is Choice.MERGE and (of.record is None or of.merging.why_not):
        raise Refused(of.merging.why_not or _("An earlier row of the file is not on record yet: say that this "
                                                "row is it, or keep it."))
    row = of.row
    row.choice, row.likeness = choice, {**(row.likeness or {}), "fields": list(fields)}
    verdict = choosing.judged_alone(actor, one, of, _rows(one))
    row.fate, row.words = verdict.fate, verdict.words
    one.updated_at = utcnow()
    db.session.flush()


def keep_all(one: Import, actor: Actor) -> int:
    """Make every row that waits a record of its own. Returns: how many there were."""
    _still_preview(one)
    rows = _rows(one)
    waiting = [row for row in rows if row.fate is Fate.WAITING]
    for row in waiting:
        row.choice = Choice.KEEP
    if waiting:
        _look_again(one, actor, rows)
        one.updated_at = utcnow()
        db.session.flush()
    return len(waiting)


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
    if one.what is ImportOf.PLEDGES and kinds.conference(one).status is ConferenceStatus.PUBLISHED:
        raise Refused(_("The outcome of this conference is published: reopen it, or drop this preview."))
    write = kinds.KINDS[one.what].write
    try:
        with db.session.begin_nested():
            for row, verdict in zip(rows, verdicts, strict=True):
                if verdict.fate in WRITING:
                    write(one, row, verdict, actor)
                elif verdict.fate is Fate.WAITING:
                    row.words = f"{row.words} {_('Left out: nobody has chosen.')}"
                elif row.choice is not None and verdict.record is not None:  # what it is; nothing of that record changes
                    row.record_id = verdict.record.id
                    if one.what is ImportOf.NEEDS:
                        keeping.named(one, row, verdict, actor)
            db.session.flush()
    except IntegrityError as error:
        raise Refused(_("Nothing was imported: %(why)s", why=words_for(error))) from error
    return _move(one, "confirmed", actor)


def undo(one: Import, actor: Actor) -> tuple[int, int]:
    """Take the whole import back. Returns: (how many records are as before, how many stay; their rows say why)."""
    if one.status is not ImportStatus.CONFIRMED:
        raise Refused(_("Only what was imported can be undone."))
    written = [row for row in _rows(one) if row.fate in WRITING and row.record_id]
    take_back = kinds.KINDS[one.what].taking_back(one, actor, written)
    done = stay = 0
    for row in reversed(written):
        words = take_back(row)
        row.words = f"{row.words} {words or _('Undone.')}".strip()
        done, stay = done + (not words), stay + bool(words)
    _move(one, "undone", actor)
    return done, stay


def withdraw_demonstration() -> None:
    """Take back the contributions that demonstration sign-ins imported: they carry no mark of their own."""
    made = select(Import).where(Import.is_demo, Import.what.in_(kinds.GIVEN), Import.status == ImportStatus.CONFIRMED)
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
    counted: dict[str, int] = {fate.value: 0 for fate in Fate if fate is not Fate.WAITING}  # which is told where there is one
    for row in rows:
        counted[row.fate.value] = counted.get(row.fate.value, 0) + 1
    return {"import": one.ref, "status": one.status.value, "notes": one.notes, "counts": counted,
            "rows": [{"row": row.number, "result": row.fate.value, "words": row.words} for row in rows]}
