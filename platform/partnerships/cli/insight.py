"""`flask insight`: figures of the register as JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from partnerships.cli import world
from partnerships.cli.group import Commands
from partnerships.core.actor import SYSTEM
from partnerships.insight import totals as sums
from partnerships.settings import ROOT

group = Commands("insight", help="Figures of the register.")


@group.command("totals")
@click.option("--of", "what", type=click.Choice(["needs", "contributions", "pledges"]), required=True, help="What is added up.")
@click.option("--by", "fields", default="", help="For needs: country, year (both by default); for contributions and pledges: "
                                                 "donor, recipient, year, stage (donor,year by default). Parted by commas.")
@click.option("--stage", type=click.Choice(sums.STAGES), help="Only what stands in this stage (contributions, pledges).")
@click.option("--currency", help="Only amounts in this currency. For contributions USD by default; nothing is ever converted.")
@click.option("--json", "out", type=click.Path(path_type=Path, dir_okay=False, writable=True), required=True,
              help="Where the list goes: [{\"country\": …, \"year\": …, \"amount\": …, \"currency\": …, \"count\": …}].")
def totals(what: str, fields: str, stage: str | None, currency: str | None, out: Path) -> None:
    """Add up needs, contributions or pledges on record. Currencies and stages are never added to each other.

    Needs: published, expired and closed ones. An amount that a document states for several years together is not split: its
    year is then a text such as 2017-2025. Needs without an amount are counted by country, and belong to no year.
    Contributions are what public sources record as given: their stage is "paid". A pledge stands in the stages it has
    reached; where --stage names none, the groups are by stage too. Donors and recipients are ISO 3166-1 alpha-3, or names
    where there is no such code.
    """
    by = _fields(what, fields)
    if what == "needs":
        if stage or currency:
            raise click.UsageError("--stage and --currency are for contributions and pledges.")
        found = sums.Sums(sums.of_needs(SYSTEM, by))
    elif what == "contributions":
        found = sums.of_contributions(by, stage=stage or "", currency=_currency(currency) or "USD")
    else:
        by = by if stage or "stage" in by else [*by, "stage"]
        found = sums.of_pledges(SYSTEM, by, stage=stage or "", currency=_currency(currency))
    try:
        out.write_text(json.dumps(found.groups, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise click.ClickException(str(error)) from error
    told = f"; left out, without an amount{f' in {currency.upper()}' if currency else ''}: {found.left_out} {what}"
    left = told if found.left_out else ""
    click.echo(f"{len(found.groups)} groups of {what}: {out}{left}")


def _fields(what: str, fields: str) -> list[str]:
    known, usual = (sums.FIELDS, sums.FIELDS) if what == "needs" else (sums.GIVING, ("donor", "year"))
    by = [one.strip() for one in fields.split(",") if one.strip()]
    given = click.get_current_context().get_parameter_source("fields") is click.core.ParameterSource.COMMANDLINE
    if not by and not given:
        return list(usual)
    if not by or len(set(by)) != len(by) or set(by) - set(known):
        raise click.BadParameter(f"use any of {', '.join(known)}, parted by a comma.", param_hint="--by")
    return by


def _currency(code: str | None) -> str:
    if code is None:
        return ""
    if not re.fullmatch(r"[A-Za-z]{3}", code):
        raise click.BadParameter("use a code of three letters, for example USD.", param_hint="--currency")
    return code.upper()


@group.command("world")
@click.argument("small", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("large", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def draw(small: Path, large: Path) -> None:
    """Draw the map's shapes anew from world-atlas (its countries-110m.json for shapes, countries-50m.json for points)."""
    click.echo(f"{world.write(small, large, ROOT / 'seed' / 'parties.csv')} States drawn.")
