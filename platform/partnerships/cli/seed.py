"""`flask seed`: reference data, written back, and the demonstration."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from partnerships.cli.group import Commands
from partnerships.core.db import db
from partnerships.seeding import demo as scenario
from partnerships.seeding import reference as files

group = Commands("seed", help="Reference data and the demonstration.")


@group.command("reference")
def reference() -> None:
    """Load seed/ into the database; a second time changes nothing."""
    changed = files.load()
    db.session.commit()
    for file, rows in changed.items():
        click.echo(f"{file}: {rows} added or changed")


@group.command("export")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), default=files.SEED, show_default=False,
              help="Where to write; seed/ itself when not given.")
def export(folder: Path) -> None:
    """Write the reference data back to files, byte for byte as they were loaded."""
    for path in files.export(folder):
        click.echo(str(path))


@group.command("demo")
@click.option("--remove", is_flag=True, help="Remove every demonstration record and sign-in.")
def demo(remove: bool) -> None:
    """Add (or remove) the demonstration: a sign-in for each role and a plausible scenario, all marked."""
    if remove:
        count = scenario.remove()
        db.session.commit()
        click.echo(f"{count} demonstration records removed.")
        return
    if current_app.config["SETTINGS"].production:
        raise click.ClickException("Production never has demonstration accounts.")
    added = scenario.add()
    db.session.commit()
    click.echo("Demonstration added." if added else "The demonstration is already there.")
    for email, role in scenario.SIGN_INS:
        click.echo(f"  {email}  {scenario.PASSWORD}  ({role.value})")
