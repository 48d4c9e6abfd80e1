"""`flask insight`: figures of the register as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import click

from partnerships.cli.group import Commands
from partnerships.core.actor import SYSTEM
from partnerships.insight import totals as sums

group = Commands("insight", help="Figures of the register.")


@group.command("totals")
@click.option("--of", "what", type=click.Choice(["needs"]), required=True, help="What is added up.")
@click.option("--by", "fields", default="country,year", show_default=True, help="country, year, or country,year.")
@click.option("--json", "out", type=click.Path(path_type=Path, dir_okay=False, writable=True), required=True,
              help="Where the list goes: [{\"country\": …, \"year\": …, \"amount\": …, \"currency\": …, \"count\": …}].")
def totals(what: str, fields: str, out: Path) -> None:
    """Add up what needs on record ask for: published, expired and closed ones. Currencies are never added to each other.

    An amount that a document states for several years together is not split: its year is then a text such as 2017-2025.
    Needs without an amount are counted by country, and belong to no year.
    """
    by = [one.strip() for one in fields.split(",") if one.strip()]
    if not by or len(set(by)) != len(by) or set(by) - set(sums.FIELDS):
        raise click.BadParameter(f"use any of {', '.join(sums.FIELDS)}, parted by a comma.", param_hint="--by")
    found = sums.of_needs(SYSTEM, by)
    try:
        out.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{len(found)} groups of {what}: {out}")
