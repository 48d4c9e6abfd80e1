"""`flask exchange`: import a spreadsheet as the page does, with a report of every row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from partnerships.cli import exchange_iati
from partnerships.cli.group import Commands
from partnerships.core.actor import SYSTEM
from partnerships.core.db import db
from partnerships.core.errors import Refused
from partnerships.exchange import service
from partnerships.exchange.columns import BadMapping
from partnerships.exchange.models import ImportOf
from partnerships.exchange.reading import LARGEST_FILE, Unreadable, too_large

group = Commands("exchange", help="The register in and out, in the forms that others use.")
KINDS = {"iati": ImportOf.ACTIVITIES}
group.add_command(exchange_iati.export)
READABLE = click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)


@group.command("import")
@click.argument("what", type=click.Choice([ImportOf.NEEDS.value, ImportOf.CONTRIBUTIONS.value, "iati"]))
@click.argument("file", type=READABLE)
@click.option("--dry-run", is_flag=True, help="Report what would become of each row; keep nothing.")
@click.option("--mapping", "mapping_file", type=READABLE,
              help="A JSON object {our field: the file's heading}, or the other way round, for headings that are not known.")
@click.option("--source", default="", help="The public document that states rows which name no source of their own.")
@click.option("--json", "out", type=click.Path(path_type=Path, dir_okay=False, writable=True), required=True,
              help="Where the report goes: {\"rows\": [{\"row\": n, \"result\": …, \"words\": …}]}.")
def import_(what: str, file: Path, dry_run: bool, mapping_file: Path | None, source: str, out: Path) -> None:
    """Import FILE (CSV or XLSX; XML of activities for iati) as the ISU: needs or contributions that public documents state.

    Rows that cannot be taken are reported as rejected, with words; the others are imported. Ends with 0 then, and with
    2 when the file as a whole, or the mapping, cannot be taken.
    """
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise Unreadable(too_large())
        one = service.preview(SYSTEM, KINDS.get(what) or ImportOf(what), file.name, file.read_bytes(),
                              mapping=_mapping(mapping_file), source=source)
        if not dry_run:
            service.confirm(one, SYSTEM)
    except (Unreadable, BadMapping, Refused) as error:
        db.session.rollback()
        _write(out, {"rows": [], "words": str(error)})
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    found = service.report(one)
    if dry_run:
        db.session.rollback()
        found = {**found, "import": None, "dry_run": True}
    else:
        db.session.commit()
    _write(out, found)
    for note in found["notes"]:
        click.echo(note)
    click.echo(", ".join(f"{number} {fate}" for fate, number in found["counts"].items()) + ("; nothing kept" if dry_run else ""))


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
