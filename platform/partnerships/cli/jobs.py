"""`flask jobs` and `flask mail`: what the platform does by itself, as a worker that stays or for a scheduler such as cron."""

from __future__ import annotations

import signal
from datetime import UTC, date, datetime
from typing import Any

import click
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask, current_app

from partnerships.cli.group import Commands
from partnerships.core import delivery, jobs
from partnerships.webhooks import delivery as webhooks

group = Commands("jobs", help="What the platform does by itself: reminders, digests, letters.")
mail = Commands("mail", help="The letters the platform writes.")
SECONDS = 60  # between two looks of the worker


@group.command("run")
@click.argument("names", nargs=-1)
@click.option("--once", is_flag=True, help="Do what is due, deliver the letters, and end: for cron.")
def run(names: tuple[str, ...], once: bool) -> None:
    """Be the worker: do what is due and deliver letters, every minute, until stopped. With names: run these jobs now."""
    unknown = [name for name in names if name not in jobs.JOBS]
    if unknown:
        raise click.ClickException(f"There is no job {', '.join(unknown)}. There are: {', '.join(jobs.JOBS)}.")
    _must_know_its_address()
    if not names and not once:
        stay(current_app._get_current_object())  # type: ignore[attr-defined]
        return
    outcomes = jobs.run(date.today(), names) if names else jobs.run_due()
    for outcome in outcomes:
        click.echo(f"{outcome.name}: {outcome.error or outcome.done}")
    _deliver()
    if any(outcome.error for outcome in outcomes):
        raise click.exceptions.Exit(1)


def stay(app: Flask, seconds: float = SECONDS) -> None:
    """Work until SIGTERM or Ctrl-C; a piece of work that has begun is ended first."""
    scheduler = BlockingScheduler(timezone=UTC)
    # coalesce, max_instances: a look that takes longer than a minute is followed by one, not by several at once.
    scheduler.add_job(look, "interval", seconds=seconds, args=[app], next_run_time=datetime.now(UTC), coalesce=True,
                      max_instances=1, misfire_grace_time=None)

    def stop(*_signal: Any) -> None:
        scheduler.shutdown(wait=True)

    signal.signal(signal.SIGTERM, stop)
    click.echo("Working. Stop with Ctrl-C.")
    try:
        scheduler.start()
    except KeyboardInterrupt:
        stop()


def look(app: Flask) -> None:
    """One look of the worker: what is due, the letters, then the webhooks. In a thread of its own, so with a context of its own."""
    with app.app_context():
        jobs.run_due()
        delivery.deliver()
        webhooks.deliver()


@group.command("log")
@click.option("--last", default=40, show_default=True, help="How many.")
def listed_runs(last: int) -> None:
    """The last pieces of work, the newest first: job, slot, host, how long, what was done or why it failed."""
    for one in jobs.latest(last):
        took = f"{(one.finished_at - one.started_at).total_seconds():.1f} s" if one.finished_at else "not ended"
        click.echo(f"{one.started_at:%Y-%m-%d %H:%M}  {one.name:<20} {one.slot:<14} {one.host:<20} {took:>10}  "
                   f"{one.error or one.done}")


@group.command("list")
def listed() -> None:
    """Name the jobs there are."""
    for name in jobs.JOBS:
        click.echo(name)


@mail.command("deliver")
def deliver() -> None:
    """Send the letters, and what webhooks are told, that wait."""
    _deliver()


def _deliver() -> None:
    done = delivery.deliver()
    click.echo(f"letters: {done.sent} delivered, {done.failed} failed")
    told = webhooks.deliver()
    if told.sent or told.failed:
        click.echo(f"webhooks: {told.sent} delivered, {told.failed} failed")


def _must_know_its_address() -> None:
    if not current_app.config["SETTINGS"].public_url:
        raise click.ClickException("Set PARTNERSHIPS_PUBLIC_URL: letters hold links to this platform.")
