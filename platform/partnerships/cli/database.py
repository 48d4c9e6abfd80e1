"""`flask database`: bring the tables up to date."""

from __future__ import annotations

import click

from partnerships.cli import dictionary
from partnerships.cli.group import Commands
from partnerships.core import migrate

group = Commands("database", help="The database: migrations.")


@group.command("upgrade")
def upgrade() -> None:
    """Run the migrations that are missing."""
    migrate.upgrade()
    click.echo("The database is up to date.")


@group.command("dictionary")
def write_dictionary() -> None:
    """Write docs/data-dictionary.md from the models."""
    dictionary.PAGE.write_text(dictionary.text(), encoding="utf-8")
    click.echo(str(dictionary.PAGE))
