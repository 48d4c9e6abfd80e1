"""`flask audit`: whether the record is what it was, and its head."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from partnerships.audit import heads
from partnerships.cli.group import Commands
from partnerships.core import chain
from partnerships.core.db import db

group = Commands("audit", help="The record of what happened.")


@group.command("verify")
@click.option("--against", type=click.Path(path_type=Path, dir_okay=False), multiple=True,
              help="A head that was exported before (audit head --output): the record must lead through it.")
def verify(against: tuple[Path, ...]) -> None:
    """Walk along the whole record and say what was altered, removed or inserted, and where. Status 0 only when all is well."""
    found = chain.verify(db.session)
    kept = [*heads.kept(), *against]
    findings = [*found.findings, *(one for path in kept for one in heads.compare(path))]
    for one in findings:
        click.echo(f"place {one.place or '-'}: {one.words}")
    gone = f", {found.removed_demo} of them of a demonstration that was removed" if found.removed_demo else ""
    click.echo(f"{found.events} sealed events{gone}; {len(kept)} kept heads compared; head {found.head.hash}")
    if findings:
        raise click.ClickException(f"The record is not what it was: {len(findings)} findings.")
    click.echo("All is well.")


@group.command("head")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file, to be compared later and kept elsewhere.")
def head(output: Path | None) -> None:
    """Say the end of the chain, or write it to a file."""
    text = heads.written(chain.head(db.session), date.today())
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    click.echo(f"{output} holds the head.")
