"""`flask search`: the index of words."""

from __future__ import annotations

import click

from partnerships.cli.group import Commands
from partnerships.core.db import db
from partnerships.searches import index

group = Commands("search", help="The index of words.")


@group.command("rebuild")
def rebuild() -> None:
    """Make the index of words anew; words of records that are gone go too. Changes nothing where it is right."""
    for kind, count in index.rebuild().items():
        click.echo(f"{kind}: {count} records")
    db.session.commit()
