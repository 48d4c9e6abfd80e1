"""`flask parties`: questions about membership, answered from dates."""

from __future__ import annotations

from datetime import datetime

import click

from partnerships.cli.group import Commands
from partnerships.parties import queries

group = Commands("parties", help="States and organisations.")


@group.command("count")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day, as 2019-11-29.")
@click.option("--accepted", is_flag=True, help="Count States that had formally accepted the Convention by then.")
def count(day: datetime, accepted: bool) -> None:
    """Print how many States Parties there were on a day."""
    click.echo(queries.count_parties(day.date(), accepted=accepted))
