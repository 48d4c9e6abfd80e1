"""`flask matching`: measure and train the engine."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import click

from partnerships.cli import backtest, bench, learn, refit
from partnerships.cli.group import Commands
from partnerships.matching import Gift, card, training, weights
from partnerships.settings import ROOT

CONTRIBUTIONS = ROOT / "seed" / "contributions.csv"
CARD = ROOT / "docs" / "model-card.md"

group = Commands("matching", help="Measure and train the engine.")
group.add_command(backtest.command)
group.add_command(bench.command)
group.add_command(refit.command)
group.add_command(learn.command)


def seed_gifts() -> tuple[Gift, ...]:
    """The reference seed's contributions of States and the European Union to States and areas."""
    recipients = backtest.places()
    donors = {*recipients, "EU"}
    with CONTRIBUTIONS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        Gift(f"{number:06d}", row["donor"], row["recipient"], int(row["year"]),
             float(row["amount_usd"]) if row["amount_usd"] else None, tuple(row["themes"].split()),
             row["list_complete"] == "yes")
        for number, row in enumerate(rows, start=2) if row["donor"] in donors and row["recipient"] in recipients)


@group.command("train")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), default=weights.SHIPPED, show_default=False,
              help="Where the weights go; the shipped ones when not given.")
@click.option("--card", "page", type=click.Path(path_type=Path, dir_okay=False), default=CARD, show_default=False,
              help="Where the model card goes; docs/model-card.md when not given.")
def train(output: Path, page: Path) -> None:
    """Learn the weights from the reference seed, measure them, and write the model card. It needs no database.

    The shipped vocabulary, of the parallel texts, is written with them.
    """
    from partnerships.matching import vocabulary as words  # numpy, only when asked for

    trained = training.train(seed_gifts(), backtest.places(), today=date.today())
    try:
        output.write_text(training.to_json(trained), encoding="utf-8")
        page.write_text(card.card(trained), encoding="utf-8")
        words.SHIPPED.write_text(words.to_json(words.Vocabulary.fit(words.parallel_texts())), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Weights {trained.version}: {output}\nModel card: {page}")
