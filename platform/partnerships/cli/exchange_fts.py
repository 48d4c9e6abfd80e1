"""`flask exchange export fts`: public contributions and pledges in the columns of OCHA's Financial Tracking Service."""

from __future__ import annotations

from pathlib import Path

import click

from partnerships.core import export
from partnerships.core import hxl as tags
from partnerships.parties import queries as parties
from partnerships.parties.models import PartyKind
from partnerships.returns import fts as returns


@click.command("fts")
@click.option("--output", "output", type=click.Path(path_type=Path, dir_okay=False), required=True,
              help="The file to write: CSV.")
@click.option("--donor", default="", help="Only what this State (ISO 3166-1 alpha-3) or organisation gives.")
@click.option("--year", type=click.IntRange(1990, 2100), help="Only flows used in this year.")
@click.option("--with-demo", is_flag=True, help="Also the invented pledges of the demonstration, marked as such.")
@click.option("--hxl", is_flag=True, help="With a row of HXL hashtags under the headings.")
def fts(output: Path, donor: str, year: int | None, with_demo: bool, hxl: bool) -> None:
    """Write what everybody may see of contributions and pledges as flows, each status in rows of its own."""
    ref = donor.strip().upper()
    party = parties.by_ref(ref) if ref else None
    if ref and (party is None or party.kind is PartyKind.AREA):
        raise click.BadParameter(f"“{donor}” is no State or organisation of the register.", param_hint="--donor")
    found = returns.flows(ref, year, with_demo=with_demo)
    part = output.with_name(f".{output.name}.part")  # whoever reads the file meanwhile never sees half of it
    try:
        part.write_bytes(export.csv_of(returns.columns(), found.rows, tags.FTS if hxl else None))
        part.replace(output)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
    for words in found.notes():
        click.echo(words)
    for stage, currency, count, amount in found.totals:
        click.echo(f"{stage}: {count} rows, {amount.normalize():f} {currency}")
    click.echo(f"{len(found.rows)} flows in {output}")
