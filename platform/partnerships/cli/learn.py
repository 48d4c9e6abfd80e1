"""`flask matching learn`: a version of the weights from what is on record here, for the ISU to look at."""

from __future__ import annotations

import click

from partnerships.core.actor import SYSTEM
from partnerships.core.db import db
from partnerships.weights import service


@click.command("learn")
def command() -> None:
    """Learn weights from the contributions and answers on record. They do not serve until the ISU lets them."""
    version = service.learn(SYSTEM)
    db.session.commit()
    if version is None:
        click.echo("Nothing was learned that the serving weights do not say already.")
        return
    data = version.training["data"]
    click.echo(f"{version.ref}: learned from {data['gifts']} contributions and {data['answers']} answers"
               f"{'' if data['answers_counted'] else ' (too few answers to count)'}. "
               f"Look at its effect under /weights/{version.id}, then let it serve.")
