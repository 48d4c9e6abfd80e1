"""`flask exchange release`: make and keep today's release of open data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from flask import current_app

from partnerships.cli.exchange import group
from partnerships.core.actor import SYSTEM
from partnerships.core.db import db
from partnerships.releases import service
from partnerships.settings import LOCAL_URL


@group.command("release")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False, writable=True), help="Write the file here too.")
def release(output: Path | None) -> None:
    """Make today's release of what everybody may see, and keep it beside the earlier ones.

    A second one on the same day replaces nothing: it says that the first exists, or is kept as -2 when records changed.
    """
    if current_app.config["SETTINGS"].public_url == LOCAL_URL:
        click.echo(f"Set PARTNERSHIPS_PUBLIC_URL: addresses in this release begin with {LOCAL_URL}, which nobody else can open.",
                   err=True)
    found, new = service.make(SYSTEM, date.today())
    data = service.content(found)
    if data is None:
        db.session.rollback()
        raise click.ClickException(f"The file of {found.ref} is missing or was changed.")
    if output is not None:
        try:
            output.write_bytes(data)
        except OSError as error:
            db.session.rollback()
            raise click.ClickException(f"Nothing is kept: {error}") from error
    db.session.commit()
    click.echo(f"{found.ref} {'is made' if new else 'exists already, and no record has changed since'}: "
               f"{found.rows} rows, {found.size} bytes.")
    click.echo(f"{found.sha256}  {output or found.filename}")
