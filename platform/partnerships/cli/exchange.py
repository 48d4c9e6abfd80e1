"""`flask exchange`: import a spreadsheet as the page does, with a report of every row; write what others read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from partnerships.cli import exchange_fts, exchange_iati
from partnerships.cli.group import Commands
from partnerships.core.actor import SYSTEM
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.exchange import queries, service
from partnerships.exchange.columns import BadMapping
from partnerships.exchange.models import Import, ImportOf
from partnerships.exchange.reading import LARGEST_FILE, Unreadable, too_large

group = Commands("exchange", help="The register in and out, in the forms that others use.")
KINDS = {"iati": ImportOf.ACTIVITIES}
export = Commands("export", help="Write what is public in a form that others read.")
export.add_command(exchange_fts.fts)
export.add_command(exchange_iati.iati)
group.add_command(export)
READABLE = click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)


@group.command("import")
@click.argument("what", type=click.Choice([ImportOf.NEEDS.value, ImportOf.CONTRIBUTIONS.value, "iati"]))
@click.argument("file", type=READABLE)
@click.option("--dry-run", is_flag=True, help="Report what would become of each row; keep nothing.")
@click.option("--mapping", "mapping_file", type=READABLE,
              help="A JSON object {our field: the file's heading}, or the other way round, for headings that are not known.")
@click.option("--duplicates", type=click.Choice(["keep", "skip", "report"]), default="keep", show_default=True,
              help="Rows that are like a record (decision 33): make records of their own, leave them out, or import nothing "
                   "and report them.")
@click.option("--source", default="", help="The public document that states rows which name no source of their own.")
@click.option("--json", "out", type=click.Path(path_type=Path, dir_okay=False, writable=True), required=True,
              help="Where the report goes: {\"rows\": [{\"row\": n, \"result\": …, \"words\": …}]}.")
def import_(what: str, file: Path, dry_run: bool, mapping_file: Path | None, duplicates: str, source: str, out: Path) -> None:
    """Import FILE (CSV, XLSX or JSON; XML of activities for iati) as the ISU: needs or contributions that public documents state.

    There is nobody to choose: rows that are like a record become records of their own unless --duplicates says otherwise;
    the report says what they are like. Rows that cannot be taken are reported as rejected, with words; the others are
    imported. Ends with 0 then, and with 2 when the file as a whole, or the mapping, cannot be taken, or when
    --duplicates report found any.
    """
    try:
        one = service.preview(SYSTEM, KINDS.get(what) or ImportOf(what), file.name, _bytes(file),
                              mapping=_mapping(mapping_file), source=source)
        if duplicates == "keep":
            service.keep_all(one, SYSTEM)
        stopped = duplicates == "report" and bool(queries.waiting(one))
        if not dry_run and not stopped:
            service.confirm(one, SYSTEM)
    except (Unreadable, BadMapping, Refused) as error:
        db.session.rollback()
        _write(out, {"rows": [], "words": str(error)})
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    _report(one, out, kept=not (dry_run or stopped), dry_run=dry_run)
    if stopped:
        raise SystemExit(2)


def _report(one: Import, out: Path, *, kept: bool, dry_run: bool) -> None:
    """Write what became of each row, and keep or give up what was done."""
    found = service.report(one)
    if kept:
        db.session.commit()
    else:
        db.session.rollback()
        found = {**found, "import": None, "dry_run": dry_run}
    _write(out, found)
    for note in found["notes"]:
        click.echo(note)
    click.echo(", ".join(f"{number} {fate}" for fate, number in found["counts"].items()) + ("" if kept else "; nothing kept"))


def _bytes(file: Path) -> bytes:
    """A file's bytes; of one beyond the limit, never more than that is read. Raises: Unreadable."""
    with file.open("rb") as stream:
        data = stream.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise Unreadable(too_large())
    return data


def _mapping(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadMapping(f"{path.name} is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadMapping(f"{path.name} must hold one object: {{our field: the file's heading}}.")
    return found


def _write(out: Path, found: dict[str, Any]) -> None:
    try:
        out.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(str(error)) from error
