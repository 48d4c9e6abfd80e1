"""`flask exchange export iati`: what is public, as IATI 2.03."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from partnerships.core.db import db
from partnerships.parties import queries as parties
from partnerships.parties.models import PartyKind
from partnerships.standards import service
from partnerships.standards.queries import Wanted


@click.command("iati")
@click.option("--output", "output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write.")
@click.option("--donor", default="", help="Only what this State (ISO 3166-1 alpha-3) or organisation gives.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only records that changed on or after this day.")
@click.option("--with-demo", is_flag=True, help="Also the invented records of the demonstration, marked as such.")
def iati(output: Path, donor: str, since: datetime | None, with_demo: bool) -> None:
    """Write needs with agreed support, pledges and contributions that everybody may see as IATI 2.03 activities."""
    ref = donor.strip().upper()
    party = parties.by_ref(ref) if ref else None
    if ref and (party is None or party.kind is PartyKind.AREA):
        raise click.BadParameter(f"“{donor}” is no State or organisation of the register.", param_hint="--donor")
    day: date | None = since.date() if since is not None else None
    part = output.with_name(f".{output.name}.part")  # whoever reads the file meanwhile never sees half of it
    try:
        with part.open("wb") as out:
            number, left = service.write(out, Wanted(ref, day, with_demo))
        if number:
            part.replace(output)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
        db.session.rollback()
    for words in left.words():
        click.echo(words)
    click.echo(f"{number} activities in {output}" if number else
               f"Nothing to publish under these options: a file of IATI holds an activity at least, so {output} was not written.")

