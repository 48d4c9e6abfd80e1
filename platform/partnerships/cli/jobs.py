"""`flask jobs` and `flask mail`: what the platform does by itself, for a scheduler such as cron."""

from __future__ import annotations

from datetime import date

import click
from flask import current_app

from partnerships.cli.group import Commands
from partnerships.core import delivery, jobs

group = Commands("jobs", help="What the platform does by itself: reminders, digests.")
mail = Commands("mail", help="The letters the platform writes.")


@group.command("run")
@click.argument("names", nargs=-1)
def run(names: tuple[str, ...]) -> None:
    """Run the jobs named (all when none is), then deliver the letters they wrote."""
    unknown = [name for name in names if name not in jobs.JOBS]
    if unknown:
        raise click.ClickException(f"There is no job {', '.join(unknown)}. There are: {', '.join(jobs.JOBS)}.")
    _must_know_its_address()
    outcomes = jobs.run(date.today(), names)
    for outcome in outcomes:
        click.echo(f"{outcome.name}: {outcome.error or outcome.done}")
    _deliver()
    if any(outcome.error for outcome in outcomes):
        raise click.exceptions.Exit(1)


@group.command("list")
def listed() -> None:
    """Name the jobs there are."""
    for name in jobs.JOBS:
        click.echo(name)


@mail.command("deliver")
def deliver() -> None:
    """Send the letters that wait."""
    _deliver()


def _deliver() -> None:
    done = delivery.deliver()
    click.echo(f"letters: {done.sent} delivered, {done.failed} failed")


def _must_know_its_address() -> None:
    if not current_app.config["SETTINGS"].public_url:
        raise click.ClickException("Set PARTNERSHIPS_PUBLIC_URL: letters hold links to this platform.")
