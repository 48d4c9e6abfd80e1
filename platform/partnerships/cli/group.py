"""A group of commands that says in words when the database is not ready."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError


class Commands(AppGroup):
    """Like AppGroup; a missing table or server is told in one line, not as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; see the class."""
        try:
            return super().invoke(ctx)
        except (OperationalError, ProgrammingError) as error:
            raise click.ClickException(
                f"The database is not ready ({str(error.orig).splitlines()[0]}). If it is new, run: flask database upgrade"
            ) from error
