"""`flask matching backtest`: would the engine have named the donors that gave? It needs no database."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from partnerships.matching.history import Place
from partnerships.settings import ROOT

PARTIES = ROOT / "seed" / "parties.csv"
_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


def places() -> dict[str, Place]:
    """Where every State and area of the reference seed is, by reference."""
    with PARTIES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["ref"]: Place(row["region"], row["subregion"], tuple(row["neighbours"].split()))
            for row in rows if row["kind"] != "organisation"}


@click.command("backtest")
@click.option("--history", type=click.Path(path_type=Path), required=True, help="CSV: what is known to start with.")
@click.option("--truth", type=click.Path(path_type=Path), required=True,
              help="CSV: whose complete donor lists are to be found; it may be the same file.")
@click.option("--json", "output", type=click.Path(path_type=Path, dir_okay=False), help="Where to write every figure.")
@click.option("--years", help="Rank for these years only, for example 2014-2019; otherwise for every year of the truth.")
def command(history: Path, truth: Path, output: Path | None, years: str | None) -> None:
    """Rank donors from what came before, and compare with who gave."""
    from partnerships.matching import evaluation  # numpy, only when asked for

    try:
        known, wanted = evaluation.read_gifts(history), evaluation.read_gifts(truth)
        span = _span(years, {gift.year for gift in wanted})
        report = evaluation.backtest(known, wanted, places(), years=span)
        if output:
            output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(table(report))


def _span(text: str | None, known: set[int]) -> list[int] | None:
    if text is None:
        return None
    match = _YEARS.fullmatch(text.strip())
    if not match:
        raise ValueError(f"--years must look like 2014-2019 or 2016, not {text}.")
    first, last = int(match[1]), int(match[2] or match[1])
    if found := [year for year in range(first, last + 1) if year in known]:
        return found
    raise ValueError(f"The truth holds no year of {text}.")


def table(report: Mapping[str, Any]) -> str:
    """The report as a short table for people."""
    measures = ("map", "p5", "cold_map", "cold_r5")
    best = report["best_baseline"]
    rows = {name: report[name] for name in ("random", "popularity", "previous", "decayed", "engine")}
    lines = [f"{report['engine']['n']} recipient-years, {report['engine']['n_cold']} with a first gift",
             f"{'':12}" + "".join(f"{measure:>9}" for measure in measures)]
    for name, row in {**rows, "(dollars)": report["also"]["dollars"]}.items():
        cells = ("-" if row[measure] is None else f"{row[measure]:.3f}" for measure in measures)
        lines.append(f"{name:12}" + "".join(f"{cell:>9}" for cell in cells))
    for measure in best:
        found = report["engine"]["difference"][measure]
        lines.append(f"engine - {found['baseline']}, {measure}: {found['mean']:+.3f} "
                     f"(95 % interval {found['low']:+.3f} to {found['high']:+.3f})")
    return "\n".join(lines)
